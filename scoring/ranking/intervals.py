"""A rank with its 90% interval, over uncertain weights and unknown answers (METHOD 10)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

CONCENTRATION = 40.0
"""Of the Dirichlet around the framework's weights: a weight of 25% then has a standard deviation of 6.8 points."""
DRAWS = 2_000
SEED = 20_211


@dataclass(frozen=True, slots=True)
class RankInterval:
    """The rank by the point scores, and the ranks at 5% and 95% of the draws."""

    rank: int
    low: int
    high: int


def competition_ranks(scores: FloatArray) -> IntArray:
    """1 for the highest; equal scores share the better rank and the next ranks are left out (1, 2, 2, 4).

    scores: (n,). Returns (n,).
    """
    given = np.asarray(scores, dtype=np.float64)
    return 1 + given.size - np.searchsorted(np.sort(given), given, side="right")


def rank_intervals(
    low: FloatArray, point: FloatArray, high: FloatArray, weights: FloatArray, *, draws: int = DRAWS, seed: int = SEED
) -> tuple[RankInterval, ...]:
    """Ranks of n projects over draws of the criteria's weights and of what is unknown (METHOD 10).

    low, high: (n, criteria), criterion scores with every unknown at worst and at best; drawn uniformly between.
    point: (n,), the scores that rank. weights: (criteria,), the framework's, summing to 1.
    Deterministic for a seed. Returns one interval a project; the interval always contains the rank.
    """
    ranks = competition_ranks(point)
    if not len(ranks):
        return ()
    random = np.random.default_rng(seed)
    positive = np.maximum(np.asarray(weights, dtype=np.float64), 1e-9)
    drawn = random.dirichlet(CONCENTRATION * positive, size=draws)
    lower, upper = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    scores = np.empty((draws, len(ranks)))
    for position in range(len(ranks)):
        inside = lower[position] + random.random((draws, positive.size)) * (upper[position] - lower[position])
        scores[:, position] = (inside * drawn).sum(axis=1)
    order = np.argsort(-scores, axis=1, kind="stable")
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(1, len(ranks) + 1)[None, :], axis=1)
    bounds = np.quantile(places, [0.05, 0.95], axis=0, method="nearest")
    return tuple(
        RankInterval(int(rank), int(min(rank, first)), int(max(rank, last)))
        for rank, first, last in zip(ranks, bounds[0], bounds[1], strict=True)
    )
