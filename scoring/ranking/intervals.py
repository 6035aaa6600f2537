"""A rank with its 90% interval, over uncertain weights and scores (METHOD 10)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.criteria.spreads import Spreads
from scoring.ranking.budget import funded_shares, payable
from scoring.ranking.ties import IntArray, Places, competition_ranks, places

FloatArray = npt.NDArray[np.float64]

CONCENTRATION = 40.0
"""Of the Dirichlet around the framework's weights: a weight of 25% then has a standard deviation of 6.8 points."""
DRAWS, LEAST_DRAWS = 2_000, 200
MOST_DRAWN = 10_000_000
"""Scores drawn in all: above 5,000 projects fewer draws are made, at least 200. The share that a quantile
stands for is then told to within 1.5 points (its standard error), against 0.5 of 2,000 draws."""
SEED = 20_211
QUANTILES = (0.05, 0.5, 0.95)
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class RankInterval:
    """The rank by the point scores, and the ranks at 5%, 50% and 95% of the draws."""

    rank: int
    low: int
    high: int
    median: int
    funded: float | None = None
    """Share of the draws in which rank and cut funds the project; None where no budget was given."""


@dataclass(frozen=True, slots=True, eq=False)
class RankDraws:
    """One set of draws: ranks, their ranges and the chance of being funded are told by the same."""

    weights: FloatArray
    """(sets, draws, criteria): one set of weights for all n projects, or one for those of each place."""
    which: IntArray
    """(n,), the set that each project is weighed by."""
    scores: FloatArray
    """(draws, n)"""
    places: Places


