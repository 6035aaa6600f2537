"""A condition accepted in place of a passed gate is owed by somebody until a date; on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AuditEntry, Obligation, ObligationState, Role
from appraisal.models.tables import now
from appraisal.policy import OPERATOR, Actor, NotAllowed, NotFound
from appraisal.services import appraising, obligations
from appraisal.services.errors import AlreadyThere, DomainError, StaleVersion
from tests import factories
from tests.panel import Panel, panel

SOON = now().date() + timedelta(days=30)


@pytest.fixture
def haneul(sessions: sessionmaker[Session]) -> Panel:
    held = panel(sessions)
    with sessions() as session:
        appraising.appraise_project(session, OPERATOR, held.project_id, seed=1, draws=100)
    return held


@pytest.fixture
def approver(haneul: Panel) -> Actor:
    return factories.actor(haneul.sessions, Role.APPROVER, factories.organisation(haneul.sessions, "Ministry"))


def accept(held: Panel, actor: Actor, gate: str = "NE3") -> Obligation:
    assert held.planner.account_id is not None
    with held.sessions() as session:
        return obligations.accept_condition(
            session, actor, held.project_id, gate, owner_id=held.planner.account_id, due=SOON
        )


def test_accepted_met_and_on_record(haneul: Panel, approver: Actor) -> None:
    with haneul.sessions() as session:
        condition = obligations.condition_of(session, approver, haneul.project_id, "NE3")
    assert [person.id for person in condition.owners] == [haneul.planner.account_id]
    row = accept(haneul, approver)
    assert (row.condition, row.due) == (condition.lifts_when, SOON)
    with haneul.sessions() as session:
        (owed,) = obligations.obligations_of(session, haneul.planner)
    assert (owed.overdue, owed.obligation.owner.name) == (False, "A planner")
    with pytest.raises(AlreadyThere):
        accept(haneul, approver)
    with haneul.sessions() as session, pytest.raises(DomainError, match="what shows"):
        obligations.meet(session, haneul.planner, row.id, 1, " ")
    with haneul.sessions() as session:
        met = obligations.meet(session, haneul.planner, row.id, 1, "Grid contract, page 2")
    assert (met.state, met.proof) == (ObligationState.MET, "Grid contract, page 2")
    with haneul.sessions() as session, pytest.raises(StaleVersion):
        obligations.meet(session, haneul.planner, row.id, 1, "Again")
    with haneul.sessions() as session:
        trail = select(AuditEntry.action).where(AuditEntry.action.like("obligation.%")).order_by(AuditEntry.sequence)
        assert session.scalars(trail).all() == ["obligation.accepted", "obligation.met"]


def test_past_its_date_it_is_overdue(haneul: Panel, approver: Actor) -> None:
    row = accept(haneul, approver)
    with haneul.sessions.begin() as session:
        session.get_one(Obligation, row.id).due = now().date() - timedelta(days=1)
    with haneul.sessions() as session:
        assert obligations.obligations_of(session, approver)[0].overdue


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
            obligations.accept_condition(session, approver, haneul.project_id, "NE3", owner_id=owner, due=due)
    stranger = factories.actor(haneul.sessions, Role.PLANNER, factories.organisation(haneul.sessions, "Elsewhere"))
    row = accept(haneul, approver)
    with haneul.sessions() as session, pytest.raises(NotFound):
        obligations.meet(session, stranger, row.id, 1, "Mine")
    with haneul.sessions() as session:
        assert obligations.obligations_of(session, stranger) == ()
