"""What tests of deciding do: wishes, an appraised project, and a decision prepared and published."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import (
    AuditEntry,
    Decision,
    DecisionOutcome,
    Obligation,
    Project,
    ProjectState,
    RunGate,
)
from appraisal.models.tables import now
from appraisal.policy import OPERATOR, Actor
from appraisal.services import (
    accepting,
    appraising,
    deciding,
    publishing,
    registration,
)
from appraisal.services.deciding import Seen, Wish
from appraisal.services.letters import Condition
from scoring.result import GateStatus
from tests import factories

Sessions = sessionmaker[Session]


SOON = now().date() + timedelta(days=90)


REJECT = Wish(DecisionOutcome.REJECTED, "poor-value", "The benefits do not carry the cost.")


RETURN = Wish(DecisionOutcome.RETURNED, "incomplete", "Say who pays for running it.\n\nThen send it again.")


DEFER = Wish(DecisionOutcome.DEFERRED, "budget", "The round is spent.")


APPROVE = Wish(DecisionOutcome.APPROVED, "value", "Good.")


CONDITIONAL = Wish(
    DecisionOutcome.WITH_CONDITIONS,
    "gate-open",
    "Go ahead once the gates pass.",
    (Condition("Finish the DPIA", "Data office", SOON), Condition("Sign the grant", "Treasury", SOON)),
)


def appraised(sessions: Sessions, planner: Actor, case: str = "opal-lakes", *, clear: bool = True) -> Project:
    """clear: with answers that pass its gates; otherwise those of what is not answered are open."""
    file = factories.clear_project(case) if clear else factories.published_project(case)
    with sessions() as session:
        project = registration.register_project(session, planner, file)
    with sessions() as session:
        registration.submit_project(session, planner, project.id, project.version)
    appraise(sessions, project)
    return project


def appraise(sessions: Sessions, project: Project) -> int:
    with sessions() as session:
        return appraising.appraise_project(session, OPERATOR, project.id, seed=1, draws=100).number


def failing(sessions: Sessions, planner: Actor, case: str = "opal-lakes") -> Project:
    """A project of which nothing it depends on exists: the one gate that it fails allows a condition."""
    clear = factories.clear_project(case)
    nothing = {**clear.answers, "NE3": replace(clear.answers["NE3"], level=0)}
    with sessions() as session:
        project = registration.register_project(session, planner, replace(clear, answers=nothing))
    with sessions() as session:
        registration.submit_project(session, planner, project.id, project.version)
    appraise(sessions, project)
    return project


def accept(sessions: Sessions, planner: Actor, approver: Actor, project: Project) -> Obligation:
    assert planner.account_id is not None
    with sessions() as session:
        return accepting.accept_condition(session, approver, project.id, "NE3", owner_id=planner.account_id, due=SOON)


def with_gates(sessions: Sessions, project: Project, status: GateStatus) -> None:
    """As if every gate of its run stood so: the guard is for the application, the tables are ours."""
    with sessions.begin() as session:
        run = session.scalars(select(appraising.AppraisalRun).where(appraising.AppraisalRun.project_id == project.id))
        rows = [(gate.run_id, gate.gate) for gate in run.one().gates]
        sqlite = session.get_bind().dialect.name == "sqlite"
        session.execute(
            text("DROP TRIGGER run_gate_no_update" if sqlite else "ALTER TABLE run_gate DISABLE TRIGGER USER")
        )
        for run_id, gate in rows:
            session.execute(update(RunGate).where(RunGate.run_id == run_id, RunGate.gate == gate).values(status=status))


def prepare(sessions: Sessions, actor: Actor, wish: Wish, *projects: Project) -> tuple[str, ...]:
    with sessions() as session:
        found = deciding.opened(session, actor, [project.id for project in projects])
    with sessions() as session:
        return deciding.prepare(session, actor, [Seen.of(candidate) for candidate, _ in found], wish)


def chosen(sessions: Sessions, actor: Actor) -> dict[UUID, int]:
    with sessions() as session:
        seen = publishing.review(session, actor)
    return {each.row.id: each.row.version for each in (*seen.sound, *seen.changed)}


def publish(sessions: Sessions, actor: Actor, key: UUID | None = None) -> publishing.Published:
    with sessions() as session:
        return publishing.publish(session, actor, key or uuid4(), chosen(sessions, actor))


def decide(sessions: Sessions, actor: Actor, wish: Wish, project: Project) -> Decision:
    prepare(sessions, actor, wish, project)
    publish(sessions, actor)
    with sessions() as session:
        query = select(Decision).where(Decision.project_id == project.id).order_by(Decision.number.desc())
        return session.scalars(query).first() or pytest.fail("nothing was decided")


def state(sessions: Sessions, project: Project) -> ProjectState:
    with sessions() as session:
        return session.get_one(Project, project.id).state


def entries(sessions: Sessions, action: str) -> int:
    with sessions() as session:
        return len(session.scalars(select(AuditEntry.sequence).where(AuditEntry.action == action)).all())
