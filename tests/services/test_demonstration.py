"""The demonstration loads once through the services, and shows good, bad and blocked projects."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from appraisal import create_app
from appraisal.database import sessions_on
from appraisal.demo import demo_projects
from appraisal.models import Account, DecisionOutcome, ProjectState, Role
from appraisal.policy import OPERATOR
from appraisal.services import accounts, deciding, decisions, demonstration, following, queue, ranking, verifying
from appraisal.services.queue import CardState
from config import ConfigurationError, Settings
from tests.databases import migrated_sqlite

DRAWS = 100


def test_the_demo_loads_once_where_many_work(sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch) -> None:
    """A few of the projects, on both databases."""
    few = list(demo_projects())[:5]
    monkeypatch.setattr(demonstration, "demo_projects", lambda: iter(few))
    for added in (5 + 3, 0):
        assert demonstration.load_demo(sessions, lambda _done, _of: None, draws=DRAWS) == added


def test_the_whole_demo(tmp_path: Path) -> None:
    engine = migrated_sqlite(tmp_path / "demo.db")
    sessions = sessions_on(engine)
    steps: list[tuple[int, int]] = []
    first = demonstration.load_demo(sessions, lambda done, of: steps.append((done, of)), draws=DRAWS)
    assert (first, len(steps)) == (50, 47), "47 sent and appraised, 3 drafts"
    with sessions() as session:
        assert verifying.verify(session, OPERATOR).findings == (), "every row it wrote is in the trail"
    assert demonstration.load_demo(sessions, lambda _done, _of: None, draws=DRAWS) == 0
    with sessions() as session:
        portfolio = ranking.ranked_portfolio(session, OPERATOR)
    rows = portfolio.rows
    assert len({area for row in rows for area in row.areas}) == 14
    assert {bool(row.failed) for row in rows} == {True, False}
    assert any(row.open and not row.failed for row in rows)
    assert min(row.prob_negative or 0 for row in rows) < 0.5 < max(row.prob_negative or 0 for row in rows)
    assert 10 <= portfolio.funded <= 25
    assert {item.state for item in portfolio.waiting} == {ProjectState.DRAFT}
    with sessions() as session:
        appraiser = accounts.account_of(session, "appraiser@haneul.example")
    with sessions() as session:
        seen = ranking.ranked_portfolio(session, appraiser).ranked
    assert seen == demonstration.DECLARED - 1, "one is scored by the other appraiser alone, and hidden until then"
    with sessions() as session:
        waiting = queue.queue_of(session, appraiser)
    assert (waiting.done, len(waiting.cards)) == (2, demonstration.ASSIGNED)
    assert {card.state for card in waiting.cards} == {CardState.DONE, CardState.NOT_STARTED}
    with sessions() as session:
        delivered = following.all_followed(session, OPERATOR)
    with sessions() as session:
        letters = decisions.published(session, OPERATOR, DecisionOutcome.WITH_CONDITIONS)
    assert letters
    assert all("A gate fails: a condition stands in for it" in each.letter.paragraphs[1] for each in letters)
    with sessions() as session:
        sums = deciding.decision_list(session, accounts.account_of(session, "approver@haneul.example")).sums
    assert sums is not None
    assert sums.together <= sums.round.budget * sums.round.unit
    standings = [each.standing for each in delivered if len(each.reports) == 2]
    assert [standing is not None and standing.on_plan for standing in standings] == [True, False]
    for email, role in demonstration.demo_accounts():
        with sessions() as session:
            assert accounts.authenticate(session, email, demonstration.PASSWORD).account.role is role
    with pytest.raises(ConfigurationError, match="demonstration accounts"):
        demonstration.refuse_in_production(engine)
    engine.dispose()


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
