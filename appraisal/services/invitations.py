"""One-time links by which people set their own password: to join, and after they lost it. Only the hash is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import Account, AccountLink, ApiToken, LinkKind, Role
from appraisal.models.tables import now
from appraisal.policy import OPERATOR, Action, Actor, NotFound
from appraisal.services import auditing
from appraisal.services.accounts import NO_PASSWORD, add_account, guessed_words, password_hash, set_password
from appraisal.services.chance import fresh_secret, hash_of
from appraisal.services.errors import DomainError
from appraisal.transactions import reading

GOOD_FOR = {LinkKind.INVITATION: timedelta(days=7), LinkKind.PASSWORD_RESET: timedelta(days=1)}


class LinkOver(DomainError):
    """The link was used, withdrawn, replaced or has expired; the words say which, and what to do."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A link just made: the only time that its secret is at hand."""

    account: Account
    kind: LinkKind
    secret: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom a link that is still good lets in."""

    account_id: UUID
    name: str
    email: str
    kind: LinkKind
    expires_at: datetime


def invite(session: Session, actor: Actor, *, email: str, name: str, role: Role, organisation: str) -> Handed:
    """Make an account without a password and the link that sets one; raises NotAllowed, AlreadyThere, DomainError."""
    policy.require(actor, Action.MANAGE_ACCOUNTS)
    with session.begin():
        account = add_account(session, email=email, name=name, digest=NO_PASSWORD, role=role, organisation=organisation)
        auditing.record(session, actor, "account.invited", "account", account.id, role=role.value)
        return _new_link(session, account)


def renew(session: Session, actor: Actor, account_id: UUID) -> Handed:
    """A new link for an open account, in place of any before: an invitation, or a new password for who has one.

    Raises NotAllowed, NotFound, DomainError.
    """
    with session.begin():
        account = _managed(session, actor, account_id)
        if account.disabled:
            raise DomainError("The account is closed. Open it first.")
        _withdraw(session, account.id)
        made = _new_link(session, account)
        auditing.record(session, actor, "account.link-made", "account", account.id, link=made.kind.value)
    return made


def renew_on_request(session: Session, account_id: UUID) -> Handed | None:
    """The same at the wish of whoever reads the account's mail; None where it was closed, or never had a password."""
    with session.begin():
        account = session.get(Account, account_id, populate_existing=True, with_for_update={"of": Account})
        if account is None or account.disabled or account.password_hash == NO_PASSWORD:
            return None
        _withdraw(session, account.id)
        made = _new_link(session, account)
        auditing.record(session, OPERATOR, "account.link-mailed", "account", account.id, link=made.kind.value)
    return made


def withdraw(session: Session, actor: Actor, account_id: UUID) -> bool:
    """End the account's open link; returns whether there was one. Raises NotAllowed, NotFound."""
    with session.begin():
        account = _managed(session, actor, account_id)
        withdrawn = _withdraw(session, account.id)
        if withdrawn:
            auditing.record(session, actor, "account.link-withdrawn", "account", account.id)
    return withdrawn


def open_link(session: Session, actor: Actor, account_id: UUID) -> AccountLink | None:
    """The account's link that can still be used; raises NotAllowed."""
    with reading(session):
        policy.require(actor, Action.MANAGE_ACCOUNTS)
        return session.scalar(select(AccountLink).where(_open(account_id), AccountLink.expires_at > now()))


def invited(session: Session, secret: str) -> Invited:
    """Whom the link lets in; raises NotFound where there never was such a link, LinkOver where it is over."""
    with reading(session):
        link, account = _good(session, secret)
        return Invited(account.id, account.name, account.email, link.kind, link.expires_at)


def accept(session: Session, secret: str, password: str) -> Account:
    """Set the password of the link's account, which uses the link up and ends every session and token of before.

    Raises NotFound, LinkOver, DomainError.
    """
    who = invited(session, secret)  # nobody without a link makes the server hash
    digest = password_hash(password, guessed_words(session, who.account_id))
    with session.begin():
        link, account = _good(session, secret, lock=True)
        link.used_at = now()
        set_password(session, account, digest)
        session.execute(delete(ApiToken).where(ApiToken.account_id == account.id))
        done = "account.joined" if link.kind is LinkKind.INVITATION else "account.password-reset"
        auditing.record(session, Actor.of(account), done, "account", account.id)
    return account


def _managed(session: Session, actor: Actor, account_id: UUID) -> Account:
    """The account's row, held, so that it has one open link at most."""
    policy.require(actor, Action.MANAGE_ACCOUNTS)
    account = session.get(Account, account_id, populate_existing=True, with_for_update={"of": Account})
    if account is None:
        raise NotFound
    return account


def _new_link(session: Session, account: Account) -> Handed:
    kind = LinkKind.INVITATION if account.password_hash == NO_PASSWORD else LinkKind.PASSWORD_RESET
    secret, expires_at = fresh_secret(), now() + GOOD_FOR[kind]
    session.add(AccountLink(account_id=account.id, kind=kind, secret_hash=hash_of(secret), expires_at=expires_at))
    return Handed(account, kind, secret, expires_at)


def _open(account_id: UUID) -> ColumnElement[bool]:
    unended = AccountLink.used_at.is_(None) & AccountLink.withdrawn_at.is_(None)
    return (AccountLink.account_id == account_id) & unended


def _withdraw(session: Session, account_id: UUID) -> bool:
    ended = update(AccountLink).where(_open(account_id)).values(withdrawn_at=now()).returning(AccountLink.id)
    return session.execute(ended).first() is not None


def _good(session: Session, secret: str, *, lock: bool = False) -> tuple[AccountLink, Account]:
    """The link and its account, both held with `lock`: of two who use it at once one is told that it was used."""
    link = session.scalar(select(AccountLink).where(AccountLink.secret_hash == hash_of(secret)))
    if link is None:
        raise NotFound("There is no such link.")
    locked = {"of": Account} if lock else None
    account = session.get_one(Account, link.account_id, populate_existing=True, with_for_update=locked)
    if lock:
        session.refresh(link)
    if link.used_at is not None:
        raise LinkOver("This link was used. Sign in with the password that was set by it.")
    if link.withdrawn_at is not None:
        raise LinkOver("This link was withdrawn, or a newer one took its place. Ask an administrator for a new one.")
    if link.expires_at <= now():
        raise LinkOver("This link has expired. Ask an administrator for a new one.")
    if account.disabled:
        raise LinkOver("The account of this link is closed. Ask an administrator.")
    return link, account
