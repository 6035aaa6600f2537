"""A draft: started, changed part by part, taken back after it was sent, discarded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Update, bindparam, func, select, update
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.canonical import canonical_json
from appraisal.models import Organisation, Project, ProjectState, Round, Submission
from appraisal.models.tables import now
from appraisal.policy import Action, Actor, NotFound
from appraisal.reading.project_file import read_changed, read_project
from appraisal.services import auditing
from appraisal.services.errors import AlreadyMoved, DomainError, StaleVersion, flush_new
from appraisal.services.evidence import clear
from appraisal.services.frameworks import built_in, framework_at
from appraisal.services.keeping import Kept, kept_texts, take_away
from appraisal.services.own_records import city_at
from appraisal.services.project_mapping import apply_file, changed_values, stored_file
from appraisal.services.read_drafts import keep, read_file
from appraisal.services.registration import visible_project
from appraisal.services.room import require_room
from appraisal.services.rounds import every_round, round_for_new
from appraisal.services.transitions import move
from appraisal.services.windows import Window, require_open, window
from appraisal.trail.facts import fact_of, returned
from appraisal.trail.sealing import touch_as_written
from appraisal.transactions import reading
from scoring.frameworks import Framework
from scoring.project_document import to_document
from scoring.project_file import ProjectFile

SHORTEST_TABLE = 2
_REFERENCES = 1
"""The advisory lock under which references are given out."""

Change = Callable[[ProjectFile], ProjectFile]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A project as it stands, for the pages of its journey."""

    project_id: UUID
    version: int
    state: ProjectState
    changed_at: datetime
    years_planned: int
    file: ProjectFile
    framework: Framework
    submissions: int
    record_city: str = ""
    """The city whose completed projects speak for it."""
    kept: Mapping[str, Kept] = field(default_factory=dict)
    """What was typed and does not read yet, by page."""

    @property
    def years(self) -> range:
        """The years of the cash-flow table: what is planned, or what the lines already cover."""
        first = self.file.cash_flows.first_year
        return range(first, first + max(self.years_planned, self.file.cash_flows.periods))


def draft_of(session: Session, actor: Actor, project_id: UUID) -> Draft:
    """The project with its framework and round; raises NotFound."""
    with reading(session):
        found = session.connection().execute(_of_draft(actor), {"project": project_id}).first()
        if found is None:
            raise NotFound("There is no such project.")
        key, version, state, changed_at, years, city, place, framework, sent = found
        return Draft(
            project_id=key,
            version=version,
            state=state,
            changed_at=changed_at,
            years_planned=years,
            file=read_file(session, (key, version, changed_at)),
            framework=framework_at(session, framework) if framework else built_in(),
            submissions=sent,
            record_city=city_at(city, place or ""),
            kept=kept_texts(session, key),
        )


@lru_cache(maxsize=512)
def _of_draft(actor: Actor) -> Select[*tuple[Any, ...]]:
    """A project, what of its round counts for a draft, and how often it was submitted: composed once for each actor."""
    of, held = Project.__table__.c, Round.__table__.c
    sent = select(func.count()).where(Submission.project_id == of.id).correlate(Project).scalar_subquery()
    own = of.id, of.version, of.state, of.changed_at, of.years_planned, of.city
    query = select(*own, held.place, held.framework_version_id, sent).outerjoin_from(
        Project.__table__, Round.__table__, of.round_id == held.id
    )
    return query.where(of.id == bindparam("project"), policy.visible_projects(actor))


def window_of(session: Session, actor: Actor, project_id: UUID) -> Window:
    """How the project stands to its round now; raises NotFound."""
    with reading(session):
        return window(session, visible_project(session, actor, project_id))


def editable_draft(session: Session, actor: Actor, project_id: UUID) -> Draft:
    """The same, where the actor may change it; raises NotFound, NotAllowed."""
    draft = draft_of(session, actor, project_id)
    policy.require_in_state(actor, Action.EDIT_PROJECT, draft.state)
    return draft


