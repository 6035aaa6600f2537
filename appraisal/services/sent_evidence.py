"""Files as they were sent: frozen with a submission, read by whoever may read it, and what they take of the quotas."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, undefer

from appraisal import policy
from appraisal.evidence import MOST_A_PROJECT, MOST_AN_ORGANISATION, Evidence, Place
from appraisal.models import EvidenceFile, Project, StoredFile, Submission, SubmittedFile
from appraisal.policy import Actor, NotFound
from appraisal.transactions import reading

SIZES = (EvidenceFile.sha256, EvidenceFile.size), (SubmittedFile.sha256, SubmittedFile.size)


@dataclass(frozen=True, slots=True)
class Usage:
    """Bytes in use; the same contents count once, in drafts and in what was sent."""

    project: int
    organisation: int

    @property
    def left(self) -> int:
        return max(0, min(MOST_A_PROJECT - self.project, MOST_AN_ORGANISATION - self.organisation))


def freeze(session: Session, project: Project, submission: Submission) -> list[str]:
    """Have the submission keep the draft's files and links as they are; gives their digests.

    Inside the caller's transaction.
    """
    files = draft_files(session, project.id)
    session.add_all(
        SubmittedFile(
            submission_id=submission.id,
            file_id=file.id,
            sha256=file.sha256,
            kind=file.kind,
            size=file.size,
            name=file.name,
            title=file.title,
            places=[[each.indicator, each.place] for each in file.places],
        )
        for file in files
    )
    return [file.sha256 for file in files]


def draft_files(session: Session, project_id: UUID) -> tuple[Evidence, ...]:
    """The files of the draft by title. Inside the caller's transaction."""
    rows = session.scalars(
        select(EvidenceFile).where(EvidenceFile.project_id == project_id).order_by(EvidenceFile.title, EvidenceFile.id)
    )
    return tuple(of_draft(row) for row in rows)


def files_of(session: Session, submission_id: UUID) -> tuple[Evidence, ...]:
    """What the submission was sent with, by title. Inside the caller's transaction, which asked whether it is seen."""
    query = select(SubmittedFile).where(SubmittedFile.submission_id == submission_id)
    rows = session.scalars(query.order_by(SubmittedFile.title, SubmittedFile.file_id))
    return tuple(_as_sent(row) for row in rows)


def files_by_submission(session: Session, actor: Actor, project_id: UUID) -> dict[int, tuple[Evidence, ...]]:
    """What every submission of the project was sent with, by its number; raises NotFound."""
    with reading(session):
        known = select(Project.id).where(Project.id == project_id, policy.knows_what_was_sent(actor))
        if session.scalar(known) is None:
            raise NotFound("There is no such project.")
        query = select(Submission.number, Submission.id).where(Submission.project_id == project_id)
        return {number: files_of(session, key) for number, key in session.execute(query).all()}


def open_file(session: Session, actor: Actor, project_id: UUID, file_id: UUID) -> tuple[Evidence, bytes]:
    """A file with its contents: as the draft has it for those who may see the draft, else as it was sent last.

    Raises NotFound, whatever of it the actor may not know.
    """
    with reading(session):
        found = _draft_file(session, actor, project_id, file_id) or _sent_file(session, actor, project_id, file_id)
        if found is None:
            raise NotFound("There is no such file.")
        stored = session.get_one(StoredFile, found.sha256, options=[undefer(StoredFile.content)])
        return found, stored.content


def _draft_file(session: Session, actor: Actor, project_id: UUID, file_id: UUID) -> Evidence | None:
    if not policy.sight_of(actor).drafts:
        return None
    query = select(EvidenceFile).join(Project, EvidenceFile.project_id == Project.id)
    row = session.scalar(
        query.where(EvidenceFile.id == file_id, Project.id == project_id, policy.visible_projects(actor))
    )
    return None if row is None else of_draft(row)


def _sent_file(session: Session, actor: Actor, project_id: UUID, file_id: UUID) -> Evidence | None:
    query = (
        select(SubmittedFile)
        .join(Submission, SubmittedFile.submission_id == Submission.id)
        .join(Project, Submission.project_id == Project.id)
        .where(SubmittedFile.file_id == file_id, Project.id == project_id, policy.knows_what_was_sent(actor))
        .order_by(Submission.number.desc())
        .limit(1)
    )
    row = session.scalar(query)
    return None if row is None else _as_sent(row)


def usage(session: Session, project: Project) -> Usage:
    """What the project and its organisation take up. Inside the caller's transaction."""
    drafts, sent = (select(*columns) for columns in SIZES)
    drafts = drafts.join(Project, EvidenceFile.project_id == Project.id)
    sent = sent.join(Submission, SubmittedFile.submission_id == Submission.id)
    sent = sent.join(Project, Submission.project_id == Project.id)

    def total(parts: Iterable[Select[str, int]]) -> int:
        first, second = parts
        together = first.union(second).subquery()
        return int(session.scalar(select(func.coalesce(func.sum(together.c.size), 0))) or 0)

    own, all_of_them = Project.id == project.id, Project.organisation_id == project.organisation_id
    return Usage(*(total(query.where(which) for query in (drafts, sent)) for which in (own, all_of_them)))


def let_go(session: Session, digests: Iterable[str]) -> None:
    """Delete contents that no row names any more. Inside the caller's transaction, after the rows went."""
    for digest in sorted(set(digests)):
        stored = session.get(StoredFile, digest, with_for_update={"of": StoredFile})
        drafts, sent = (
            select(row.sha256).where(row.sha256 == digest).limit(1) for row in (EvidenceFile, SubmittedFile)
        )
        if stored is not None and session.scalar(drafts) is None and session.scalar(sent) is None:
            session.delete(stored)
    session.flush()


def of_draft(row: EvidenceFile) -> Evidence:
    return _described(row.id, row, [(link.indicator, link.place) for link in row.links])


def _as_sent(row: SubmittedFile) -> Evidence:
    return _described(row.file_id, row, [(indicator, place) for indicator, place in row.places])


def _described(key: UUID, row: EvidenceFile | SubmittedFile, places: Iterable[tuple[str, str]]) -> Evidence:
    return Evidence(
        id=key,
        title=row.title,
        name=row.name,
        kind=row.kind,
        size=row.size,
        sha256=row.sha256,
        places=tuple(Place(*each) for each in sorted(places)),
    )
