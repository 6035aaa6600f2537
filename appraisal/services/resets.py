"""A new password by mail: the request is the same for an address that is known and one that is not."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.models import Account, Mail, MailKind, ResetRequest
from appraisal.models.tables import now
from appraisal.services.accounts import NO_PASSWORD
from appraisal.transactions import reading

MOST_A_DAY = 3
"""Mails to one account: a stranger who asks for it cannot fill somebody's letter box."""
GOOD_FOR = timedelta(hours=1)
_AT_ONCE = 100


def ask_for_link(session: Session, email: str) -> None:
    """Note that somebody lost the password of this address. Whether it is known is looked up later, by the post."""
    with session.begin():
        session.add(ResetRequest(email=email.strip().lower()))


def answer_requests(session: Session) -> int:
    """Put a mail down for every request of an account that has a password; how many. The requests go."""
    with reading(session):
        waiting = session.scalars(select(ResetRequest.id).order_by(ResetRequest.created_at).limit(_AT_ONCE)).all()
    return sum(_answered(session, key) for key in waiting)


def _answered(session: Session, key: UUID) -> bool:
    at = now()
    with session.begin():
        request = session.get(ResetRequest, key, with_for_update=True)
        if request is None:
            return False
        session.delete(request)
        found = select(Account).where(Account.email == request.email, ~Account.disabled)
        account = session.scalar(found.with_for_update(of=Account))
        if account is None or account.password_hash == NO_PASSWORD or request.created_at < at - GOOD_FOR:
            return False
        recent = (Mail.account_id == account.id) & (Mail.kind == MailKind.RESET)
        recent &= Mail.created_at > at - timedelta(days=1)
        if (session.scalar(select(func.count()).select_from(Mail).where(recent)) or 0) >= MOST_A_DAY:
            return False
        session.add(Mail(account_id=account.id, kind=MailKind.RESET, key=f"reset {request.id}"))
    return True
