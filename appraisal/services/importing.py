"""Bulk import: a file is sent, its columns matched, what it would do shown, done in one transaction, and undone."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.canonical import sha256_of
from appraisal.models import (
    ImportAction,
    ImportChange,
    ImportMapping,
    ImportState,
    Organisation,
    Project,
    ProjectImport,
    ProjectState,
)
from appraisal.models.tables import new_id, now
from appraisal.policy import Action, Actor, NotFound
from appraisal.reading.workbook.files import open_file, read_file
from appraisal.reading.workbook.findings import ReadFile
from appraisal.reading.workbook.listing import Choices
from appraisal.services import auditing, project_rows
from appraisal.services.errors import DomainError, StaleVersion, flush_new
from appraisal.services.import_plan import ImportPlan, Outcome, PlannedRow, plan
from appraisal.services.rounds import round_for_new
from appraisal.transactions import reading

KIND = "project-import"
_LEAP = 1_000_000
_AT_ONCE = 200
_SHOWN_IMPORTS = 20


class NothingToImport(DomainError):
    """The file changes nothing, or holds problems where all of it was to be taken or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file that was sent, with what its organisation takes its headings for."""

    row: ProjectImport
    content: bytes | None
    remembered: Mapping[str, str]

    @property
    def choices(self) -> Choices:
        stated = self.row.choices
        return Choices(
            sheet=stated.get("sheet", ""),
            columns=stated.get("columns", {}),
            defaults=stated.get("defaults", {}),
            decimal_mark=stated.get("decimal_mark", ""),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What an import did, and what undoing it would leave as it is."""

    row: ProjectImport
    changes: tuple[ImportChange, ...]
    edited: tuple[ImportChange, ...]
    """Changed, sent or gone since: undoing leaves these as they are."""


def send_file(session: Session, actor: Actor, key: UUID, name: str, content: bytes) -> ProjectImport:
    """Keep a file for matching and dry run, in place of the actor's last one that was not stored.

    Sent twice under one key, it is kept once. Raises NotAllowed, Unreadable where it cannot be read at all.
    """
    open_file(content)
    with session.begin():
        organisation = _organisation(session, actor)
        found = session.get(ProjectImport, key)
        if found is not None:
            return _own(session, actor, key)
        session.execute(
            delete(ProjectImport).where(
                ProjectImport.account_id == actor.account_id, ProjectImport.state == ImportState.READ
            )
        )
        row = ProjectImport(
            id=key, organisation_id=organisation, account_id=actor.account_id, file_name=name[:200], content=content
        )
        session.add(row)
        flush_new(session, "This file was sent at the same moment already.")
    return row


def sent_file(session: Session, actor: Actor, key: UUID) -> SentFile:
    """The file with what is remembered of its organisation's headings; raises NotAllowed, NotFound."""
    with reading(session):
        return _sent(session, actor, key)


def choose(session: Session, actor: Actor, key: UUID, choices: Choices) -> None:
    """Keep what the person says of the file, and remember its columns for the next; raises NotAllowed, NotFound."""
    with session.begin():
        row = _own(session, actor, key, lock=True)
        if row.state is not ImportState.READ:
            raise DomainError("This file was imported already.")
        row.choices = {
            "sheet": choices.sheet,
            "columns": dict(choices.columns),
            "defaults": dict(choices.defaults),
            "decimal_mark": choices.decimal_mark,
        }
        _remember(session, row.organisation_id, choices.columns)


def dry_run(session: Session, actor: Actor, key: UUID) -> ImportPlan:
    """What importing the file would do now, by the code that does it; raises NotAllowed, NotFound."""
    with reading(session):
        return plan(session, actor, _read(_sent(session, actor, key)))


def plan_content(session: Session, actor: Actor, content: bytes) -> ImportPlan:
    """The same for a file that nobody keeps, as the command line has it; raises NotAllowed, Unreadable."""
    read = read_file(open_file(content), Choices(), {})
    with reading(session):
        _organisation(session, actor)
        return plan(session, actor, read)


def digest_of(made: ImportPlan) -> str:
    """What tells two plans apart: which projects, which outcome, from which version."""
    return sha256_of(
        [[row.outcome.value, row.reference, str(row.project.version if row.project else 0)] for row in made.rows]
    )


