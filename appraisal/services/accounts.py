"""Accounts: making one, signing in, changing the password, and ending every session of one."""

from collections.abc import Sequence
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import Account, Organisation, Role
from appraisal.policy import Action, Actor
from appraisal.services import auditing
from appraisal.services.errors import AlreadyThere, DomainError, StaleVersion, flush_new
from appraisal.transactions import reading
from forms.people import LONGEST_PASSWORD, read_email, read_name, read_password


class SignInRefused(DomainError):
    """Unknown address, wrong password or disabled account: the same words for each."""

    def __init__(self) -> None:
        super().__init__("The e-mail address and password do not match an account.")


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _hash_of_nobody() -> str:
    """Checked when the account is unknown, so that both answers take the same time."""
    return _hasher().hash("nobody has this password")


def create_account(
    session: Session, actor: Actor, *, email: str, name: str, password: str, role: Role, organisation: str
) -> Account:
    """Make an account, and its organisation where it is new; raises NotAllowed, AlreadyThere, DomainError."""
    policy.require(actor, Action.MANAGE_ACCOUNTS)
    try:
        address, name, organisation = (
            read_email(email),
            read_name(name, "The name"),
            read_name(organisation, "The organisation"),
        )
        digest = _hasher().hash(read_password(password))
    except ValueError as problem:
        raise DomainError(str(problem)) from None
    with session.begin():
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
        auditing.record(session, actor, "account.created", "account", account.id, role=role.value)
    return account


def authenticate(session: Session, email: str, password: str) -> Account:
    """The account of these credentials; raises SignInRefused, after the same work whatever is wrong.

    The password is checked between two transactions: it takes long on purpose, and nobody who saves waits for it.
    """
    with reading(session):
        found = session.scalar(select(Account).where(Account.email == email.strip().lower()))
        digest = found.password_hash if found is not None else _hash_of_nobody()
    if not _matches(digest, password) or found is None:
        raise SignInRefused
    with session.begin():
        account = session.get_one(Account, found.id, populate_existing=True)
        if account.disabled or account.password_hash != digest:
            raise SignInRefused
        auditing.record(session, actor_of(account), "account.signed-in", "account", account.id)
    return account


def change_password(session: Session, actor: Actor, *, current: str, new: str) -> Account:
    """Set one's own password and end every session; raises DomainError, StaleVersion."""
    with reading(session):
        digest = session.get_one(Account, actor.account_id).password_hash
    if not _matches(digest, current):
        raise DomainError("The current password is not right.")
    try:
        fresh = _hasher().hash(read_password(new))
    except ValueError as problem:
        raise DomainError(str(problem)) from None
    with session.begin():
        account = session.get_one(Account, actor.account_id, populate_existing=True)
        if account.password_hash != digest:
            raise StaleVersion("The password was changed meanwhile.")
        account.password_hash = fresh
        account.session_epoch += 1
        account.demo = False  # its password is known to its owner only
        auditing.record(session, actor, "account.password-changed", "account", account.id)
    return account


def _matches(digest: str, password: str) -> bool:
    try:
        return _hasher().verify(digest, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False


def signed_in_actor(session: Session, account_id: UUID, epoch: int) -> Actor | None:
    """The actor of a live session; None once the account is disabled or its sessions were ended."""
    with reading(session):
        account = session.get(Account, account_id)
        if account is None or account.disabled or account.session_epoch != epoch:
            return None
        return actor_of(account)


def end_sessions(session: Session, actor: Actor) -> None:
    """Sign the actor out everywhere: copies of the cookie die with it."""
    with session.begin():
        account = session.get_one(Account, actor.account_id)
        account.session_epoch += 1
        auditing.record(session, actor, "account.signed-out", "account", account.id)


def actor_of(account: Account) -> Actor:
    return Actor(account.id, account.role, account.organisation_id, account.name)


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
        return actor_of(account)
