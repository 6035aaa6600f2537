"""What administrators do to accounts; a right that is taken away ends at once, live sessions included."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import Account, Role
from appraisal.policy import Action, Actor, NotFound
from appraisal.services import auditing
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
        return _managed(session, actor, account_id)


def set_role(session: Session, actor: Actor, account_id: UUID, role: Role) -> Account:
    """Give another account this role and end its sessions; raises NotAllowed, NotFound, DomainError for one's own."""
    with session.begin():
        account = _of_another(session, actor, account_id)
        if account.role is not role:
            before, account.role = account.role, role
            account.session_epoch += 1
            auditing.record(
                session, actor, "account.role-changed", "account", account.id, before=before.value, role=role.value
            )
    return account


def set_disabled(session: Session, actor: Actor, account_id: UUID, *, disabled: bool) -> Account:
    """Close another account, ending its sessions, or open it again; raises NotAllowed, NotFound, DomainError."""
    with session.begin():
        account = _of_another(session, actor, account_id)
        if not disabled and erased(account):
            raise DomainError("This person's data are erased: the account cannot be opened again.")
        if account.disabled is not disabled:
            account.disabled = disabled
            account.session_epoch += 1
            action = "account.disabled" if disabled else "account.enabled"
            auditing.record(session, actor, action, "account", account.id)
    return account


def _managed(session: Session, actor: Actor, account_id: UUID, *, lock: bool = False) -> Account:
    """The account; with `lock`, its row held until the transaction ends."""
    policy.require(actor, Action.MANAGE_ACCOUNTS)
    account = session.get(Account, account_id, with_for_update={"of": Account} if lock else None)
    if account is None:
        raise NotFound
    return account


def _of_another(session: Session, actor: Actor, account_id: UUID) -> Account:
    """Not one's own, so that an administrator always remains."""
    if account_id == actor.account_id:
        policy.require(actor, Action.MANAGE_ACCOUNTS)
        raise DomainError("Ask another administrator to change your own account.")
    return _managed(session, actor, account_id, lock=True)
