"""Who was told of a publication, and by which mail; what was not taken is sent again from its receipt."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import Decision, Mail, MailState, Notice, Notification, Publication
from appraisal.policy import Action, Actor, NotFound
from appraisal.services.outbox import again
from appraisal.transactions import reading


@dataclass(frozen=True, slots=True)
class ToldOf:
    """How many messages a publication made, and how many of them mail has carried."""

    messages: int
    sent: int
    failed: int

    @property
    def later(self) -> int:
        """On their way, in a daily mail to come, or not wanted by mail."""
        return self.messages - self.sent - self.failed


def told_of(session: Session, actor: Actor, publication_id: UUID) -> ToldOf:
    """Raises NotAllowed, NotFound."""
    with reading(session):
        policy.require(actor, Action.READ_DECISIONS)
        if session.get(Publication, publication_id) is None:
            raise NotFound("There is no such publication.")
        query = select(Mail.state).select_from(Notification).outerjoin(Mail, Notification.mail_id == Mail.id)
        states = Counter(session.scalars(query.where(_of(publication_id))).all())
        return ToldOf(states.total(), states[MailState.SENT], states[MailState.FAILED])


def resend_to(session: Session, actor: Actor, publication_id: UUID) -> int:
    """Have the mails that failed tried again; how many. Raises NotAllowed, NotFound."""
    with session.begin():
        policy.require_role(actor, Action.DECIDE_PROJECT)
        if session.get(Publication, publication_id) is None:
            raise NotFound("There is no such publication.")
        failed = select(Notification.mail_id).where(_of(publication_id))
        query = select(Mail).where(Mail.id.in_(failed), Mail.state == MailState.FAILED).order_by(Mail.id)
        rows = session.scalars(query.with_for_update(of=Mail)).all()
        for row in rows:
            again(session, actor, row)
    return len(rows)


def _of(publication_id: UUID) -> ColumnElement[bool]:
    decisions = select(Decision.id).where(Decision.publication_id == publication_id)
    return Notification.kind.in_((Notice.DECIDED, Notice.OWED)) & Notification.subject_id.in_(decisions)
