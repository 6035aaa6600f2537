"""The evidence of a draft: its files, what they are called, which answers they stand behind, and their removal."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.evidence import (
    LONGEST_NAME,
    LONGEST_PLACE,
    Evidence,
)
from appraisal.models import EvidenceFile, EvidenceLink, Project
from appraisal.models.tables import new_id, now
from appraisal.policy import Action, Actor, NotFound
from appraisal.services import auditing
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.registration import visible_project
from appraisal.services.scores import prose
from appraisal.services.sent_evidence import Usage, draft_files, let_go, of_draft, usage
from appraisal.services.sheets import framework_for, scored_by_people
from appraisal.transactions import reading
from forms.texts import one_line, refused_character


@dataclass(frozen=True, slots=True)
class Held:
    """The files of a draft, each with its version and the keys of its links, and what they take up."""

    files: tuple[Evidence, ...]
    versions: Mapping[UUID, int]
    links: Mapping[UUID, tuple[EvidenceLink, ...]]
    usage: Usage


def held_by(session: Session, actor: Actor, project_id: UUID) -> Held:
    """Raises NotFound, NotAllowed: the files of a draft are for those who may change it."""
    with reading(session):
        project = visible_project(session, actor, project_id)
        policy.require(actor, Action.EDIT_PROJECT, project)
        rows = session.scalars(select(EvidenceFile).where(EvidenceFile.project_id == project.id)).all()
        return Held(
            draft_files(session, project.id),
            {row.id: row.version for row in rows},
            {row.id: tuple(row.links) for row in rows},
            usage(session, project),
        )


def files_in_draft(session: Session, actor: Actor, project_id: UUID) -> tuple[Evidence, ...]:
    """The files of a draft with their links; raises NotFound, NotAllowed."""
    with reading(session):
        project = visible_project(session, actor, project_id)
        policy.require(actor, Action.EDIT_PROJECT, project)
        return draft_files(session, project.id)


def rename(
    session: Session, actor: Actor, project_id: UUID, file_id: UUID, expected_version: int, title: str
) -> Evidence:
    """Call a file by another title; raises NotFound, NotAllowed, StaleVersion, DomainError."""
    called = _line(title, LONGEST_NAME, "The title")
    if not called:
        raise DomainError("Enter a title.")
    with session.begin():
        project = draft_to_change(session, actor, project_id)
        row = _row(session, project, file_id)
        if row.title == called:
            return of_draft(row)
        if row.version != expected_version:
            raise StaleVersion(f"“{row.title}” was changed since you opened this page; you typed “{called}”.")
        if any(other.title == called for other in rows_of(session, project)):
            raise DomainError(f"There is another file called “{called}” here already.")
        row.title, row.changed_at = called, now()
        changed(session, project)
        auditing.record(session, actor, "evidence.renamed", "project", project.id, file=str(row.id), title=called)
        return of_draft(row)


def link(session: Session, actor: Actor, project_id: UUID, file_id: UUID, indicator: str, place: str) -> Evidence:
    """Have a file, at a place in it, stand behind an answer; a second time it does already.

    Raises NotFound, NotAllowed, DomainError.
    """
    where = _line(place, LONGEST_PLACE, "The page or section")
    with session.begin():
        project = draft_to_change(session, actor, project_id)
        row = _row(session, project, file_id)
        if indicator not in {item.id for item in scored_by_people(framework_for(session, project))}:
            raise DomainError("Choose the answer that the file stands behind.")
        if any((each.indicator, each.place) == (indicator, where) for each in row.links):
            return of_draft(row)
        row.links.append(EvidenceLink(id=new_id(), project_id=project.id, indicator=indicator, place=where))
        row.changed_at = now()
        changed(session, project)
        auditing.record(
            session, actor, "evidence.linked", "project", project.id,
            file=str(row.id), title=row.title, indicator=indicator, place=where,
        )  # fmt: skip
        return of_draft(row)


def unlink(session: Session, actor: Actor, project_id: UUID, file_id: UUID, link_id: UUID | None) -> None:
    """Take a file off an answer; where it no longer stands behind it, nothing is done. Raises NotFound, NotAllowed."""
    with session.begin():
        project = draft_to_change(session, actor, project_id)
        row = _row(session, project, file_id)
        found = next((each for each in row.links if each.id == link_id), None)
        if found is None:
            return
        row.links.remove(found)
        row.changed_at = now()
        changed(session, project)
        auditing.record(
            session, actor, "evidence.unlinked", "project", project.id,
            file=str(row.id), title=row.title, indicator=found.indicator, place=found.place,
        )  # fmt: skip


def remove(session: Session, actor: Actor, project_id: UUID, file_id: UUID, expected_version: int) -> str:
    """Take a file and its links out of the draft, and give its title; a submission keeps what it was sent with.

    Raises NotFound, NotAllowed, StaleVersion.
    """
    with session.begin():
        project = draft_to_change(session, actor, project_id)
        row = _row(session, project, file_id)
        if row.version != expected_version:
            raise StaleVersion(f"“{row.title}” was renamed or linked since you opened this page: look at it again.")
        title, digest = row.title, row.sha256
        session.delete(row)
        changed(session, project)
        let_go(session, [digest])
        auditing.record(
            session, actor, "evidence.removed", "project", project.id, file=str(file_id), title=title, sha256=digest
        )
    return title


def clear(session: Session, project: Project) -> None:
    """Let go of every file of a draft that is discarded. Inside the caller's transaction."""
    rows = rows_of(session, project)
    for row in rows:
        session.delete(row)
    session.flush()
    let_go(session, [row.sha256 for row in rows])


def draft_to_change(session: Session, actor: Actor, project_id: UUID) -> Project:
    """The project, locked, where its draft may be changed; raises NotFound, NotAllowed.

    Inside the caller's transaction.
    """
    project = visible_project(session, actor, project_id, lock=True)
    policy.require(actor, Action.EDIT_PROJECT, project)
    return project


def rows_of(session: Session, project: Project) -> list[EvidenceFile]:
    return list(session.scalars(select(EvidenceFile).where(EvidenceFile.project_id == project.id)))


def _row(session: Session, project: Project, file_id: UUID) -> EvidenceFile:
    found = session.scalar(
        select(EvidenceFile).where(EvidenceFile.id == file_id, EvidenceFile.project_id == project.id)
    )
    if found is None:
        raise NotFound("There is no such file: it may have been removed.")
    return found


def changed(session: Session, project: Project) -> None:
    """The draft is another one: what was looked at before it was sent is not what would be sent now."""
    project.changed_at = now()
    session.flush()


def _line(text: str, most: int, called: str) -> str:
    if (character := refused_character(text)) is not None:
        raise DomainError(f"{called} holds the character {character}, which cannot be stored.")
    return one_line(prose(text, called, most))
