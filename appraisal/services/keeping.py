"""What was typed on a page of a draft and does not read yet: kept as typed until it reads or is discarded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import KeptText
from appraisal.models.tables import new_id, now
from appraisal.policy import Action, Actor
from appraisal.services import auditing
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.registration import visible_project

MOST_CHARACTERS = 500_000
Fields = Sequence[tuple[str, str]]
_OTHER_TEXT = "Someone else typed on this page since you opened it."
_KEPT = KeptText.__table__.c
_OF_PROJECT = select(_KEPT.part, _KEPT.revision, _KEPT.fields, _KEPT.kept_at).where(
    _KEPT.project_id == bindparam("project")
)
_REVISION = select(_KEPT.revision).where(_KEPT.project_id == bindparam("project"), _KEPT.part == bindparam("part"))


@dataclass(frozen=True, slots=True)
class Kept:
    """The fields of a page as they were typed, and which of several texts this is."""

    fields: tuple[tuple[str, str], ...]
    revision: UUID
    at: datetime


def kept_texts(session: Session, project_id: UUID) -> Mapping[str, Kept]:
    """What is kept of a project, by page. Inside the caller's transaction."""
    rows = session.connection().execute(_OF_PROJECT, {"project": project_id})
    return {
        row.part: Kept(tuple((name, value) for name, value in row.fields), row.revision, row.kept_at) for row in rows
    }


def keep_text(
    session: Session,
    actor: Actor,
    project_id: UUID,
    expected_version: int,
    part: str,
    fields: Fields,
    *,
    text: UUID | None,
) -> UUID:
    """Keep what was typed on a page in place of what was kept there, and return its revision.

    text: the revision that was seen, None where nothing was kept. The trail says that a page holds typed text, not
    every keystroke of it. Raises NotFound, NotAllowed, StaleVersion, DomainError where it is too long.
    """
    if sum(len(name) + len(value) for name, value in fields) > MOST_CHARACTERS:
        raise DomainError(f"A page keeps at most {MOST_CHARACTERS:,} characters.")
    with session.begin():
        project = visible_project(session, actor, project_id, lock=True)
        policy.require(actor, Action.EDIT_PROJECT, project)
        if project.version != expected_version:
            raise StaleVersion(f"{project.title} was changed since you opened this page.")
        row = _seen(session, project_id, part, text)
        if row is None:
            row = KeptText(project_id=project_id, part=part)
            session.add(row)
            auditing.record(session, actor, "project.text-kept", "project", project.id, part=part)
        row.fields = [[name, value] for name, value in fields]
        row.revision, row.kept_at = new_id(), now()
        row.kept_by_id = actor.account_id or project.owner_id
        return row.revision


def discard_text(session: Session, actor: Actor, project_id: UUID, part: str, text: UUID | None) -> None:
    """Let go of what was typed on a page, as far as it was seen; raises NotFound, NotAllowed, StaleVersion."""
    with session.begin():
        project = visible_project(session, actor, project_id, lock=True)
        policy.require(actor, Action.EDIT_PROJECT, project)
        if take_away(session, project.id, part, text):
            auditing.record(session, actor, "project.text-discarded", "project", project.id, part=part)


def take_away(session: Session, project_id: UUID, part: str, text: UUID | None) -> bool:
    """Delete what is kept of a page, and whether there was any; raises StaleVersion where it is not what was seen.

    Inside the caller's transaction, which holds the project.
    """
    revision = session.connection().scalar(_REVISION, {"project": project_id, "part": part})
    if revision != text:
        raise StaleVersion(_OTHER_TEXT)
    if revision is None:
        return False
    session.delete(session.get_one(KeptText, (project_id, part), populate_existing=True))
    return True


def _seen(session: Session, project_id: UUID, part: str, text: UUID | None) -> KeptText | None:
    row = session.get(KeptText, (project_id, part), populate_existing=True)
    if (None if row is None else row.revision) != text:
        raise StaleVersion(_OTHER_TEXT)
    return row
