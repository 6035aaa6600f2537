"""What may be decided by whom, on what, and what a change since then does to it; on both databases."""

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from appraisal.models import (
    Account,
    DecisionOutcome,
    PendingDecision,
    Project,
    ProjectState,
    Role,
)
from appraisal.policy import OPERATOR, Actor, NotAllowed, NotFound, WrongState
from appraisal.services import (
    accepting,
    appraising,
    assigning,
    deciding,
    decisions,
    drafting,
    obligations,
    publishing,
    ranking,
    reporting,
)
from appraisal.services.deciding import Refused, Seen
from appraisal.services.errors import DomainError, StaleVersion
from scoring.result import GateStatus
from tests import factories
from tests.panel import panel
from tests.services.deciding.cases import (
    APPROVE,
    CONDITIONAL,
    DEFER,
    REJECT,
    RETURN,
    SOON,
    Sessions,
    accept,
    appraise,
    appraised,
    chosen,
    decide,
    entries,
    failing,
    prepare,
    publish,
    state,
    with_gates,
)


@pytest.mark.parametrize("status", [GateStatus.FAILED, GateStatus.OPEN])
def test_a_gate_that_allows_no_condition_stands_in_the_way_of_every_approval(
    sessions: Sessions, approver: Actor, project: Project, status: GateStatus
) -> None:
    with_gates(sessions, project, status)
    for wish in (APPROVE, CONDITIONAL):
        with pytest.raises(
            Refused, match=r"for which no condition can stand in\. It can be returned, rejected or deferred"
        ):
            prepare(sessions, approver, wish, project)
    with sessions() as session, pytest.raises(NotFound, match="No condition can stand in for Fiscal exposure"):
        accepting.condition_of(session, approver, project.id, "BK7")
    with sessions() as session:
        found = accepting.stand_ins(session, approver, project.id)
    assert found.allowed == found.offered == {"DS1", "IN3", "NE3"}
    assert decide(sessions, approver, RETURN, project).outcome is DecisionOutcome.RETURNED


def test_a_condition_accepted_for_a_failed_gate_leads_to_an_approval_with_conditions(
    sessions: Sessions, planner: Actor, approver: Actor
) -> None:
    project = failing(sessions, planner)
    only_accepted = replace(CONDITIONAL, conditions=())
    for wish, refusal in (
        (APPROVE, "it fails “Readiness of prerequisites”. It can be approved only with conditions"),
        (CONDITIONAL, "Accept a condition in place of each first, with who owes it and by when"),
        (only_accepted, "an approval with conditions needs at least one condition"),
    ):
        with pytest.raises(Refused, match=refusal):
            prepare(sessions, approver, wish, project)
    accept(sessions, planner, approver, project)
    with sessions() as session:
        (line,) = deciding.decision_list(session, approver).lines
        (row,) = ranking.ranked_portfolio(session, approver).everyone
        report = reporting.recorded_of(session, approver, row.run)
    assert line.recommended is not None
    assert line.recommended.outcome is DecisionOutcome.WITH_CONDITIONS
    assert (row.failed, row.promised, row.blocked) == (("NE3",), ("NE3",), True)
    assert "Haneul owes it by" in report.stands_in(next(gate for gate in report.result.criteria.gates if gate.blocks))
    with pytest.raises(Refused, match="only with conditions"):
        prepare(sessions, approver, APPROVE, project)
    decision = decide(sessions, approver, only_accepted, project)
    assert state(sessions, project) is ProjectState.APPROVED_WITH_CONDITIONS
    with sessions() as session:
        (told,) = decisions.decisions_of(session, planner, project.id)
        (owed,) = obligations.owed(session, approver, project_id=project.id)
    assert (decision.outcome, [each.gate for each in told.letter.conditions]) == (
        DecisionOutcome.WITH_CONDITIONS,
        ["NE3"],
    )
    assert [each.stands_in for each in told.letter.conditions] == [
        ", in place of the gate “Readiness of prerequisites”"
    ]
    assert (owed.gate, owed.owner, owed.due) == ("NE3", "A planner", SOON)


