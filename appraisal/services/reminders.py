"""What people are reminded of when its time comes: deadlines that are near, conditions that fall due or are late."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.models import (
    Account,
    Assessment,
    AssessmentState,
    Assignment,
    ConditionMet,
    DecisionCondition,
    Declaration,
    Interest,
    Notice,
    Notification,
    Obligation,
    ObligationState,
    Project,
    ProjectState,
    Round,
    Submission,
)
from appraisal.models.tables import now
from appraisal.services.condition_owners import owing
from appraisal.services.notifying import tell
from appraisal.services.obligations import OVER, in_force
from appraisal.services.rounds import every_round
from appraisal.transactions import reading

BEFORE_A_DEADLINE = timedelta(days=3)
BEFORE_A_CONDITION = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Reminder:
    account_id: UUID
    kind: Notice
    event: str
    project_id: UUID
    said: dict[str, Any]


def remind(session: Session) -> int:
    """Tell everybody of what is near and what they were not told of yet; how many. Writes only where there is any."""
    with reading(session):
        due = [each for each in _due(session, now()) if not _told(session, each)]
    if not due:
        return 0
    with session.begin():
        return sum(
            tell(session, [each.account_id], each.kind, each.event, each.project_id, **each.said) for each in due
        )


def _told(session: Session, each: Reminder) -> bool:
    key = f"{each.kind.value} {each.project_id} {each.event}"
    query = select(Notification.id).where(Notification.account_id == each.account_id, Notification.key == key)
    return session.scalar(query) is not None


def _due(session: Session, at: datetime) -> Iterator[Reminder]:
    for held in every_round(session):
        if held.closes is not None and held.takes(at) and held.closes.moment - at <= BEFORE_A_DEADLINE:
            yield from _drafts(session, held)
        until = held.scoring_until
        if until is not None and timedelta() < until.moment - at <= BEFORE_A_DEADLINE:
            yield from _unscored(session, held)
    yield from _owed(session, at)


def _owed(session: Session, at: datetime) -> Iterator[Reminder]:
    """Conditions that nobody recorded as met: once before their day, and once after it.

    Of what a decision set the person who was chosen is reminded; where it names somebody in words, the planner is.
    """
    soon = (at + BEFORE_A_CONDITION).date()
    accepted = (
        select(Obligation)
        .join(Obligation.project)
        .where(Obligation.state == ObligationState.OPEN, Obligation.due <= soon, Project.state.not_in(OVER))
    )
    for row in session.scalars(accepted):
        said = {"gate": row.gate, "gate_title": row.title, "due": row.due.isoformat()}
        yield _falling_due(row.owner_id, row.project_id, row.id, row.due, said, at)
    unmet = DecisionCondition.id.not_in(select(ConditionMet.condition_id))
    for set_ in session.scalars(in_force(unmet & (DecisionCondition.due <= soon))):
        decision = set_.decision
        project = session.get_one(Project, decision.project_id)
        if project.state in OVER:
            continue
        told: dict[str, Any] = {"condition": set_.position + 1, "decision": decision.number}
        told["due"] = set_.due.isoformat()
        account = owing(session, set_.owner_id, project)
        yield _falling_due(account, project.id, set_.id, set_.due, told, at)


def _falling_due(account: UUID, project: UUID, key: UUID, due: date, said: dict[str, Any], at: datetime) -> Reminder:
    if due < at.date():
        return Reminder(account, Notice.OWED_SOON, f"{key} {due} late", project, {**said, "late": True})
    return Reminder(account, Notice.OWED_SOON, f"{key} {due}", project, said)


def _drafts(session: Session, held: Round) -> Iterator[Reminder]:
    query = (
        select(Project.id, Project.owner_id)
        .join(Account, Project.owner_id == Account.id)
        .where(Project.round_id == held.id, Project.state == ProjectState.DRAFT, ~Account.disabled)
    )
    for project_id, owner_id in session.execute(query):
        said = {"round": held.name, "at": str(held.closes)}
        yield Reminder(owner_id, Notice.CLOSES_SOON, str(held.closes_local), project_id, said)


def _unscored(session: Session, held: Round) -> Iterator[Reminder]:
    """Whoever is assigned, declared nothing against it, and has not handed in the newest submission's scores."""
    tied = select(Declaration.project_id).where(
        Declaration.account_id == Assignment.account_id, Declaration.interest != Interest.NONE
    )
    newest = select(Submission.id).where(Submission.project_id == Project.id)
    newest = newest.order_by(Submission.number.desc()).limit(1)
    done = select(Assessment.id).where(
        Assessment.account_id == Assignment.account_id,
        Assessment.submission_id == newest.scalar_subquery(),
        Assessment.state == AssessmentState.SUBMITTED,
    )
    query = (
        select(Assignment.project_id, Assignment.account_id)
        .join(Project, Assignment.project_id == Project.id)
        .join(Account, Assignment.account_id == Account.id)
        .where(Project.round_id == held.id, Project.state == ProjectState.SUBMITTED, ~Account.disabled)
        .where(Assignment.project_id.not_in(tied.correlate(Assignment)))
        .where(~done.correlate(Assignment, Project).exists())
    )
    for project_id, account_id in session.execute(query):
        said = {"at": str(held.scoring_until)}
        yield Reminder(account_id, Notice.SCORING_SOON, str(held.scoring_local), project_id, said)
