"""What is owed on projects: conditions accepted in place of a passed gate, and those that decisions in force set.

Each kind is kept where it arose; whoever reads, filters or settles them meets one list (ADR 13).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

import simplejson
from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from appraisal import policy
from appraisal.models import (
    AppraisalRun,
    ConditionMet,
    Decision,
    DecisionCondition,
    Obligation,
    ObligationState,
    Project,
    ProjectState,
)
from appraisal.models.tables import now
from appraisal.policy import Action, Actor, NotFound
from appraisal.services import auditing
from appraisal.services.decisions import readable
from appraisal.services.errors import AlreadyThere, DomainError, StaleVersion, flush_new
from appraisal.services.scores import prose
from appraisal.transactions import reading
from scoring.limits import MAX_REASON

OVER = (ProjectState.REJECTED, ProjectState.WITHDRAWN)
"""In these states of a project nobody owes anything on it."""


class Standing(StrEnum):
    DUE = "due"
    OVERDUE = "overdue"
    MET = "met"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One thing that somebody owes until a day, as it stands today."""

    id: UUID
    project_id: UUID
    title: str
    reference: str
    text: str
    """What must be done."""
    gate: str
    """Id of the gate that it stands in for; empty where a decision set it."""
    gate_title: str
    decision_id: UUID | None
    decision: int | None
    owner: str
    mine: bool
    """The reader owes it."""
    due: date
    standing: Standing
    agreed_by: str
    """Who accepted it, or published the decision."""
    evidence: str
    met_by: str
    """Who recorded it as met; empty where its owner said so."""
    met_at: datetime | None
    version: int
    may_meet: bool


def owed(
    session: Session,
    actor: Actor,
    standing: Standing | None = None,
    *,
    project_id: UUID | None = None,
) -> tuple[Owed, ...]:
    """Of every project the actor may know of, or of one: the first due first, then what is met. Raises NotAllowed."""
    with reading(session):
        policy.require(actor, Action.READ_OBLIGATIONS)
        decided, accepted = _owed(actor, of_one=project_id is not None)
        given = {} if project_id is None else {"project": project_id}
        found = [_set(row, actor) for row in session.scalars(decided, given)]
        found += [_accepted(row, actor) for row in session.scalars(accepted, given)]
    found.sort(key=lambda each: (each.standing is Standing.MET, each.due, each.reference, each.text))
    return tuple(each for each in found if standing is None or each.standing is standing)


@lru_cache(maxsize=512)
def _owed(actor: Actor, *, of_one: bool) -> tuple[Select[DecisionCondition], Select[Obligation]]:
    """Set by decisions, and accepted in place of gates: composed and compiled once for whoever asks often."""
    decided, own = (
        (column == bindparam("project") if of_one else column.is_not(None))
        for column in (Decision.project_id, Project.id)
    )
    return in_force(readable(actor) & decided), _standing(_told(actor) & own)


def one(session: Session, actor: Actor, key: UUID) -> Owed:
    """One of them; raises NotAllowed, NotFound."""
    with reading(session):
        policy.require(actor, Action.READ_OBLIGATIONS)
        row = _found(session, actor, key)
        return _accepted(row, actor) if isinstance(row, Obligation) else _set(row, actor)


def meet(session: Session, actor: Actor, key: UUID, expected_version: int, evidence: str) -> Owed:
    """Record that it is met and what shows it, once.

    What stands in for a gate its own side or an approver says; of what a decision set an approver accepts the evidence
    who had no part in the project and does not owe it. Raises NotFound, NotAllowed, StaleVersion, AlreadyThere,
    DomainError.
    """
    said = prose(evidence, "The evidence", MAX_REASON)
    with session.begin():
        require_meeting(actor)
        row = _found(session, actor, key, lock=True)
        policy.require(actor, _meeting(row))
        if not said:
            raise DomainError("Say what shows that it is met: a document, a page, an address.")
        if isinstance(row, Obligation):
            return _meet_accepted(session, actor, row, expected_version, said)
        return _meet_set(session, actor, row, said)


def require_meeting(actor: Actor) -> None:
    """Raises NotAllowed for a role that records of no condition that it is met."""
    if not policy.allows(actor, Action.MEET_OBLIGATION):
        policy.require(actor, Action.MEET_CONDITION)


def counted(found: Sequence[Owed]) -> dict[Standing, int]:
    """How many stand how."""
    return {standing: sum(each.standing is standing for each in found) for standing in Standing}


def _meet_accepted(session: Session, actor: Actor, row: Obligation, expected_version: int, said: str) -> Owed:
    if row.state is ObligationState.MET:
        raise AlreadyThere("It is met already.")
    if row.version != expected_version:
        raise StaleVersion("Somebody changed this obligation since you opened the page.")
    row.state, row.met_at, row.proof = ObligationState.MET, now(), said
    session.flush()
    auditing.record(session, actor, "obligation.met", "project", row.project_id, gate=row.gate)
    return _accepted(row, actor)


