"""What a panel says of a submission: whose scores count, what they come to, and the project file that says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select, true
from sqlalchemy.orm import Session

from appraisal.models import (
    Assessment,
    AssessmentState,
    Declaration,
    Interest,
    Reconciliation,
    Role,
    Score,
    ScoreStage,
    Submission,
)
from appraisal.policy import Actor
from appraisal.services.rescoring import agreements, counting, due
from appraisal.services.scores import Entry, entry_of
from appraisal.services.sheets import scored_by_people
from scoring.criteria.panel_answers import panel_answer
from scoring.frameworks import Framework
from scoring.limits import MAX_REASON, MAX_SOURCE
from scoring.project_file import Answer, ProjectFile


@dataclass(frozen=True, slots=True)
class PanelAnswers:
    """What the panel says of every indicator that people score; empty where nobody's scores are in."""

    appraisers: int
    at: datetime | None
    """When what counts last changed."""
    answers: Mapping[str, Answer]


NOBODY = PanelAnswers(0, None, {})


def counted(condition: ColumnElement[bool] | None = None) -> Select[Assessment]:
    """Assessments that count: handed in by appraisers who declared no conflict."""
    return (
        _handed_in()
        .where(Declaration.interest == Interest.NONE, true() if condition is None else condition)
        .order_by(Assessment.started_at, Assessment.id)
    )


def _handed_in() -> Select[Assessment]:
    """With what their appraisers declared."""
    return (
        select(Assessment)
        .join(Submission, Assessment.submission_id == Submission.id)
        .join(
            Declaration,
            (Declaration.project_id == Submission.project_id) & (Declaration.account_id == Assessment.account_id),
        )
        .where(Assessment.state == AssessmentState.SUBMITTED)
    )


def panel_of(session: Session, submission_id: UUID, framework: Framework) -> PanelAnswers:
    """The median of what is in, or what the panel agreed on; inside the caller's transaction."""
    assessments = list(session.scalars(counted(Assessment.submission_id == submission_id)))
    if not assessments:
        return NOBODY
    agreed = agreements(session, submission_id)
    last_words = [last_word(assessment) for assessment in assessments]
    answers = {
        item.id: _agreed(agreed[item.id])
        if item.id in agreed
        else _kept(panel_answer(item, [said[item.id].as_answer() for said in last_words if item.id in said]))
        for item in scored_by_people(framework)
    }
    return PanelAnswers(len(assessments), panel_moments(session, submission_id)[submission_id], answers)


def last_word(assessment: Assessment) -> dict[str, Entry]:
    """By indicator what the appraiser said last and what counts: after comparing, else alone."""
    return {score.indicator: entry_of(score) for score in in_order(counting(assessment))}


def in_order(scores: Iterable[Score]) -> list[Score]:
    """The last word on each indicator last: what was said after comparing, unless it was scored alone again since."""
    return sorted(scores, key=lambda score: (score.changed_at, score.stage is ScoreStage.COMPARED))


def panel_moments(
    session: Session, submission_id: UUID | None = None, *, project_id: UUID | None = None
) -> dict[UUID, datetime]:
    """By submission with scores that count: when what counts of its panel last changed, also by somebody leaving it.

    Of every submission, of one, or of one project's.
    Inside the caller's transaction.
    """
    free = Declaration.interest == Interest.NONE
    changed = case((free, Assessment.counted_at), else_=Declaration.declared_at)
    query = (
        _handed_in()
        .with_only_columns(Assessment.submission_id, func.max(changed))
        .where(true() if submission_id is None else Assessment.submission_id == submission_id)
        .where(true() if project_id is None else Submission.project_id == project_id)
        .group_by(Assessment.submission_id)
        .having(func.count(case((free, 1))) > 0)
    )
    found: dict[UUID, datetime] = {submission: at for submission, at in session.execute(query) if at is not None}
    agreed = select(Reconciliation.submission_id, func.max(Reconciliation.agreed_at))
    if submission_id is not None or project_id is not None:
        if not found:
            return found
        agreed = agreed.where(Reconciliation.submission_id.in_(found))
    for submission, at in session.execute(agreed.group_by(Reconciliation.submission_id)):
        if submission in found:
            found[submission] = max(found[submission], at)
    return found


def panel_file(file: ProjectFile, framework: Framework, panel: PanelAnswers) -> ProjectFile:
    """The project with the panel's answers in place of the planner's, where there is a panel."""
    if not panel.appraisers:
        return file
    own = {item.id for item in scored_by_people(framework)}
    kept = {key: answer for key, answer in file.answers.items() if key not in own}
    return replace(file, answers={**kept, **panel.answers})


def may_see_panel(session: Session, actor: Actor, submission_id: UUID) -> bool:
    """Whether others' scores are open to the actor: to an appraiser once the own are in, those included that a
    changed framework asks for. Inside the caller's transaction; whether the role may at all, `policy` says."""
    if actor.role is not Role.APPRAISER:
        return True
    own = session.scalar(
        counted((Assessment.submission_id == submission_id) & (Assessment.account_id == actor.account_id))
    )
    return own is not None and not due(own)


def _agreed(row: Reconciliation) -> Answer:
    return Answer(
        level=row.level,
        value=row.value,
        unknown=row.level is None and row.value is None,
        evidence=row.evidence,
        reason=f"Agreed by the panel: {row.reason}"[:MAX_REASON],
    )


def _kept(answer: Answer) -> Answer:
    """Within what a project file holds: several appraisers may name many documents."""
    return replace(
        answer, source=answer.source if len(answer.source) <= MAX_SOURCE else answer.source[: MAX_SOURCE - 1] + "…"
    )
