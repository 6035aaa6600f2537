"""From a project file to a draft, and from a draft to a submission that never changes."""

from functools import lru_cache
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.canonical import canonical_json, sha256_of_text
from appraisal.models import Notice, Organisation, Project, ProjectState, Submission
from appraisal.policy import Action, Actor, NotFound
from appraisal.services import auditing
from appraisal.services.errors import AlreadyThere, DomainError, StaleVersion, flush_new
from appraisal.services.named_evidence import files_of_projects, named
from appraisal.services.notifying import tell
from appraisal.services.project_mapping import apply_file, stored_file
from appraisal.services.read_drafts import read_file
from appraisal.services.room import require_room
from appraisal.services.rounds import every_round, round_for_new, round_named
from appraisal.services.sent_evidence import freeze
from appraisal.services.transitions import move
from appraisal.services.windows import admit
from appraisal.transactions import reading
from scoring.project_document import to_document
from scoring.project_file import ProjectFile


def register_project(session: Session, actor: Actor, file: ProjectFile, *, round_name: str | None = None) -> Project:
    """Store a project file as a draft of the actor's organisation. One transaction; raises NotAllowed, AlreadyThere."""
    with session.begin():
        policy.require(actor, Action.CREATE_PROJECT)
        if actor.account_id is None or actor.organisation_id is None:
            raise DomainError("A project belongs to an organisation: say with which account it is registered.")
        require_room(session, actor.organisation_id)
        if session.scalar(select(Project.id).where(Project.reference == file.reference)) is not None:
            raise AlreadyThere(f"There is already a project with the reference {file.reference}.")
        project = Project(
            reference=file.reference,
            organisation_id=session.get_one(Organisation, actor.organisation_id).id,
            owner_id=actor.account_id,
            round_id=_round_id(session, round_name),
        )
        apply_file(project, file)
        session.add(project)
        flush_new(session, f"There is already a project with the reference {file.reference}.")
        auditing.record(session, actor, "project.registered", "project", project.id, reference=file.reference)
    return project


def _round_id(session: Session, name: str | None) -> UUID | None:
    found = round_for_new(session) if name is None else round_named(session, name)
    if found is None and name is not None:
        raise DomainError(f"There is no round called {name}.")
    return None if found is None else found.id


def submit_project(session: Session, actor: Actor, project_id: UUID, expected_version: int) -> Submission:
    """Freeze the draft as a submission, to the round that is open for it. One transaction.

    Raises NotFound, NotAllowed, StaleVersion, OutsideWindow, DomainError.
    """
    with session.begin():
        rounds = every_round(session, lock=True)
        project = visible_project(session, actor, project_id, lock=True)
        policy.require(actor, Action.SUBMIT_PROJECT, project)
        if project.version != expected_version:
            raise StaleVersion(f"{project.reference} was changed since you opened it. Read it again, then submit.")
        file = read_file(session, (project.id, project.version, project.changed_at))
        if not file.cash_flows.lines:
            raise DomainError(f"{file.reference} has no cash flow yet: enter what it costs and what it brings.")
        window = admit(session, project, rounds)
        document = canonical_json(to_document(file))
        number = session.scalar(
            select(func.coalesce(func.max(Submission.number), 0)).where(Submission.project_id == project.id)
        )
        submission = Submission(
            project_id=project.id,
            number=(number or 0) + 1,
            document=document,
            sha256=sha256_of_text(document),
            submitted_by_id=actor.account_id or project.owner_id,
            submitted_at=window.at,
        )
        session.add(submission)
        session.flush()
        files = freeze(session, project, submission)
        told = {"sha256": submission.sha256, **({"files": files} if files else {})}
        move(session, actor, project, Action.SUBMIT_PROJECT, ProjectState.SUBMITTED, **told)
        tell(session, [actor.account_id], Notice.SENT, submission.number, project.id, reference=project.reference)
    return submission


def visible_project(session: Session, actor: Actor, project_id: UUID, *, lock: bool = False) -> Project:
    """The project, if the actor may know of it; raises NotFound. Inside the caller's transaction.

    lock: read as it is now, even where the session holds it from before, and kept so until the transaction ends.
    """
    found = session.scalar(_visible(actor, lock=lock), {"project": project_id})
    if found is None:
        raise NotFound("There is no such project.")
    return found


@lru_cache(maxsize=512)
def _visible(actor: Actor, *, lock: bool) -> Select[Project]:
    """Of every page of a project: composed and compiled once for whoever asks often."""
    query = select(Project).where(Project.id == bindparam("project"), policy.visible_projects(actor))
    return query.with_for_update(of=Project).execution_options(populate_existing=True) if lock else query


def project_by_reference(session: Session, actor: Actor, reference: str) -> Project:
    """The same by reference; raises NotFound. Inside the caller's transaction."""
    found = session.scalar(select(Project).where(Project.reference == reference, policy.visible_projects(actor)))
    if found is None:
        raise NotFound(f"There is no project {reference}.")
    return found


def project_document(session: Session, actor: Actor, reference: str) -> str:
    """The project file as canonical JSON, its evidence named in the sources; raises NotFound. One transaction."""
    with reading(session):
        policy.require(actor, Action.EXPORT)
        project = project_by_reference(session, actor, reference)
        files = files_of_projects(session, [project.id]).get(project.id, ())
        return canonical_json(to_document(named(stored_file(session, project), files)))
