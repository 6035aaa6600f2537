"""A scenario over a whole round: asked for once, finished by whoever is alive, compared on like terms."""

import math
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import simplejson
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from appraisal.database import create_engine_for, sessions_on
from appraisal.models import AppraisalRun, AuditEntry, Interest, Job, JobKind, JobState, Project, Role, ScenarioResult
from appraisal.models.tables import now
from appraisal.policy import OPERATOR, Actor, NotAllowed, NotFound
from appraisal.services import (
    appraising,
    assessing,
    assigning,
    jobs,
    portfolio_scenarios,
    ranking,
    scenario_outcomes,
    scenario_runs,
)
from appraisal.services.background import worker_on
from appraisal.services.errors import DomainError
from appraisal.services.scenario_outcomes import Looked, Outcome
from scoring.scenarios import Changes
from tests import factories
from tests.databases import AUDIT_KEY, migrated_sqlite
from tests.services.cities import City, city

HEALTH, BUS, CLOUD, SCHOOL = "HAN-06", "HAN-09", "HAN-13", "HAN-18"


def four(sessions: sessionmaker[Session]) -> City:
    """USD 20 m for four projects of 5.7, 16.5, 10.2 and 13.0 m; the record funds the first and the last."""
    return city(sessions, (HEALTH, BUS, CLOUD, SCHOOL), budget=20)


@pytest.fixture
def on_both(sessions: sessionmaker[Session]) -> City:
    return four(sessions)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[City, Path]:
    """The same on SQLite, made once: every test that says what a scenario means takes a copy."""
    path = tmp_path_factory.mktemp("haneul") / "made.db"
    engine = migrated_sqlite(path)
    found = four(sessions_on(engine))
    engine.dispose()
    return found, path


@pytest.fixture
def haneul(made: tuple[City, Path], tmp_path: Path) -> Iterator[City]:
    found, path = made
    engine = create_engine_for(f"sqlite:///{shutil.copyfile(path, tmp_path / 'copy.db')}", AUDIT_KEY)
    yield replace(found, sessions=sessions_on(engine))
    engine.dispose()


def request(of: City, key: str, actor: Actor | None = None) -> UUID:
    with of.sessions() as session:
        return scenario_runs.request_run(session, actor or of.analyst, key)


def look(of: City, key: str, actor: Actor | None = None) -> Looked:
    with of.sessions() as session:
        return scenario_outcomes.look(session, actor or of.analyst, key)


def run(of: City, key: str) -> Outcome:
    request(of, key)
    worker_on(of.sessions).work()
    outcome = look(of, key).outcome
    assert outcome is not None
    return outcome


def outdated(of: City) -> set[str]:
    with of.sessions() as session:
        found = portfolio_scenarios.defined(session, of.analyst)
        return set(scenario_outcomes.outdated_of(session, of.analyst, found))


def names(rows: tuple[Any, ...]) -> list[str]:
    return [row.reference for row in rows]


def results(of: City, job_id: UUID) -> dict[UUID, tuple[str | None, str]]:
    with of.sessions() as session:
        rows = session.scalars(select(ScenarioResult).where(ScenarioResult.job_id == job_id)).all()
        return {row.project_id: (row.figures, row.input_sha256) for row in rows}


def add(of: City, changes: Changes, name: str = "Ours") -> str:
    with of.sessions() as session:
        return portfolio_scenarios.add_scenario(session, of.analyst, name=name, reason="Why not", changes=changes)


def test_a_budget_cut_takes_the_last_one_in_and_changes_no_figure(on_both: City) -> None:
    haneul = on_both
    outcome = run(haneul, "budget-cut")
    # 15 m pay the 5.7 of the first; the 13.0 of the second do not fit into the 9.3 left.
    assert (names(outcome.entering), names(outcome.leaving)) == ([], [SCHOOL])
    with haneul.sessions() as session:
        record = ranking.ranked_portfolio(session, haneul.analyst)
    assert [replace(row, criteria=()) for row in outcome.base.everyone] == [
        replace(row, criteria=()) for row in record.everyone
    ]
    assert [(row.score, row.low, row.high, row.cost) for row in outcome.under.everyone] == [
        (row.score, row.low, row.high, row.cost) for row in record.everyone
    ]
    assert not outcome.stale
    found = outcome.given_up
    assert found.kept == found.record
    assert found.chosen == found.chosen_on_record
    assert found.record.projects == 2
    assert found.record.cost == 18_700_000


