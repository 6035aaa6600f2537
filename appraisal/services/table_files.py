"""A workbook sent for the cash-flow table of a draft, kept until the table is stored or a day is over."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session, undefer

from appraisal import policy
from appraisal.models import TableFile
from appraisal.models.tables import now
from appraisal.policy import Action, Actor
from appraisal.services.registration import visible_project
from appraisal.transactions import reading

KEPT_FOR = timedelta(days=1)
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class SentWorkbook:
    name: str
    content: bytes


def send_workbook(session: Session, actor: Actor, project_id: UUID, name: str, content: bytes) -> None:
    """Keep a workbook in place of the project's last one, and let go of all that are old.

    Raises NotFound, NotAllowed. Nothing is stored of the project itself.
    """
    with session.begin():
        project = visible_project(session, actor, project_id, lock=True)
        policy.require(actor, Action.EDIT_PROJECT, project)
        old = TableFile.sent_at < now() - KEPT_FOR
        session.execute(delete(TableFile).where(or_(TableFile.project_id == project.id, old)))
        sender = actor.account_id or project.owner_id
        session.add(TableFile(project_id=project.id, name=name[:_LONGEST], content=content, sent_by_id=sender))


def sent_workbook(session: Session, actor: Actor, project_id: UUID) -> SentWorkbook | None:
    """The workbook sent last, None where there is none any more; raises NotFound, NotAllowed."""
    with reading(session):
        project = visible_project(session, actor, project_id)
        policy.require(actor, Action.EDIT_PROJECT, project)
        row = session.get(TableFile, project.id, options=[undefer(TableFile.content)])
        if row is None or row.sent_at < now() - KEPT_FOR:
            return None
        return SentWorkbook(row.name, row.content)
