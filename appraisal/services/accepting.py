"""A condition accepted in place of a passed gate: what the latest run says of the gate, and who owes it until when."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, defer, lazyload

from appraisal import policy
from appraisal.models import Account, AppraisalRun, Notice, Obligation, ObligationState, Project, Role, RunGate
from appraisal.models.tables import now
from appraisal.policy import Action, Actor, NotFound
from appraisal.services import auditing
from appraisal.services.candidates import BLOCKING, conditional_gates, own_part_said
from appraisal.services.errors import AlreadyThere, DomainError, flush_new
from appraisal.services.notifying import tell
from appraisal.services.registration import visible_project
from appraisal.transactions import reading
from scoring.result import GateStatus


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


@dataclass(frozen=True, slots=True)
class StandIns:
    """For which gates of the latest run a condition can stand in."""

    allowed: frozenset[str] = frozenset()
    """By the framework in force."""
    offered: frozenset[str] = frozenset()
    """The actor can accept one now."""


def stand_ins(session: Session, actor: Actor, project_id: UUID) -> StandIns:
    """What an approval may rest on, and what of it is still to be accepted; raises NotFound."""
    with reading(session):
        project = visible_project(session, actor, project_id)
        run = _latest_run(session, actor, project)
        if run is None:
            return StandIns()
        allowed = conditional_gates(session, run) & {row.gate for row in run.gates if row.status in BLOCKING}
        allows = policy.allows(actor, Action.ACCEPT_CONDITION, project_state=project.state)
        if not allows or _had_a_part(session, actor, project):
            return StandIns(allowed)
        accepted = select(Obligation.gate).where(
            Obligation.project_id == project.id, Obligation.state == ObligationState.OPEN
        )
        return StandIns(allowed, allowed - set(session.scalars(accepted)))


def _had_a_part(session: Session, actor: Actor, project: Project) -> bool:
    """Whether someone else decides on it; the operator of the machine has no part in any."""
    own = select(Project.id).where(Project.id == project.id, policy.had_a_part(actor))
    return actor.account_id is not None and session.scalar(own) is not None


def _latest_run(session: Session, actor: Actor, project: Project) -> AppraisalRun | None:
    return session.scalars(_newest(actor), {"project": project.id}).first()


@lru_cache(maxsize=512)
def _newest(actor: Actor) -> Select[AppraisalRun]:
    """Of a project, as far as the actor may know: composed and compiled once for whoever asks often."""
    newest = select(AppraisalRun).where(AppraisalRun.project_id == bindparam("project"), policy.visible_runs(actor))
    bare = defer(AppraisalRun.snapshot), defer(AppraisalRun.result), lazyload(AppraisalRun.criteria)
    return newest.options(*bare).order_by(AppraisalRun.number.desc()).limit(1)


def _blocking(session: Session, actor: Actor, project: Project, gate: str) -> RunGate:
    run = _latest_run(session, actor, project)
    found = next((row for row in run.gates if row.gate == gate and row.status in BLOCKING), None) if run else None
    if run is None or found is None:
        raise NotFound("No such condition blocks the project.")
    if gate not in conditional_gates(session, run):
        raise NotFound(f"No condition can stand in for {found.title}: it must be passed.")
    return found


def accept_condition(
    session: Session, actor: Actor, project_id: UUID, gate: str, *, owner_id: UUID, due: date
) -> Obligation:
    """Accept that a gate is passed later: somebody of the project's organisation owes it until a date.

    What is said to be met and blocks all the same can be accepted anew. Raises NotFound, NotAllowed, AlreadyThere,
    DomainError also where the actor had a part in the project, as deciding does.
    """
    with session.begin():
        project = visible_project(session, actor, project_id, lock=True)
        policy.require(actor, Action.ACCEPT_CONDITION, project)
        if _had_a_part(session, actor, project):
            raise DomainError(own_part_said(project.title))
        found = _blocking(session, actor, project, gate)
        owner = session.get(Account, owner_id)
        if owner is None or owner.disabled or owner.organisation_id != project.organisation_id:
            raise DomainError("Choose somebody of the organisation that registered the project.")
        if due <= now().date():
            raise DomainError("The date lies in the future: until then the condition is to be met.")
        row = _row(session, project, found)
        row.title, row.condition, row.owner_id, row.due = found.title, found.lifts_when, owner.id, due
        row.accepted_by_id, row.accepted_at = actor.account_id or project.owner_id, now()
        row.state, row.met_at, row.proof = ObligationState.OPEN, None, ""
        session.add(row)
        project.changed_at = (
            now()
        )  # a decision that is pending on it was not prepared with this condition in its letter
        flush_new(session, f"{found.title} was accepted as a condition before.")
        auditing.record(
            session, actor, "obligation.accepted", "project", project.id, gate=gate, owner=str(owner.id), due=str(due)
        )
        tell(
            session,
            {owner.id} - {actor.account_id},
            Notice.OWED,
            f"{row.id} {due}",
            project.id,
            gate=gate,
            gate_title=found.title,
            due=due.isoformat(),
        )
    return row


def _row(session: Session, project: Project, gate: RunGate) -> Obligation:
    query = select(Obligation).where(Obligation.project_id == project.id, Obligation.gate == gate.gate)
    known = session.scalars(query).first()
    if known is not None and known.state is ObligationState.OPEN:
        raise AlreadyThere(f"{gate.title} was accepted as a condition before.")
    return known or Obligation(project_id=project.id, gate=gate.gate)
