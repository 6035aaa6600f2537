"""Evidence in a project file: its format has no place for files, so each is named in the source of its answer.

By title, place and SHA-256, so that it can be found again wherever the text goes. Coming back unchanged, the names are
taken away again: what was exported and imported is the same.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.evidence import Evidence, behind, reference
from appraisal.models import EvidenceFile
from appraisal.services.sent_evidence import of_draft
from scoring.limits import MAX_SOURCE
from scoring.project_file import ProjectFile

BETWEEN = "; "


def files_of_projects(session: Session, projects: Sequence[UUID]) -> Mapping[UUID, tuple[Evidence, ...]]:
    """The files of each draft that has any. Inside the caller's transaction."""
    found: defaultdict[UUID, list[Evidence]] = defaultdict(list)
    query = select(EvidenceFile).where(EvidenceFile.project_id.in_(projects))
    for row in session.scalars(query.order_by(EvidenceFile.title, EvidenceFile.id)):
        found[row.project_id].append(of_draft(row))
    return {key: tuple(files) for key, files in found.items()}


def named(file: ProjectFile, files: Sequence[Evidence]) -> ProjectFile:
    """The file with as many of the files named in the sources of its answers as these can hold."""
    answers = {key: replace(answer, source=_source(answer.source, files, key)) for key, answer in file.answers.items()}
    return replace(file, answers=answers) if files else file


def without_names(file: ProjectFile, before: ProjectFile, files: Sequence[Evidence]) -> ProjectFile:
    """The file with each source as it was before, where it says no more than what was exported."""
    was = named(before, files).answers
    answers = {
        key: replace(answer, source=before.answers[key].source)
        if key in was and answer.source == was[key].source
        else answer
        for key, answer in file.answers.items()
    }
    return replace(file, answers=answers) if files else file


def _source(source: str, files: Sequence[Evidence], indicator: str) -> str:
    for linked, place in behind(files, indicator):
        longer = BETWEEN.join(part for part in (source, reference(linked, place)) if part)
        if len(longer) <= MAX_SOURCE:
            source = longer
    return source
