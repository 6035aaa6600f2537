"""Sending what waits: at least once, and as one message however often; its words are made here and kept nowhere.

A mail is held by a lease while it is sent, as a job is: of two servers one sends it, and another takes over after a
kill. What a person may no longer see, or has read already, is left out; where nothing is left the mail is dropped.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session, joinedload, sessionmaker

from appraisal.models import Account, Mail, MailKind, MailState, Notice, Notification
from appraisal.models.tables import now
from appraisal.policy import Actor
from appraisal.services import invitations
from appraisal.services.notifying import as_told, shown_to, with_subjects
from appraisal.services.outbox import LATEST
from appraisal.services.smtp import NotTaken
from appraisal.transactions import reading
from forms.texts import one_line

LEASE = timedelta(minutes=2)
"""Longer than a mail server is waited for."""
WAITS = (1, 5, 30, 120, 480)
"""Minutes before each further try."""
SUBJECT = 150

Transport = Callable[[EmailMessage], None]
"""Hands a message over; raises NotTaken."""


class Links(Protocol):
    """Addresses on this site as mail needs them: whole."""

    def place(self, kind: Notice, project_id: UUID | None, subject_id: UUID | None) -> str: ...

    def join(self, secret: str) -> str: ...

    def choice(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    paragraphs: tuple[str, ...]


def send_waiting(sessions: sessionmaker[Session], transport: Transport, links: Links, sender: str) -> int:
    """Send every mail whose time has come; how many were handed over."""
    sent, tried = 0, set[UUID]()
    while (mail := _claimed(sessions, tried)) is not None:
        tried.add(mail.id)
        words = _composed(sessions, mail, links)
        if words is None:
            _ended(sessions, mail, state=MailState.DROPPED)
            continue
        try:
            transport(_message(mail, words, sender))
        except NotTaken as refused:
            _not_taken(sessions, mail, refused)
        else:
            _ended(sessions, mail, state=MailState.SENT, sent_at=now(), problem="")
            sent += 1
    return sent


def _claimed(sessions: sessionmaker[Session], tried: set[UUID]) -> Mail | None:
    """The next mail that is due and that nobody holds, held from now on."""
    while True:
        at = now()
        free = or_(Mail.lease_until.is_(None), Mail.lease_until < at)
        due = (Mail.state == MailState.WAITING, Mail.due_at <= at, free, Mail.id.not_in(tried))
        with sessions() as session, reading(session):
            query = select(Mail).where(*due).options(joinedload(Mail.account)).order_by(Mail.due_at, Mail.id).limit(1)
            found = session.scalar(query)
        if found is None:
            return None
        hold = update(Mail).where(Mail.id == found.id, Mail.attempts == found.attempts, *due)
        with sessions() as session, session.begin():
            if _changed(session, hold.values(lease_until=at + LEASE, attempts=found.attempts + 1)):
                found.attempts += 1
                return found


def _not_taken(sessions: sessionmaker[Session], mail: Mail, refused: NotTaken) -> None:
    if refused.for_good or mail.attempts > len(WAITS):
        _ended(sessions, mail, state=MailState.FAILED, problem=str(refused)[:300])
        return
    again = now() + timedelta(minutes=WAITS[mail.attempts - 1])
    _ended(sessions, mail, due_at=again, problem=str(refused)[:300])


def _ended(sessions: sessionmaker[Session], mail: Mail, **values: Any) -> None:
    """Let go of the mail, unless somebody took it over meanwhile."""
    held = update(Mail).where(Mail.id == mail.id, Mail.attempts == mail.attempts, Mail.state == MailState.WAITING)
    with sessions() as session, session.begin():
        _changed(session, held.values(lease_until=None, **values))


def _changed(session: Session, change: Any) -> bool:
    result = session.execute(change.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def _composed(sessions: sessionmaker[Session], mail: Mail, links: Links) -> Words | None:
    """What the mail says; None where nothing is left to say."""
    if mail.account.disabled or mail.created_at < now() - LATEST:
        return None
    if mail.kind is MailKind.RESET:
        return _reset(sessions, mail.account, links)
    with sessions() as session, reading(session):
        query = (
            with_subjects()
            .where(Notification.mail_id == mail.id, Notification.read_at.is_(None), shown_to(Actor.of(mail.account)))
            .order_by(Notification.created_at, Notification.id)
        )
        told = [as_told(row) for row in session.scalars(query)]
    if not told:
        return None
    lines = tuple(f"{each.sentence}\n{links.place(each.kind, each.project_id, each.subject_id)}" for each in told)
    subject = told[0].sentence if len(told) == 1 else f"{len(told)} messages in Appraisal"
    why = "You get this because it concerns you in Appraisal. Whether and when you get mail, you choose here:"
    return Words(subject, (*lines, f"{why}\n{links.choice()}"))


def _reset(sessions: sessionmaker[Session], account: Account, links: Links) -> Words | None:
    """The link is made as it is sent: its secret is in the mail alone."""
    with sessions() as session:
        made = invitations.renew_on_request(session, account.id)
    if made is None:
        return None
    return Words(
        "Set a new password for Appraisal",
        (
            f"Somebody asked for a new password for {account.email}. With this link you set it, once, within a day:\n"
            f"{links.join(made.secret)}",
            "If it was not you, leave it: nothing changes, and your password stays as it is.",
        ),
    )


def _message(mail: Mail, words: Words, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = sender, mail.account.email
    message["Subject"] = one_line(words.subject)[:SUBJECT]
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = f"<{mail.id.hex}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n\n".join(words.paragraphs) + "\n")
    return message
