"""Browsers that are signed in: one row each, so that they can be listed and ended one by one.

A session ends when its row goes, when the account's epoch moves on or the account is closed, or when it grows old.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from appraisal.models import Account, LiveSession, SecondStep
from appraisal.models.tables import now
from appraisal.policy import Actor, NotFound
from appraisal.services import auditing
from appraisal.services.chance import fresh_secret, hash_of
from appraisal.services.errors import DomainError
from appraisal.transactions import reading

UNUSED = timedelta(days=7)
LONGEST = timedelta(days=30)
NOTED_EVERY = timedelta(minutes=1)
_WHO, _THERE, _STEP = Account.__table__.c, LiveSession.__table__.c, SecondStep.__table__.c
_PRESENT = (
    select(
        *(_WHO.id, _WHO.role, _WHO.organisation_id, _WHO.name, _THERE.id, _THERE.seen_at),
        select(_STEP.confirmed_at).where(_STEP.account_id == _WHO.id).scalar_subquery(),
    )
    .join_from(LiveSession.__table__, Account.__table__, _THERE.account_id == _WHO.id)
    .where(
        _THERE.key_hash == bindparam("key"),
        _THERE.epoch == _WHO.session_epoch,
        _THERE.seen_at >= bindparam("used"),
        _THERE.created_at >= bindparam("begun"),
        ~_WHO.disabled,
    )
)
"""Of every request: written down once, so that it is compiled once."""


class SignInRefused(DomainError):
    """Unknown address, wrong password or disabled account: the same words for each."""

    def __init__(self) -> None:
        super().__init__("The e-mail address and password do not match an account.")


@dataclass(frozen=True, slots=True)
class Browser:
    """What is known of the other side when it signs in."""

    device: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Present:
    """Who is there, in which session."""

    actor: Actor
    session_id: UUID
    seen_at: datetime
    second_step: bool
    """Whether the account has one, which signing in asks for."""


def start(
    session: Session, account: Account, browser: Browser, *, how: str = "password", instead_of: str | None = None
) -> str:
    """Begin a session of an account that proved itself, and end the one it replaces; returns the session's key.

    Rows of sessions that grew old go with it, whosever they are: where from one signed in is not kept for longer.
    Raises SignInRefused where the account was closed or its password changed since it was read.
    """
    key, moment = fresh_secret(), now()
    with session.begin():
        found = session.get_one(Account, account.id, populate_existing=True)
        if found.disabled or found.session_epoch != account.session_epoch:
            raise SignInRefused
        over = (LiveSession.seen_at < moment - UNUSED) | (LiveSession.created_at < moment - LONGEST)
        over |= (LiveSession.account_id == found.id) & (LiveSession.epoch != found.session_epoch)
        session.execute(delete(LiveSession).where(over | (LiveSession.key_hash == hash_of(instead_of or ""))))
        session.add(
            LiveSession(
                account_id=found.id,
                key_hash=hash_of(key),
                epoch=found.session_epoch,
                device="".join(letter for letter in browser.device if letter.isprintable())[:200],
                address=browser.address[:64],
            )
        )
        auditing.record(session, Actor.of(found), "account.signed-in", "account", found.id, by=how)
    return key


def present(session: Session, key: str) -> Present | None:
    """Who has this key; None once the session has ended. One read by index."""
    moment = now()
    given = {"key": hash_of(key), "used": moment - UNUSED, "begun": moment - LONGEST}
    with reading(session):
        row = session.connection().execute(_PRESENT, given).first()
    return None if row is None else Present(Actor(*row[:4]), row[4], row[5], row[6] is not None)


def note_seen(session: Session, there: Present) -> None:
    """Remember that the session was used, at most once a minute; a database that cannot write keeps nobody out."""
    moment = now()
    if moment - there.seen_at < NOTED_EVERY:
        return
    stale = (LiveSession.id == there.session_id) & (LiveSession.seen_at == there.seen_at)
    with suppress(DBAPIError), session.begin():
        session.execute(update(LiveSession).where(stale).values(seen_at=moment))


def own_sessions(session: Session, actor: Actor) -> Sequence[LiveSession]:
    """The actor's live sessions, the last used first."""
    moment = now()
    with reading(session):
        query = (
            select(LiveSession)
            .join(Account, LiveSession.account_id == Account.id)
            .where(
                LiveSession.account_id == actor.account_id,
                LiveSession.epoch == Account.session_epoch,
                LiveSession.seen_at >= moment - UNUSED,
                LiveSession.created_at >= moment - LONGEST,
            )
        )
        return session.scalars(query.order_by(LiveSession.seen_at.desc(), LiveSession.id)).all()


def end_one(session: Session, actor: Actor, session_id: UUID, *, action: str = "account.session-ended") -> None:
    """End one of the actor's own sessions at once; raises NotFound for any other."""
    with session.begin():
        own = (LiveSession.id == session_id) & (LiveSession.account_id == actor.account_id)
        if session.execute(delete(LiveSession).where(own).returning(LiveSession.id)).first() is None:
            raise NotFound("There is no such session.")
        auditing.record(session, actor, action, "account", actor.account_id)


def sign_out(session: Session, actor: Actor, session_id: UUID) -> None:
    """End the session one is in: copies of its cookie die with it."""
    with suppress(NotFound):  # ended meanwhile, which is what was asked for
        end_one(session, actor, session_id, action="account.signed-out")


def end_others(session: Session, actor: Actor, keep: UUID) -> int:
    """End every session of the actor but one; returns how many there were."""
    with session.begin():
        others = (LiveSession.account_id == actor.account_id) & (LiveSession.id != keep)
        ended = len(session.execute(delete(LiveSession).where(others).returning(LiveSession.id)).all())
        if ended:
            auditing.record(session, actor, "account.other-sessions-ended", "account", actor.account_id, ended=ended)
    return ended


def end_all(session: Session, account: Account) -> None:
    """End every session of the account, inside the caller's transaction: what was copied or begun dies too."""
    account.session_epoch += 1
    session.execute(delete(LiveSession).where(LiveSession.account_id == account.id))
