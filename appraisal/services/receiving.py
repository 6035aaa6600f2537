"""Files as they arrive: each one told by its contents, refused in words, and kept once, under the quotas."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from sqlalchemy.orm import Session

from appraisal.evidence import (
    LONGEST_NAME,
    MEBIBYTE,
    MOST_A_FILE,
    MOST_A_PROJECT,
    MOST_AN_ORGANISATION,
    MOST_FILES,
    Evidence,
    FileKind,
)
from appraisal.models import EvidenceFile, Organisation, Project, StoredFile
from appraisal.models.tables import new_id
from appraisal.policy import Actor
from appraisal.reading.evidence.checking import Checked, check
from appraisal.reading.evidence.refused import Refused
from appraisal.services import auditing
from appraisal.services.errors import flush_new
from appraisal.services.evidence import changed, draft_to_change, rows_of
from appraisal.services.sent_evidence import of_draft, usage
from forms.texts import one_line

_STEM = LONGEST_NAME - 10
"""Of a title made from a name, so that a number fits behind it."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as it came: its name and its contents, neither trusted."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A file that was refused: why, and whether for its kind or its size."""

    name: str
    why: str
    too_large: bool = False


@dataclass(slots=True)
class Received:
    """What came of the files that were sent."""

    taken: list[Evidence] = field(default_factory=list)
    there_already: list[Evidence] = field(default_factory=list)
    refused: list[NotTaken] = field(default_factory=list)
    tell_where: list[str] = field(default_factory=list)
    """Titles of pictures that say where they were taken."""


def add_files(session: Session, actor: Actor, project_id: UUID, files: Sequence[Incoming]) -> Received:
    """Keep those of the files that are allowed, in one transaction, and say why the others are not.

    The same contents sent again are there already: nothing is made twice. Raises NotFound, NotAllowed.
    """
    received, sound = Received(), list[tuple[Incoming, Checked]]()
    for file in files:
        name = plain_name(file.name)
        if len(file.content) > MOST_A_FILE:
            received.refused.append(NotTaken(name, f"it is larger than {MOST_A_FILE // MEBIBYTE} MiB", too_large=True))
            continue
        try:
            sound.append((Incoming(name, file.content), check(file.content)))
        except Refused as error:
            received.refused.append(NotTaken(name, str(error)))
    with session.begin():
        project = draft_to_change(session, actor, project_id)
        session.get(Organisation, project.organisation_id, with_for_update={"of": Organisation})
        there = {row.sha256: row for row in rows_of(session, project)}
        for file, checked in sound:
            digest = sha256(file.content).hexdigest()
            if digest in there:
                received.there_already.append(of_draft(there[digest]))
            elif (refused := _no_room(session, project, file, len(there))) is not None:
                received.refused.append(refused)
            else:
                row = there[digest] = _added(session, actor, project, file, digest, checked.kind, there.values())
                received.taken.append(of_draft(row))
                if checked.tells_where:
                    received.tell_where.append(row.title)
        if received.taken:
            changed(session, project)
            listed = [{"title": file.title, "sha256": file.sha256} for file in received.taken]
            auditing.record(session, actor, "evidence.added", "project", project.id, files=listed)
    return received


def plain_name(name: str) -> str:
    """The last part of a name, without what no page can show or what shows it in another order than it is."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return one_line("".join(letter for letter in last if letter.isprintable()))[:LONGEST_NAME].strip() or "file"


def _no_room(session: Session, project: Project, file: Incoming, count: int) -> NotTaken | None:
    """Why the file has no place, if so."""
    if count >= MOST_FILES:
        return NotTaken(file.name, f"a project has at most {MOST_FILES} files at a time", too_large=True)
    used, needed = usage(session, project), len(file.content)
    for whose, most, taken in (
        ("project", MOST_A_PROJECT, used.project),
        ("organisation", MOST_AN_ORGANISATION, used.organisation),
    ):
        if taken + needed > most:
            left = _size(most - taken)
            why = f"it has {_size(needed)}, and {left} of the {_size(most)} of its {whose} are left"
            return NotTaken(file.name, why, too_large=True)
    return None


def _size(count: int) -> str:
    return f"{max(0, count) / MEBIBYTE:,.1f} MiB"


def _added(
    session: Session,
    actor: Actor,
    project: Project,
    file: Incoming,
    digest: str,
    kind: FileKind,
    others: Iterable[EvidenceFile],
) -> EvidenceFile:
    if session.get(StoredFile, digest, with_for_update={"read": True, "of": StoredFile}) is None:
        session.add(StoredFile(sha256=digest, size=len(file.content), content=file.content))
        flush_new(session, "Somebody has just sent the same file. Send it again.")
    row = EvidenceFile(
        id=new_id(),
        project_id=project.id,
        sha256=digest,
        kind=kind,
        size=len(file.content),
        name=file.name,
        title=_free_title(file.name, {other.title for other in others}),
        uploaded_by_id=actor.account_id or project.owner_id,
        links=[],
    )
    session.add(row)
    flush_new(session, "Somebody has just sent a file of this name. Send it again.")
    return row


def _free_title(name: str, taken: set[str]) -> str:
    """The name without its ending, with a number where another file is called so."""
    stem, dot, _ending = name.rpartition(".")
    called = (stem if dot and stem.strip() else name)[:_STEM].strip()
    number, title = 1, called
    while title in taken:
        number += 1
        title = f"{called} ({number})"
    return title