def draws_for(projects: int) -> int:
    """How many draws the ranks of so many projects are told by: 2,000 up to 5,000 projects, then fewer."""
    return min(DRAWS, max(LEAST_DRAWS, MOST_DRAWN // max(projects, 1)))


def rank_intervals(
    low: FloatArray,
    point: FloatArray,
    high: FloatArray,
    weights: FloatArray,
    *,
    costs: FloatArray | None = None,
    budget: float | FloatArray | None = None,
    eligible: npt.NDArray[np.bool_] | None = None,
    spreads: Spreads | None = None,
    draws: int | None = None,
    seed: int = SEED,
) -> tuple[RankInterval, ...]:
    """Ranks of n projects over draws of the criteria's weights and of their scores (METHOD 10).

    low, high: (n, criteria), criterion scores with every unknown at worst and at best; drawn uniformly between.
    point: (n,), the scores that rank. weights: (criteria,), the framework's, or (n, criteria) where they depend on a
    project's place; drawn from a Dirichlet around them with concentration 40, each place's for itself. costs: (n,), 0
    or more, and budget, in the same money, or (n, m) and m budgets that must all hold: what is eligible (all, if left
    out; a gate can exclude) is funded in order of rank until the next one does not fit; inside a tie chance decides.
    spreads: what the scores are off by for their evidence and their simulated returns; nothing, if left out.

    draws: as `draws_for` says where left out. Deterministic for a seed. Returns one interval a project, which always
    contains the rank, also where the scores of the answered indicators alone rank it better or worse than nearly all
    draws. Raises ValueError where shapes do not fit, a number is not finite, low exceeds high, or costs come without a
    budget or a budget without costs.
    """
    lower, upper, around = _checked(low, high, weights)
    ranked, paid = _ranked(point, len(lower)), payable(costs, budget, eligible, len(lower))
    if not len(lower):
        return ()
    found = _drawn(lower, upper, around, draws, spreads, seed).places
    bounds = _quantiles(found, len(lower))
    funded = None if paid is None or budget is None else funded_shares(found, paid, budget)
    shares = [None] * len(lower) if funded is None else funded.tolist()
    return tuple(
        RankInterval(rank=rank, low=min(rank, first), high=max(rank, last), median=middle, funded=share)
        for rank, (first, middle, last), share in zip(ranked.tolist(), bounds.tolist(), shares, strict=True)
    )


def rank_draws(
    low: FloatArray,
    high: FloatArray,
    weights: FloatArray,
    *,
    spreads: Spreads | None = None,
    draws: int | None = None,
    seed: int = SEED,
) -> RankDraws:
    """The draws that `rank_intervals` tells its ranks by, for the same arguments (METHOD 10).

    Raises ValueError where shapes do not fit, a number is not finite, or low exceeds high.
    """
    return _drawn(*_checked(low, high, weights), draws, spreads, seed)


def _drawn(
    lower: FloatArray, upper: FloatArray, shares: FloatArray, draws: int | None, spreads: Spreads | None, seed: int
) -> RankDraws:
    """Total scores and their places: projects with the same weights share their draws."""
    random, times = np.random.default_rng(seed), draws_for(len(lower)) if draws is None else draws
    if shares.ndim == 1:
        drawn = dirichlet(shares, CONCENTRATION, times, random)
        scores = moved_by(spreads, scores_between(lower, upper, drawn, random), drawn, seed)
        which = np.zeros(len(lower), dtype=np.int64)
        return RankDraws(drawn[np.newaxis], which, scores, places(scores, random))
    around, group = np.unique(shares, axis=0, return_inverse=True)
    scores, sets = np.empty((times, len(lower))), np.empty((len(around), times, lower.shape[1]))
    for position, weights in enumerate(around):
        chosen = group.ravel() == position
        sets[position] = drawn = dirichlet(weights, CONCENTRATION, times, random)
        between = scores_between(lower[chosen], upper[chosen], drawn, random)
        own = None if spreads is None else spreads.of(chosen)
        scores[:, chosen] = moved_by(own, between, drawn, seed + position)
    return RankDraws(sets, group.ravel(), scores, places(scores, random))


def dirichlet(shares: FloatArray, concentration: float, draws: int, random: np.random.Generator) -> FloatArray:
    """Weights drawn around shares m that sum to 1, (draws, criteria), with variance m (1 - m) / (concentration + 1)."""
    # A weight of 0 stays out of the way, but a Dirichlet needs every parameter above 0.
    return random.dirichlet(concentration * np.maximum(shares, 1e-9), size=draws)


def scores_between(lower: FloatArray, upper: FloatArray, drawn: FloatArray, random: np.random.Generator) -> FloatArray:
    """Total scores, (draws, n), of values drawn uniformly between (n, criteria) bounds and drawn weights."""
    scores = drawn @ lower.T
    width = upper - lower
    for criterion in range(drawn.shape[1]):
        open_ones = np.flatnonzero(width[:, criterion] > 0)
        part = random.random((len(drawn), len(open_ones)))
        part *= drawn[:, criterion, np.newaxis]
        part *= width[open_ones, criterion]
        if len(open_ones) == len(lower):
            scores += part
        else:
            scores[:, open_ones] += part
    return np.asarray(scores)


def moved_by(
    spreads: Spreads | None,
    scores: FloatArray,
    drawn: FloatArray,
    seed: int,
    futures: npt.NDArray[np.uint8] | None = None,
) -> FloatArray:
    """The scores, (draws, n), moved in place by what evidence and simulated returns leave open (METHOD 10).

    drawn: the weights of each draw, (draws, criteria). futures: see `Spreads.shifts`.
    """
    if spreads is None:
        return scores
    for criterion, draws, projects, points in spreads.shifts(len(drawn), seed, futures):
        points *= drawn[draws, criterion, np.newaxis]  # noqa: PLW2901 -- in place
        first, end = int(projects[0]), int(projects[-1]) + 1
        part = scores[draws, first:end]
        if end - first == len(projects):
            part += points
        else:
            part[:, projects - first] += points
    return scores


def _quantiles(found: Places, count: int) -> IntArray:
    """Ranks at QUANTILES of the draws, (n, 3): the least rank that at least that share of draws reaches."""
    draws = len(found.order)
    if count <= draws:
        times = np.bincount((found.order * count + found.first).ravel(), minlength=count * count).reshape(count, count)
        reached = times.cumsum(axis=1) / draws
        return np.stack([(reached < share - ROUNDING).sum(axis=1) + 1 for share in QUANTILES], axis=1)
    # A table of every project by every rank would be larger than the draws.
    ranks = np.empty((draws, count), dtype=np.int32)
    np.put_along_axis(ranks, found.order, found.first.astype(np.int32), axis=1)
    at = [int(np.ceil((share - ROUNDING) * draws)) - 1 for share in QUANTILES]
    return np.asarray(np.partition(ranks.T, at, axis=1)[:, at] + 1, dtype=np.int64)


def _checked(low: FloatArray, high: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    lower, upper = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    given = np.asarray(weights, dtype=np.float64)
    if lower.ndim != 2 or lower.shape != upper.shape or given.shape not in (lower.shape, lower.shape[1:]):  # noqa: PLR2004
        raise ValueError("low and high (projects, criteria) and weights (criteria,) must fit")
    if not all(np.isfinite(part).all() for part in (lower, upper, given)) or (lower > upper).any():
        raise ValueError("scores must be finite and low not above high")
    if (given < 0).any() or (given.sum(axis=-1) <= 0).any():
        raise ValueError("weights must be 0 or more, and one above 0")
    if given.ndim > 1 and len(given) and (given == given[0]).all():
        given = given[0]
    return lower, upper, given / given.sum(axis=-1, keepdims=True)


def _ranked(point: FloatArray, count: int) -> IntArray:
    given = np.asarray(point, dtype=np.float64)
    if given.shape != (count,) or not np.isfinite(given).all():
        raise ValueError("one finite point score for each project is needed")
    return competition_ranks(given)
