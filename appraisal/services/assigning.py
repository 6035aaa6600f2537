"""Which appraiser sees which project."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import Account, Assignment, Declaration, Interest, Notice, Project, ProjectState, Role
from appraisal.models.tables import now
from appraisal.policy import Action, Actor
from appraisal.services import auditing
from appraisal.services.errors import DomainError, flush_new
from appraisal.services.notifying import tell
from appraisal.services.registration import visible_project
from appraisal.transactions import reading


@dataclass(frozen=True, slots=True)
class Appraisers:
    """Who is assigned to a project, and who could be."""

    assigned: Sequence[Account]
    free: Sequence[Account]
    declared: Mapping[UUID, Declaration]
    """By account, of those who have declared."""


def appraisers_of(session: Session, actor: Actor, project_id: UUID) -> Appraisers:
    """Every open appraiser account, assigned or not; raises NotFound, NotAllowed."""
    with reading(session):
        policy.require(actor, Action.ASSIGN_PROJECT, visible_project(session, actor, project_id))
        chosen = set(session.scalars(select(Assignment.account_id).where(Assignment.project_id == project_id)))
        query = select(Account).where(Account.role == Role.APPRAISER, ~Account.disabled).order_by(Account.name)
        people = session.scalars(query).all()
        said = session.scalars(select(Declaration).where(Declaration.project_id == project_id))
        return Appraisers(
            [person for person in people if person.id in chosen],
            [person for person in people if person.id not in chosen],
            {row.account_id: row for row in said},
        )


def assign(session: Session, actor: Actor, project_id: UUID, account_id: UUID) -> None:
    """Let an appraiser see a submitted project; again changes nothing. Raises NotFound, NotAllowed, DomainError."""
    with session.begin():
        project = _assignable(session, actor, project_id)
        account = session.get(Account, account_id)
        if account is None or account.role is not Role.APPRAISER or account.disabled:
            raise DomainError("Choose an appraiser: only they are assigned to projects.")
        if account.organisation_id == project.organisation_id:
            raise DomainError(f"{account.name} belongs to the organisation that registered the project.")
        if session.get(Assignment, (project_id, account_id)) is not None:
            return
        session.add(Assignment(project_id=project_id, account_id=account_id))
        flush_new(session, "Someone has just assigned the same appraiser.")
        auditing.record(session, actor, "project.assigned", "project", project_id, account=str(account_id))
        tell(session, [account_id], Notice.ASSIGNED, now().isoformat(), project_id)


def unassign(session: Session, actor: Actor, project_id: UUID, account_id: UUID) -> None:
    """Take an appraiser off a project: it is out of their sight at once. Raises NotFound, NotAllowed."""
    with session.begin():
        _assignable(session, actor, project_id)
        chosen = delete(Assignment).where(Assignment.project_id == project_id, Assignment.account_id == account_id)
        if session.execute(chosen.returning(Assignment.account_id)).first() is not None:
            auditing.record(session, actor, "project.unassigned", "project", project_id, account=str(account_id))


def _assignable(session: Session, actor: Actor, project_id: UUID) -> Project:
    project = visible_project(session, actor, project_id, lock=True)
    policy.require(actor, Action.ASSIGN_PROJECT, project)
    return project


@dataclass(frozen=True, slots=True)
class Proposed:
    """An appraiser proposed for a project."""

    project_id: UUID
    reference: str
    title: str
    account_id: UUID
    name: str
    load: int
    """How many projects the appraiser then has."""


@dataclass(frozen=True, slots=True)
class Proposal:
    rows: tuple[Proposed, ...]
    short: tuple[str, ...]
    """References for which too few appraisers are free of a tie."""


def propose(session: Session, actor: Actor, each: int) -> Proposal:
    """Who could appraise what, so that every submitted project has `each` appraisers who may judge it.

    The least loaded come first, never one of the organisation that registered the project, and never one who declared a
    conflict. Nothing is changed. Raises NotAllowed.
    """
    with reading(session):
        policy.require_in_state(actor, Action.ASSIGN_PROJECT, ProjectState.SUBMITTED)
        query = select(Project).where(Project.state == ProjectState.SUBMITTED, policy.visible_projects(actor))
        projects = session.scalars(query.order_by(Project.reference)).all()
        people = session.scalars(
            select(Account).where(Account.role == Role.APPRAISER, ~Account.disabled).order_by(Account.name, Account.id)
        ).all()
        assigned = {(row.project_id, row.account_id) for row in session.scalars(select(Assignment))}
        ties = select(Declaration).where(Declaration.interest != Interest.NONE)
        tied = {(row.project_id, row.account_id) for row in session.scalars(ties)}
    return _balanced(projects, people, assigned, tied, each)


Pair = tuple[UUID, UUID]


def _balanced(
    projects: Sequence[Project], people: Sequence[Account], assigned: set[Pair], tied: set[Pair], each: int
) -> Proposal:
    load = {person.id: sum(account == person.id for _, account in assigned - tied) for person in people}
    rows: list[Proposed] = []
    short: list[str] = []
    for project in projects:
        free = [person for person in people if person.organisation_id != project.organisation_id]
        free = [person for person in free if (project.id, person.id) not in assigned | tied]
        missing = each - sum(held == project.id for held, _ in assigned - tied)
        chosen = sorted(free, key=lambda person: (load[person.id], person.name, person.id))[: max(0, missing)]
        for person in chosen:
            load[person.id] += 1
            rows.append(Proposed(project.id, project.reference, project.title, person.id, person.name, load[person.id]))
        if len(chosen) < missing:
            short.append(project.reference)
    return Proposal(tuple(rows), tuple(short))
