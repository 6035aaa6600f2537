"""Storing a pasted cash-flow table so that it can be undone, exactly, until anything else of the draft changes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from appraisal.canonical import canonical_json
from appraisal.models import Account, KeptText, Project, ReplacedTable, TableFile
from appraisal.models.tables import new_id, now
from appraisal.policy import Actor
from appraisal.reading.project_file import read_project
from appraisal.services import auditing
from appraisal.services.drafting import Change, Draft, change_part, locked_draft
from appraisal.services.errors import StaleVersion
from appraisal.services.project_mapping import apply_file, stored_file
from appraisal.transactions import reading
from scoring.project_document import to_document
from scoring.project_file import CashFlows

MONEY = "money"
"""The page whose kept text a table replaces."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class PasteToUndo:
    """The last paste, as long as nothing has changed since, and what undoing it brings back."""

    pasted: str
    by: str
    at: datetime
    before: CashFlows
    typed: bool
    """What had been typed in the grid and not stored comes back as well."""


def store_table(
    session: Session,
    actor: Actor,
    project_id: UUID,
    expected_version: int,
    change: Change,
    *,
    text: UUID | None,
    pasted: str | None,
) -> Project:
    """Store the cash flows that `change` puts in, and let go of the workbook they may have come from.

    text: the revision of the typed text that was seen, None where there was none. pasted: what the paste was, in
    words, where it is to be undone; None for a typed table. Raises NotFound, NotAllowed, StaleVersion, Unreadable.
    """
    with session.begin():
        project = locked_draft(session, actor, project_id, expected_version)
        document = canonical_json(to_document(stored_file(session, project)))
        kept = session.get(KeptText, (project.id, MONEY), populate_existing=True)
        typed = None if kept is None else kept.fields
        change_part(session, actor, project, change, part=MONEY, text=text)
        session.execute(delete(ReplacedTable).where(ReplacedTable.project_id == project.id))
        session.execute(delete(TableFile).where(TableFile.project_id == project.id))
        if pasted is not None:
            session.add(
                ReplacedTable(
                    project_id=project.id,
                    version=project.version,
                    document=document,
                    typed=typed,
                    pasted=pasted[:_LONGEST],
                    pasted_by_id=actor.account_id or project.owner_id,
                )
            )
    return project


def paste_to_undo(session: Session, draft: Draft) -> PasteToUndo | None:
    """The paste that can be undone, of a draft the actor was let at; None once anything of it has changed since."""
    with reading(session):
        row = session.get(ReplacedTable, draft.project_id)
        if row is None or row.version != draft.version or MONEY in draft.kept:
            return None
        by = session.get_one(Account, row.pasted_by_id).name
        before = read_project(row.document).cash_flows
        return PasteToUndo(row.pasted, by, row.pasted_at, before, row.typed is not None)


def undo_paste(session: Session, actor: Actor, project_id: UUID, expected_version: int) -> Project:
    """Bring back the project as it was before the paste, with what stood typed in the grid.

    Raises NotFound, NotAllowed, StaleVersion where anything has changed since the paste.
    """
    with session.begin():
        project = locked_draft(session, actor, project_id, expected_version)
        row = session.get(ReplacedTable, project.id)
        if row is None or row.version != project.version or session.get(KeptText, (project.id, MONEY)) is not None:
            raise StaleVersion("The table was changed since the paste: it can no longer be undone.")
        apply_file(project, read_project(row.document))
        if row.typed is not None:
            kept_by = actor.account_id or project.owner_id
            session.add(
                KeptText(
                    project_id=project.id, part=MONEY, revision=new_id(), fields=row.typed, kept_by_id=kept_by,
                    kept_at=now(),
                )
            )  # fmt: skip
        session.delete(row)
        session.flush()
        auditing.record(session, actor, "project.paste-undone", "project", project.id, version=project.version)
    return project
