"""How far the appraisers of a panel are apart on each project: what the list shows and a meeting starts from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import (
    AppraisalRun,
    Assessment,
    AssessmentState,
    Declaration,
    Interest,
    Role,
    Score,
    ScoreStage,
    Submission,
)
from appraisal.policy import Action, Actor
from appraisal.services.frameworks import framework_of
from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.services.ranked_runs import runs_behind
from appraisal.transactions import reading
from scoring.criteria.agreement import mean_range

AT_ONCE = 500
MOST_DISPUTED = 5


@dataclass(frozen=True, slots=True)
class Dispute:
    """An indicator on which appraisers differ; who said what is on the panel's own page."""

    indicator: str
    title: str
    levels: tuple[float, ...]
    """0-4, in increasing order."""

    @property
    def apart(self) -> float:
        return self.levels[-1] - self.levels[0]


def panel_spreads(session: Session, actor: Actor, rows: Iterable[PortfolioRow]) -> dict[str, float]:
    """By reference, the mean over the indicators of the highest level less the lowest, 0-4, of the last words.

    Only of projects whose submission two or more have scored, of whom no one has a conflict; nothing for whoever may
    not see a panel, and to an appraiser nothing of a panel before the own scores are in.
    """
    if not policy.allows(actor, Action.READ_PANEL):
        return {}
    references = {row.run: row.reference for row in rows}
    numbers, found = list(references), dict[str, float]()
    with reading(session):
        for start in range(0, len(numbers), AT_ONCE):
            levels = _levels(session, actor, numbers[start : start + AT_ONCE])
            for number, by_indicator in levels.items():
                spread = mean_range([list(said.values()) for said in by_indicator.values()])
                if spread is not None:
                    found[references[number]] = spread
    return found


def disputes(session: Session, actor: Actor, row: PortfolioRow) -> tuple[Dispute, ...]:
    """Where the appraisers of one project are farthest apart, the widest first; nothing for whom `panel_spreads` tells
    nothing."""
    if not policy.allows(actor, Action.READ_PANEL):
        return ()
    with reading(session):
        by_indicator = _levels(session, actor, [row.run]).get(row.run, {})
        run = runs_behind(session, actor, [row]).get(row.run)
        if run is None:
            return ()
        titles = {item.id: item.title for item in framework_of(run.framework_version).indicators}
    found = [
        Dispute(indicator, titles.get(indicator, indicator), tuple(sorted(said.values())))
        for indicator, said in by_indicator.items()
        if said
    ]
    found.sort(key=lambda each: (-each.apart, each.indicator))
    return tuple(each for each in found[:MOST_DISPUTED] if each.apart > 0)


def _levels(session: Session, actor: Actor, numbers: list[int]) -> Mapping[int, Mapping[str, Mapping[UUID, float]]]:
    """By run, indicator and assessment: the level said last."""
    query = (
        select(AppraisalRun.number, Score.indicator, Score.assessment_id, Score.level)
        .join(AppraisalRun.project)
        .join(Submission, AppraisalRun.submission_id == Submission.id)
        .join(Assessment, Assessment.submission_id == Submission.id)
        .join(
            Declaration,
            (Declaration.project_id == Submission.project_id) & (Declaration.account_id == Assessment.account_id),
        )
        .join(Score, Score.assessment_id == Assessment.id)
        .where(
            AppraisalRun.number.in_(numbers),
            policy.visible_projects(actor),
            policy.visible_runs(actor),
            Assessment.state == AssessmentState.SUBMITTED,
            Declaration.interest == Interest.NONE,
        )
        # What was said after comparing comes last, and stands.
        .order_by(AppraisalRun.number, Score.indicator, Score.stage == ScoreStage.COMPARED)
    )
    if actor.role is Role.APPRAISER:
        own = select(Assessment.submission_id).where(
            Assessment.account_id == actor.account_id, Assessment.state == AssessmentState.SUBMITTED
        )
        query = query.where(Assessment.submission_id.in_(own))
    found: dict[int, dict[str, dict[UUID, float]]] = {}
    for number, indicator, assessment, level in session.execute(query):
        said = found.setdefault(number, {}).setdefault(indicator, {})
        said.pop(assessment, None)
        if level is not None:
            said[assessment] = float(level)
    return found
