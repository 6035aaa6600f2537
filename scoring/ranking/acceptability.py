"""Rank acceptability: how often each alternative takes each rank (METHOD 10, SMAA)."""

import numpy as np
import numpy.typing as npt

from scoring.ranking.ties import places

FloatArray = npt.NDArray[np.float64]


def acceptability(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Share of weight draws in which each alternative takes each rank; ties share their ranks (SMAA-2, METHOD 10).

    values: (alternatives, indicators), more is better. weights: (draws, indicators).
    Returns (alternatives, ranks): rows and columns each sum to 1. Raises ValueError where shapes do not fit or a number
    is not finite.
    """
    table, draws = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if table.ndim != 2 or draws.ndim != 2 or draws.shape[1] != table.shape[1] or not draws.size:  # noqa: PLR2004
        raise ValueError("values (alternatives, indicators) and weights (draws, indicators) must have equal columns")
    if not (np.isfinite(table).all() and np.isfinite(draws).all()):
        raise ValueError("values and weights must be finite")
    return rank_shares(draws @ table.T)


def rank_shares(scores: FloatArray) -> FloatArray:
    """Share of rows in which each alternative takes each rank, from finite scores (draws, alternatives).

    Returns (alternatives, ranks) as `acceptability` does.
    """
    count = scores.shape[1]
    found = places(scores, np.random.default_rng(0))
    part = (1 / (found.last - found.first + 1)).ravel()
    # Each alternative gets its part from the first rank of its tie to the last: what begins less what has ended.
    alternative = found.order * (count + 1)
    begun = np.bincount((alternative + found.first).ravel(), part, count * (count + 1))
    ended = np.bincount((alternative + found.last + 1).ravel(), part, count * (count + 1))
    shares: FloatArray = (begun - ended).reshape(count, count + 1).cumsum(axis=1)[:, :-1]
    return np.asarray(np.maximum(shares, 0) / len(scores))
