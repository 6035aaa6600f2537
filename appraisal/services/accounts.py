"""Accounts: making one, signing in, and ending every session of one."""

from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import Account, Organisation, Role
from appraisal.policy import Action, Actor
from appraisal.services import auditing
from appraisal.services.errors import AlreadyThere, DomainError

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200


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
    address = email.strip().lower()
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise DomainError(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.")
    if address.count("@") != 1 or not all(address.split("@")):
        raise DomainError(f"{email} is not an e-mail address.")
    digest = _hasher().hash(password)
    with session.begin():
        policy.require(actor, Action.MANAGE_ACCOUNTS)
        if session.scalar(select(Account.id).where(Account.email == address)) is not None:
            raise AlreadyThere(f"There is already an account for {address}.")
        owner = session.scalar(select(Organisation).where(Organisation.name == organisation))
        if owner is None:
            owner = Organisation(name=organisation)
            session.add(owner)
            session.flush()
        account = Account(email=address, name=name, password_hash=digest, role=role, organisation_id=owner.id)
        session.add(account)
        session.flush()
        auditing.record(session, actor, "account.created", "account", account.id, email=address, role=role.value)
    return account


def authenticate(session: Session, email: str, password: str) -> Account:
    """The account of these credentials; raises SignInRefused, after the same work whatever is wrong."""
    with session.begin():
        account = session.scalar(select(Account).where(Account.email == email.strip().lower()))
        digest = account.password_hash if account is not None else _hash_of_nobody()
        try:
            _hasher().verify(digest, password[:LONGEST_PASSWORD])
        except VerificationError:
            raise SignInRefused from None
        if account is None or account.disabled:
            raise SignInRefused
        auditing.record(session, actor_of(account), "account.signed-in", "account", account.id)
    return account


def signed_in_actor(session: Session, account_id: UUID, epoch: int) -> Actor | None:
    """The actor of a live session; None once the account is disabled or its sessions were ended."""
    with session.begin():
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


def account_of(session: Session, email: str) -> Actor:
    """The actor with this address, for the command line; raises DomainError."""
    with session.begin():
        account = session.scalar(select(Account).where(Account.email == email.strip().lower()))
        if account is None:
            raise DomainError(f"There is no account for {email}.")
        return actor_of(account)