def test_what_is_given_up_adds_up_by_hand(haneul: City) -> None:
    outcome = run(haneul, "demand-shock")
    with haneul.sessions() as session:
        rows = {row.reference: row for row in ranking.ranked_portfolio(session, haneul.analyst).everyone}
    stored = [_risk(haneul, rows[name].run) for name in (HEALTH, SCHOOL)]
    record = outcome.given_up.record
    assert record.expected == pytest.approx(1_000_000 * sum(npv["mean"] for npv in stored))
    assert record.error == pytest.approx(1_000_000 * math.hypot(*(npv["se"] for npv in stored)))
    bank = [rows[name].criteria[0].score for name in (HEALTH, SCHOOL)]
    assert record.scores["bankability"] == pytest.approx((5.7 * bank[0] + 13.0 * bank[1]) / 18.7)
    assert outcome.given_up.kept.expected is not None
    assert record.expected is not None
    assert outcome.given_up.kept.expected < record.expected


def _risk(of: City, number: int) -> dict[str, float]:
    with of.sessions() as session:
        document = session.scalars(select(AppraisalRun.result).where(AppraisalRun.number == number)).one()
    return dict(simplejson.loads(document)["risk"]["economic_npv"])


def test_weights_move_ranks_and_the_budget_line_follows(haneul: City) -> None:
    outcome = run(haneul, "quick-cheap-easy")
    assert names(outcome.entering) == [CLOUD]
    assert sorted(names(outcome.leaving)) == [HEALTH, SCHOOL]
    assert {item.criterion: item.weight for item in outcome.under.everyone[0].criteria} == {
        "bankability": 0.5, "safeguards": 0.1, "inclusiveness": 0.1, "needs": 0.3,
    }  # fmt: skip


def test_a_killed_run_is_finished_by_another_with_the_same_numbers_once(
    on_both: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    haneul = on_both
    whole = request(haneul, "delay")
    worker_on(haneul.sessions).work()
    compute, seen = scenario_runs.computed_under, []

    def dies_after_two(run: AppraisalRun, changes: Changes) -> dict[str, str]:
        if len(seen) == 2:
            raise KeyboardInterrupt
        seen.append(run.project_id)
        return compute(run, changes)

    killed = request(haneul, "delay")
    with haneul.sessions() as session:
        lease = jobs.claim(session, "first", [JobKind.SCENARIO])
    assert lease is not None
    monkeypatch.setattr(scenario_runs, "computed_under", dies_after_two)
    with pytest.raises(KeyboardInterrupt):
        scenario_runs.perform(haneul.sessions, lease)
    halfway = look(haneul, "delay").progress
    assert halfway is not None
    assert (halfway.state, halfway.done, halfway.total) == (JobState.RUNNING, 2, 4)

    def counted(run: AppraisalRun, changes: Changes) -> dict[str, str]:
        seen.append(run.project_id)
        return compute(run, changes)

    monkeypatch.setattr(scenario_runs, "computed_under", counted)
    with haneul.sessions() as session, session.begin():
        session.execute(update(Job).where(Job.id == killed).values(lease_until=now() - timedelta(seconds=1)))
    worker_on(haneul.sessions).work()
    ended = look(haneul, "delay").progress
    assert ended is not None
    assert (ended.state, ended.done) == (JobState.DONE, 4)
    assert len(seen) == len(set(seen)) == 4
    assert results(haneul, killed) == results(haneul, whole)
    with pytest.raises(jobs.LeaseLost):  # the first one comes back too late
        scenario_runs.perform(haneul.sessions, lease)
    with haneul.sessions() as session:
        told = session.scalar(select(func.count()).where(AuditEntry.action == "scenario.run-done"))
    assert told == 2


def test_asked_twice_runs_once_and_is_told_in_the_trail(haneul: City) -> None:
    first = request(haneul, "delay")
    assert request(haneul, "delay") == first
    assert request(haneul, "demand-shock") != first
    with haneul.sessions() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "scenario.run")).first()
    assert entry is not None
    assert entry.object_id == "delay"
    assert entry.details["projects"] == 4


def test_cancelled_it_stores_nothing_and_the_older_result_stays(haneul: City, monkeypatch: pytest.MonkeyPatch) -> None:
    before = run(haneul, "budget-cut")
    request(haneul, "budget-cut")
    compute = scenario_runs.computed_under

    def cancelled(run: AppraisalRun, changes: Changes) -> dict[str, str]:
        with haneul.sessions() as session:
            scenario_runs.cancel_run(session, haneul.analyst, "budget-cut")
        return compute(run, changes)

    monkeypatch.setattr(scenario_runs, "computed_under", cancelled)
    worker_on(haneul.sessions).work()
    looked = look(haneul, "budget-cut")
    assert looked.progress is not None
    assert (looked.progress.state, looked.progress.done) == (JobState.CANCELLED, 0)
    assert looked.outcome is not None
    assert looked.outcome.finished_at == before.finished_at
    with haneul.sessions() as session:
        assert not scenario_runs.cancel_run(session, haneul.analyst, "budget-cut")
        actions = session.scalars(select(AuditEntry.action)).all()
    assert actions.count("scenario.run-cancelled") == 1