def start_project(session: Session, actor: Actor, key: UUID, file: ProjectFile, *, years: int) -> Project:
    """Make a draft of the actor's organisation with a reference of its own; sent twice under one key, it is made once.

    Raises NotAllowed, and Unreadable where the file breaks a rule.
    """
    with session.begin():
        policy.require(actor, Action.CREATE_PROJECT)
        if actor.account_id is None or actor.organisation_id is None:
            raise DomainError("A project belongs to an organisation: sign in with an account of it.")
        if session.get(Project, key) is not None:
            return visible_project(session, actor, key)
        require_room(session, actor.organisation_id)
        held = round_for_new(session)
        project = Project(
            id=key,
            reference=_free_reference(session),
            organisation_id=session.get_one(Organisation, actor.organisation_id).id,
            owner_id=actor.account_id,
            round_id=held.id if held else None,
            years_planned=years,
        )
        apply_file(project, _checked(file))
        session.add(project)
        flush_new(session, "Someone has just registered a project at the same moment. Send the form again.")
        auditing.record(session, actor, "project.registered", "project", project.id, reference=project.reference)
    return project


def edit_project(
    session: Session,
    actor: Actor,
    project_id: UUID,
    expected_version: int,
    change: Change,
    *,
    part: str,
    years: int | None = None,
    text: UUID | None = None,
) -> Project:
    """Change a part of the draft; nobody's change is overwritten unseen, and nobody's kept text of that part.

    text: the revision of the kept text that was seen, None where there was none; the text goes.
    Raises NotFound, NotAllowed, StaleVersion where either was changed since, Unreadable with the paths of what breaks a
    rule.
    """
    with session.begin():
        project = locked_draft(session, actor, project_id, expected_version)
        change_part(session, actor, project, change, part=part, years=years, text=text)
    return project


def locked_draft(session: Session, actor: Actor, project_id: UUID, expected_version: int) -> Project:
    """The project, to be changed in the caller's transaction; raises NotFound, NotAllowed, StaleVersion."""
    project = visible_project(session, actor, project_id, lock=True)
    policy.require(actor, Action.EDIT_PROJECT, project)
    if project.version != expected_version:
        raise StaleVersion(f"{project.title} was changed since you opened this page.")
    return project


def change_part(
    session: Session,
    actor: Actor,
    project: Project,
    change: Change,
    *,
    part: str,
    years: int | None = None,
    text: UUID | None = None,
) -> None:
    """What `edit_project` does to a draft, inside the caller's transaction, which holds it."""
    before = stored_file(session, project)
    _put(session, actor, project, before, read_changed(change(before), before), part=part, years=years, text=text)


def edit_draft(
    session: Session,
    actor: Actor,
    draft: Draft,
    change: Change,
    *,
    part: str,
    years: int | None = None,
    text: UUID | None = None,
) -> Draft:
    """What `edit_project` does, to a draft as it was read a moment ago, and the draft as it is then.

    A version says one thing only: where it is still the same, what was read is what is stored. So the change is made
    and checked before anybody has to wait for it, and only what differs is written.
    """
    file = read_changed(change(draft.file), draft.file)
    planned = draft.years_planned if years is None else years
    with session.begin():
        moment = _put_in_own_row(session, actor, draft, file, part=part, years=planned, text=text)
        if moment is None:
            project = locked_draft(session, actor, draft.project_id, draft.version)
            _put(session, actor, project, draft.file, file, part=part, years=years, text=text)
            moment = project.changed_at
    keep(session, (draft.project_id, draft.version + 1, moment), file)
    return replace(
        draft,
        version=draft.version + 1,
        changed_at=moment,
        years_planned=planned,
        file=file,
        kept={key: kept for key, kept in draft.kept.items() if key != part},
    )


def _put_in_own_row(
    session: Session, actor: Actor, draft: Draft, file: ProjectFile, *, part: str, years: int, text: UUID | None
) -> datetime | None:
    """What `_put` does and when, in one statement, where lines and answers stay as they are. None where they do not, or
    the project is no longer as it was read: whoever reads it then says why.
    """
    if file.cash_flows.lines != draft.file.cash_flows.lines or file.answers != draft.file.answers:
        return None
    policy.require_in_state(actor, Action.EDIT_PROJECT, draft.state)
    moment, version = now(), draft.version + 1
    values = changed_values(file, draft.file) | {"changed_at": moment, "version": version, "years_planned": years}
    seen = {"project": draft.project_id, "seen": draft.version, "seen_state": draft.state}
    row = session.connection().execute(_as_seen(actor), {**values, **seen}).first()
    if row is None:
        return None
    touch_as_written(session, Project.__tablename__, draft.project_id, fact_of(row))
    take_away(session, draft.project_id, part, text)
    auditing.record(session, actor, "project.changed", "project", draft.project_id, part=part, version=version)
    return moment


