"""Who may owe what a decision sets: people of the project's organisation and of the office, chosen by name (ADR 38).

A record names the organisation and the account. The person's name stays with the account, and is read from there.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import Account, Project, Role
from appraisal.policy import Action
from appraisal.services.letters import Condition

OFFICE = tuple(sorted(policy.ALLOWED[Action.READ_DECISIONS]))
"""The roles that read every decision, and so what one asks of them."""


def may_owe(project: Project) -> ColumnElement[bool]:
    """The condition on `Account` under which somebody sees what is owed on the project, and can be asked for it."""
    own = (Account.role == Role.PLANNER) & (Account.organisation_id == project.organisation_id)
    return ~Account.disabled & (own | Account.role.in_(OFFICE))


def choosable(session: Session, projects: Iterable[Project]) -> tuple[Account, ...]:
    """Who may owe a condition of every one of them: planners first, each by name. Inside the caller's transaction."""
    query = select(Account).where(*(may_owe(project) for project in projects))
    found = session.scalars(query.order_by(Account.name, Account.email))
    return tuple(sorted(found, key=lambda person: person.role is not Role.PLANNER))


def owing(session: Session, account: UUID | None, project: Project) -> UUID:
    """Who is reminded of a condition: the person who was chosen while they may owe it, else the project's planner.

    Inside the caller's transaction.
    """
    chosen = select(Account.id).where(Account.id == account, may_owe(project))
    return session.scalar(chosen) or project.owner_id


def names_of(session: Session, conditions: Iterable[Condition]) -> Mapping[UUID, str]:
    """The names that the accounts of those who were chosen have now. Inside the caller's transaction."""
    accounts = {each.account for each in conditions if each.account is not None}
    if not accounts:
        return {}
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(accounts)))
    return {row.id: row.name for row in rows}


def named(conditions: Iterable[Condition], names: Mapping[UUID, str]) -> tuple[Condition, ...]:
    """Each with the name of the person who was chosen."""
    return tuple(replace(each, person=names.get(each.account, "") if each.account else "") for each in conditions)


def of_organisation(conditions: Iterable[Condition], people: Collection[Account]) -> tuple[Condition, ...]:
    """Each that names one of these people, with the organisation that they are of."""
    known = {person.id: person.organisation.name for person in people}
    return tuple(replace(each, owner=known[each.account]) if each.account in known else each for each in conditions)


def not_among(conditions: Iterable[Condition], people: Collection[Account]) -> tuple[str, ...]:
    """A sentence for each condition that names somebody else than these."""
    known = {person.id for person in people}
    return tuple(
        f"“{each.text}”: whoever was chosen to see to it can no longer see the project here. Choose someone else."
        for each in conditions
        if each.account is not None and each.account not in known
    )
