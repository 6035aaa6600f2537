"""Pareto dominance, also where values are known as intervals only (METHOD 10)."""

import numpy as np
import numpy.typing as npt

from scoring.ranking.ties import TIE

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


def dominance(low: FloatArray, high: FloatArray | None = None) -> BoolArray:
    """Whether the row's alternative dominates the column's, whatever is still unknown (METHOD 10).

    low, high: (alternatives, criteria), more is better, every unknown at worst and at best; without `high` all
    is known. One dominates another when its worst is at least the other's best on every criterion, and above it on one;
    values that differ by rounding only are the same. Returns (alternatives, alternatives), False on the diagonal.
    Raises ValueError where shapes do not fit, a value is not finite or low exceeds high.
    """
    worst = np.asarray(low, dtype=np.float64)
    best = worst if high is None else np.asarray(high, dtype=np.float64)
    if worst.ndim != 2 or worst.shape != best.shape:  # noqa: PLR2004 -- rows and columns
        raise ValueError("low and high (alternatives, criteria) must fit")
    if not (np.isfinite(worst).all() and np.isfinite(best).all()) or (worst > best).any():
        raise ValueError("values must be finite and low not above high")
    count = len(worst)
    never_worse, somewhere_better = np.ones((count, count), dtype=np.bool_), np.zeros((count, count), dtype=np.bool_)
    same = TIE * np.maximum(1.0, np.abs(best).max(axis=0, initial=0))
    for own, other, rounding in zip(worst.T, best.T, same, strict=True):
        lead = own[:, np.newaxis] - other
        never_worse &= lead >= -rounding
        somewhere_better |= lead > rounding
    return never_worse & somewhere_better


def dominators(low: FloatArray, high: FloatArray | None = None) -> tuple[tuple[int, ...], ...]:
    """Who dominates each alternative, by position; empty where nobody does (METHOD 10). Arguments as `dominance`."""
    return tuple(tuple(np.flatnonzero(column).tolist()) for column in dominance(low, high).T)