def test_a_result_whose_inputs_changed_needs_a_re_run(haneul: City) -> None:
    key = add(haneul, Changes(use=0.9))
    assert not run(haneul, key).stale
    assert outdated(haneul) == set()
    with haneul.sessions() as session:
        portfolio_scenarios.change_scenario(
            session, haneul.analyst, UUID(key), 1, name="Ours", reason="Why not", changes=Changes(use=0.8)
        )
    edited = look(haneul, key).outcome
    assert edited is not None
    assert (edited.edited, edited.outdated) == (True, ())
    assert outdated(haneul) == {key}
    with haneul.sessions() as session:
        bus = session.scalars(select(Project.id).where(Project.reference == BUS)).one()
    with haneul.sessions() as session:
        appraising.appraise_project(session, OPERATOR, bus, seed=2, draws=100)
    again = look(haneul, key).outcome
    assert again is not None
    assert again.outdated == (BUS,)
    assert BUS not in names(again.base.everyone)
    assert (again.compared, again.ranked, again.whole) == (3, 4, False)
    assert outdated(haneul) == {key}
    assert not run(haneul, key).stale
    assert outdated(haneul) == set()


def test_a_project_that_cannot_be_computed_is_on_neither_side_and_says_why(haneul: City) -> None:
    outcome = run(haneul, add(haneul, Changes(delay=20)))
    assert {item.row.reference: item.problem for item in outcome.failed} == dict.fromkeys(
        (CLOUD, SCHOOL),
        "The tenor of “Development bank loan” ends before its first repayment: lengthen it or shorten the grace.",
    )
    assert sorted(names(outcome.base.everyone)) == sorted(names(outcome.under.everyone)) == [HEALTH, BUS]
    assert not outcome.stale


def test_runs_of_another_engine_are_not_mixed_in(haneul: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenario_runs, "ENGINE_VERSION", "of tomorrow")
    outcome = run(haneul, "demand-shock")
    assert {item.row.reference for item in outcome.failed} == {HEALTH, BUS, CLOUD, SCHOOL}
    assert all("appraise the project again" in item.problem for item in outcome.failed)
    assert outcome.base.everyone == outcome.under.everyone == ()
    assert outcome.given_up.record.projects == 0


@pytest.mark.parametrize("role", [Role.PLANNER, Role.APPRAISER])
def test_who_sees_only_some_projects_runs_nothing(haneul: City, role: Role) -> None:
    other = factories.actor(haneul.sessions, role, factories.organisation(haneul.sessions, "Elsewhere"))
    request(haneul, "delay")
    forbidden: list[Callable[[Session], object]] = [
        lambda session: scenario_runs.request_run(session, other, "delay"),
        lambda session: scenario_runs.cancel_run(session, other, "delay"),
        lambda session: portfolio_scenarios.add_scenario(
            session, other, name="x", reason="x", changes=Changes(use=0.5)
        ),
    ]
    if role is Role.PLANNER:
        forbidden.append(lambda session: scenario_outcomes.look(session, other, "delay"))
        forbidden.append(lambda session: portfolio_scenarios.defined(session, other))
    for act in forbidden:
        with haneul.sessions() as session, pytest.raises(NotAllowed):
            act(session)


def test_an_appraiser_sees_the_projects_assigned_and_no_others(haneul: City) -> None:
    run(haneul, "delay")
    office = factories.organisation(haneul.sessions, "Office")
    appraiser = factories.actor(haneul.sessions, Role.APPRAISER, office)
    assert appraiser.account_id is not None
    with haneul.sessions() as session:
        bus = session.scalars(select(Project.id).where(Project.reference == BUS)).one()
    nothing = look(haneul, "delay", appraiser).outcome
    assert nothing is not None
    assert (nothing.base.everyone, nothing.failed, nothing.outdated) == ((), (), ())
    with haneul.sessions() as session:
        assigning.assign(session, OPERATOR, bus, appraiser.account_id)
    with haneul.sessions() as session:
        assessing.declare(session, appraiser, bus, Interest.NONE)
    seen = look(haneul, "delay", appraiser).outcome
    assert seen is not None
    assert names(seen.base.everyone) == names(seen.under.everyone) == [BUS]
    assert (seen.compared, seen.ranked, seen.whole) == (1, 1, False), "the record holds others too"


def test_unknown_scenarios_and_nobody_are_refused(haneul: City) -> None:
    with haneul.sessions() as session, pytest.raises(NotFound):
        scenario_runs.request_run(session, haneul.analyst, "luck")
    with haneul.sessions() as session, pytest.raises(DomainError, match="nobody is signed in"):
        scenario_runs.request_run(session, OPERATOR, "delay")


def test_without_anything_ranked_there_is_nothing_to_run(sessions: sessionmaker[Session]) -> None:
    empty = city(sessions, (), budget=20)
    with pytest.raises(DomainError, match="Nothing is ranked yet"):
        request(empty, "delay")
