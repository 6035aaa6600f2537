"""A project's history in plain words, from the trail, and the whole trail as a table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, false, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import Account, AuditEntry, Role
from appraisal.policy import Action, Actor
from appraisal.reports.open_data import Column, portfolio_csv
from appraisal.services.registration import visible_project
from appraisal.trail.chain import CELLS
from appraisal.transactions import reading

KIND = "project"
Details = Mapping[str, Any]


class Audience(Enum):
    """Who, of those who may see the project, reads of an action; whoever did it always does."""

    EVERYONE = "everyone"
    PANEL = "panel"
    """Neither the planners, whose project is scored, nor one appraiser of what another does."""
    NOT_APPRAISERS = "not-appraisers"
    """It says how gates stand, which an appraiser learns once the own scores are in."""
    ADMINISTRATORS = "administrators"


@dataclass(frozen=True, slots=True)
class Words:
    say: Callable[[Details], str]
    audience: Audience = Audience.EVERYONE


def _said(text: str) -> Callable[[Details], str]:
    return lambda _details: text


def _parts(details: Details) -> str:
    part = str(details.get("part", ""))
    return "changed by an import of many projects" if part == "import" else f"changed: {part.replace('-', ' ')}"


def _files(details: Details) -> str:
    """How many, not which: some of them may have been for the draft alone."""
    count = len(details.get("files") or ())
    return "added a file as evidence" if count == 1 else f"added {count} files as evidence"


def _appraised(details: Details) -> str:
    count = details.get("appraisers") or 0
    scores = f"the scores of {count} appraisers" if count > 1 else "the scores of one appraiser"
    return f"appraised, run {details.get('run')}, from {scores if count else 'the answers of the planner'}"


def _decided(details: Details) -> str:
    to = str(details.get("to", "")).replace("-", " ")
    return f"decided: {'returned to the planner' if to == 'draft' else to}"


def _indicators(details: Details) -> str:
    count = len(details.get("indicators") or ())
    return "scored one indicator" if count == 1 else f"scored {count} indicators"


def _declared(details: Details) -> str:
    interest = str(details.get("interest"))
    return {"none": "declared that no interest stands in the way", "conflict": "declared a conflict of interest"}.get(
        interest, "declared not to be competent for it"
    )


WORDS: Mapping[str, Words] = {
    "project.registered": Words(_said("registered")),
    "project.changed": Words(_parts),
    "project.put-back": Words(_said("put back as it was before an import")),
    "project.paste-undone": Words(_said("undid a pasted table of cash flows")),
    "project.submitted": Words(_said("submitted, and frozen as it was")),
    "project.taken-back": Words(_said("taken back to be changed")),
    "project.withdrawn": Words(_said("withdrawn")),
    "project.text-kept": Words(_said("typed what could not be read yet; it is kept")),
    "project.text-discarded": Words(_said("threw away what was typed and could not be read")),
    "evidence.added": Words(_files),
    "evidence.renamed": Words(_said("renamed a file")),
    "evidence.linked": Words(lambda details: f"linked a file to {details.get('indicator')}"),
    "evidence.unlinked": Words(lambda details: f"took a file off {details.get('indicator')}"),
    "evidence.removed": Words(_said("removed a file from the draft")),
    "project.transferred": Words(_said("handed the project to another planner")),
    "project.discarded": Words(_said("discarded")),
    "project.appraised": Words(_appraised),
    "project.decided": Words(_decided),
    "condition.met": Words(lambda details: f"recorded a condition of decision {details.get('decision')} as met"),
    "obligation.accepted": Words(
        lambda details: f"accepted what lifts the gate {details.get('gate')} as a condition", Audience.NOT_APPRAISERS
    ),
    "obligation.met": Words(
        lambda details: f"recorded the condition of the gate {details.get('gate')} as met", Audience.NOT_APPRAISERS
    ),
    "delivery.year-reported": Words(lambda details: f"reported the year {details.get('year')}"),
    "delivery.year-changed": Words(lambda details: f"corrected the report of {details.get('year')}"),
    "delivery.dates-recorded": Words(_said("recorded when it was built and opened")),
    "delivery.benefit-registered": Words(lambda details: f"said who answers for {details.get('benefit')}"),
    "meeting.noted": Words(_said("noted something in the meeting"), Audience.PANEL),
    "project.assigned": Words(_said("assigned an appraiser"), Audience.PANEL),
    "project.unassigned": Words(_said("took an appraiser off"), Audience.PANEL),
    "assessment.declared": Words(_declared, Audience.PANEL),
    "assessment.started": Words(_said("started to score"), Audience.PANEL),
    "assessment.scored": Words(_indicators, Audience.PANEL),
    "assessment.submitted": Words(_said("handed the scores in"), Audience.PANEL),
    "assessment.reopened": Words(_said("took the scores back to change them"), Audience.PANEL),
    "assessment.revised": Words(_said("changed a score after comparing"), Audience.PANEL),
    "panel.reconciled": Words(
        lambda details: f"recorded what the panel agreed on {details.get('indicator')}", Audience.PANEL
    ),
    "decision.prepared": Words(_said("prepared a decision"), Audience.ADMINISTRATORS),
    "decision.dropped": Words(_said("dropped a prepared decision"), Audience.ADMINISTRATORS),
}
"""What each action on a project is called where people read it."""
_NAMED_TO = frozenset({Role.ADMIN, Role.APPROVER})
"""Who reads the names of appraisers; to everybody else they are numbered."""
_SCORING = ("assessment.", "panel.")
_AS_STORED = ("details", "facts")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened: to be read as "`who` `what`"."""

    sequence: int
    at: datetime
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class History:
    """Newest first."""

    lines: tuple[Line, ...]
    older: int | None
    """`before` of the next page; None where this one reaches the beginning."""
    total: int


