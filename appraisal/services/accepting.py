"""A condition accepted in place of a passed gate: what the latest run says of the gate, and who owes it until when."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import Account, AppraisalRun, Notice, Obligation, Project, Role, RunGate
from appraisal.models.tables import now
from appraisal.policy import Action, Actor, NotFound
from appraisal.services import auditing
from appraisal.services.errors import DomainError, flush_new
from appraisal.services.notifying import tell
from appraisal.services.registration import visible_project
from appraisal.transactions import reading
from scoring.result import GateStatus

BLOCKING = (GateStatus.FAILED, GateStatus.OPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A gate that blocks, and who of the project's organisation could owe what lifts it."""

    project_id: UUID
    title: str
    reference: str
    gate: str
    gate_title: str
    status: GateStatus
    lifts_when: str
    owners: tuple[Account, ...]
    owner_id: UUID
    """Who registered the project."""


def condition_of(session: Session, actor: Actor, project_id: UUID, gate: str) -> Condition:
    """What the latest run says of a gate that blocks; raises NotFound, NotAllowed."""
    with reading(session):
        project = visible_project(session, actor, project_id)
        policy.require(actor, Action.ACCEPT_CONDITION, project)
        found = _blocking(session, actor, project, gate)
        people = select(Account).where(
            Account.organisation_id == project.organisation_id, Account.role == Role.PLANNER, ~Account.disabled
        )
        return Condition(
            project_id=project.id,
            title=project.title,
            reference=project.reference,
            gate=gate,
            gate_title=found.title,
            status=found.status,
            lifts_when=found.lifts_when,
            owners=tuple(session.scalars(people.order_by(Account.name))),
            owner_id=project.owner_id,
        )


def _blocking(session: Session, actor: Actor, project: Project, gate: str) -> RunGate:
    newest = (
        select(AppraisalRun.id)
        .where(AppraisalRun.project_id == project.id, policy.visible_runs(actor))
        .order_by(AppraisalRun.number.desc())
        .limit(1)
    )
    found = session.scalar(
        select(RunGate).where(
            RunGate.run_id.in_(newest.scalar_subquery()), RunGate.gate == gate, RunGate.status.in_(BLOCKING)
        )
    )
    if found is None:
        raise NotFound("No such condition blocks the project.")
    return found


def accept_condition(
    session: Session, actor: Actor, project_id: UUID, gate: str, *, owner_id: UUID, due: date
) -> Obligation:
    """Accept that a gate is passed later: somebody of the project's organisation owes it until a date.

    Raises NotFound, NotAllowed, DomainError, AlreadyThere.
    """
    with session.begin():
        project = visible_project(session, actor, project_id, lock=True)
        policy.require(actor, Action.ACCEPT_CONDITION, project)
        found = _blocking(session, actor, project, gate)
        owner = session.get(Account, owner_id)
        if owner is None or owner.disabled or owner.organisation_id != project.organisation_id:
            raise DomainError("Choose somebody of the organisation that registered the project.")
        if due <= now().date():
            raise DomainError("The date lies in the future: until then the condition is to be met.")
        row = Obligation(
            project_id=project.id,
            gate=gate,
            title=found.title,
            condition=found.lifts_when,
            owner_id=owner.id,
            due=due,
            accepted_by_id=actor.account_id or project.owner_id,
        )
        session.add(row)
        project.changed_at = (
            now()
        )  # a decision that is pending on it was not prepared with this condition in its letter
        flush_new(session, f"{found.title} was accepted as a condition before.")
        auditing.record(
            session, actor, "obligation.accepted", "project", project.id, gate=gate, owner=str(owner.id), due=str(due)
        )
        tell(session, {owner.id} - {actor.account_id}, Notice.OWED, row.id, project.id, gate=gate, due=due.isoformat())
    return row