def store(session: Session, actor: Actor, key: UUID, digest: str, *, all_or_nothing: bool) -> ProjectImport:
    """Do what the dry run showed, in one transaction; a second time it is done already.

    Raises NotAllowed, NotFound, StaleVersion where the projects are no longer those that the dry run saw,
    NothingToImport.
    """
    with session.begin():
        row = _own(session, actor, key, lock=True)
        if row.state is not ImportState.READ:
            return row
        made = plan(session, actor, _read(_sent(session, actor, key)))
        if digest_of(made) != digest:
            raise StaleVersion("Projects were changed since you looked at what the file would do. Look again.")
        _carry_out(session, actor, row, made, all_or_nothing=all_or_nothing)
        row.content = None
    return row


def import_content(
    session: Session, actor: Actor, name: str, content: bytes, *, all_or_nothing: bool = True
) -> tuple[ProjectImport, ImportPlan]:
    """Send and store in one, as the command line does; raises NotAllowed, Unreadable, NothingToImport."""
    read = read_file(open_file(content), Choices(), {})
    with session.begin():
        row = ProjectImport(
            id=new_id(),
            organisation_id=_organisation(session, actor),
            account_id=actor.account_id,
            file_name=name[:200],
        )
        session.add(row)
        session.flush()
        made = plan(session, actor, read)
        _carry_out(session, actor, row, made, all_or_nothing=all_or_nothing)
    return row, made


def result_of(session: Session, actor: Actor, key: UUID) -> Result:
    """What the import did; raises NotAllowed, NotFound."""
    with reading(session):
        row = _own(session, actor, key)
        changes = _changes(session, key)
        edited = _edited(session, changes) if row.state is ImportState.STORED else set()
        return Result(row=row, changes=changes, edited=tuple(each for each in changes if each.project_id in edited))


def undo(session: Session, actor: Actor, key: UUID) -> Result:
    """Take back what the import did to every project that nobody edited since; the rows become exactly what they were.

    Raises NotAllowed, NotFound, DomainError where it was undone already.
    """
    with session.begin():
        row = _own(session, actor, key, lock=True)
        if row.state is not ImportState.STORED:
            raise DomainError("There is nothing to undo: the import was not stored, or was undone already.")
        changes = _changes(session, key)
        _lock(session, [change.project_id for change in changes])
        edited = _edited(session, changes)
        open_changes = [change for change in changes if change.project_id not in edited]
        created = [change for change in open_changes if change.action is ImportAction.CREATED]
        project_rows.remove(session, [change.project_id for change in created])
        for change in created:
            auditing.record(
                session, actor, "project.discarded", "project", change.project_id, reference=change.reference,
                undone=str(key),
            )  # fmt: skip
        updated = [change.id for change in open_changes if change.action is ImportAction.UPDATED]
        for start in range(0, len(updated), _AT_ONCE):
            _put_back(session, actor, key, updated[start : start + _AT_ONCE])
        row.state, row.undone_at = ImportState.UNDONE, now()
        auditing.record(
            session, actor, "import.undone", KIND, key, undone=len(open_changes), left=len(changes) - len(open_changes)
        )
        return Result(row=row, changes=changes, edited=tuple(each for each in changes if each.project_id in edited))


def past_imports(session: Session, actor: Actor) -> tuple[ProjectImport, ...]:
    """The organisation's imports, the newest first; raises NotAllowed."""
    with reading(session):
        organisation = _organisation(session, actor)
        query = (
            select(ProjectImport)
            .where(ProjectImport.organisation_id == organisation, ProjectImport.state != ImportState.READ)
            .order_by(ProjectImport.stored_at.desc())
            .limit(_SHOWN_IMPORTS)
        )
        return tuple(session.scalars(query))


def _organisation(session: Session, actor: Actor) -> UUID:
    policy.require(actor, Action.CREATE_PROJECT)
    if actor.account_id is None or actor.organisation_id is None:
        raise DomainError("Projects belong to an organisation: say with which account they are imported.")
    return session.get_one(Organisation, actor.organisation_id).id