def history_of(session: Session, actor: Actor, project_id: UUID, *, size: int, before: int | None = None) -> History:
    """What of the project's history the actor may read; raises NotFound."""
    with reading(session):
        visible_project(session, actor, project_id)
        query = _of(project_id).where(_readable(actor))
        total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
        if before is not None:
            query = query.where(AuditEntry.sequence < before)
        found = session.scalars(query.order_by(AuditEntry.sequence.desc()).limit(size + 1)).all()
        names = _names(session, actor, project_id)
        lines = tuple(Line(entry.sequence, entry.at, names(entry.actor_id), _plain(entry)) for entry in found[:size])
        return History(lines, lines[-1].sequence if len(found) > size else None, total)


def _of(project_id: UUID) -> Select[AuditEntry]:
    return select(AuditEntry).where(AuditEntry.object_kind == KIND, AuditEntry.object_id == str(project_id))


def _readable(actor: Actor) -> ColumnElement[bool]:
    audiences = {Audience.EVERYONE}
    if actor.role is not Role.APPRAISER:
        audiences.add(Audience.NOT_APPRAISERS)
    if policy.allows(actor, Action.READ_PANEL) and actor.role is not Role.APPRAISER:
        audiences.add(Audience.PANEL)
    if policy.allows(actor, Action.READ_AUDIT):
        audiences.add(Audience.ADMINISTRATORS)
    said = [action for action, words in WORDS.items() if words.audience in audiences]
    own = AuditEntry.actor_id == actor.account_id if actor.account_id is not None else false()
    return or_(AuditEntry.action.in_(said), own & AuditEntry.action.in_(WORDS))


def _plain(entry: AuditEntry) -> str:
    return WORDS[entry.action].say(entry.details)


def _names(session: Session, actor: Actor, project_id: UUID) -> Callable[[UUID | None], str]:
    """How whoever acted on the project is called: by name, or as a numbered appraiser where names are not for all."""
    acted = session.execute(
        select(AuditEntry.actor_id, AuditEntry.action)
        .where(AuditEntry.object_kind == KIND, AuditEntry.object_id == str(project_id))
        .group_by(AuditEntry.actor_id, AuditEntry.action)
        .order_by(func.min(AuditEntry.sequence))
    ).all()
    ids = {key for key, _ in acted if key is not None}
    named = session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))
    names = {row.id: row.name for row in named}
    if actor.role not in _NAMED_TO:
        scored = dict.fromkeys(key for key, action in acted if key in ids and action.startswith(_SCORING))
        names |= {key: f"Appraiser {number}" for number, key in enumerate(scored, 1)}
    if actor.account_id is not None:
        names[actor.account_id] = "You"
    return lambda key: "The operator of the tool" if key is None else names.get(key, "Somebody")


def trail_csv(session: Session, actor: Actor) -> str:
    """Every entry with every cell, oldest first, as RFC 4180 text; raises NotAllowed.

    Times, details and digests stand as they are stored, so that a seal can be computed again from its row.
    """
    with reading(session):
        policy.require(actor, Action.READ_AUDIT)
        cells = AuditEntry.__table__.c
        names = (*CELLS, "hash")
        read = [cells[name] if name not in _AS_STORED else type_coerce(cells[name], Text) for name in names]
        rows = session.execute(select(*read).order_by(AuditEntry.sequence)).all()
    texts = [{name: _cell(cell) for name, cell in zip(names, row, strict=True)} for row in rows]
    return portfolio_csv([Column(name, name) for name in names], texts)


def _cell(value: object) -> str | int | None:
    match value:
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S.%f}"
        case UUID():
            return value.hex
        case None | str() | int():
            return value
    raise TypeError(f"an entry holds no {type(value).__name__}")
