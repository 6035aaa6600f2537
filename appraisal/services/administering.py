"""What administrators do to accounts; a right that is taken away ends at once, live sessions included."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import Account, Role
from appraisal.policy import Action, Actor, NotFound
from appraisal.services import auditing, live_sessions, second_steps
from appraisal.services.accounts import of_another
from appraisal.services.errors import DomainError
from appraisal.services.personal_data import erased
from appraisal.transactions import reading


def list_accounts(session: Session, actor: Actor) -> Sequence[Account]:
    """Every account with its organisation, by name; raises NotAllowed."""
    with reading(session):
        policy.require(actor, Action.MANAGE_ACCOUNTS)
        return session.scalars(select(Account).order_by(Account.name, Account.email)).all()


def account_with(session: Session, actor: Actor, account_id: UUID) -> Account:
    """One account; raises NotAllowed, NotFound."""
    with reading(session):
        policy.require(actor, Action.MANAGE_ACCOUNTS)
        account = session.get(Account, account_id)
        if account is None:
            raise NotFound
        return account


def set_role(session: Session, actor: Actor, account_id: UUID, role: Role) -> Account:
    """Give another account this role and end its sessions; raises NotAllowed, NotFound, DomainError for one's own."""
    with session.begin():
        account = of_another(session, actor, account_id)
        if account.role is not role:
            before, account.role = account.role, role
            live_sessions.end_all(session, account)
            auditing.record(
                session, actor, "account.role-changed", "account", account.id, before=before.value, role=role.value
            )
    return account


def set_disabled(session: Session, actor: Actor, account_id: UUID, *, disabled: bool) -> Account:
    """Close another account, ending its sessions, or open it again; raises NotAllowed, NotFound, DomainError."""
    with session.begin():
        account = of_another(session, actor, account_id)
        if not disabled and erased(account):
            raise DomainError("This person's data are erased: the account cannot be opened again.")
        if account.disabled is not disabled:
            account.disabled = disabled
            live_sessions.end_all(session, account)
            action = "account.disabled" if disabled else "account.enabled"
            auditing.record(session, actor, action, "account", account.id)
    return account


def reset_second_step(session: Session, actor: Actor, account_id: UUID) -> Account:
    """Take another account's second step away, for who lost both authenticator and recovery codes, ending its sessions.

    Raises NotAllowed, NotFound, DomainError for one's own; where there is none, nothing happens.
    """
    with session.begin():
        account = of_another(session, actor, account_id)
        if second_steps.remove(session, account.id):
            live_sessions.end_all(session, account)
            auditing.record(session, actor, "account.second-step-reset", "account", account.id)
    return account
