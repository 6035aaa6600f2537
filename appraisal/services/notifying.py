"""Telling people what concerns them: written with the event, once each, and shown only while they may see it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from appraisal import policy
from appraisal.models import Notice, Notification, Project, ProjectImport, ProjectState
from appraisal.models.tables import new_id, now
from appraisal.policy import Action, Actor, NotFound
from appraisal.services.outbox import post_at_once
from appraisal.transactions import reading

Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A notification as its person reads it."""

    id: UUID
    kind: Notice
    project_id: UUID | None
    subject_id: UUID | None
    """What else it is about, as its kind says: a decision, a publication, an import."""
    sentence: str
    at: datetime
    read: bool


@dataclass(frozen=True, slots=True)
class Messages:
    """Newest first."""

    rows: tuple[Told, ...]
    unread: int
    older: bool


def _decided(title: str, said: Said) -> str:
    outcome = str(said.get("outcome", "")).replace("-", " ")
    return f"{title} was {'returned to you to be changed' if outcome == 'returned' else f'decided on: {outcome}'}."


def _again(title: str, said: Said) -> str:
    return f"The framework changed to {said.get('after')}: {title} has indicators for you to score again."


def _gate(said: Said) -> str:
    """The gate's title, or its id in what was told before titles were kept; of what a decision set, which it is."""
    if "condition" in said:
        return f"condition {said['condition']} of decision {said.get('decision')}"
    return str(said.get("gate_title") or said.get("gate"))


def _falls_due(title: str, said: Said) -> str:
    if said.get("late"):
        return f"A condition of {title} was due on {_due(said)} and is not recorded as met: {_gate(said)}."
    return f"A condition of {title} is due on {_due(said)}: {_gate(said)}."


def _due(said: Said) -> str:
    """As dates stand everywhere: "31 Mar 2027"."""
    due = date.fromisoformat(said["due"])
    return f"{due.day} {due:%b %Y}"


def _imported(name: str, said: Said) -> str:
    counts = ", ".join(f"{said.get(key, 0):,} {words}" for key, words in _OUTCOMES.items())
    return f"{name} is imported: {counts}."


_OUTCOMES = {"create": "created", "update": "updated", "unchanged": "unchanged", "cannot": "not taken"}
"""What became of the projects of a file, in words."""
WORDS: Mapping[Notice, Callable[[str, Said], str]] = {
    Notice.SENT: lambda title, said: f"{title} is sent. Your reference is {said.get('reference')}.",
    Notice.DECIDED: _decided,
    Notice.ASSIGNED: lambda title, said: f"{title} is assigned to you to appraise.",  # noqa: ARG005
    Notice.SCORE_AGAIN: _again,
    Notice.AGREED: lambda title, said: f"The panel's agreement on {said.get('indicator')} of {title} was recorded.",
    Notice.OWED: lambda title, said: f"You owe a condition of {title}: {_gate(said)}, by {_due(said)}.",
    Notice.OWED_SOON: _falls_due,
    Notice.TRANSFERRED: lambda title, said: f"{title} was handed to you.",  # noqa: ARG005
    Notice.CLOSES_SOON: lambda title, said: (
        f"{title} is still a draft. {said.get('round')} closes on {said.get('at')}."
    ),
    Notice.SCORING_SOON: lambda title, said: f"Your scores of {title} are to be handed in by {said.get('at')}.",
    Notice.EXTENDED: lambda title, said: (
        f"{said.get('round')} is extended to {said.get('at')}; {title} is a draft of it."
    ),
    Notice.NOT_PUBLISHED: lambda title, said: (  # noqa: ARG005 -- it is of several, of which some may be drafts again
        f"Nothing was published on {said.get('at')}: {said.get('why')}."
    ),
    Notice.IMPORTED: _imported,
    Notice.NOT_IMPORTED: lambda name, said: f"{name} was not imported. {said.get('why')}",
}


def tell(
    session: Session,
    accounts: Iterable[UUID | None],
    kind: Notice,
    event: object,
    project_id: UUID,
    *,
    subject_id: UUID | None = None,
    **said: object,
) -> int:
    """Tell these people of an event, inside the transaction of the event; returns how many were not told before.

    event: with the kind and the project it names what happened; of the same nobody is told twice.
    """
    about = {"key": f"{kind.value} {project_id} {event}", "project_id": project_id, "subject_id": subject_id}
    return _put_down(session, {account for account in accounts if account is not None}, kind, about, said)


