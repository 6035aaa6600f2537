"""Accounts: making one, proving that it is one's own, changing the password."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import Account, Organisation, Role, SecondStep
from appraisal.policy import Action, Actor, NotAllowed, NotFound
from appraisal.services import auditing, live_sessions
from appraisal.services.errors import AlreadyThere, DomainError, StaleVersion, flush_new
from appraisal.services.live_sessions import SignInRefused
from appraisal.services.password_turns import hashed, matches
from appraisal.transactions import reading
from forms.passwords import read_password
from forms.people import LONGEST_PASSWORD, read_email, read_name

NO_PASSWORD = "none"  # noqa: S105 -- that there is none yet: no password has this hash


class WrongPassword(DomainError):
    """The password that was asked for again is not the account's."""

    def __init__(self) -> None:
        super().__init__("The current password is not right.")


class PasswordRefused(DomainError):
    """A new password that is too short or that anyone would guess; the words say which."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """An account whose password was right."""

    account: Account
    second_step: bool
    """Whether a code is asked for before it is signed in."""


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _hash_of_nobody() -> str:
    """Checked when there is no password to check, so that both answers take the same time."""
    return hashed("nobody has this password", _hasher())


def password_hash(password: str, words: Iterable[str] = ()) -> str:
    """The hash to store; slow on purpose, so never inside a transaction. Raises PasswordRefused.

    words: names of the account and its office, of which a password may not be made.
    """
    try:
        read = read_password(password, words)
    except ValueError as problem:
        raise PasswordRefused(str(problem)) from None
    return hashed(read, _hasher())


def guessed_words(session: Session, account_id: UUID | None) -> list[str]:
    """What anyone would try as a password of this account: its person, its address, and every organisation here."""
    with reading(session):
        account = session.get_one(Account, account_id)
        return [account.name, account.email, *session.scalars(select(Organisation.name))]


def create_account(
    session: Session, actor: Actor, *, email: str, name: str, password: str, role: Role, organisation: str
) -> Account:
    """Make an account, and its organisation where it is new; raises NotAllowed, AlreadyThere, DomainError."""
    policy.require(actor, Action.MANAGE_ACCOUNTS)
    digest = password_hash(password, (email, name, organisation))
    with session.begin():
        account = add_account(session, email=email, name=name, digest=digest, role=role, organisation=organisation)
        auditing.record(session, actor, "account.created", "account", account.id, role=role.value)
    return account


def add_account(session: Session, *, email: str, name: str, digest: str, role: Role, organisation: str) -> Account:
    """Add the row, and its organisation's where it is new, inside the caller's transaction.

    Raises AlreadyThere, also where someone adds the same at the same moment, and DomainError.
    """
    try:
        address, name = read_email(email), read_name(name, "The name")
        organisation = read_name(organisation, "The organisation")
    except ValueError as problem:
        raise DomainError(str(problem)) from None
    if session.scalar(select(Account.id).where(Account.email == address)) is not None:
        raise AlreadyThere(f"There is already an account for {address}.")
    owner = session.scalar(select(Organisation).where(Organisation.name == organisation))
    if owner is None:
        owner = Organisation(name=organisation)
        session.add(owner)
        flush_new(session, f"Someone has just added the organisation {organisation}. Try again.")
    account = Account(email=address, name=name, password_hash=digest, role=role, organisation_id=owner.id)
    session.add(account)
    flush_new(session, f"There is already an account for {address}.")
    return account


def authenticate(session: Session, email: str, password: str) -> Recognised:
    """The account of these credentials; raises SignInRefused, after the same work whatever is wrong.

    The password is checked outside of any transaction: it takes long on purpose, and nobody who saves waits for it.
    Whoever signs the account in compares its epoch, so that a password changed meanwhile does not count.
    """
    with reading(session):
        found = session.scalar(select(Account).where(Account.email == email.strip().lower()))
        asks = found is not None and second_step_is_on(session, found)
    known = found is not None and found.password_hash != NO_PASSWORD
    digest = found.password_hash if found is not None and known else _hash_of_nobody()
    if not _matches(digest, password) or found is None or not known or found.disabled:
        raise SignInRefused
    return Recognised(found, asks)


def second_step_is_on(session: Session, account: Account) -> bool:
    """Whether a code is asked for besides, inside the caller's transaction."""
    step = session.get(SecondStep, account.id)
    return step is not None and step.confirmed_at is not None


def require_password(session: Session, actor: Actor, current: str) -> str:
    """Raise WrongPassword unless it is the actor's; returns the stored hash. For what asks for it once more."""
    with reading(session):
        digest = session.get_one(Account, actor.account_id).password_hash
    if not _matches(digest, current):
        raise WrongPassword
    return digest


def change_password(session: Session, actor: Actor, *, current: str, new: str) -> Account:
    """Set one's own password and end every session; raises WrongPassword, PasswordRefused, StaleVersion."""
    digest = require_password(session, actor, current)
    fresh = password_hash(new, guessed_words(session, actor.account_id))
    with session.begin():
        account = session.get_one(Account, actor.account_id, populate_existing=True, with_for_update={"of": Account})
        if account.password_hash != digest:
            raise StaleVersion("The password was changed meanwhile.")
        set_password(session, account, fresh)
        auditing.record(session, actor, "account.password-changed", "account", account.id)
    return account


def set_password(session: Session, account: Account, digest: str) -> None:
    """Store a hash that its owner alone knows the password of, and end every session, in the caller's transaction."""
    account.password_hash = digest
    account.demo = False
    live_sessions.end_all(session, account)


def _matches(digest: str, password: str) -> bool:
    return matches(digest, password[:LONGEST_PASSWORD])


def own_account(session: Session, actor: Actor) -> Account:
    """The actor's account as it stands."""
    with reading(session):
        return session.get_one(Account, actor.account_id)


def demo_accounts(session: Session) -> Sequence[Account]:
    """The accounts whose password is shown to everyone."""
    with reading(session):
        return session.scalars(select(Account).where(Account.demo, ~Account.disabled).order_by(Account.email)).all()


def account_of(session: Session, email: str) -> Actor:
    """The actor with this address, for the command line; raises DomainError."""
    with reading(session):
        account = session.scalar(select(Account).where(Account.email == email.strip().lower()))
        if account is None:
            raise DomainError(f"There is no account for {email}.")
        return Actor.of(account)


def of_another(session: Session, actor: Actor, account_id: UUID) -> Account:
    """Another's account, its row and the actor's held until the transaction ends.

    Whoever takes an administrator's rights away is one at that moment and stays one, so that one always remains: of two
    who close each other at once, the second is no longer allowed to.
    """
    policy.require(actor, Action.MANAGE_ACCOUNTS)
    if account_id == actor.account_id:
        raise DomainError("Ask another administrator to change your own account.")
    both = select(Account).where(Account.id.in_([account_id, actor.account_id])).order_by(Account.id)
    held = session.scalars(both.with_for_update(of=Account).execution_options(populate_existing=True)).all()
    rows = {row.id: row for row in held}
    if actor.account_id is not None:
        own = rows.get(actor.account_id)
        if own is None or own.disabled:
            raise NotAllowed(Action.MANAGE_ACCOUNTS)
        policy.require(Actor.of(own), Action.MANAGE_ACCOUNTS)
    if account_id not in rows:
        raise NotFound
    return rows[account_id]
