"""The trail of changes: every service that changes something records it here, in the same transaction."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import Account, AuditEntry
from appraisal.policy import Action, Actor
from appraisal.trail.sealing import Entry, append
from appraisal.transactions import reading


def record(session: Session, actor: Actor, action: str, kind: str, object_id: object, **details: Any) -> None:
    """Append one entry inside the caller's transaction; if it fails, so does the change.

    It is written when the transaction commits, sealed, with the digests of all rows that the transaction wrote.
    """
    append(session, Entry(actor.account_id, action, kind, str(object_id), details))


def entries(session: Session, actor: Actor, *, limit: int = 100, before: int | None = None) -> list[AuditEntry]:
    """The newest entries first, at most `limit` with a sequence below `before`; raises NotAllowed."""
    policy.require(actor, Action.READ_AUDIT)
    query = select(AuditEntry).order_by(AuditEntry.sequence.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditEntry.sequence < before)
    return list(session.scalars(query))


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Entries, newest first, each with the name of who acted (None: the command line)."""

    lines: tuple[tuple[AuditEntry, str | None], ...]
    older: int | None
    """`before` of the next page; None where this one reaches the beginning."""
    total: int


def page(session: Session, actor: Actor, *, size: int, before: int | None = None) -> TrailPage:
    """The newest `size` entries with a sequence below `before`; raises NotAllowed."""
    with reading(session):
        found = entries(session, actor, limit=size + 1, before=before)
        shown = found[:size]
        ids = {entry.actor_id for entry in shown if entry.actor_id is not None}
        names = {
            row.id: row.name for row in session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))
        }
        lines = tuple((entry, names.get(entry.actor_id) if entry.actor_id else None) for entry in shown)
        return TrailPage(lines, shown[-1].sequence if len(found) > size else None, count(session))


def count(session: Session) -> int:
    """How many entries the trail holds."""
    return session.scalar(select(func.count()).select_from(AuditEntry)) or 0