def tell_of_import(session: Session, account: UUID, kind: Notice, job_id: UUID, key: UUID, **said: object) -> int:
    """Tell a person how the import that a job was to store ended, inside the transaction of that; once a job."""
    about = {"key": f"{kind.value} {key} {job_id}", "import_id": key}
    return _put_down(session, {account}, kind, about, said)


def _put_down(session: Session, accounts: Collection[UUID], kind: Notice, about: Said, said: Said) -> int:
    at = now()
    rows = [
        {"id": new_id(), "account_id": account, "kind": kind, **about, "said": dict(said), "created_at": at}
        for account in sorted(accounts)
    ]
    if not rows:
        return 0
    session.flush()
    made = session.execute(_once(session).returning(Notification.account_id, Notification.id), rows).all()
    post_at_once(session, {row.account_id: row.id for row in made})
    return len(made)


def _once(session: Session) -> sqlite.Insert | postgresql.Insert:
    names = ["account_id", "key"]
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(Notification).on_conflict_do_nothing(index_elements=names)
    return sqlite.insert(Notification).on_conflict_do_nothing(index_elements=names)


def shown_to(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Notification`, with the `Project` it may be about, under which it is shown: it is one's own,
    and what it is about may still be known, as a file that one sent oneself may. Whom a project was assigned to may
    know its name before declaring anything. That nothing was published is told also where the project was taken back:
    it names references alone."""
    assigned = policy.assigned_projects(actor) & (Project.state != ProjectState.DRAFT)
    seen = policy.visible_projects(actor) | assigned | Notification.import_id.is_not(None)
    if policy.allows(actor, Action.DECIDE_PROJECT, project_state=ProjectState.SUBMITTED):
        seen |= Notification.kind == Notice.NOT_PUBLISHED
    return (Notification.account_id == actor.account_id) & seen


def unread(session: Session, actor: Actor) -> int:
    """How many of the actor's messages are unread; one read by index."""
    with reading(session):
        return _unread(session, actor)


def _unread(session: Session, actor: Actor) -> int:
    return session.connection().scalar(_how_many_unread(actor)) or 0


@lru_cache(maxsize=512)
def _how_many_unread(actor: Actor) -> Select[int]:
    """Of every page: composed and compiled once for whoever asks often."""
    query = select(func.count()).select_from(Notification).outerjoin(Notification.project)
    return query.where(shown_to(actor), Notification.read_at.is_(None))


def messages(session: Session, actor: Actor, *, size: int, skip: int = 0) -> Messages:
    """The actor's messages, as far as what they are about may still be known."""
    with reading(session):
        query = with_subjects().where(shown_to(actor)).order_by(Notification.created_at.desc(), Notification.id)
        found = session.scalars(query.offset(skip).limit(size + 1)).all()
        return Messages(tuple(as_told(row) for row in found[:size]), _unread(session, actor), len(found) > size)


def with_subjects() -> Select[Notification]:
    """Messages with the projects and the names of the files that they are about."""
    query = select(Notification).outerjoin(Notification.project)
    named = joinedload(Notification.imported).load_only(ProjectImport.file_name)
    return query.options(joinedload(Notification.project), named)


def as_told(row: Notification) -> Told:
    name = row.project.title if row.project else row.imported.file_name if row.imported else ""
    sentence, subject = WORDS[row.kind](f"“{name}”", row.said), row.subject_id or row.import_id
    return Told(row.id, row.kind, row.project_id, subject, sentence, row.created_at, row.read_at is not None)


def mark_read(session: Session, actor: Actor, notification_id: UUID | None = None) -> None:
    """Note that one message was read, or all; raises NotFound for one that is not the actor's."""
    with session.begin():
        own = Notification.account_id == actor.account_id
        if notification_id is not None:
            own &= Notification.id == notification_id
            if session.scalar(select(Notification.id).where(own)) is None:
                raise NotFound("There is no such message.")
        session.execute(update(Notification).where(own, Notification.read_at.is_(None)).values(read_at=now()))