def test_where_it_can_be_decided_anew_a_condition_can_be_accepted(
    sessions: Sessions, planner: Actor, approver: Actor
) -> None:
    project = failing(sessions, planner)
    decide(sessions, approver, DEFER, project)
    with sessions() as session:
        assert accepting.stand_ins(session, approver, project.id).offered == {"NE3"}
    accept(sessions, planner, approver, project)
    decide(sessions, approver, replace(CONDITIONAL, conditions=()), project)
    assert state(sessions, project) is ProjectState.APPROVED_WITH_CONDITIONS


def test_what_is_said_to_be_met_and_fails_all_the_same_carries_no_approval_until_it_is_accepted_anew(
    sessions: Sessions, planner: Actor, approver: Actor
) -> None:
    project = failing(sessions, planner)
    first = accept(sessions, planner, approver, project)
    with sessions() as session:
        obligations.meet(session, planner, first.id, first.version, "The grid contract, page 2")
    with pytest.raises(Refused, match="Accept a condition in place of each first"):
        prepare(sessions, approver, CONDITIONAL, project)
    again = accept(sessions, planner, approver, project)
    assert (again.id, again.proof, again.met_at) == (first.id, "", None)
    prepare(sessions, approver, CONDITIONAL, project)


@pytest.mark.parametrize("part", ["owner", "sender", "assigned", "ran it"])
def test_nobody_decides_on_what_they_submitted_or_scored(
    sessions: Sessions, planner: Actor, project: Project, part: str
) -> None:
    """Their role has changed since; what they did has not."""
    office = factories.organisation(sessions, "Office")
    if part in ("owner", "sender"):
        someone = planner
        if part == "sender":
            with sessions.begin() as session:
                other = factories.actor(sessions, Role.ANALYST, office).account_id
                session.execute(update(Project).values(owner_id=other))
    elif part == "assigned":
        someone = factories.actor(sessions, Role.APPRAISER, office)
        with sessions() as session:
            assigning.assign(session, OPERATOR, project.id, someone.account_id or uuid4())
    else:
        someone = factories.actor(sessions, Role.ANALYST, office)
        with sessions() as session:
            appraising.appraise_project(session, someone, project.id, seed=1, draws=100)
    with sessions.begin() as session:
        session.get_one(Account, someone.account_id).role = Role.APPROVER
    someone = replace(someone, role=Role.APPROVER)
    with pytest.raises(Refused, match="so someone else decides"):
        prepare(sessions, someone, REJECT, project)
    with sessions() as session, pytest.raises(DomainError, match="so someone else decides"):
        accepting.accept_condition(
            session, someone, project.id, "NE3", owner_id=planner.account_id or uuid4(), due=SOON
        )


def test_nobody_is_offered_a_condition_on_what_they_submitted(sessions: Sessions, planner: Actor) -> None:
    project = failing(sessions, planner)
    with sessions.begin() as session:
        session.get_one(Account, planner.account_id).role = Role.APPROVER
    with sessions() as session:
        found = accepting.stand_ins(session, replace(planner, role=Role.APPROVER), project.id)
    assert (found.allowed, found.offered) == ({"NE3"}, frozenset())


def test_scores_handed_in_bar_their_appraiser_and_outdate_the_run(sessions: Sessions, approver: Actor) -> None:
    held = panel(sessions)
    with sessions() as session:
        scored = session.get_one(Project, held.project_id)
    appraise(sessions, scored)
    appraiser = held.appraiser("A")
    held.fill(appraiser)
    held.submit(appraiser)
    with pytest.raises(Refused, match="scores changed since run 1; appraise it again first"):
        prepare(sessions, approver, REJECT, scored)
    appraise(sessions, scored)
    prepare(sessions, approver, REJECT, scored)
    with sessions() as session:
        assigning.unassign(session, OPERATOR, scored.id, appraiser.account_id or uuid4())
    with sessions.begin() as session:
        session.get_one(Account, appraiser.account_id).role = Role.APPROVER
    with pytest.raises(Refused, match="so someone else decides"):
        prepare(sessions, replace(appraiser, role=Role.APPROVER), REJECT, scored)


