"""Bulk import: a file is sent, its columns matched, what it would do shown, done in one transaction, and undone."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.canonical import sha256_of
from appraisal.models import (
    ImportAction,
    ImportChange,
    ImportMapping,
    ImportState,
    JobKind,
    Organisation,
    Project,
    ProjectImport,
    ProjectState,
)
from appraisal.models.tables import new_id, now
from appraisal.policy import Action, Actor, NotFound
from appraisal.reading.workbook.corrections import Correction, corrected, from_document
from appraisal.reading.workbook.files import Opened, open_file, read_file, states_documents
from appraisal.reading.workbook.findings import ReadFile
from appraisal.reading.workbook.listing import Choices
from appraisal.services import auditing, jobs, project_rows
from appraisal.services.errors import DomainError, StaleVersion, flush_new
from appraisal.services.import_plan import ImportPlan, plan
from appraisal.services.import_storing import KIND, carry_out, lock
from appraisal.transactions import reading

_AT_ONCE = 200
_SHOWN_IMPORTS = 20
_MOST_SAID = 1_000
"""Rows of one file that were said to be a stored project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file that was sent, with what its organisation takes its headings for."""

    row: ProjectImport
    content: bytes | None
    remembered: Mapping[str, str]

    @property
    def corrections(self) -> tuple[Correction, ...]:
        return tuple(map(from_document, self.row.corrections or ()))

    def opened(self) -> Opened:
        """The file with what was corrected in it; raises DomainError where it is no longer kept."""
        if self.content is None:
            raise DomainError("The file was imported already; its content is not kept.")
        return corrected(open_file(self.content), self.corrections)

    @property
    def has_columns(self) -> bool:
        """Whether it is made of sheets, whose columns can be read otherwise."""
        return self.content is not None and not states_documents(self.content)

    @property
    def choices(self) -> Choices:
        stated = self.row.choices
        return Choices(
            sheet=stated.get("sheet", ""),
            columns=stated.get("columns", {}),
            defaults=stated.get("defaults", {}),
            decimal_mark=stated.get("decimal_mark", ""),
            same=stated.get("same", {}),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What an import did, and what undoing it would leave as it is."""

    row: ProjectImport
    changes: tuple[ImportChange, ...]
    edited: tuple[ImportChange, ...]
    """Changed, sent or gone since: undoing leaves these as they are."""


