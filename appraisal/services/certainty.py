"""How sure the ranks of a portfolio are: over draws of the weights and of the scores (METHOD 10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from appraisal.services.exploring import Exploration, explored_contest, explored_field, explored_weights
from appraisal.services.ordering import Contest
from appraisal.services.portfolio_rows import PortfolioRow
from scoring.frameworks import Method
from scoring.ranking import (
    RankDraws,
    central_weights,
    dominators,
    drawn_scores,
    pairwise_wins,
    rank_shares,
    sample_weights,
)
from scoring.ranking.budget import funded_shares, payable
from scoring.ranking.methods import draws_for, method_draws
from scoring.ranking.reweighting import Field, funding_ranges, level_weights
from scoring.result import Missing

FloatArray = npt.NDArray[np.float64]
Spread = Literal["around", "any"]
"""Weights drawn around those explored, or any weights at all."""
DRAWS = 2_000
MOST_TURNING = 100
"""Projects nearest the budget line whose turns are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertainRow:
    row: PortfolioRow
    expected: float
    """Mean rank over the draws."""
    shares: tuple[float, ...]
    """Of the draws in which it takes each rank."""
    funded: float | None
    """Share of the draws in which the budget reaches it; None where it cannot be funded."""
    central: Mapping[str, float] | None
    """The mean of the weights that put it first; None where none does."""
    dominators: tuple[str, ...]
    """References of the projects that are at least as good on every criterion, whatever is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Two projects that follow each other by rank."""

    first: PortfolioRow
    second: PortfolioRow
    wins: float
    """Share of the draws in which the first beats the second."""
    turns: Mapping[str, float | None]
    """By criterion, the weight nearest to the present one at which they change places; None where there is none.
    Empty under a method that adds no points up: there no single weight tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    weight: float
    reference: str
    enters: bool
    """Whether it enters what is funded where the weight rises past this; else it leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """Between which weights of one criterion the same projects are funded, the others in proportion."""

    criterion: str
    title: str
    now: float
    low: float
    high: float
    marks: tuple[Mark, ...]
    """Where the funded set changes, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certainty:
    rows: tuple[CertainRow, ...]
    """By expected rank."""
    neighbours: tuple[Neighbours, ...]
    stability: tuple[Stability, ...]
    funded: int
    draws: int
    spread: Spread
    without_draws: int
    """Projects whose run draws nothing beside what is unknown: an earlier engine made it."""


def rank_certainty(explored: Exploration, *, spread: Spread = "around", draws: int | None = None) -> Certainty | None:
    """How sure the explored ranks are; None where nothing is ranked. The same for the same portfolio.

    Around the weights in force it is told by the draws of the ranked list, unless another number of them is asked for.
    """
    rows = sorted(explored.portfolio.everyone, key=lambda row: row.reference)
    if not rows:
        return None
    weights = np.array(list(explored.weights.values()))
    contest, method = explored_contest(explored), explored.portfolio.aggregation.method
    drawn = (
        contest.draws(explored_weights(explored, contest), draws)
        if spread == "around"
        else _anywhere(contest, DRAWS if draws is None else draws)
    )
    field = explored_field(explored)
    funded = _funded(field, drawn)
    shares = rank_shares(drawn.scores)
    expected = shares @ np.arange(1, len(rows) + 1)
    held_by = [central_weights(drawn.scores, each) for each in drawn.weights]
    better = dominators(contest.low, contest.high)
    found = [
        CertainRow(
            row=row,
            expected=float(expected[at]),
            shares=tuple(shares[at].tolist()),
            funded=None if funded is None or not field.eligible[at] else float(funded[at]),
            central=_named(held_by[drawn.which[at]][at], explored.weights),
            dominators=tuple(rows[other].reference for other in better[at]),
        )
        for at, row in enumerate(rows)
    ]
    found.sort(key=lambda item: (item.expected, item.row.reference))
    return Certainty(
        rows=tuple(found),
        neighbours=_neighbours(explored, rows, field, drawn.scores, weights),
        stability=_stability(explored, rows, field, weights) if method is Method.WEIGHTED_SUM else (),
        funded=explored.portfolio.funded,
        draws=len(drawn.scores),
        spread=spread,
        without_draws=sum(any(item.spread is None for item in row.criteria) for row in rows),
    )


def _anywhere(contest: Contest, draws: int) -> RankDraws:
    """Of any weights at all."""
    method = contest.stated.method
    if method is not Method.WEIGHTED_SUM:
        draws = min(draws, draws_for(method, len(contest.points)))
    weights = sample_weights(len(contest.criteria), draws)
    if method is Method.WEIGHTED_SUM:
        return method_draws(weights, drawn_scores(contest.low, weights, high=contest.high, spreads=contest.spreads))
    return method_draws(weights, contest.drawn(weights))


def _funded(field: Field, drawn: RankDraws) -> FloatArray | None:
    if not len(field.budgets):
        return None
    first = field.must & field.eligible
    left = np.maximum(field.budgets - field.costs[first].sum(axis=0), 0.0)
    paid = payable(field.costs, left, field.eligible & ~first, len(field.costs))
    assert paid is not None  # a budget is always given here
    return np.where(first, 1.0, funded_shares(drawn.places, paid, left))


def _named(weights: FloatArray | Missing, criteria: Mapping[str, float]) -> dict[str, float] | None:
    return None if isinstance(weights, Missing) else dict(zip(criteria, weights.tolist(), strict=True))


def _neighbours(
    explored: Exploration, rows: Sequence[PortfolioRow], field: Field, scores: FloatArray, weights: FloatArray
) -> tuple[Neighbours, ...]:
    places = {row.reference: at for at, row in enumerate(rows)}
    order = [places[row.reference] for row in explored.portfolio.everyone]
    found = []
    for first, second in pairwise(order):
        pair = [first, second]
        turns = {
            key: _nearest_level(field.points[pair], weights, criterion)
            for criterion, key in enumerate(explored.weights)
            if explored.portfolio.aggregation.method is Method.WEIGHTED_SUM
        }
        wins = float(pairwise_wins(scores[:, pair])[0, 1])
        found.append(Neighbours(first=rows[first], second=rows[second], wins=wins, turns=turns))
    return tuple(found)


def _nearest_level(points: FloatArray, weights: FloatArray, criterion: int) -> float | None:
    if np.delete(weights, criterion).sum() <= 0:
        return None
    levels = level_weights(points, weights, criterion, 0)
    inside = levels[(levels > 1e-9) & (levels < 1 - 1e-9)]  # noqa: PLR2004 -- at the ends they draw level only
    return float(min(inside, key=lambda level: abs(level - weights[criterion]))) if len(inside) else None


def _stability(
    explored: Exploration, rows: Sequence[PortfolioRow], field: Field, weights: FloatArray
) -> tuple[Stability, ...]:
    titles = {item.criterion: item.title for item in rows[0].criteria}
    ranks = {row.reference: row.rank for row in rows}
    near = sorted(
        np.flatnonzero(field.eligible).tolist(),
        key=lambda at: abs(ranks[rows[at].reference] - explored.portfolio.funded),
    )
    found = []
    for criterion, key in enumerate(explored.weights):
        if not len(field.budgets) or np.delete(weights, criterion).sum() <= 0:
            continue
        marks = [
            Mark(weight=edge, reference=rows[at].reference, enters=enters)
            for at in near[:MOST_TURNING]
            for low, high in funding_ranges(field, weights, criterion, at)
            for edge, enters in ((low, True), (high, False))
            if 0 < edge < 1
        ]
        marks.sort(key=lambda mark: (mark.weight, mark.reference))
        now = float(weights[criterion] / weights.sum())
        found.append(
            Stability(
                criterion=key,
                title=titles[key],
                now=now,
                low=max((mark.weight for mark in marks if mark.weight <= now), default=0.0),
                high=min((mark.weight for mark in marks if mark.weight > now), default=1.0),
                marks=tuple(marks),
            )
        )
    return tuple(found)
