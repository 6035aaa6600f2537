"""What changed before the time of a publication: nothing of it is published, and those who can decide are told."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from appraisal.models import (
    Account,
    PendingDecision,
    Project,
    ProjectState,
    Role,
    ScheduleState,
)
from appraisal.policy import Actor
from appraisal.services import deciding, drafting, scheduling
from scoring.result import GateStatus
from tests import factories
from tests.services.deciding.cases import (
    APPROVE,
    CONDITIONAL,
    DEFER,
    REJECT,
    Sessions,
    appraise,
    appraised,
    decide,
    entries,
    prepare,
    state,
    with_gates,
)
from tests.services.deciding.times import at, carried_out, schedule, told


def _appraised_again(sessions: Sessions, _planner: Actor, _approver: Actor, project: Project) -> None:
    appraise(sessions, project)


def _withdrawn(sessions: Sessions, planner: Actor, _approver: Actor, project: Project) -> None:
    with sessions() as session:
        drafting.withdraw(session, planner, project.id)


def _taken_back(sessions: Sessions, planner: Actor, _approver: Actor, project: Project) -> None:
    with sessions() as session:
        drafting.take_back(session, planner, project.id)


def _decided_by_another(sessions: Sessions, _planner: Actor, _approver: Actor, project: Project) -> None:
    other = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Bank"))
    decide(sessions, other, DEFER, project)


def _gates_fail(sessions: Sessions, _planner: Actor, _approver: Actor, project: Project) -> None:
    with_gates(sessions, project, GateStatus.FAILED)


def _owned_by_the_approver(sessions: Sessions, _planner: Actor, approver: Actor, project: Project) -> None:
    with sessions.begin() as session:
        session.execute(update(Project).where(Project.id == project.id).values(owner_id=approver.account_id))


def _pending_no_more(sessions: Sessions, _planner: Actor, _approver: Actor, project: Project) -> None:
    with sessions.begin() as session:
        changed = update(PendingDecision).where(PendingDecision.project_id == project.id)
        session.execute(changed.values(text="Other words.", version=PendingDecision.version + 1))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_appraised_again, "appraised again since you looked: run 3"),
        (_withdrawn, "It is withdrawn now"),
        (_taken_back, "taken back or sent again"),
        (_decided_by_another, "changed or decided since you looked"),
        (_gates_fail, "no condition can stand in|approved only with conditions"),
        (_owned_by_the_approver, "you own, sent or scored it"),
        (_pending_no_more, "is not what was seen"),
    ],
    ids=lambda each: each.__name__.strip("_") if callable(each) else "",
)
def test_whatever_changed_nothing_is_published_and_the_approver_is_told(
    sessions: Sessions,
    planner: Actor,
    approver: Actor,
    project: Project,
    change: Callable[[Sessions, Actor, Actor, Project], None],
    why: str,
) -> None:
    other = appraised(sessions, planner, "opal-lakes-3-percent")
    for each in (project, other):
        prepare(sessions, approver, APPROVE if each is project else REJECT, each)
    key = schedule(sessions, approver)
    change(sessions, planner, approver, project)
    decided = entries(sessions, "decisions.published")
    row = carried_out(sessions, key)
    assert row.state is ScheduleState.REFUSED
    (said,) = row.problems
    assert re.search(why, said)
    assert state(sessions, other) is ProjectState.SUBMITTED  # also what nothing happened to waits
    assert entries(sessions, "decisions.published") == decided
    assert told(sessions, approver) == [f"Nothing was published on {row.due}: {project.reference} changed since."]
    with sessions() as session:
        (shown,) = scheduling.standing(session, approver)
        assert shown.id == key
    with sessions() as session:
        assert {each.row.scheduled for each in deciding.pending_of(session, approver)} == {None}
    with at(row.due.moment + timedelta(days=31)), sessions() as session:
        assert scheduling.standing(session, approver) == []


@pytest.mark.parametrize("lost", ["account", "role"])
def test_whoever_lost_the_right_publishes_nothing_and_those_who_have_it_are_told(
    sessions: Sessions, approver: Actor, project: Project, lost: str
) -> None:
    prepare(sessions, approver, REJECT, project)
    key = schedule(sessions, approver)
    other = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Bank"))
    with sessions.begin() as session:
        values = {"disabled": True} if lost == "account" else {"role": Role.ANALYST}
        session.execute(update(Account).where(Account.id == approver.account_id).values(**values))
    row = carried_out(sessions, key)
    assert row.problems == ["whoever scheduled it may no longer decide"]
    assert state(sessions, project) is ProjectState.SUBMITTED
    assert told(sessions, other) == [f"Nothing was published on {row.due}: whoever scheduled it may no longer decide."]
    assert told(sessions, approver) == []


def test_what_the_budget_no_longer_holds_is_not_published(
    sessions: Sessions, planner: Actor, approver: Actor, project: Project
) -> None:
    """250 million; each of the two costs 160.84, and each was seen alone."""
    other = appraised(sessions, planner, "opal-lakes-3-percent")
    prepare(sessions, approver, CONDITIONAL, project)
    key = schedule(sessions, approver)
    another = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Bank"))
    decide(sessions, another, CONDITIONAL, other)
    row = carried_out(sessions, key)
    assert row.problems == ["the budget no longer holds what would be approved"]
    assert state(sessions, project) is ProjectState.SUBMITTED