def send_file(
    session: Session, actor: Actor, key: UUID, name: str, content: bytes, opened: Opened | None = None
) -> ProjectImport:
    """Keep a file for matching and dry run, in place of the actor's last one that is not stored nor being stored.

    opened: the content, where the caller has opened it. Sent twice under one key, it is kept once. Raises NotAllowed,
    Unreadable where it cannot be read at all.
    """
    rows = (opened or open_file(content)).size
    with session.begin():
        organisation = _organisation(session, actor)
        found = session.get(ProjectImport, key)
        if found is not None:
            return own_import(session, actor, key)
        for last in _waiting(session, actor):
            if not storing(session, last):
                jobs.cancel_all(session, JobKind.IMPORT, last.id)
                session.delete(last)
        row = ProjectImport(
            id=key,
            organisation_id=organisation,
            account_id=actor.account_id,
            file_name=name[:200],
            content=content,
            rows=rows,
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
        row = changeable(session, actor, key)
        row.choices = {
            "sheet": choices.sheet,
            "columns": dict(choices.columns),
            "defaults": dict(choices.defaults),
            "decimal_mark": choices.decimal_mark,
            "same": row.choices.get("same", {}),
        }
        _remember(session, row.organisation_id, choices.columns)


def say_same(session: Session, actor: Actor, key: UUID, at: str, reference: str) -> None:
    """Take the row without a reference at this sheet and row for the actor's project of that reference; with none, for
    a project of its own. Raises NotAllowed, NotFound, DomainError where the file is stored or being stored.
    """
    with session.begin():
        row = changeable(session, actor, key)
        same = {each: said for each, said in row.choices.get("same", {}).items() if each != at}
        if reference:
            own = select(Project.id).where(
                policy.visible_projects(actor), Project.organisation_id == row.organisation_id
            )
            if session.scalar(own.where(Project.reference == reference)) is None:
                raise NotFound("There is no such project.")
            same[at] = reference
        row.choices = {**row.choices, "same": dict(list(same.items())[-_MOST_SAID:])}


def dry_run(session: Session, actor: Actor, key: UUID) -> ImportPlan:
    """What importing the file would do now, by the code that does it; raises NotAllowed, NotFound."""
    with reading(session):
        return planned(session, actor, key)


def planned(session: Session, actor: Actor, key: UUID, seen: Callable[[float], None] | None = None) -> ImportPlan:
    """The same inside the caller's transaction; `seen` is told which part of the projects is compared."""
    sent = _sent(session, actor, key)
    stated = sha256_of([sent.row.choices, sent.row.corrections or []])
    return plan(session, actor, _read(sent), stated=stated, seen=seen)


def mark_of(session: Session, actor: Actor, key: UUID) -> str:
    """What a file is read from and how: its content, what was said of it and corrected in it, what is remembered.

    Inside the caller's transaction; raises NotAllowed, NotFound.
    """
    sent = _sent(session, actor, key)
    content = hashlib.sha256(sent.content or b"").hexdigest()
    said = [sent.row.choices, sent.row.corrections or [], dict(sent.remembered)]
    return sha256_of([str(sent.row.organisation_id), content, said])


def plan_content(session: Session, actor: Actor, content: bytes) -> ImportPlan:
    """The same for a file that nobody keeps, as the command line has it; raises NotAllowed, Unreadable."""
    read = read_file(open_file(content), Choices(), {})
    with reading(session):
        _organisation(session, actor)
        return plan(session, actor, read)


def digest_of(made: ImportPlan) -> str:
    """What tells two plans apart: what was said of the file, which projects, which outcome, from which version."""
    rows = [[row.outcome.value, row.reference, str(row.project.version if row.project else 0)] for row in made.rows]
    return sha256_of([made.stated, rows])


def store(session: Session, actor: Actor, key: UUID, digest: str, *, all_or_nothing: bool) -> ProjectImport:
    """Do what the dry run showed, in one transaction; a second time it is done already.

    Raises NotAllowed, NotFound, StaleVersion where the projects are no longer those that the dry run saw,
    NothingToImport.
    """
    with session.begin():
        row = own_import(session, actor, key, lock=True)
        if row.state is not ImportState.READ or storing(session, row):
            return row
        made = planned(session, actor, key)
        must_be(made, digest)
        carry_out(session, actor, row, made, all_or_nothing=all_or_nothing)
    return row


def must_be(made: ImportPlan, digest: str) -> None:
    """Raises StaleVersion where the plan is not the one that was looked at."""
    if digest_of(made) != digest:
        raise StaleVersion(
            "Nothing was imported: projects were changed, or the file was read otherwise, since you looked at what "
            "it would do. Look again."
        )


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
        carry_out(session, actor, row, made, all_or_nothing=all_or_nothing)
    return row, made


def result_of(session: Session, actor: Actor, key: UUID) -> Result:
    """What the import did; raises NotAllowed, NotFound."""
    with reading(session):
        row = own_import(session, actor, key)
        changes = _changes(session, key)
        edited = _edited(session, changes) if row.state is ImportState.STORED else set()
        return Result(row=row, changes=changes, edited=tuple(each for each in changes if each.project_id in edited))


def undo(session: Session, actor: Actor, key: UUID) -> Result:
    """Take back what the import did to every project that nobody edited since; the rows become exactly what they were.

    Raises NotAllowed, NotFound, DomainError where it was undone already.
    """
    with session.begin():
        row = own_import(session, actor, key, lock=True)
        if row.state is not ImportState.STORED:
            raise DomainError("There is nothing to undo: the import was not stored, or was undone already.")
        changes = _changes(session, key)
        lock(session, [change.project_id for change in changes])
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


def waiting_imports(session: Session, actor: Actor) -> tuple[ProjectImport, ...]:
    """The actor's own files that are not stored yet, the newest first; raises NotAllowed."""
    with reading(session):
        _organisation(session, actor)
        return tuple(_waiting(session, actor))


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


def own_import(session: Session, actor: Actor, key: UUID, *, lock: bool = False) -> ProjectImport:
    """Inside the caller's transaction; raises NotAllowed, NotFound."""
    organisation = _organisation(session, actor)
    row = session.get(ProjectImport, key, with_for_update=lock or None)
    if (
        row is None
        or row.organisation_id != organisation
        or (row.state is ImportState.READ and row.account_id != actor.account_id)
    ):
        raise NotFound("There is no such import.")
    return row


def changeable(session: Session, actor: Actor, key: UUID) -> ProjectImport:
    """The file, locked, about to be read otherwise: what was found in it holds no longer, who looks at it stops.

    Inside the caller's transaction; raises NotAllowed, NotFound, DomainError where it is stored or being stored.
    """
    row = own_import(session, actor, key, lock=True)
    if row.state is not ImportState.READ:
        raise DomainError("This file was imported already.")
    if storing(session, row):
        raise DomainError("This file is being imported: cancel that first.")
    jobs.cancel_all(session, JobKind.IMPORT, row.id)
    row.looked = None
    return row


def storing(session: Session, row: ProjectImport) -> bool:
    """Whether a job is to store it, or does; inside the caller's transaction."""
    return row.asked is not None and jobs.unfinished_job(session, JobKind.IMPORT, row.id) is not None


def _waiting(session: Session, actor: Actor) -> Sequence[ProjectImport]:
    query = select(ProjectImport).where(
        ProjectImport.account_id == actor.account_id, ProjectImport.state == ImportState.READ
    )
    return session.scalars(query.order_by(ProjectImport.sent_at.desc())).all()


def _sent(session: Session, actor: Actor, key: UUID) -> SentFile:
    row = own_import(session, actor, key)
    headings = select(ImportMapping.heading, ImportMapping.target).where(
        ImportMapping.organisation_id == row.organisation_id
    )
    remembered = {row.heading: row.target for row in session.execute(headings)}
    return SentFile(row=row, content=row.content, remembered=remembered)


def _read(sent: SentFile) -> ReadFile:
    return read_file(sent.opened(), sent.choices, sent.remembered)


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


def _put_back(session: Session, actor: Actor, key: UUID, changes: Sequence[UUID]) -> None:
    kept = session.execute(
        select(ImportChange.project_id, ImportChange.before).where(ImportChange.id.in_(changes))
    ).all()
    project_rows.replace(session, [project_rows.from_text(before) for _, before in kept if before is not None])
    for project_id, _ in kept:
        auditing.record(session, actor, "project.put-back", "project", project_id, undone=str(key))
