"""The copy that a planner keeps of what was sent, made anew from the record whenever it is asked for."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import Account, Project, Submission
from appraisal.policy import Action, Actor, NotFound
from appraisal.reading.project_file import read_project
from appraisal.reports.sent_copy import SentCopy
from appraisal.services.registration import visible_project
from appraisal.services.said import said_of
from appraisal.services.sent_evidence import files_of
from appraisal.services.sheets import framework_for
from appraisal.services.verifying import current_head
from appraisal.trail.chain import key_of
from appraisal.transactions import reading


def sealed_copy(session: Session, actor: Actor, project_id: UUID, number: int) -> tuple[str, bytes]:
    """The reference, and the submission of that number as a sealed PDF; raises NotFound, NotAllowed."""
    from appraisal.reports.sealed import written_copy  # noqa: PLC0415 -- only where a copy is made

    with reading(session):
        policy.require(actor, Action.EXPORT)
        project = visible_project(session, actor, project_id)
        submission = session.scalar(
            select(Submission).where(Submission.project_id == project.id, Submission.number == number)
        )
        if submission is None:
            raise NotFound("It was not sent as often.")
        copy = copy_of(session, project, submission)
        anchor, key = current_head(session), key_of(session.connection())
    return project.reference, written_copy(copy, str(anchor), key)


def copy_of(session: Session, project: Project, submission: Submission) -> SentCopy:
    """What was sent, in words. Inside the caller's transaction, which asked whether it is seen."""
    file, framework = read_project(submission.document), framework_for(session, project)
    return SentCopy(
        submission=submission.id,
        number=submission.number,
        project=file,
        framework=framework.title,
        said=said_of(file, framework),
        sent_at=submission.submitted_at,
        sent_by=session.get_one(Account, submission.submitted_by_id).name,
        sha256=submission.sha256,
        files=files_of(session, submission.id),
    )