def _meet_set(session: Session, actor: Actor, row: DecisionCondition, said: str) -> Owed:
    if actor.account_id is None:
        raise DomainError("Who accepts the evidence signs in with an account.")
    own = select(Project.id).where(Project.id == row.decision.project_id, policy.had_a_part(actor))
    if session.scalar(own) is not None:
        raise DomainError("You own, sent or scored this project, so someone else accepts the evidence.")
    if row.owner_id == actor.account_id:
        raise DomainError("You owe this condition, so someone else accepts the evidence.")
    if row.met is not None:
        raise AlreadyThere(f"{row.met.met_by.name} has recorded it as met already.")
    session.add(ConditionMet(condition_id=row.id, evidence=said, met_by_id=actor.account_id, met_at=now()))
    flush_new(session, "Someone has just recorded it as met.")
    auditing.record(
        session, actor, "condition.met", "project", row.decision.project_id,
        decision=row.decision.number, condition=str(row.id), evidence=said,
    )  # fmt: skip
    session.refresh(row, ["met"])
    return _set(row, actor)


def _found(session: Session, actor: Actor, key: UUID, *, lock: bool = False) -> Obligation | DecisionCondition:
    query = _standing(_told(actor) & (Obligation.id == key))
    accepted = session.scalars(query.with_for_update(of=Obligation) if lock else query).first()
    if accepted is not None:
        return accepted
    found = session.scalars(in_force(readable(actor) & (DecisionCondition.id == key))).first()
    if found is None:
        raise NotFound("There is no such condition.")
    return found


def _told(actor: Actor) -> ColumnElement[bool]:
    """The projects of which the actor may know how their gates stand: to an appraiser whose own scores are not in yet,
    a gate would tell what the panel gave."""
    hidden = select(AppraisalRun.project_id).where(~policy.visible_runs(actor))
    return policy.visible_projects(actor) & Project.id.not_in(hidden)


def _meeting(row: Obligation | DecisionCondition) -> Action:
    return Action.MEET_OBLIGATION if isinstance(row, Obligation) else Action.MEET_CONDITION


def _standing(wanted: ColumnElement[bool]) -> Select[Obligation]:
    """Accepted in place of a gate, on projects that are still there to be built."""
    return (
        select(Obligation)
        .join(Obligation.project)
        .where(Project.state.not_in(OVER), wanted)
        .options(joinedload(Obligation.project), joinedload(Obligation.owner), joinedload(Obligation.accepted_by))
    )


def in_force(wanted: ColumnElement[bool]) -> Select[DecisionCondition]:
    """Set by decisions that no later one has replaced."""
    replaced = select(Decision.replaces_id).where(Decision.replaces_id.is_not(None))
    return (
        select(DecisionCondition)
        .join(DecisionCondition.decision)
        .where(Decision.id.not_in(replaced), wanted)
        .options(
            joinedload(DecisionCondition.decision).joinedload(Decision.publication),
            joinedload(DecisionCondition.person),
        )
    )


def _accepted(row: Obligation, actor: Actor) -> Owed:
    met = row.state is ObligationState.MET
    return Owed(
        id=row.id,
        project_id=row.project_id,
        title=row.project.title,
        reference=row.project.reference,
        text=row.condition,
        gate=row.gate,
        gate_title=row.title,
        decision_id=None,
        decision=None,
        owner=row.owner.name,
        mine=row.owner_id == actor.account_id,
        due=row.due,
        standing=_stands(row.due, met=met),
        agreed_by=row.accepted_by.name,
        evidence=row.proof,
        met_by="",
        met_at=row.met_at,
        version=row.version,
        may_meet=not met and policy.allows(actor, Action.MEET_OBLIGATION),
    )


def _set(row: DecisionCondition, actor: Actor) -> Owed:
    """The project by the name it had when it was decided on."""
    project, met = simplejson.loads(row.decision.document)["project"], row.met
    mine = row.owner_id is not None and row.owner_id == actor.account_id
    return Owed(
        id=row.id,
        project_id=row.decision.project_id,
        title=project["title"],
        reference=project["reference"],
        text=row.text,
        gate="",
        gate_title="",
        decision_id=row.decision_id,
        decision=row.decision.number,
        owner=f"{row.person.name}, {row.owner}" if row.person else row.owner,
        mine=mine,
        due=row.due,
        standing=_stands(row.due, met=met is not None),
        agreed_by=row.decision.publication.published_by.name,
        evidence=met.evidence if met else "",
        met_by=met.met_by.name if met else "",
        met_at=met.met_at if met else None,
        version=0,
        may_meet=met is None and not mine and policy.allows(actor, Action.MEET_CONDITION),
    )


def _stands(due: date, *, met: bool) -> Standing:
    if met:
        return Standing.MET
    return Standing.OVERDUE if due < now().date() else Standing.DUE
