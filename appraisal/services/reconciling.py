"""What the panel's members gave, side by side; keeping or changing one's own score; what they agree on."""

from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import (
    Assessment,
    AssessmentState,
    Notice,
    Project,
    ProjectState,
    Reconciliation,
    Role,
    Score,
    ScoreStage,
)
from appraisal.models.tables import now
from appraisal.policy import Action, Actor, NotFound
from appraisal.reading.project_file import read_project
from appraisal.services import auditing
from appraisal.services.assessing import Incomplete
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.notifying import tell
from appraisal.services.panels import counted, in_order, may_see_panel, panel_of
from appraisal.services.registration import visible_project
from appraisal.services.rescoring import agreements, counting
from appraisal.services.scores import Entry, checked, entry_of, gaps_in, write
from appraisal.services.sheets import (
    alone,
    assigned_project,
    framework_for,
    require_declared,
    scored_by_people,
)
from appraisal.transactions import reading
from scoring.criteria.panel import Panel, PanelIndicator, panel
from scoring.criteria.tables import FloatArray
from scoring.frameworks import Framework, Indicator
from scoring.project_file import Answer, ProjectFile
from scoring.result import Figure, Missing

LEAST_PANEL = 2


class OwnFirst(DomainError):
    """Others' scores are not shown before one's own are in."""

    def __init__(self) -> None:
        super().__init__("Hand in your own scores first: the others' are shown after that.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    name: str
    own: bool
    harshness: Figure
    """How many levels below the panel's median on average; shown, never corrected for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What one member gave: alone, and after comparing where that was changed."""

    member: Member
    alone: Entry
    compared: Entry | None
    level: Figure
    """The level given alone, as stated; of a number the level it maps to."""

    @property
    def last(self) -> Entry:
        return self.compared or self.alone


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedIndicator:
    indicator: Indicator
    ratings: tuple[Rating, ...]
    alone: PanelIndicator
    """Median, mean and spread of what was given alone."""
    planner: Answer | None
    panel: Answer
    """What counts: agreed, else the median of what was said last."""
    agreed: Reconciliation | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedPanel:
    project_id: UUID
    state: ProjectState
    number: int
    file: ProjectFile
    framework: Framework
    members: tuple[Member, ...]
    agreement: Figure
    indicators: tuple[ComparedIndicator, ...]
    """The most disputed first."""
    version: int
    """Of the actor's own assessment; 0 where there is none."""

    @property
    def several(self) -> bool:
        return len(self.members) >= LEAST_PANEL

    def find(self, indicator: str) -> ComparedIndicator:
        """The indicator of that id; raises NotFound."""
        found = next((item for item in self.indicators if item.indicator.id == indicator), None)
        if found is None:
            raise NotFound("There is no such indicator.")
        return found


def compare_panel(session: Session, actor: Actor, project_id: UUID) -> ComparedPanel:
    """Everybody's scores of what was sent last; raises NotFound, NotAllowed, NotDeclared, OwnFirst."""
    with reading(session):
        project = _panel_project(session, actor, project_id)
        submission = project.submissions[-1]
        framework = framework_for(session, project)
        assessments = list(session.scalars(counted(Assessment.submission_id == submission.id)))
        file = read_project(submission.document)
        agreed = agreements(session, submission.id)
        together = panel_of(session, submission.id, framework)
        own = next((each for each in assessments if each.account_id == actor.account_id), None)
        asked = scored_by_people(framework)
        figures = panel(_levels(asked, assessments)) if assessments else None
        members = _members(assessments, figures, actor)
        indicators = [
            ComparedIndicator(
                indicator=item,
                ratings=_ratings(item, assessments, members),
                alone=figures.indicators[place],
                planner=file.answers.get(item.id),
                panel=together.answers[item.id],
                agreed=agreed.get(item.id),
            )
            for place, item in enumerate(asked)
            if figures is not None
        ]
        session.expunge_all()
    order = {place: rank for rank, place in enumerate(figures.most_disputed)} if figures else {}
    ranked = sorted(range(len(indicators)), key=lambda place: (order.get(place, len(order)), place))
    return ComparedPanel(
        project_id=project.id,
        state=project.state,
        number=submission.number,
        file=file,
        framework=framework,
        members=members,
        agreement=figures.agreement if figures else Missing("no-pairs"),
        indicators=tuple(indicators[place] for place in ranked),
        version=own.version if own else 0,
    )


def _panel_project(session: Session, actor: Actor, project_id: UUID, *, lock: bool = False) -> Project:
    policy.require(actor, Action.READ_PANEL)
    if actor.role is Role.APPRAISER:
        project = assigned_project(session, actor, project_id, lock=lock)
        require_declared(session, actor, project)
    else:
        project = visible_project(session, actor, project_id, lock=lock)
    if not project.submissions:
        raise NotFound("Nothing was submitted.")
    if not may_see_panel(session, actor, project.submissions[-1].id):
        raise OwnFirst
    return project


def _levels(asked: tuple[Indicator, ...], assessments: list[Assessment]) -> FloatArray:
    """(appraisers, indicators), NaN where none was given."""
    rows = []
    for assessment in assessments:
        given = alone(counting(assessment))
        rows.append([_nan(_stated(item, given.get(item.id))) for item in asked])
    return np.array(rows, dtype=np.float64)


def _stated(item: Indicator, entry: Entry | None) -> Figure:
    return Missing("unanswered") if entry is None else entry.counted(item).stated


def _nan(figure: Figure) -> float:
    return float("nan") if isinstance(figure, Missing) else figure


def _members(assessments: list[Assessment], figures: Panel | None, actor: Actor) -> tuple[Member, ...]:
    if figures is None:
        return ()
    return tuple(
        Member(name=each.account.name, own=each.account_id == actor.account_id, harshness=harshness)
        for each, harshness in zip(assessments, figures.harshness, strict=True)
    )


def _ratings(item: Indicator, assessments: list[Assessment], members: tuple[Member, ...]) -> tuple[Rating, ...]:
    found = []
    for assessment, member in zip(assessments, members, strict=True):
        first = alone(counting(assessment)).get(item.id, Entry())
        later = _compared(assessment, item.id)
        found.append(Rating(member=member, alone=first, compared=later, level=first.counted(item).stated))
    return tuple(found)


def _compared(assessment: Assessment, indicator: str) -> Entry | None:
    said = [each for each in in_order(counting(assessment)) if each.indicator == indicator]
    return entry_of(said[-1]) if said and said[-1].stage is ScoreStage.COMPARED else None


def revise(
    session: Session, actor: Actor, project_id: UUID, indicator: str, expected_version: int, entry: Entry
) -> None:
    """Keep or change one's own score after comparing, with a reason; what was given alone stays.

    Raises NotFound, NotAllowed, NotDeclared, OwnFirst, StaleVersion, Incomplete.
    """
    with session.begin():
        project = _panel_project(session, actor, project_id, lock=True)
        policy.require(actor, Action.SCORE_PROJECT, project)
        item = _asked(session, project, indicator)
        query = counted(
            (Assessment.submission_id == project.submissions[-1].id) & (Assessment.account_id == actor.account_id)
        )
        row = session.scalars(query).one()
        if row.version != expected_version:
            raise StaleVersion("Your scores were changed in another window since you opened this page.")
        stored = checked(item, entry)
        if gaps := tuple(gaps_in(item, stored)):
            raise Incomplete(gaps)
        score = next(
            (each for each in row.scores if each.indicator == indicator and each.stage is ScoreStage.COMPARED), None
        )
        if score is None:
            score = Score(indicator=indicator, stage=ScoreStage.COMPARED)
            row.scores.append(score)
        write(score, stored)
        score.changed_at = row.changed_at = row.counted_at = now()
        session.flush()
        auditing.record(
            session, actor, "assessment.revised", "project", project.id, indicator=indicator, version=row.version
        )


def reconcile(
    session: Session, actor: Actor, project_id: UUID, indicator: str, expected_version: int, entry: Entry
) -> None:
    """Store what a panel of two or more agreed on; every member's scores stay. `expected_version` 0: nothing yet.

    Raises NotFound, NotAllowed, NotDeclared, OwnFirst, StaleVersion, Incomplete, DomainError.
    """
    with session.begin():
        project = _panel_project(session, actor, project_id, lock=True)
        policy.require(actor, Action.RECONCILE, project)
        item = _asked(session, project, indicator)
        submission = project.submissions[-1]
        if len(session.scalars(counted(Assessment.submission_id == submission.id)).all()) < LEAST_PANEL:
            raise DomainError("It takes two or more appraisers to agree: only one has handed in.")
        stored = checked(item, entry)
        if gaps := tuple(gap for gap in gaps_in(item, stored) if gap.field != "document"):
            raise Incomplete(gaps)
        row = session.get(Reconciliation, (submission.id, indicator))
        counts = agreements(session, submission.id).get(indicator)
        if (counts.version if counts else 0) != expected_version:
            raise StaleVersion("The panel agreed on something else since you opened this page.")
        before = None if row is None else {"level": row.level, "value": row.value, "reason": row.reason}
        if row is None:
            row = Reconciliation(submission_id=submission.id, indicator=indicator)
        row.level, row.value, row.evidence, row.reason = stored.level, stored.value, stored.evidence, stored.reason
        row.agreed_by_id, row.agreed_at = actor.account_id or project.owner_id, now()
        session.add(row)
        session.flush()
        auditing.record(
            session,
            actor,
            "panel.reconciled",
            "project",
            project.id,
            indicator=indicator,
            level=row.level,
            before=before,
        )
        handed_in = (Assessment.submission_id == submission.id) & (Assessment.state == AssessmentState.SUBMITTED)
        panel = session.scalars(select(Assessment.account_id).where(handed_in))
        event = f"{indicator} {row.version}"
        tell(session, set(panel) - {actor.account_id}, Notice.AGREED, event, project.id, indicator=indicator)


def _asked(session: Session, project: Project, indicator: str) -> Indicator:
    asked = scored_by_people(framework_for(session, project))
    found = next((item for item in asked if item.id == indicator), None)
    if found is None:
        raise NotFound("There is no such indicator.")
    return found
