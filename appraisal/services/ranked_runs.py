"""The latest visible run of every listed project: the columns that ranking needs, and nothing of what a run stores.

Read as columns: objects of the mapped classes would take minutes and gigabytes at 50,000 projects.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from appraisal import policy
from appraisal.models import (
    AppraisalRun,
    Obligation,
    ObligationState,
    Project,
    ProjectState,
    RunCriterion,
    RunGate,
    Submission,
)
from appraisal.policy import Actor
from appraisal.services.portfolio_rows import CriterionScore, PortfolioRow
from scoring.result import GateStatus


@dataclass(frozen=True, slots=True)
class RankedRun:
    """A run with its project, as they are ranked; the fields stand in the order of the query below."""

    id: UUID
    number: int
    framework_version_id: UUID
    submission_id: UUID
    submission: int
    """Number of the submission that was appraised."""
    engine: str
    panel_at: datetime | None
    score: float | None
    score_low: float
    score_high: float
    completeness: float
    cost: Decimal
    economic_npv_p50: float | None
    prob_negative: float | None
    risk_adjusted_return: float | None
    blocked: bool
    project_id: UUID
    reference: str
    title: str
    city: str
    areas: Sequence[str]
    state: ProjectState
    currency: str
    unit: int


def latest_runs(session: Session, actor: Actor, listed: ColumnElement[bool]) -> list[RankedRun]:
    """By number; inside the caller's transaction."""
    query = (
        select(
            AppraisalRun.id,
            AppraisalRun.number,
            AppraisalRun.framework_version_id,
            AppraisalRun.submission_id,
            Submission.number,
            AppraisalRun.engine,
            AppraisalRun.panel_at,
            AppraisalRun.score,
            AppraisalRun.score_low,
            AppraisalRun.score_high,
            AppraisalRun.completeness,
            AppraisalRun.cost,
            AppraisalRun.economic_npv_p50,
            AppraisalRun.prob_negative,
            AppraisalRun.risk_adjusted_return,
            AppraisalRun.blocked,
            AppraisalRun.project_id,
            Project.reference,
            Project.title,
            Project.city,
            Project.action_areas,
            Project.state,
            Project.currency,
            Project.unit,
        )
        .join(AppraisalRun.project)
        .join(AppraisalRun.submission)
        .where(AppraisalRun.number.in_(_newest(actor)), listed)
        .order_by(AppraisalRun.number)
    )
    rows: Iterable[Any] = session.execute(query)
    return [RankedRun(*row) for row in rows]


def criteria_of(session: Session, actor: Actor, listed: ColumnElement[bool]) -> dict[UUID, tuple[CriterionScore, ...]]:
    """By run, in the order of their positions; inside the caller's transaction."""
    query = (
        select(
            RunCriterion.run_id,
            RunCriterion.criterion,
            RunCriterion.position,
            RunCriterion.title,
            RunCriterion.weight,
            RunCriterion.score,
            RunCriterion.low,
            RunCriterion.high,
            RunCriterion.spread,
        )
        .where(RunCriterion.run_id.in_(_runs(actor, listed)))
        .order_by(RunCriterion.run_id, RunCriterion.position)
    )
    words: dict[str, str] = {}
    found: dict[UUID, list[CriterionScore]] = {}
    for run, key, position, title, weight, score, low, high, spread in session.execute(query):
        item = CriterionScore(
            criterion=words.setdefault(key, key),
            position=position,
            title=words.setdefault(title, title),
            weight=weight,
            score=score,
            low=low,
            high=high,
            spread=spread,
        )
        found.setdefault(run, []).append(item)
    return {run: tuple(items) for run, items in found.items()}


def gates_of(session: Session, actor: Actor, listed: ColumnElement[bool]) -> dict[tuple[UUID, GateStatus], list[str]]:
    """The gates that a run fails or leaves open, by their ids; inside the caller's transaction."""
    query = (
        select(RunGate.run_id, RunGate.status, RunGate.gate)
        .where(RunGate.status.in_((GateStatus.FAILED, GateStatus.OPEN)), RunGate.run_id.in_(_runs(actor, listed)))
        .order_by(RunGate.run_id, RunGate.gate)
    )
    words: dict[str, str] = {}
    found: dict[tuple[UUID, GateStatus], list[str]] = {}
    for run, status, gate in session.execute(query):
        found.setdefault((run, status), []).append(words.setdefault(gate, gate))
    return found


def runs_behind(session: Session, actor: Actor, rows: Iterable[PortfolioRow]) -> dict[int, AppraisalRun]:
    """The whole runs that some rows tell of, with their frameworks, by number; inside the caller's transaction."""
    query = (
        select(AppraisalRun)
        .join(AppraisalRun.project)
        .where(
            AppraisalRun.number.in_([row.run for row in rows]),
            policy.visible_projects(actor),
            policy.visible_runs(actor),
        )
        .options(joinedload(AppraisalRun.framework_version))
    )
    return {run.number: run for run in session.scalars(query)}


def promised_of(session: Session, listed: ColumnElement[bool]) -> dict[UUID, tuple[str, ...]]:
    """The gates in whose place a condition is owed, by project; inside the caller's transaction."""
    query = (
        select(Obligation.project_id, Obligation.gate)
        .join(Obligation.project)
        .where(Obligation.state == ObligationState.OPEN, listed)
        .order_by(Obligation.gate)
    )
    found: dict[UUID, tuple[str, ...]] = {}
    for project, gate in session.execute(query):
        found[project] = (*found.get(project, ()), gate)
    return found


def _newest(actor: Actor) -> Select[int]:
    return select(func.max(AppraisalRun.number)).where(policy.visible_runs(actor)).group_by(AppraisalRun.project_id)


def _runs(actor: Actor, listed: ColumnElement[bool]) -> Select[UUID]:
    return select(AppraisalRun.id).join(AppraisalRun.project).where(AppraisalRun.number.in_(_newest(actor)), listed)
