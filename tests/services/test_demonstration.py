"""The demonstration loads once through the services, and shows good, bad and blocked projects."""

import pytest
from sqlalchemy.orm import Session, sessionmaker

from appraisal import create_app
from appraisal.models import Account, Role
from appraisal.policy import OPERATOR
from appraisal.services import accounts, demonstration, ranking
from config import ConfigurationError, Settings


def test_the_demo_loads_once(sessions: sessionmaker[Session]) -> None:
    steps: list[tuple[int, int]] = []
    first = demonstration.load_demo(sessions, lambda done, of: steps.append((done, of)))
    assert first == len(steps) >= 8
    assert demonstration.load_demo(sessions, lambda _done, _of: None) == 0
    with sessions() as session:
        rows = ranking.ranked_portfolio(session, OPERATOR).rows
    assert {bool(row.blocking) for row in rows} == {True, False}
    assert min(row.prob_negative or 0 for row in rows) < 0.5 < max(row.prob_negative or 0 for row in rows)
    assert {row.funded for row in rows} == {True, False}
    for email, role in demonstration.demo_accounts():
        with sessions() as session:
            assert accounts.authenticate(session, email, demonstration.PASSWORD).role is role
    with pytest.raises(ConfigurationError, match="demonstration accounts"):
        demonstration.refuse_in_production(sessions.kw["bind"])


def test_production_starts_once_nobody_knows_the_passwords(sessions: sessionmaker[Session]) -> None:
    email, production = "a@haneul.example", Settings(environment="production", secret_key="k" * 40, database_url="")
    with sessions() as session:
        account = accounts.create_account(
            session, OPERATOR, email=email, name="A", password=demonstration.PASSWORD, role=Role.ADMIN, organisation="O"
        )
    with sessions.begin() as session:
        session.get_one(Account, account.id).demo = True
    with pytest.raises(ConfigurationError):
        create_app(production, sessions.kw["bind"])
    with sessions() as session:
        actor = accounts.account_of(session, email)
    with sessions() as session:
        accounts.change_password(session, actor, current=demonstration.PASSWORD, new="known to one person")
    assert create_app(production, sessions.kw["bind"])
