"""The latest visible run of every listed project: the columns that ranking needs, and nothing of what a run stores.

Read as columns, from the connection: objects of the mapped classes would take minutes and gigabytes at 50,000 projects,
and a session's rows twice as long. Runs are named by their numbers, so that no key is read once for every criterion.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import Any
from uuid import UUID

import simplejson
from sqlalchemy import ColumnElement, Select, Text, func, select, type_coerce
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
from appraisal.services.portfolio_rows import CriterionScore, PortfolioRow, Waiting
from scoring.result import GateStatus

AT_ONCE = 5_000
"""Rows that are fetched together: one by one takes longer than making something of them."""


@dataclass(frozen=True, slots=True)
class RankedRun:
    """A run with its project, as they are ranked; the fields stand in the order of the query below."""

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
    state: ProjectState
    currency: str
    unit: int
    areas: tuple[str, ...]


def latest_runs(session: Session, actor: Actor, listed: ColumnElement[bool]) -> list[RankedRun]:
    """By number; inside the caller's transaction."""
    query = (
        select(
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
            Project.state,
            Project.currency,
            Project.unit,
            type_coerce(Project.action_areas, Text),
        )
        .join(AppraisalRun.project)
        .join(AppraisalRun.submission)
        .where(AppraisalRun.number.in_(_newest(actor)), listed)
        .order_by(AppraisalRun.number)
    )
    rows: Iterable[Any] = session.connection().execute(query)
    return [RankedRun(*(*row[:-1], _areas(row[-1]))) for row in rows]


@lru_cache(maxsize=1_024)
def _areas(text: str) -> tuple[str, ...]:
    """Of thousands of projects only a few combinations are different."""
    return tuple(simplejson.loads(text))


def criteria_of(session: Session, actor: Actor, listed: ColumnElement[bool]) -> dict[int, tuple[CriterionScore, ...]]:
    """By the run's number, in the order of their positions; inside the caller's transaction."""
    query = (
        select(
            AppraisalRun.number,
            RunCriterion.criterion,
            RunCriterion.position,
            RunCriterion.title,
            RunCriterion.weight,
            RunCriterion.score,
            RunCriterion.low,
            RunCriterion.high,
            RunCriterion.spread,
        )
        .join(AppraisalRun, AppraisalRun.id == RunCriterion.run_id)
        .join(AppraisalRun.project)
        .where(AppraisalRun.number.in_(_newest(actor)), listed)
    )
    words: dict[str, str] = {}
    found: dict[int, list[CriterionScore]] = {}
    rows: Iterable[Any] = chain.from_iterable(session.connection().execute(query).partitions(AT_ONCE))
    for run, key, position, title, weight, score, low, high, spread in rows:
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
    # Sorted here: the database would carry what scores are drawn from through its sort as well.
    return {run: tuple(sorted(items, key=attrgetter("position"))) for run, items in found.items()}


def gates_of(session: Session, actor: Actor, listed: ColumnElement[bool]) -> dict[tuple[int, GateStatus], list[str]]:
    """The gates that a run, by its number, fails or leaves open, by their ids; inside the caller's transaction."""
    query = (
        select(AppraisalRun.number, RunGate.status, RunGate.gate)
        .join(AppraisalRun, AppraisalRun.id == RunGate.run_id)
        .join(AppraisalRun.project)
        .where(
            RunGate.status.in_((GateStatus.FAILED, GateStatus.OPEN)), AppraisalRun.number.in_(_newest(actor)), listed
        )
        .order_by(AppraisalRun.number, RunGate.gate)
    )
    words: dict[str, str] = {}
    found: dict[tuple[int, GateStatus], list[str]] = {}
    for run, status, gate in session.connection().execute(query):
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


def waiting_beside(
    session: Session, actor: Actor, listed: ColumnElement[bool], frameworks: Collection[UUID]
) -> tuple[Waiting, ...]:
    """The listed projects whose latest run is by none of these versions of a framework, by reference; inside the
    caller's transaction."""
    ranked = select(AppraisalRun.project_id).where(
        AppraisalRun.number.in_(_newest(actor)), AppraisalRun.framework_version_id.in_(frameworks)
    )
    query = (
        select(Project.id, Project.reference, Project.title, Project.state)
        .where(listed, Project.id.not_in(ranked))
        .order_by(Project.reference)
    )
    return tuple(Waiting(*project) for project in session.execute(query))


def _newest(actor: Actor) -> Select[int]:
    return select(func.max(AppraisalRun.number)).where(policy.visible_runs(actor)).group_by(AppraisalRun.project_id)
