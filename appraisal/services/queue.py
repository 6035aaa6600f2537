"""An appraiser's queue: what is assigned, how far each has come, and which is scored least."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import simplejson
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from appraisal import policy
from appraisal.models import (
    Assessment,
    AssessmentState,
    Assignment,
    Declaration,
    Interest,
    Project,
    ProjectState,
    Round,
    Submission,
)
from appraisal.models.tables import now
from appraisal.policy import Action, Actor
from appraisal.services.rescoring import Changed, changed, due, standing
from appraisal.services.rounds import every_round
from appraisal.services.scores import entry_of
from appraisal.services.sheets import CLOSED, framework_for, scored_by_people, scoring_over
from appraisal.transactions import reading
from forms.local_time import LocalTime


class CardState(StrEnum):
    NOT_STARTED = "not started"
    DRAFT = "draft"
    AGAIN = "score again"
    RETURNED = "returned"
    CONFLICT = "conflict"
    TAKEN_BACK = "taken back"
    CLOSED = "closed"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    project_id: UUID
    reference: str
    title: str
    city: str
    state: CardState
    declared: bool
    scored: int
    """Indicators the appraiser has scored, of `asked`."""
    asked: int
    appraisers: int
    """How many are assigned, and how many have handed in: numbers, never scores."""
    handed_in: int
    changed_at: datetime | None
    closed: str
    """Why nothing can be changed: the project is not there to be scored now."""
    deadline: LocalTime | None
    """Until when to hand in."""
    late: bool
    over: bool
    """Nothing can be handed in any more."""
    task: Changed | None
    """What a change of the framework asks for, or is to be known of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    cards: tuple[Card, ...]

    @property
    def open(self) -> tuple[Card, ...]:
        shut = (CardState.CONFLICT, CardState.TAKEN_BACK, CardState.CLOSED)
        return tuple(card for card in self.cards if card.state not in shut)

    @property
    def done(self) -> int:
        return sum(card.state is CardState.DONE for card in self.open)

    @property
    def next(self) -> Card | None:
        """The one scored by the fewest so far; among equals a draft that is already begun."""
        waiting = [card for card in self.open if card.state is not CardState.DONE]
        return min(waiting, key=lambda card: (card.handed_in, -card.scored, card.reference), default=None)


def queue_of(session: Session, actor: Actor) -> Queue:
    """Everything assigned to the appraiser, in the order of references; raises NotAllowed."""
    with reading(session):
        policy.require(actor, Action.READ_QUEUE)
        query = (
            select(Project)
            .where(policy.assigned_projects(actor))
            .options(selectinload(Project.submissions))
            .order_by(Project.reference)
        )
        projects = list(session.scalars(query))
        known = _known(session, actor, [project.id for project in projects])
        return Queue(cards=tuple(_card(session, project, known) for project in projects))


@dataclass(frozen=True, slots=True)
class _Known:
    """What the cards tell, read for all of them at once."""

    rounds: Sequence[Round]
    """Read with their frameworks, and then at hand for every card."""
    declared: Mapping[UUID, Declaration]
    own: Mapping[UUID, Sequence[Assessment]]
    """By project, the newest submission's last."""
    appraisers: Mapping[UUID, int]
    handed_in: Mapping[UUID, int]
    """By submission."""


def _known(session: Session, actor: Actor, projects: Sequence[UUID]) -> _Known:
    declared = select(Declaration).where(Declaration.account_id == actor.account_id)
    mine = (
        select(Assessment, Submission.project_id)
        .join(Submission, Assessment.submission_id == Submission.id)
        .where(Assessment.account_id == actor.account_id, Submission.project_id.in_(projects))
        .order_by(Submission.number)
    )
    own: dict[UUID, list[Assessment]] = {}
    for assessment, project in session.execute(mine):
        own.setdefault(project, []).append(assessment)
    assigned = select(Assignment.project_id, func.count()).where(Assignment.project_id.in_(projects))
    handed_in = (
        select(Assessment.submission_id, func.count())
        .join(Submission, Assessment.submission_id == Submission.id)
        .where(Submission.project_id.in_(projects), Assessment.state == AssessmentState.SUBMITTED)
    )
    return _Known(
        rounds=every_round(session),
        declared={row.project_id: row for row in session.scalars(declared)},
        own=own,
        appraisers={row[0]: row[1] for row in session.execute(assigned.group_by(Assignment.project_id))},
        handed_in={row[0]: row[1] for row in session.execute(handed_in.group_by(Assessment.submission_id))},
    )


def _card(session: Session, project: Project, known: _Known) -> Card:
    declared, own = known.declared.get(project.id), known.own.get(project.id)
    asked = {item.id for item in scored_by_people(framework_for(session, project))}
    latest = own[-1] if own else None
    newest = project.submissions[-1].id if project.submissions else None
    scored = {score.indicator for score in standing(latest) if entry_of(score).given} & asked if latest else set()
    task = changed(latest, asked) if latest else None
    title, city = _as_sent(project)
    held = next((row for row in known.rounds if row.id == project.round_id), None)
    deadline = held.scoring_until if held else None
    return Card(
        project_id=project.id,
        reference=project.reference,
        title=title,
        city=city,
        state=_state(project, declared, latest, newest, bool(scored)),
        deadline=deadline,
        late=deadline is not None and deadline.moment <= now(),
        over=bool(project.submissions and scoring_over(session, project)),
        closed=CLOSED.get(project.state, ""),
        task=task,
        declared=declared is not None,
        scored=len(scored),
        asked=len(asked),
        appraisers=known.appraisers.get(project.id, 0),
        handed_in=known.handed_in.get(newest, 0) if newest else 0,
        changed_at=latest.changed_at if latest else None,
    )


def _as_sent(project: Project) -> tuple[str, str]:
    """Title and city as they were sent: what a planner writes after taking a project back is nobody's to see."""
    if project.state is ProjectState.SUBMITTED or not project.submissions:
        return project.title, project.city
    document = simplejson.loads(project.submissions[-1].document)
    return document["title"], document.get("city", "")


def _state(
    project: Project, declared: Declaration | None, latest: Assessment | None, newest: UUID | None, begun: bool
) -> CardState:
    if declared is not None and declared.interest is not Interest.NONE:
        return CardState.CONFLICT
    if project.state is not ProjectState.SUBMITTED:
        return _shut(project, latest)
    if latest is None:
        return CardState.NOT_STARTED
    if latest.submission_id != newest:
        return CardState.RETURNED
    if latest.state is AssessmentState.SUBMITTED:
        return CardState.AGAIN if due(latest) else CardState.DONE
    return CardState.DRAFT if begun else CardState.NOT_STARTED


def _shut(project: Project, latest: Assessment | None) -> CardState:
    if project.state is ProjectState.DRAFT:
        return CardState.TAKEN_BACK
    handed_in = latest is not None and latest.state is AssessmentState.SUBMITTED
    return CardState.DONE if handed_in else CardState.CLOSED
