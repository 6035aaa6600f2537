"""The same projects put in order by every method, and the ranks each gives over uncertain weights (METHOD 9, 10).

Everywhere criteria scores are 0-100 and more is better: (n, criteria). A criterion without an answer is NaN among the
points; `low` and `high` take everything unknown at worst and at best.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.criteria.aggregation import topsis, weighted_geometric_mean, weighted_sum
from scoring.criteria.contributions import contributions
from scoring.criteria.outranking import electre_iii, promethee_ii
from scoring.criteria.spreads import ByteArray, Spreads
from scoring.frameworks import Aggregation, Method
from scoring.ranking.intervals import CONCENTRATION, QUANTILES, SEED, RankDraws, RankInterval, dirichlet
from scoring.ranking.smaa import funded_share
from scoring.ranking.ties import competition_ranks, places

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

MOST_DRAWS, FEWEST_DRAWS = 400, 10
PAIRS_AT_ONCE = 2_000_000
"""Comparisons in pairs that the draws of one portfolio may take: 400 draws up to 70 projects, fewer beyond."""

_SCORES: Mapping[Method, Any] = {
    Method.WEIGHTED_SUM: weighted_sum,
    Method.WEIGHTED_GEOMETRIC_MEAN: weighted_geometric_mean,
    Method.TOPSIS: topsis,
    Method.PROMETHEE_II: promethee_ii,
    Method.ELECTRE_III: electre_iii,
}


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """How one method sees the projects."""

    method: Method
    scores: FloatArray
    """(n,), in the method's own unit; they rank. NaN where nothing of a project is answered."""
    parts: FloatArray
    """(n, criteria), NaN where there is no score."""
    whole: FloatArray
    """(n,), what the parts add up to: the score, but for ELECTRE III, whose distilled places no sum makes. There it is
    the net credibility that the places were distilled from."""
    ranks: IntArray
    """(n,), 1 the best, ties sharing the better; what has no score shares the last."""


def standing(
    method: Method,
    stated: Aggregation,
    criteria: Sequence[str],
    points: FloatArray,
    low: FloatArray,
    high: FloatArray,
    weights: FloatArray,
) -> Standing:
    """Scores, their parts by criterion and the ranks of n projects by one method (METHOD 9).

    criteria: their ids, in the order of the columns. weights: (criteria,), 0 or more, not all 0. What each project has
    for itself is computed of the criteria it answers. A method that compares projects needs every value: a criterion
    without an answer stands in the middle between its worst and its best, and a project without any is left out. Under
    ELECTRE III the incomparable are put beside each other, see `distilled`.
    Raises ValueError where shapes do not fit, or weights are negative or all 0.
    """
    given, table = np.asarray(weights, dtype=np.float64), np.asarray(points, dtype=np.float64)
    if table.ndim != 2 or table.shape[1:] != given.shape or low.shape != table.shape or high.shape != table.shape:  # noqa: PLR2004
        raise ValueError("points, low and high (n, criteria) and weights (criteria,) must fit")
    known = ~np.isnan(table)
    answered = (known @ given) > 0
    parts = np.full(table.shape, np.nan)
    values = np.where(known, table, (low + high) / 2)[answered]
    if method.relative:
        if len(values):
            parts[answered] = contributions(method, values, given, **stated.options(method, criteria))
    else:
        for at in np.flatnonzero(answered):
            parts[at] = 0.0
            shares = given[known[at]] / given[known[at]].sum()
            parts[at, known[at]] = contributions(method, table[at : at + 1, known[at]], shares)[0]
    whole = parts.sum(axis=1)
    scores = whole.copy()
    if method is Method.ELECTRE_III and answered.any():
        scores[answered] = electre_iii(values, given, **stated.options(method, criteria))
    return Standing(method=method, scores=scores, parts=parts, whole=whole, ranks=ranks_of(scores))


def ranks_of(scores: FloatArray) -> IntArray:
    """Ranks of scores in any unit, (n,); NaN shares the last rank."""
    missing = np.isnan(scores)
    if missing.all():
        return np.ones(len(scores), dtype=np.int64)
    after_all = np.nanmin(scores) - max(1.0, float(np.nanmax(np.abs(scores))))
    return competition_ranks(np.where(missing, after_all, scores))


