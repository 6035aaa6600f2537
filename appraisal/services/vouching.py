"""Whose account somebody has whom the office's sign-in service recognised: by the service's own key of that person.

The first time, it is found by the address that the service verified; from then on by the person's key alone, which is
never given to another. No account is made.
"""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import Account, ServiceIdentity
from appraisal.policy import Action, Actor
from appraisal.services import auditing
from appraisal.services.accounts import Recognised, second_step_is_on
from appraisal.services.errors import DomainError, flush_new
from appraisal.services.sign_in_service import Vouched


class NoAccount(DomainError):
    """The service knows the person, and no open account here is that person's; says what to do."""


_ASK = "Ask an administrator of this tool."


def recognise(session: Session, who: Vouched) -> Recognised:
    """The account of this person; raises NoAccount."""
    with session.begin():
        known = select(ServiceIdentity.account_id).where(
            ServiceIdentity.issuer == who.issuer, ServiceIdentity.subject == who.subject
        )
        account_id = session.scalar(known)
        account = session.get_one(Account, account_id) if account_id is not None else _first_time(session, who)
        if account.disabled:
            raise NoAccount(f"There is no open account for you here. {_ASK}")
        return Recognised(account, second_step_is_on(session, account))


def _first_time(session: Session, who: Vouched) -> Account:
    if not who.email:
        raise NoAccount(f"The sign-in service gave no verified e-mail address to find your account by. {_ASK}")
    query = select(Account).where(Account.email == who.email).with_for_update(of=Account)
    account = session.scalar(query)
    if account is None or account.disabled:
        raise NoAccount(f"There is no open account for {who.email} here. {_ASK}")
    if session.get(ServiceIdentity, account.id) is not None:
        raise NoAccount(f"The account of {who.email} belongs to another person of the sign-in service. {_ASK}")
    session.add(ServiceIdentity(account_id=account.id, issuer=who.issuer, subject=who.subject))
    flush_new(session, "Somebody has just signed in with the same account. Try again.")
    auditing.record(session, Actor.of(account), "account.identity-known", "account", account.id)
    return account


def forget(session: Session, actor: Actor, account_id: UUID) -> bool:
    """Let the account be found by its address again, after its person got another key; returns whether it had one.

    Raises NotAllowed.
    """
    with session.begin():
        policy.require(actor, Action.MANAGE_ACCOUNTS)
        own = delete(ServiceIdentity).where(ServiceIdentity.account_id == account_id)
        gone = session.execute(own.returning(ServiceIdentity.account_id)).first() is not None
        if gone:
            auditing.record(session, actor, "account.identity-forgotten", "account", account_id)
    return gone