@pytest.mark.parametrize("role", [Role.PLANNER, Role.APPRAISER, Role.ANALYST, Role.ADMIN])
def test_only_approvers_decide(sessions: Sessions, project: Project, role: Role) -> None:
    actor = factories.actor(sessions, role, factories.organisation(sessions, "Elsewhere"))
    attempts: tuple[Callable[[Session], object], ...] = (
        lambda session: deciding.opened(session, actor, [project.id]),
        lambda session: deciding.prepare(session, actor, [Seen(project.id, 1, 2)], REJECT),
        lambda session: publishing.publish(session, actor, uuid4(), {uuid4(): 1}),
        lambda session: deciding.drop(session, actor, project.id),
        *([] if role is Role.PLANNER else [lambda session: obligations.meet(session, actor, uuid4(), 0, "so it is")]),
    )
    for attempt in attempts:
        with sessions() as session, pytest.raises(NotAllowed):
            attempt(session)
    with sessions() as session, pytest.raises(DomainError, match="sign in"):
        deciding.prepare(session, OPERATOR, [Seen(project.id, 1, 2)], REJECT)


def test_what_changed_since_it_was_opened_is_shown_and_not_published(
    sessions: Sessions, planner: Actor, approver: Actor, project: Project
) -> None:
    others = [appraised(sessions, planner, case) for case in ("opal-lakes-3-percent", "zurich-tunnel", "sports-arena")]
    prepare(sessions, approver, DEFER, project, *others)
    withdrawn, again, taken_back = others
    with sessions() as session:
        drafting.withdraw(session, planner, withdrawn.id)
    run = appraise(sessions, again)
    with sessions() as session:
        drafting.take_back(session, planner, taken_back.id)
    published = publish(sessions, approver)
    assert published.count == 1
    left = dict(published.left)
    assert left[withdrawn.title] == "It is withdrawn now."
    assert left[again.title] == f"It was appraised again since you looked: run {run}."
    assert "taken back" in left[taken_back.reference]
    assert {state(sessions, each) for each in others} == {
        ProjectState.WITHDRAWN, ProjectState.SUBMITTED, ProjectState.DRAFT,
    }  # fmt: skip
    with sessions() as session, pytest.raises(DomainError, match="Nothing was published"):
        publishing.publish(session, approver, uuid4(), chosen(sessions, approver))
    prepare(sessions, approver, DEFER, again)
    assert publish(sessions, approver).count == 1


def test_what_was_opened_before_a_change_cannot_be_kept(
    sessions: Sessions, planner: Actor, approver: Actor, project: Project
) -> None:
    with sessions() as session:
        ((candidate, _),) = deciding.opened(session, approver, [project.id])
    appraise(sessions, project)
    with sessions() as session, pytest.raises(StaleVersion, match=project.title):
        deciding.prepare(session, approver, [Seen.of(candidate)], DEFER)
    with sessions() as session:
        drafting.withdraw(session, planner, project.id)
    with sessions() as session, pytest.raises(WrongState):
        deciding.prepare(session, approver, [Seen.of(candidate)], DEFER)


def test_a_pending_decision_is_changed_and_dropped_freely(
    sessions: Sessions, approver: Actor, project: Project
) -> None:
    prepare(sessions, approver, DEFER, project)
    before = chosen(sessions, approver)
    prepare(sessions, approver, REJECT, project)
    with sessions() as session:
        assert [row.outcome for row in session.scalars(select(PendingDecision))] == [DecisionOutcome.REJECTED]
    with sessions() as session, pytest.raises(DomainError, match="another window"):
        publishing.publish(session, approver, uuid4(), before)
    for _ in range(2):
        with sessions() as session:
            deciding.drop(session, approver, project.id)
    assert chosen(sessions, approver) == {}
    assert entries(sessions, "decision.dropped") == 1
    assert state(sessions, project) is ProjectState.SUBMITTED


def test_nobody_sees_or_publishes_what_another_approver_prepares(
    sessions: Sessions, approver: Actor, project: Project
) -> None:
    other = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Bank"))
    prepare(sessions, approver, REJECT, project)
    theirs = chosen(sessions, approver)
    assert chosen(sessions, other) == {}
    with sessions() as session, pytest.raises(DomainError, match="Nothing was published"):
        publishing.publish(session, other, uuid4(), theirs)
