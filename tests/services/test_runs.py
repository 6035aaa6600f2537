"""Runs made at once, runs of several rounds, and runs that someone changed in the database, on both databases."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from appraisal.canonical import canonical_json, sha256_of
from appraisal.models import AppraisalRun, Organisation, Role, Round
from appraisal.policy import OPERATOR, Actor
from appraisal.services import appraising, frameworks, ranking, registration, reporting, rounds
from appraisal.services.errors import DomainError
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
    appraise(sessions, submit("A", "Round 2028"))
    appraise(sessions, submit("B"))
    submit("C")
    with sessions() as session:
        portfolio = ranking.ranked_portfolio(session, OPERATOR)
    assert portfolio.round is not None
    assert portfolio.round.name == "Round 2028", "the round opened last"
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
        (
            "UPDATE run_criterion SET spread = (SELECT spread FROM run_criterion WHERE criterion = 'needs') "
            "WHERE criterion = 'bankability'",
            "criteria.bankability.spread",
        ),
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
        for table in ("appraisal_run", "run_criterion", "run_gate"):
            trigger = f"{table}_no_update" if sqlite else f"{table}_guard ON {table}"
            session.execute(text(f"DROP TRIGGER {trigger}"))
        changed = session.connection().exec_driver_sql(statement)
        assert changed.rowcount > 0
    with sessions() as session:
        assert appraising.replay(session, OPERATOR, number) == appraising.Replay(number, False, difference)


@pytest.mark.parametrize(("change", "ranked"), [({"minimum": 40.0}, []), ({"title": "Other words"}, ["A"])])
def test_runs_of_a_framework_that_scores_otherwise_wait_until_they_are_appraised_again(
    sessions: sessionmaker[Session], submit: Submit, change: dict[str, Any], ranked: list[str]
) -> None:
    appraise(sessions, submit("A"))
    with sessions.begin() as session:
        held = session.scalars(select(Round)).one()
        before = frameworks.framework_of(held.framework_version)
        changed = replace(before, version=before.version + 1, **change)
        held.framework_version_id = frameworks.publish(session, OPERATOR, changed, note="").id
    with sessions() as session:
        portfolio = ranking.ranked_portfolio(session, OPERATOR)
    assert [row.reference for row in portfolio.rows] == ranked
    assert [item.reference for item in portfolio.waiting] == ([] if ranked else ["A"])


def test_a_report_is_not_made_from_a_changed_submission(sessions: sessionmaker[Session], submit: Submit) -> None:
    number = appraise(sessions, submit("A"))
    with sessions.begin() as session:
        sqlite = session.get_bind().dialect.name == "sqlite"
        session.execute(text(f"DROP TRIGGER {'submission_no_update' if sqlite else 'submission_guard ON submission'}"))
        session.execute(text("UPDATE submission SET sha256 = 'another'"))
    with sessions() as session, pytest.raises(DomainError, match="no longer holds the submission"):
        reporting.report_of(session, OPERATOR, number)


def test_a_page_reads_the_record_and_draws_nothing(
    sessions: sessionmaker[Session], submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = appraise(sessions, submit("A"))
    with sessions() as session:
        again = reporting.report_of(session, OPERATOR, number)
    monkeypatch.delattr(appraising, "computed_of")
    with sessions() as session:
        read = reporting.recorded_of(session, OPERATOR, number, again.rank)
    assert replace(read, generated_at=again.generated_at) == again
    order = [criterion.id for criterion in read.framework.criteria]
    assert list(read.result.criteria.by_criterion) == list(again.result.criteria.by_criterion) == order
    with sessions() as session:
        assert reporting.recorded_of(session, OPERATOR, number).rank is None


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE appraisal_run SET result = result || ' '", "no longer holds the figures it was stored with"),
        ("UPDATE appraisal_run SET snapshot = snapshot || ' '", "no longer holds the submission"),
    ],
)
def test_a_changed_record_is_not_shown(
    sessions: sessionmaker[Session], submit: Submit, statement: str, says: str
) -> None:
    number = appraise(sessions, submit("A"))
    change_run(sessions, statement)
    with sessions() as session, pytest.raises(DomainError, match=says):
        reporting.recorded_of(session, OPERATOR, number)


def test_a_record_of_an_older_layout_says_what_to_do(sessions: sessionmaker[Session], submit: Submit) -> None:
    number = appraise(sessions, submit("A"))
    with sessions() as session:
        document = json.loads(session.scalars(select(AppraisalRun.result)).one())
    del document["risk"]["budget_call"]
    change_run(sessions, "UPDATE appraisal_run SET result = :text, result_sha256 = :digest", document)
    with sessions() as session, pytest.raises(DomainError, match=r"risk.budget_call.* Appraise the project again"):
        reporting.recorded_of(session, OPERATOR, number)


def change_run(sessions: sessionmaker[Session], statement: str, document: dict[str, Any] | None = None) -> None:
    """Change the stored run past its guard."""
    values = {} if document is None else {"text": canonical_json(document), "digest": sha256_of(document)}
    with sessions.begin() as session:
        sqlite = session.get_bind().dialect.name == "sqlite"
        guard = "appraisal_run_no_update" if sqlite else "appraisal_run_guard ON appraisal_run"
        session.execute(text(f"DROP TRIGGER {guard}"))
        session.execute(text(statement), values)


def test_nobody_waits_for_the_draws(
    sessions: sessionmaker[Session], submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, computed = submit("A"), appraising.computed_of

    def while_others_save(*given: Any, **options: Any) -> Any:
        with sessions.begin() as other:
            other.add(Organisation(name="Saved meanwhile"))
        return computed(*given, **options)

    monkeypatch.setattr(appraising, "computed_of", while_others_save)
    number = appraise(sessions, key)
    with sessions() as session:
        assert session.scalars(select(AppraisalRun.number)).all() == [number]
        assert session.scalar(select(Organisation).where(Organisation.name == "Saved meanwhile")) is not None


def test_runs_of_another_engine_need_a_re_run(
    sessions: sessionmaker[Session], submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    appraise(sessions, submit("A"))

    def stale(actor: Actor) -> list[bool]:
        with sessions() as session:
            return [row.stale for row in ranking.ranked_portfolio(session, actor).rows]

    assert stale(OPERATOR) == [False]
    monkeypatch.setattr(ranking, "ENGINE_VERSION", "99")  # as in a new process, which keeps no ranking of the old one
    assert stale(factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Bank"))) == [True]
