"""The trail of changes: every service that changes something records it here, in the same transaction."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import AuditEntry
from appraisal.policy import Action, Actor


def record(session: Session, actor: Actor, action: str, kind: str, object_id: object, **details: Any) -> None:
    """Append one entry inside the caller's transaction; if it fails, so does the change."""
    session.add(
        AuditEntry(
            actor_id=actor.account_id, action=action, object_kind=kind, object_id=str(object_id), details=details
        )
    )


def entries(session: Session, actor: Actor, *, limit: int = 100, before: int | None = None) -> list[AuditEntry]:
    """The newest entries first, at most `limit` with a sequence below `before`; raises NotAllowed."""
    policy.require(actor, Action.READ_AUDIT)
    query = select(AuditEntry).order_by(AuditEntry.sequence.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditEntry.sequence < before)
    return list(session.scalars(query))


def count(session: Session) -> int:
    """How many entries the trail holds."""
    return session.scalar(select(func.count()).select_from(AuditEntry)) or 0
