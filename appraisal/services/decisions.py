"""Published decisions: read, listed, checked against their digest; and their conditions, met one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

import simplejson
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from appraisal import policy
from appraisal.models import (
    ConditionMet,
    Decision,
    DecisionCondition,
    DecisionOutcome,
    Project,
    Publication,
)
from appraisal.models.tables import now
from appraisal.policy import Action, Actor, NotFound
from appraisal.services import auditing
from appraisal.services.errors import AlreadyThere, DomainError, flush_new
from appraisal.services.letters import Condition, Letter
from appraisal.transactions import reading


class ConditionState(StrEnum):
    OPEN = "open"
    LATE = "late"
    MET = "met"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A published decision for its readers."""

    id: UUID
    number: int
    project_id: UUID
    title: str
    """As it was when it was decided."""
    reference: str
    outcome: DecisionOutcome
    reason: str
    letter: Letter
    at: datetime
    by: str
    run: int
    result_sha256: str
    sha256: str
    publication_id: UUID
    replaced_by: int | None
    document: str
    untouched: bool
    """The document is, byte for byte, what was digested, and names the result that the run still has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCondition:
    """A condition of a decision in force, as it stands today."""

    id: UUID
    project_id: UUID
    title: str
    reference: str
    decision_id: UUID
    decision: int
    text: str
    owner: str
    due: date
    state: ConditionState
    evidence: str = ""
    met_by: str = ""
    met_at: datetime | None = None


def decisions_of(session: Session, actor: Actor, project_id: UUID) -> tuple[Told, ...]:
    """The decisions on a project that the actor may know of, the newest first."""
    with reading(session):
        return _told(session, (Decision.project_id == project_id) & _readable(actor))


def latest_decisions(session: Session, actor: Actor) -> dict[UUID, Told]:
    """The decision in force of each project that the actor sees."""
    with reading(session):
        newest = select(func.max(Decision.number)).group_by(Decision.project_id)
        return {each.project_id: each for each in _told(session, Decision.number.in_(newest) & _readable(actor))}


def decision_told(session: Session, actor: Actor, decision_id: UUID) -> Told:
    """One decision; raises NotFound where the actor may not know of it."""
    with reading(session):
        found = _told(session, (Decision.id == decision_id) & _readable(actor))
        if not found:
            raise NotFound("There is no such decision.")
        return found[0]


def published(session: Session, actor: Actor, outcome: DecisionOutcome | None = None) -> tuple[Told, ...]:
    """Every decision in force, the newest first; raises NotAllowed."""
    with reading(session):
        policy.require(actor, Action.READ_DECISIONS)
        newest = select(func.max(Decision.number)).group_by(Decision.project_id)
        wanted = Decision.number.in_(newest)
        return _told(session, wanted if outcome is None else wanted & (Decision.outcome == outcome))


def _readable(actor: Actor) -> ColumnElement[bool]:
    """Who reads decisions reads all of them, those on a project that is a draft again included: what is published
    tells nothing that was not submitted. Others read those on the projects they see."""
    every = policy.allows(actor, Action.READ_DECISIONS)
    seen = select(Project.id).where(policy.visible_projects(actor))
    return Decision.id.is_not(None) if every else Decision.project_id.in_(seen)


def _told(session: Session, wanted: ColumnElement[bool]) -> tuple[Told, ...]:
    query = (
        select(Decision)
        .where(wanted)
        .order_by(Decision.number.desc())
        .options(
            joinedload(Decision.publication).joinedload(Publication.published_by),
            joinedload(Decision.run),
            selectinload(Decision.conditions),
        )
    )
    rows = list(session.scalars(query))
    replacing = select(Decision.replaces_id, Decision.number).where(Decision.replaces_id.in_([row.id for row in rows]))
    replaced = {row.replaces_id: row.number for row in session.execute(replacing)}
    return tuple(_as_told(row, replaced.get(row.id)) for row in rows)


def _as_told(row: Decision, replaced_by: int | None) -> Told:
    document: dict[str, Any] = simplejson.loads(row.document)
    digest = sha256(row.document.encode()).hexdigest()
    named = document["run"]["result_sha256"]
    return Told(
        id=row.id,
        number=row.number,
        project_id=row.project_id,
        title=document["project"]["title"],
        reference=document["project"]["reference"],
        outcome=row.outcome,
        reason=row.reason,
        letter=Letter(
            document["letter"]["heading"],
            tuple(document["letter"]["paragraphs"]),
            tuple(Condition(each.text, each.owner, each.due) for each in row.conditions),
        ),
        at=row.publication.published_at,
        by=row.publication.published_by.name,
        run=row.run.number,
        result_sha256=row.result_sha256,
        sha256=row.sha256,
        publication_id=row.publication_id,
        replaced_by=replaced_by,
        document=row.document,
        untouched=digest == row.sha256 and named == row.result_sha256 == row.run.result_sha256,
    )


def conditions(
    session: Session, actor: Actor, state: ConditionState | None = None, *, project_id: UUID | None = None
) -> tuple[HeldCondition, ...]:
    """The conditions of decisions in force on what the actor may know of, the first due first."""
    with reading(session):
        wanted = _readable(actor) if project_id is None else _readable(actor) & (Decision.project_id == project_id)
        found = [_held(row) for row in session.scalars(_in_force(wanted))]
        return tuple(each for each in found if state is None or each.state is state)


def condition(session: Session, actor: Actor, condition_id: UUID) -> HeldCondition:
    """One of them; raises NotFound."""
    with reading(session):
        return _held(_one(session, actor, condition_id))


def meet(session: Session, actor: Actor, condition_id: UUID, evidence: str) -> HeldCondition:
    """Record that a condition is met, on what evidence; once. Raises NotAllowed, NotFound, AlreadyThere."""
    with session.begin():
        policy.require(actor, Action.MEET_CONDITION)
        if actor.account_id is None:
            raise DomainError("Who accepts the evidence signs in with an account.")
        row = _one(session, actor, condition_id)
        own = select(Project.id).where(Project.id == row.decision.project_id, policy.had_a_part(actor))
        if session.scalar(own) is not None:
            raise DomainError("You own, sent or scored this project, so someone else accepts the evidence.")
        if row.met is not None:
            raise AlreadyThere(f"{row.met.met_by.name} has recorded it as met already.")
        session.add(ConditionMet(condition_id=row.id, evidence=evidence, met_by_id=actor.account_id, met_at=now()))
        flush_new(session, "Someone has just recorded it as met.")
        auditing.record(
            session, actor, "condition.met", "project", row.decision.project_id,
            decision=row.decision.number, condition=str(row.id), evidence=evidence,
        )  # fmt: skip
        session.refresh(row, ["met"])
        return _held(row)


def _one(session: Session, actor: Actor, condition_id: UUID) -> DecisionCondition:
    found = session.scalars(_in_force(_readable(actor) & (DecisionCondition.id == condition_id))).first()
    if found is None:
        raise NotFound("There is no such condition.")
    return found


def _in_force(wanted: ColumnElement[bool]) -> Select[DecisionCondition]:
    replaced = select(Decision.replaces_id).where(Decision.replaces_id.is_not(None))
    return (
        select(DecisionCondition)
        .join(DecisionCondition.decision)
        .where(Decision.id.not_in(replaced), wanted)
        .options(joinedload(DecisionCondition.decision))
        .order_by(DecisionCondition.due, Decision.number, DecisionCondition.position)
    )


def _held(row: DecisionCondition) -> HeldCondition:
    project = simplejson.loads(row.decision.document)["project"]
    met = row.met
    late = row.due < now().date()
    return HeldCondition(
        id=row.id,
        project_id=row.decision.project_id,
        title=project["title"],
        reference=project["reference"],
        decision_id=row.decision_id,
        decision=row.decision.number,
        text=row.text,
        owner=row.owner,
        due=row.due,
        state=ConditionState.MET if met else ConditionState.LATE if late else ConditionState.OPEN,
        evidence=met.evidence if met else "",
        met_by=met.met_by.name if met else "",
        met_at=met.met_at if met else None,
    )


def title_of(row: Decision) -> str:
    """The project's title as it was when it was decided."""
    return str(simplejson.loads(row.document)["project"]["title"])


def counted(found: Sequence[HeldCondition]) -> dict[ConditionState, int]:
    """How many stand how."""
    return {state: sum(each.state is state for each in found) for state in ConditionState}
