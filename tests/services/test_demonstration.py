"""The demonstration loads once through the services, and shows good, bad and blocked projects."""

from sqlalchemy.orm import Session, sessionmaker

from appraisal.database import sessions_on
from appraisal.policy import OPERATOR
from appraisal.services import accounts, demonstration, ranking


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
    with sessions_on(sessions.kw["bind"])() as session:
        assert demonstration.any_demo_account(session)
