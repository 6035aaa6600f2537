"""What an import writes: projects made and changed, with what undoing it needs, inside the caller's transaction."""

import secrets
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from appraisal.models import ImportAction, ImportChange, ImportState, Project, ProjectImport, ProjectState
from appraisal.models.tables import new_id, now
from appraisal.policy import Actor
from appraisal.services import auditing, project_rows
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.import_plan import ImportPlan, Outcome, PlannedRow
from appraisal.services.room import require_room
from appraisal.services.rounds import round_for_new

KIND = "project-import"
_LEAP = 1_000_000
_AT_ONCE = 200
_SHORTEST_TABLE = 2


class NothingToImport(DomainError):
    """The file changes nothing, or holds problems where all of it was to be taken or nothing."""


def carry_out(session: Session, actor: Actor, row: ProjectImport, made: ImportPlan, *, all_or_nothing: bool) -> None:
    """Do what was planned and let go of the file; raises NothingToImport, StaleVersion."""
    if all_or_nothing and not made.complete:
        problems = len(made.all_problems)
        stand = "1 problem stands" if problems == 1 else f"{problems:,} problems stand"
        raise NothingToImport(f"Nothing was imported: {stand} in the way of taking all of it.")
    changing = list(made.changing())
    if not changing:
        raise NothingToImport("There is nothing to import: no project in the file is new or different.")
    held = round_for_new(session)
    created = [each for each in changing if each.outcome is Outcome.CREATE]
    updated = [each for each in changing if each.outcome is Outcome.UPDATE]
    if created:
        require_room(session, row.organisation_id, more=len(created))
    try:
        for start in range(0, len(created), _AT_ONCE):
            _create(session, actor, row, created[start : start + _AT_ONCE], held.id if held else None)
    except IntegrityError:
        raise StaleVersion(
            "Nothing was imported: a reference was taken at the same moment. Look at the file again."
        ) from None
    for start in range(0, len(updated), _AT_ONCE):
        _update(session, actor, row, updated[start : start + _AT_ONCE])
    row.state, row.stored_at, row.counts = ImportState.STORED, now(), made.counts
    row.content = row.looked = None
    session.flush()
    auditing.record(
        session,
        actor,
        "import.stored",
        KIND,
        row.id,
        file=row.file_name,
        corrected=len(row.corrections or ()),
        **made.counts,
    )


def _create(
    session: Session, actor: Actor, row: ProjectImport, rows: Sequence[PlannedRow], round_id: UUID | None
) -> None:
    at, changes, projects = now(), [], []
    for each in rows:
        if each.file is None:
            continue
        head: dict[str, Any] = {
            "id": new_id(),
            "reference": each.reference,
            "organisation_id": row.organisation_id,
            "owner_id": row.account_id,
            "round_id": round_id,
            "state": ProjectState.DRAFT,
            "version": 1,
            "created_at": at,
            "changed_at": at,
            "years_planned": max(each.file.cash_flows.periods, _SHORTEST_TABLE),
        }
        projects.append(project_rows.rows_of(each.file, head))
        changes.append(_change(row, head["id"], each, ImportAction.CREATED, 1, None))
        auditing.record(
            session, actor, "project.registered", "project", head["id"], reference=each.reference, imported=str(row.id)
        )
    project_rows.write(session, projects)
    session.execute(insert(ImportChange.__table__), changes)  # type: ignore[arg-type]


def _update(session: Session, actor: Actor, row: ProjectImport, rows: Sequence[PlannedRow]) -> None:
    """Lines and answers are written anew under the ids that they had; what was there is kept for undoing."""
    at, changes, projects = now(), [], []
    planned = {each.project.id: each for each in rows if each.project is not None}
    lock(session, list(planned))
    for before in project_rows.stored_rows(session, list(planned)):
        each = planned[before.project["id"]]
        if each.file is None or each.project is None or before.project["version"] != each.project.version:
            raise StaleVersion(f"{each.reference} was changed while the file was read. Look again.")
        # A version that no page has seen: undoing brings the old one back, and a page that was opened in between
        # must never match what is edited after that.
        version = each.project.version + 1 + secrets.randbelow(_LEAP)
        head = {"id": each.project.id, "version": version, "changed_at": at}
        projects.append(project_rows.rows_of(each.file, head, before))
        changes.append(_change(row, each.project.id, each, ImportAction.UPDATED, version, project_rows.as_text(before)))
        auditing.record(
            session, actor, "project.changed", "project", each.project.id, part="import", version=version,
            imported=str(row.id),
        )  # fmt: skip
    project_rows.replace(session, projects)
    session.execute(insert(ImportChange.__table__), changes)  # type: ignore[arg-type]


def _change(
    row: ProjectImport, project_id: UUID, each: PlannedRow, action: ImportAction, version: int, before: str | None
) -> dict[str, object]:
    return {
        "id": new_id(),
        "import_id": row.id,
        "project_id": project_id,
        "reference": each.reference,
        "title": each.file.title if each.file else "",
        "action": action,
        "version": version,
        "before": before,
    }


def lock(session: Session, ids: Sequence[UUID]) -> None:
    """Nobody else changes these projects until the transaction ends."""
    for start in range(0, len(ids), _AT_ONCE):
        some = sorted(ids[start : start + _AT_ONCE])
        session.execute(select(Project.id).where(Project.id.in_(some)).order_by(Project.id).with_for_update())
