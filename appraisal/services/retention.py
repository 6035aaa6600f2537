"""What is kept about people for a time only, and goes when that is over (docs/security/dpia.md).

Nothing here is part of the record: who was told of a decision, and by which mail, stays with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from appraisal.models import (
    AccountLink,
    ApiToken,
    AttemptWindow,
    LiveSession,
    Mail,
    MailState,
    Notice,
    Notification,
    ResetRequest,
)
from appraisal.models.tables import now
from appraisal.services.live_sessions import LONGEST, UNUSED
from appraisal.services.resets import GOOD_FOR
from config import Settings

AT_ONCE = 500
"""Rows of a transaction: whoever saves waits for no more."""


@dataclass(frozen=True, slots=True)
class Retention:
    messages: timedelta
    mail: timedelta
    access: timedelta
    """Links and tokens, from their end on."""

    @classmethod
    def of(cls, settings: Settings) -> "Retention":
        days = (settings.keep_messages, settings.keep_mail, settings.keep_access)
        return cls(*(timedelta(days=each) for each in days))


def prune(session: Session, kept: Retention) -> int:
    """Delete what is older; how many rows. Safe to do twice and at the same moment."""
    gone = 0
    for key, over in _over(now(), kept):
        while True:
            with session.begin():
                some = select(key).where(over).limit(AT_ONCE)
                rows = session.execute(delete(key.class_).where(key.in_(some)).returning(key)).all()
            gone += len(rows)
            if len(rows) < AT_ONCE:
                break
    return gone


def _over(at: datetime, kept: Retention) -> Iterator[tuple[InstrumentedAttribute[Any], ColumnElement[bool]]]:
    """The key of each table, and which of its rows go."""
    told_of = (Notification.kind == Notice.DECIDED) | (
        (Notification.kind == Notice.OWED) & Notification.subject_id.is_not(None)  # set by a decision
    )
    of_decisions = select(Notification.mail_id).where(told_of, Notification.mail_id.is_not(None))
    yield Mail.id, (Mail.state != MailState.WAITING) & (Mail.created_at < at - kept.mail) & Mail.id.not_in(of_decisions)
    yield Notification.id, ~told_of & (Notification.created_at < at - kept.messages)
    yield LiveSession.id, (LiveSession.seen_at < at - UNUSED) | (LiveSession.created_at < at - LONGEST)
    yield AccountLink.id, AccountLink.expires_at < at - kept.access
    yield ApiToken.id, ApiToken.expires_at < at - kept.access
    yield AttemptWindow.key, AttemptWindow.ends_at < at - timedelta(days=1)
    yield ResetRequest.id, ResetRequest.created_at < at - GOOD_FOR
