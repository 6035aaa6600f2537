"""What goes out by mail: put down with the event for who wants it at once, gathered once a day for everybody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import Account, Mail, MailChoice, MailKind, MailState, MailWish, Notification
from appraisal.models.mail import DEFAULT_HOUR
from appraisal.models.tables import now
from appraisal.policy import Action, Actor, NotFound
from appraisal.services import auditing
from appraisal.transactions import reading
from forms.local_time import on_clocks_of

LATEST = timedelta(days=7)
"""What nobody was told of by mail within it is no news: mail that is turned on later begins with what is new."""
SHOWN = 50


def post_at_once(session: Session, told: Mapping[UUID, UUID]) -> None:
    """Put a mail down for each of these (account: notification) who wants it at once, in the caller's transaction."""
    if not told:
        return
    wishes = select(MailChoice.account_id).where(
        MailChoice.account_id.in_(list(told)), MailChoice.wish == MailWish.IMMEDIATE
    )
    for account_id in session.scalars(wishes).all():
        mail = Mail(account_id=account_id, kind=MailKind.NOTICE, key=f"notice {told[account_id]}")
        session.add(mail)
        session.flush()
        session.execute(update(Notification).where(Notification.id == told[account_id]).values(mail_id=mail.id))


def gather(session: Session) -> int:
    """Put the day's mail down for everyone whose hour has come and who has something unread; how many."""
    at = now()
    with reading(session):
        query = (
            select(Notification.account_id, MailChoice.hour, MailChoice.zone)
            .join(Account, Notification.account_id == Account.id)
            .outerjoin(MailChoice, MailChoice.account_id == Account.id)
            .where(*_waiting(at), ~Account.disabled)
            .where(MailChoice.wish.is_distinct_from(MailWish.NONE))
            .distinct()
        )
        found = session.execute(query).all()
        ready = {row.account_id: key for row in found if (key := _todays(row.hour, row.zone, at)) is not None}
        done = select(Mail.account_id).where(Mail.account_id.in_(list(ready)), Mail.key.in_(list(set(ready.values()))))
        sent = set(session.scalars(done))
    return sum(_digest(session, account, key) for account, key in ready.items() if account not in sent)


def _waiting(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Unread, new, and in no mail yet."""
    return (Notification.read_at.is_(None), Notification.mail_id.is_(None), Notification.created_at > at - LATEST)


def _todays(hour: int | None, zone: str | None, at: datetime) -> str | None:
    """The key of today's mail, once its hour has come on the person's clocks."""
    there = on_clocks_of(zone or "UTC", at).wall
    return f"digest {there:%Y-%m-%d}" if there.hour >= (DEFAULT_HOUR if hour is None else hour) else None


def _digest(session: Session, account_id: UUID, key: str) -> bool:
    """Whether it was put down; of two servers at once, one does."""
    with session.begin():
        session.get(Account, account_id, with_for_update={"of": Account})
        if session.scalar(select(Mail.id).where(Mail.account_id == account_id, Mail.key == key)) is not None:
            return False
        mail = Mail(account_id=account_id, kind=MailKind.DIGEST, key=key)
        session.add(mail)
        session.flush()
        own = Notification.account_id == account_id
        session.execute(update(Notification).where(own, *_waiting(now())).values(mail_id=mail.id))
    return True


@dataclass(frozen=True, slots=True)
class Wish:
    """How a person wants mail."""

    wish: MailWish = MailWish.DIGEST
    hour: int = DEFAULT_HOUR
    zone: str = "UTC"


def wish_of(session: Session, actor: Actor) -> Wish:
    with reading(session):
        row = session.get(MailChoice, actor.account_id)
        return Wish() if row is None else Wish(row.wish, row.hour, row.zone)


def choose(session: Session, actor: Actor, wish: Wish) -> None:
    """Keep how the actor wants mail from now on."""
    with session.begin():
        account = session.get_one(Account, actor.account_id, with_for_update={"of": Account})
        row = session.get(MailChoice, account.id) or MailChoice(account_id=account.id)
        row.wish, row.hour, row.zone = wish.wish, wish.hour, wish.zone
        session.add(row)


@dataclass(frozen=True, slots=True)
class Standing:
    """How mail stands, for administrators."""

    waiting: int
    sent: int
    failed: Sequence[Mail]
    tried: Sequence[Mail]
    """Those that wait because the mail server has not taken them yet."""


def post_of(session: Session, actor: Actor) -> Standing:
    """What waits, what was sent, and what the mail server did not take; raises NotAllowed."""
    with reading(session):
        policy.require(actor, Action.MANAGE_ACCOUNTS)
        counts = {state: _count(session, state) for state in (MailState.WAITING, MailState.SENT)}
        failed = select(Mail).where(Mail.state == MailState.FAILED).order_by(Mail.created_at.desc()).limit(SHOWN)
        again = (
            select(Mail).where(Mail.state == MailState.WAITING, Mail.problem != "").order_by(Mail.due_at).limit(SHOWN)
        )
        rows, tried = session.scalars(failed).all(), session.scalars(again).all()
        for row in (*rows, *tried):
            _ = row.account
        return Standing(counts[MailState.WAITING], counts[MailState.SENT], rows, tried)


def _count(session: Session, state: MailState) -> int:
    return session.scalar(select(func.count()).select_from(Mail).where(Mail.state == state)) or 0


def resend(session: Session, actor: Actor, mail_id: UUID) -> None:
    """Have a mail that failed tried again from the start; raises NotAllowed, NotFound."""
    with session.begin():
        policy.require(actor, Action.MANAGE_ACCOUNTS)
        row = session.get(Mail, mail_id, with_for_update={"of": Mail})
        if row is None:
            raise NotFound("There is no such mail.")
        if row.state is MailState.FAILED:
            again(session, actor, row)


def again(session: Session, actor: Actor, row: Mail) -> None:
    """Let a mail that failed be tried from the start, in the caller's transaction."""
    row.state, row.attempts, row.due_at, row.lease_until = MailState.WAITING, 0, now(), None
    auditing.record(session, actor, "mail.sent-again", "mail", row.id, about=row.kind.value)