def draws_for(method: Method, projects: int) -> int:
    """How many draws one page can take for this many projects."""
    if method in (Method.PROMETHEE_II, Method.ELECTRE_III):
        return int(np.clip(PAIRS_AT_ONCE // max(1, projects) ** 2, FEWEST_DRAWS, MOST_DRAWS))
    return MOST_DRAWS


def drawn_method_scores(
    method: Method,
    stated: Aggregation,
    criteria: Sequence[str],
    low: FloatArray,
    high: FloatArray,
    weights: FloatArray,
    *,
    spreads: Spreads | None = None,
    futures: ByteArray | None = None,
    seed: int = SEED,
) -> FloatArray:
    """Scores by the method in every draw, (draws, n): weights as drawn, values uniform between low and high.

    spreads: what the values are off by for their evidence and their simulated returns, of which `futures` says which
    one each draw looks at.

    weights: (draws, criteria), or (draws, n, criteria) where they depend on a project's place, for a method that
    compares no projects. Deterministic for a seed. Raises ValueError where shapes do not fit.
    """
    random = np.random.default_rng(seed)
    options = stated.options(method, criteria)
    found = np.empty((len(weights), len(low)))
    width = high - low
    shifts = None if spreads is None else spreads.drawn(len(weights), seed, futures)
    for at, drawn in enumerate(weights):
        values = low + width * random.random(low.shape) if width.any() else low
        if shifts is not None:
            values = np.clip(values + shifts[at], 0.0, 100.0)
        if drawn.ndim == 1:
            found[at] = _SCORES[method](values, drawn, **options)
        else:
            found[at] = [_SCORES[method](row[np.newaxis], own)[0] for row, own in zip(values, drawn, strict=True)]
    return found


def drawn_around(weights: FloatArray, draws: int, *, seed: int = SEED) -> FloatArray:
    """Weights drawn around the framework's as for `rank_intervals`: (draws, criteria), or (draws, n, criteria).

    weights: (criteria,), or (n, criteria) where they depend on a project's place; each place is drawn for itself.
    """
    random, given = np.random.default_rng(seed), np.asarray(weights, dtype=np.float64)
    shares = given / given.sum(axis=-1, keepdims=True)
    if shares.ndim == 1:
        return np.asarray(dirichlet(shares, CONCENTRATION, draws, random))
    if (shares == shares[0]).all():
        return np.asarray(dirichlet(shares[0], CONCENTRATION, draws, random))
    found = np.empty((draws, *shares.shape))
    around, group = np.unique(shares, axis=0, return_inverse=True)
    for position, place in enumerate(around):
        found[:, group.ravel() == position] = dirichlet(place, CONCENTRATION, draws, random)[:, np.newaxis]
    return found


def method_draws(weights: FloatArray, scores: FloatArray) -> RankDraws:
    """Drawn weights, see `drawn_around`, with their scores, see `drawn_method_scores`: what
    `method_rank_intervals` tells its ranks by."""
    found = places(scores, np.random.default_rng(SEED))
    if weights.ndim == 2:  # noqa: PLR2004 -- the same for every project
        return RankDraws(weights[np.newaxis], np.zeros(scores.shape[1], dtype=np.int64), scores, found)
    _, first, group = np.unique(weights[0], axis=0, return_index=True, return_inverse=True)
    return RankDraws(np.moveaxis(weights[:, first], 1, 0), group.ravel(), scores, found)


def method_rank_intervals(
    scores: FloatArray,
    drawn: FloatArray,
    *,
    costs: FloatArray | None = None,
    budget: float | FloatArray | None = None,
    eligible: npt.NDArray[np.bool_] | None = None,
) -> tuple[RankInterval, ...]:
    """Ranks by any method with their 90% intervals, as `rank_intervals` gives them for the weighted sum (METHOD 10).

    scores: (n,), NaN where a project has none; drawn: (draws, n), see `drawn_method_scores`. costs, budget and eligible
    as there. Raises ValueError where shapes do not fit.
    """
    if not len(scores):
        return ()
    ranks = ranks_of(scores)
    found = places(drawn, np.random.default_rng(SEED))
    reached = np.empty(drawn.shape, dtype=np.int64)
    np.put_along_axis(reached, found.order, found.first + 1, axis=1)
    bounds = np.quantile(reached, QUANTILES, axis=0, method="inverted_cdf").astype(np.int64)
    funded = None
    if costs is not None and budget is not None:
        funded = funded_share(drawn, costs, budget, eligible=eligible)
    return tuple(
        RankInterval(
            rank=int(rank),
            low=int(min(rank, first)),
            high=int(max(rank, last)),
            median=int(middle),
            funded=None if funded is None else float(funded[at]),
        )
        for at, (rank, first, middle, last) in enumerate(zip(ranks, *bounds, strict=True))
    )
