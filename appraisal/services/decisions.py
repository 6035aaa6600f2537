"""Published decisions: read, listed, checked against their digest."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID

import simplejson
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from appraisal import policy
from appraisal.models import (
    Decision,
    DecisionOutcome,
    Project,
    Publication,
)
from appraisal.policy import Action, Actor, NotFound
from appraisal.services.condition_owners import named, names_of
from appraisal.services.letters import Condition, Letter
from appraisal.transactions import reading


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


def decisions_of(session: Session, actor: Actor, project_id: UUID) -> tuple[Told, ...]:
    """The decisions on a project that the actor may know of, the newest first."""
    with reading(session):
        return _told(session, (Decision.project_id == project_id) & readable(actor))


@dataclass(frozen=True, slots=True)
class InForce:
    """Which decision is in force, and what it says in a word."""

    id: UUID
    outcome: DecisionOutcome


def outcomes(session: Session, actor: Actor) -> dict[UUID, InForce]:
    """The decision in force of each project that the actor sees, without its letter."""
    with reading(session):
        rows = session.connection().execute(_outcomes(actor))
        return {project: InForce(key, outcome) for project, key, outcome in rows}


@lru_cache(maxsize=512)
def _outcomes(actor: Actor) -> Select[UUID, UUID, DecisionOutcome]:
    """Composed and compiled once for whoever asks often."""
    newest = select(func.max(Decision.number)).group_by(Decision.project_id)
    return select(Decision.project_id, Decision.id, Decision.outcome).where(
        Decision.number.in_(newest) & readable(actor)
    )


def decision_told(session: Session, actor: Actor, decision_id: UUID) -> Told:
    """One decision; raises NotFound where the actor may not know of it."""
    with reading(session):
        found = _told(session, (Decision.id == decision_id) & readable(actor))
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


def readable(actor: Actor) -> ColumnElement[bool]:
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
        )
    )
    rows = list(session.scalars(query))
    if not rows:
        return ()
    replacing = select(Decision.replaces_id, Decision.number).where(Decision.replaces_id.in_([row.id for row in rows]))
    replaced = {row.replaces_id: row.number for row in session.execute(replacing)}
    told = [_as_told(row, replaced.get(row.id)) for row in rows]
    names = names_of(session, [condition for each in told for condition in each.letter.conditions])
    return tuple(
        replace(each, letter=replace(each.letter, conditions=named(each.letter.conditions, names))) for each in told
    )


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
            tuple(_condition(row, each) for each in document["conditions"]),
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


def _condition(row: Decision, said: Mapping[str, str]) -> Condition:
    found = Condition.of(said)
    if not found.gate:
        return found
    return replace(found, gate_title=next((each.title for each in row.run.gates if each.gate == found.gate), ""))


def title_of(row: Decision) -> str:
    """The project's title as it was when it was decided."""
    return str(simplejson.loads(row.document)["project"]["title"])