def _own(session: Session, actor: Actor, key: UUID, *, lock: bool = False) -> ProjectImport:
    organisation = _organisation(session, actor)
    row = session.get(ProjectImport, key, with_for_update=lock or None)
    if (
        row is None
        or row.organisation_id != organisation
        or (row.state is ImportState.READ and row.account_id != actor.account_id)
    ):
        raise NotFound("There is no such import.")
    return row


def _sent(session: Session, actor: Actor, key: UUID) -> SentFile:
    row = _own(session, actor, key)
    headings = select(ImportMapping.heading, ImportMapping.target).where(
        ImportMapping.organisation_id == row.organisation_id
    )
    remembered = {row.heading: row.target for row in session.execute(headings)}
    return SentFile(row=row, content=row.content, remembered=remembered)


def _read(sent: SentFile) -> ReadFile:
    if sent.content is None:
        raise DomainError("The file was imported already; its content is not kept.")
    return read_file(open_file(sent.content), sent.choices, sent.remembered)


def _remember(session: Session, organisation: UUID, columns: Mapping[str, str]) -> None:
    known = {
        row.heading: row
        for row in session.scalars(select(ImportMapping).where(ImportMapping.organisation_id == organisation))
    }
    for heading, target in columns.items():
        row = known.get(heading)
        if row is None:
            session.add(ImportMapping(organisation_id=organisation, heading=heading[:210], target=target))
        elif row.target != target:
            row.target, row.chosen_at = target, now()


def _carry_out(session: Session, actor: Actor, row: ProjectImport, made: ImportPlan, *, all_or_nothing: bool) -> None:
    if all_or_nothing and not made.complete:
        raise NothingToImport(
            f"Nothing was imported: {len(made.all_problems):,} problems stand in the way of taking all of it."
        )
    changing = list(made.changing())
    if not changing:
        raise NothingToImport("There is nothing to import: no project in the file is new or different.")
    held = round_for_new(session)
    created = [each for each in changing if each.outcome is Outcome.CREATE]
    updated = [each for each in changing if each.outcome is Outcome.UPDATE]
    for start in range(0, len(created), _AT_ONCE):
        _create(session, actor, row, created[start : start + _AT_ONCE], held.id if held else None)
    for start in range(0, len(updated), _AT_ONCE):
        _update(session, actor, row, updated[start : start + _AT_ONCE])
    row.state, row.stored_at, row.counts = ImportState.STORED, now(), made.counts
    session.flush()
    auditing.record(session, actor, "import.stored", KIND, row.id, file=row.file_name, **made.counts)


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
    _lock(session, list(planned))
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


def _changes(session: Session, key: UUID) -> tuple[ImportChange, ...]:
    query = select(ImportChange).where(ImportChange.import_id == key).order_by(ImportChange.reference)
    return tuple(session.scalars(query))


def _edited(session: Session, changes: Sequence[ImportChange]) -> set[UUID]:
    """The projects that are no longer as the import left them."""
    left = {change.project_id: change.version for change in changes}
    ids, as_left = list(left), set()
    for start in range(0, len(ids), _AT_ONCE):
        query = select(Project.id, Project.version, Project.state).where(Project.id.in_(ids[start : start + _AT_ONCE]))
        as_left |= {
            row.id for row in session.execute(query) if row.version == left[row.id] and row.state is ProjectState.DRAFT
        }
    return set(ids) - as_left


def _lock(session: Session, ids: Sequence[UUID]) -> None:
    for start in range(0, len(ids), _AT_ONCE):
        some = sorted(ids[start : start + _AT_ONCE])
        session.execute(select(Project.id).where(Project.id.in_(some)).order_by(Project.id).with_for_update())


def _put_back(session: Session, actor: Actor, key: UUID, changes: Sequence[UUID]) -> None:
    kept = session.execute(
        select(ImportChange.project_id, ImportChange.before).where(ImportChange.id.in_(changes))
    ).all()
    project_rows.replace(session, [project_rows.from_text(before) for _, before in kept if before is not None])
    for project_id, _ in kept:
        auditing.record(session, actor, "project.put-back", "project", project_id, undone=str(key))


_SHORTEST_TABLE = 2
