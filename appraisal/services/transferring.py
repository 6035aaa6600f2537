"""Handing a project to another planner: it leaves the sight of the former organisation at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import Account, Assignment, Notice, Obligation, ObligationState, Project, Role
from appraisal.models.tables import now
from appraisal.policy import Action, Actor
from appraisal.services import auditing
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.notifying import tell
from appraisal.services.registration import visible_project
from appraisal.transactions import reading


@dataclass(frozen=True, slots=True)
class Ownership:
    """Whose a project is, and who could have it."""

    owner: Account
    organisation: str
    version: int
    receivers: Sequence[Account]


def ownership_of(session: Session, actor: Actor, project_id: UUID) -> Ownership:
    """Whose the project is, with every open planner account but the owner's; raises NotFound, NotAllowed."""
    with reading(session):
        project = visible_project(session, actor, project_id)
        policy.require(actor, Action.TRANSFER_PROJECT, project)
        others = select(Account).where(Account.role == Role.PLANNER, ~Account.disabled, Account.id != project.owner_id)
        people = session.scalars(others.order_by(Account.name, Account.email)).all()
        return Ownership(project.owner, project.organisation.name, project.version, people)


def transfer(session: Session, actor: Actor, project_id: UUID, account_id: UUID, expected_version: int) -> Account:
    """Give the project to a planner, and with it to the planner's organisation; returns whom it belongs to now.

    Raises NotFound, NotAllowed, StaleVersion, and DomainError while someone of the receiving organisation appraises it.
    """
    with session.begin():
        project = visible_project(session, actor, project_id, lock=True)
        policy.require(actor, Action.TRANSFER_PROJECT, project)
        if project.version != expected_version:
            raise StaleVersion(
                f"{project.reference} was changed since you opened it. Read it again, then hand it over."
            )
        receiver = session.get(Account, account_id, with_for_update={"of": Account, "read": True})
        if receiver is None or receiver.role is not Role.PLANNER or receiver.disabled:
            raise DomainError("Choose a planner: only planners have projects.")
        if receiver.id == project.owner_id:
            return receiver
        _refuse_own_appraisers(session, project, receiver)
        former = {"from_account": str(project.owner_id), "from_organisation": str(project.organisation_id)}
        project.owner_id, project.organisation_id = receiver.id, receiver.organisation_id
        _hand_obligations_on(session, project, receiver)
        to = {"to_account": str(receiver.id), "to_organisation": str(receiver.organisation_id)}
        tell(session, [receiver.id], Notice.TRANSFERRED, now().isoformat(), project.id)
        auditing.record(
            session, actor, "project.transferred", "project", project.id, reference=project.reference, **former, **to
        )
    return receiver


def _hand_obligations_on(session: Session, project: Project, receiver: Account) -> None:
    """What is still owed is owed by who has the project."""
    owed = select(Obligation).where(Obligation.project_id == project.id, Obligation.state == ObligationState.OPEN)
    for row in session.scalars(owed.with_for_update()):
        row.owner_id = receiver.id


def _refuse_own_appraisers(session: Session, project: Project, receiver: Account) -> None:
    """Nobody appraises a project of the own organisation."""
    own = (
        select(Account.name)
        .join(Assignment, Assignment.account_id == Account.id)
        .where(Assignment.project_id == project.id, Account.organisation_id == receiver.organisation_id)
    )
    names = session.scalars(own.order_by(Account.name)).all()
    if names:
        raise DomainError(
            f"{', '.join(names)} of {receiver.organisation.name} would appraise a project of the own organisation. "
            f"Take {'them' if len(names) > 1 else 'this appraiser'} off the project first."
        )