@lru_cache(maxsize=512)
def _as_seen(actor: Actor) -> Update:
    """Changes the row of a project that the actor may know of, as long as version and state are those that were read,
    and gives it back as it is then; which columns, the parameters say."""
    changed = update(Project.metadata.tables[Project.__tablename__]).where(
        Project.id == bindparam("project"),
        Project.version == bindparam("seen"),
        Project.state == bindparam("seen_state"),
        policy.visible_projects(actor),
    )
    return changed.returning(*returned(Project.__tablename__))


def _put(
    session: Session,
    actor: Actor,
    project: Project,
    before: ProjectFile,
    file: ProjectFile,
    *,
    part: str,
    years: int | None,
    text: UUID | None,
) -> None:
    take_away(session, project.id, part, text)
    apply_file(project, file, before)
    if years is not None:
        project.years_planned = years
    session.flush()
    auditing.record(session, actor, "project.changed", "project", project.id, part=part, version=project.version)


_ALREADY = {Action.TAKE_BACK_PROJECT: "is taken back", Action.WITHDRAW_PROJECT: "is withdrawn"}


def take_back(session: Session, actor: Actor, project_id: UUID) -> Project:
    """Make a draft of a submitted or withdrawn project again; what was submitted stays on record.

    Raises NotFound, NotAllowed, OutsideWindow, AlreadyMoved where it was taken back before.
    """
    with session.begin():
        return _moved_in_time(session, actor, project_id, Action.TAKE_BACK_PROJECT, ProjectState.DRAFT)


def withdraw(session: Session, actor: Actor, project_id: UUID) -> Project:
    """Let a submitted project no longer compete; it stays on record.

    Raises NotFound, NotAllowed, OutsideWindow, AlreadyMoved where it was withdrawn before.
    """
    with session.begin():
        return _moved_in_time(session, actor, project_id, Action.WITHDRAW_PROJECT, ProjectState.WITHDRAWN)


def _moved_in_time(session: Session, actor: Actor, project_id: UUID, action: Action, to: ProjectState) -> Project:
    rounds = every_round(session, lock=True)
    project = visible_project(session, actor, project_id, lock=True)
    if (
        project.state is to
        and project.submissions
        and policy.allows(actor, action, project_state=ProjectState.SUBMITTED)
    ):
        raise AlreadyMoved(
            f"{project.reference} {_ALREADY[action]} already: someone did it just now, or you did twice."
        )
    policy.require(actor, action, project)
    require_open(session, project, rounds)
    move(session, actor, project, action, to)
    return project


def discard_draft(session: Session, actor: Actor, project_id: UUID) -> str:
    """Delete a draft that was never submitted, and return its title; raises NotFound, NotAllowed, DomainError."""
    with session.begin():
        project = visible_project(session, actor, project_id, lock=True)
        policy.require(actor, Action.EDIT_PROJECT, project)
        if project.submissions:
            raise DomainError("This project was submitted once: what was submitted stays on record.")
        title = project.title
        clear(session, project)
        session.delete(project)
        auditing.record(session, actor, "project.discarded", "project", project.id, reference=project.reference)
    return title


def _checked(file: ProjectFile) -> ProjectFile:
    """The file read back by the rules of every project file: a form stores nothing that an import could not."""
    return read_project(canonical_json(to_document(file)))


def _free_reference(session: Session) -> str:
    """The next reference; on PostgreSQL two registrations at once would otherwise both take the same one."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_REFERENCES)))
    number = (session.scalar(select(func.count()).select_from(Project)) or 0) + 1
    while session.scalar(select(Project.id).where(Project.reference == f"P-{number:04}")) is not None:
        number += 1
    return f"P-{number:04}"
