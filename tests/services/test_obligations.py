"""What is owed: conditions accepted for a gate and those that decisions set, in one list; on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AuditEntry, DecisionOutcome, Obligation, Project, Role
from appraisal.models.tables import now
from appraisal.policy import OPERATOR, Actor, NotAllowed, NotFound
from appraisal.services import accepting, appraising, decisions, obligations, publishing
from appraisal.services.deciding import Refused, Wish
from appraisal.services.errors import AlreadyThere, DomainError, StaleVersion
from appraisal.services.letters import Condition
from appraisal.services.obligations import Standing
from tests import factories
from tests.panel import Panel, panel
from tests.services.deciding.cases import decide, prepare

SOON = now().date() + timedelta(days=30)


@pytest.fixture
def haneul(sessions: sessionmaker[Session]) -> Panel:
    """Every gate passes but one, which is open and allows a condition: NE3."""
    clear = factories.clear_project()
    unanswered = {name: answer for name, answer in clear.answers.items() if name != "NE3"}
    held = panel(sessions, file=replace(clear, answers=unanswered))
    with sessions() as session:
        appraising.appraise_project(session, OPERATOR, held.project_id, seed=1, draws=100)
    return held


@pytest.fixture
def approver(haneul: Panel) -> Actor:
    return factories.actor(haneul.sessions, Role.APPROVER, factories.organisation(haneul.sessions, "Ministry"))


def accept(held: Panel, actor: Actor, gate: str = "NE3") -> Obligation:
    assert held.planner.account_id is not None
    with held.sessions() as session:
        return accepting.accept_condition(
            session, actor, held.project_id, gate, owner_id=held.planner.account_id, due=SOON
        )


def test_accepted_met_and_on_record(haneul: Panel, approver: Actor) -> None:
    with haneul.sessions() as session:
        condition = accepting.condition_of(session, approver, haneul.project_id, "NE3")
    assert [person.id for person in condition.owners] == [haneul.planner.account_id]
    row = accept(haneul, approver)
    assert (row.condition, row.due) == (condition.lifts_when, SOON)
    with haneul.sessions() as session:
        (owed,) = obligations.owed(session, haneul.planner)
    assert (owed.standing, owed.owner, owed.gate) == (Standing.DUE, "A planner", "NE3")
    with pytest.raises(AlreadyThere):
        accept(haneul, approver)
    with haneul.sessions() as session, pytest.raises(DomainError, match="what shows"):
        obligations.meet(session, haneul.planner, row.id, 1, " ")
    with haneul.sessions() as session, pytest.raises(StaleVersion):
        obligations.meet(session, haneul.planner, row.id, 7, "Grid contract, page 2")
    with haneul.sessions() as session:
        met = obligations.meet(session, haneul.planner, row.id, 1, "Grid contract, page 2")
    assert (met.standing, met.evidence) == (Standing.MET, "Grid contract, page 2")
    with haneul.sessions() as session, pytest.raises(AlreadyThere):
        obligations.meet(session, haneul.planner, row.id, 1, "Again")
    with haneul.sessions() as session:
        trail = select(AuditEntry.action).where(AuditEntry.action.like("obligation.%")).order_by(AuditEntry.sequence)
        assert session.scalars(trail).all() == ["obligation.accepted", "obligation.met"]


def test_past_its_date_it_is_overdue(haneul: Panel, approver: Actor) -> None:
    row = accept(haneul, approver)
    with haneul.sessions.begin() as session:
        session.get_one(Obligation, row.id).due = now().date() - timedelta(days=1)
    with haneul.sessions() as session:
        assert obligations.owed(session, approver)[0].standing is Standing.OVERDUE


def test_only_approvers_accept_and_only_what_blocks(haneul: Panel, approver: Actor) -> None:
    assert haneul.planner.account_id is not None
    with pytest.raises(NotAllowed):
        accept(haneul, haneul.planner)
    for gate in ("BK1", "nothing"):
        with pytest.raises(NotFound):
            accept(haneul, approver, gate)
    assert approver.account_id is not None
    for owner, due in ((approver.account_id, SOON), (haneul.planner.account_id, now().date())):
        with haneul.sessions() as session, pytest.raises(DomainError):
            accepting.accept_condition(session, approver, haneul.project_id, "NE3", owner_id=owner, due=due)
    stranger = factories.actor(haneul.sessions, Role.PLANNER, factories.organisation(haneul.sessions, "Elsewhere"))
    row = accept(haneul, approver)
    with haneul.sessions() as session, pytest.raises(NotFound):
        obligations.meet(session, stranger, row.id, 1, "Mine")
    with haneul.sessions() as session:
        assert obligations.owed(session, stranger) == ()


def conditional(*conditions: Condition) -> Wish:
    return Wish(DecisionOutcome.WITH_CONDITIONS, "gate-open", "Go ahead once it is there.", conditions)


def test_an_approval_takes_over_what_was_accepted_and_nothing_is_owed_twice(haneul: Panel, approver: Actor) -> None:
    with haneul.sessions() as session:
        project = session.get_one(Project, haneul.project_id)
    defer = Wish(DecisionOutcome.DEFERRED, "evidence", "Later.")
    prepare(haneul.sessions, approver, defer, project)
    accept(haneul, approver)
    with haneul.sessions() as session:  # what was seen did not say it: it is to be looked at again
        assert publishing.review(session, approver).sound == ()
    decision = decide(haneul.sessions, approver, conditional(Condition("Sign the grant", "Treasury", SOON)), project)
    with haneul.sessions() as session:
        (told,) = decisions.decisions_of(session, haneul.planner, project.id)
    assert [(each.text, each.owner, each.gate) for each in told.letter.conditions] == [
        ("Sign the grant", "Treasury", ""),
        (accepted_text(haneul), "Haneul", "NE3"),  # no person's name in what is published
    ]
    assert told.untouched
    with haneul.sessions() as session:
        held = obligations.owed(session, haneul.planner, project_id=project.id)
    assert sorted((each.gate, each.decision, each.owner, each.may_meet) for each in held) == [
        ("", decision.number, "Treasury", False),
        ("NE3", None, "A planner", True),
    ]
    of_decision = next(each for each in held if each.decision_id)
    with haneul.sessions() as session, pytest.raises(NotAllowed):
        obligations.meet(session, haneul.planner, of_decision.id, 0, "Signed")
    with haneul.sessions() as session:
        obligations.meet(session, approver, of_decision.id, 0, "Signed on 4 May")
    with haneul.sessions() as session:
        assert [each.standing for each in obligations.owed(session, approver)] == [Standing.DUE, Standing.MET]
        assert obligations.counted(held)[Standing.DUE] == 2


def accepted_text(held: Panel) -> str:
    with held.sessions() as session:
        return session.scalars(select(Obligation.condition)).one()


def test_what_was_accepted_is_condition_enough(haneul: Panel, approver: Actor) -> None:
    with haneul.sessions() as session:
        project = session.get_one(Project, haneul.project_id)
    with pytest.raises(Refused, match="Accept a condition in place of each first"):
        prepare(haneul.sessions, approver, conditional(), project)
    accept(haneul, approver)
    decide(haneul.sessions, approver, conditional(), project)
    with haneul.sessions() as session:
        assert [each.gate for each in obligations.owed(session, approver)] == ["NE3"]


def test_nobody_owes_anything_on_what_is_rejected(haneul: Panel, approver: Actor) -> None:
    accept(haneul, approver)
    with haneul.sessions() as session:
        project = session.get_one(Project, haneul.project_id)
    decide(haneul.sessions, approver, Wish(DecisionOutcome.REJECTED, "risk", "Too large a risk."), project)
    for actor in (approver, haneul.planner):
        with haneul.sessions() as session:
            assert obligations.owed(session, actor) == ()


def test_a_gate_tells_an_appraiser_nothing_of_the_panel_before_the_own_scores_are_in(
    haneul: Panel, approver: Actor
) -> None:
    first, late = haneul.appraiser("A"), haneul.appraiser("B")
    haneul.fill(first)
    haneul.submit(first)
    with haneul.sessions() as session:
        appraising.appraise_project(session, OPERATOR, haneul.project_id, seed=1, draws=100)
    accept(haneul, approver)
    for actor, told in ((first, 1), (late, 0), (haneul.planner, 1)):
        with haneul.sessions() as session:
            assert len(obligations.owed(session, actor)) == told
