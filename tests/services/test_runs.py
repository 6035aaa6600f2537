"""Runs made at once, runs of several rounds, and runs that someone changed in the database, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Role
from appraisal.policy import OPERATOR, Actor
from appraisal.services import appraising, ranking, registration, rounds
from tests import factories

Submit = Callable[..., UUID]


def open_round(sessions: sessionmaker[Session], name: str) -> None:
    with sessions() as session:
        rounds.open_round(
            session, OPERATOR, name=name, place="", budget=Decimal(9), currency="AUD", unit=1, price_year=2026
        )


@pytest.fixture
def planner(sessions: sessionmaker[Session]) -> Actor:
    open_round(sessions, "Round 2027")
    return factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))


@pytest.fixture
def submit(sessions: sessionmaker[Session], planner: Actor) -> Submit:
    def submitted(reference: str, round_name: str = "Round 2027") -> UUID:
        file = replace(factories.published_project(), reference=reference)
        with sessions() as session:
            project = registration.register_project(session, planner, file, round_name=round_name)
        with sessions() as session:
            registration.submit_project(session, planner, project.id, project.version)
        return project.id

    return submitted


def appraise(sessions: sessionmaker[Session], project_id: UUID) -> int:
    with sessions() as session:
        return appraising.appraise_project(session, OPERATOR, project_id, seed=1, draws=200).number


def test_runs_made_at_once_get_numbers_of_their_own(sessions: sessionmaker[Session], submit: Submit) -> None:
    projects = [submit(reference) for reference in ("A", "B", "C")]
    appraise(sessions, projects[0])  # what is compiled on first use would otherwise spread them out
    together = Barrier(len(projects))

    def run(project_id: UUID) -> int:
        together.wait()
        return appraise(sessions, project_id)

    with ThreadPoolExecutor(len(projects)) as pool:
        assert sorted(pool.map(run, projects)) == [2, 3, 4]


def test_another_round_neither_ranks_nor_counts(sessions: sessionmaker[Session], submit: Submit) -> None:
    open_round(sessions, "Round 2028")
    appraise(sessions, submit("A"))
    appraise(sessions, submit("B", "Round 2028"))
    submit("C", "Round 2028")
    with sessions() as session:
        portfolio = ranking.ranked_portfolio(session, OPERATOR)
    assert [row.reference for row in portfolio.rows] == ["A"]
    assert portfolio.waiting == ()
    assert portfolio.asked == 160_840 * 1000


@pytest.mark.parametrize(
    ("statement", "difference"),
    [
        ('UPDATE appraisal_run SET snapshot = replace(snapshot, \'"title":"\', \'"title":"Not \')', "snapshot"),
        ("UPDATE appraisal_run SET score = 99", "score"),
        ("UPDATE appraisal_run SET prob_negative = NULL", "prob_negative"),
        ("UPDATE appraisal_run SET result_sha256 = 'none'", "result_sha256"),
        ("UPDATE run_criterion SET high = 99 WHERE criterion = 'bankability'", "criteria.bankability[5]"),
        ("UPDATE run_gate SET status = 'passed' WHERE gate = 'BK7'", "gates.BK7[1]"),
        ("DELETE FROM run_gate WHERE gate = 'BK7'", "gates.BK7"),
    ],
)
def test_whatever_was_changed_is_named(
    sessions: sessionmaker[Session], submit: Submit, statement: str, difference: str
) -> None:
    number = appraise(sessions, submit("A"))
    with sessions() as session:
        assert appraising.replay(session, OPERATOR, number).equal
    with sessions.begin() as session:
        sqlite = session.get_bind().dialect.name == "sqlite"
        trigger = "appraisal_run_no_update" if sqlite else "appraisal_run_guard ON appraisal_run"
        session.execute(text(f"DROP TRIGGER {trigger}"))
        changed = session.connection().exec_driver_sql(statement)
        assert changed.rowcount > 0
    with sessions() as session:
        assert appraising.replay(session, OPERATOR, number) == appraising.Replay(number, False, difference)
