"""Two to four ranked projects beside each other, and what would make one overtake another (METHOD 10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import simplejson
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.policy import Action, Actor
from appraisal.services.exploring import Exploration
from appraisal.services.frameworks import framework_of
from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.services.ranked_runs import runs_behind
from appraisal.transactions import reading
from scoring.frameworks import Framework, Method
from scoring.ranking.reweighting import along, level_weights, point_scores

FEWEST, MOST = 2, 4
TOP = 4
"""The highest level of an indicator."""
OFFERED = 3
"""Answers that would each close a gap: the smallest steps first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    row: PortfolioRow
    project: Mapping[str, Any]
    """The frozen project file, as JSON."""
    result: Mapping[str, Any]
    """The stored result, as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One answer that alone would close the gap, if its evidence carries the level."""

    indicator: str
    level: float
    needed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Overtaking:
    """What would put `behind` before `ahead`."""

    ahead: PortfolioRow
    behind: PortfolioRow
    gap: float
    """In points of the score."""
    weights: Mapping[str, tuple[float, bool]]
    """By criterion, the nearest weight of 0-1 past which it does, and whether by rising; none where it never does."""
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySide:
    framework: Framework
    sides: tuple[Side, ...]
    """By rank."""
    overtakings: tuple[Overtaking, ...]
    """Of each against the first; none under a method that adds no points up."""


def side_by_side(session: Session, actor: Actor, explored: Exploration, rows: Sequence[PortfolioRow]) -> SideBySide:
    """Load what two to four ranked projects were appraised with; raises NotAllowed, ValueError on other counts."""
    if not FEWEST <= len(rows) <= MOST:
        raise ValueError(f"{FEWEST} to {MOST} projects are compared, not {len(rows)}")
    ordered = sorted(rows, key=lambda row: (row.rank, row.reference))
    with reading(session):
        policy.require(actor, Action.READ_PORTFOLIO)
        runs = runs_behind(session, actor, rows)
        sides = tuple(
            Side(
                row=row,
                project=simplejson.loads(runs[row.run].snapshot),
                result=simplejson.loads(runs[row.run].result),
            )
            for row in ordered
        )
        framework = framework_of(runs[ordered[0].run].framework_version)
    others = [
        _overtaking(explored, sides[0], other)
        for other in sides[1:]
        if other.row.score is not None
        and sides[0].row.score is not None
        and framework.aggregation.method is Method.WEIGHTED_SUM
    ]
    return SideBySide(framework=framework, sides=sides, overtakings=tuple(others))


def _overtaking(explored: Exploration, ahead: Side, behind: Side) -> Overtaking:
    gap = (ahead.row.score or 0.0) - (behind.row.score or 0.0)
    return Overtaking(
        ahead=ahead.row,
        behind=behind.row,
        gap=gap,
        weights=_weights(explored, ahead.row, behind.row),
        steps=tuple(sorted(_steps(explored, behind, gap), key=lambda step: (step.needed - step.level, step.indicator))),
    )


def _weights(explored: Exploration, ahead: PortfolioRow, behind: PortfolioRow) -> dict[str, tuple[float, bool]]:
    points = np.array(
        [[np.nan if item.score is None else item.score for item in row.criteria] for row in (ahead, behind)]
    )
    weights = np.array(list(explored.weights.values()))
    found: dict[str, tuple[float, bool]] = {}
    for criterion, key in enumerate(explored.weights):
        if np.delete(weights, criterion).sum() <= 0:
            continue
        now = float(weights[criterion] / weights.sum())
        for level in sorted(level_weights(points, weights, criterion, 0).tolist(), key=lambda at: abs(at - now)):
            past = level + (1e-6 if level >= now else -1e-6)
            if not 0 <= past <= 1:
                continue
            first, second = point_scores(points, along(weights, criterion, np.array([past])))[0]
            if second > first:
                found[key] = (level, level >= now)
                break
    return found


def _steps(explored: Exploration, side: Side, gap: float) -> list[Step]:
    """Single answers of the project that would lift its score past the gap, each with the level it would need."""
    indicators = [item for item in side.result["criteria"]["indicators"] if item["level"] is not None]
    answered: dict[str, float] = {}
    for item in indicators:
        answered[item["criterion"]] = answered.get(item["criterion"], 0.0) + item["weight"]
    carried = sum(explored.weights[key] for key, weight in answered.items() if weight > 0)
    steps = []
    for item in indicators:
        if item["computed"] or carried <= 0:
            continue
        share = explored.weights[item["criterion"]] / carried * item["weight"] / answered[item["criterion"]]
        if share <= 0:
            continue
        needed = item["level"] + gap * TOP / (100 * share)
        if needed <= TOP:
            steps.append(Step(indicator=item["id"], level=item["level"], needed=needed))
    return steps
