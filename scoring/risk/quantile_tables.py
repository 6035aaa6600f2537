"""Quantile functions tabulated once for all draws (METHOD 6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from scoring.compiled import compiled
from scoring.risk import normal
from scoring.risk.marginals import Affine, Discrete, Marginal, Point, Truncated
from scoring.risk.normal import FloatArray

FARTHEST, INTERVALS = 8.25, 2112
"""A table reaches to this normal score on both sides, a probability of 1e-16, in steps of 1/128."""
BLOCK = 256
"""Draws looked up at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class QuantileTable:
    """Quantiles at evenly spaced standard normal scores, so that a draw costs one interpolation (accuracy: tests)."""

    values: FloatArray
    """(INTERVALS + 1,)"""
    steps: Marginal | None = None
    """A distribution with jumps, evaluated exactly: between its values there is nothing to interpolate."""

    def at(self, scores: FloatArray) -> FloatArray:
        """Values at standard normal scores (n,) -> (n,)."""
        return drivers_at(np.eye(1), (self,), scores[:, np.newaxis])[1][:, 0]


@lru_cache(maxsize=1024)
def tabulate(distribution: Marginal) -> QuantileTable:
    """Tabulate the quantile function once."""
    if _jumps(distribution):
        return QuantileTable(np.zeros(INTERVALS + 1), distribution)
    scores = np.linspace(-FARTHEST, FARTHEST, INTERVALS + 1)
    return QuantileTable(distribution.quantile(normal.probability_of(scores)))


def drivers_at(
    factor: FloatArray, tables: Sequence[QuantileTable], scores: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Correlated scores and the drivers' values there, both (n, K), from independent scores (n, K).

    factor: (K, K), of the copula, or turned (`scoring.risk.leading`). Sums keep their order, so that the bits depend on
    nothing else (METHOD 12).
    """
    correlated, values = np.empty_like(scores), np.empty_like(scores)
    table = np.array([table.values for table in tables]).reshape(len(tables), INTERVALS + 1)
    _correlate_and_look_up(factor, table, np.ascontiguousarray(scores), correlated, values)
    for column, each in enumerate(tables):
        if each.steps is not None:
            values[:, column] = each.steps.quantile(normal.probability_of(correlated[:, column]))
    return correlated, values


@compiled
def _correlate_and_look_up(
    factor: FloatArray, tables: FloatArray, scores: FloatArray, correlated: FloatArray, values: FloatArray
) -> None:
    """In blocks that stay in cache, a driver at a time: the loops over draws are then made vectors of."""
    draws, count = scores.shape
    block, score = np.zeros((count, BLOCK)), np.zeros(BLOCK)
    for start in range(0, draws, BLOCK):
        size = min(BLOCK, draws - start)
        for i in range(size):
            for k in range(count):
                block[k, i] = scores[start + i, k]
        for k in range(count):
            score[:] = 0.0
            for j in range(count):
                weight = factor[k, j]
                if weight == 0.0:
                    continue
                for i in range(BLOCK):
                    score[i] += weight * block[j, i]
            for i in range(size):
                position = min(max((score[i] + FARTHEST) * (INTERVALS / (2.0 * FARTHEST)), 0.0), float(INTERVALS))
                at = min(int(position), INTERVALS - 1)
                left, right = tables[k, at], tables[k, at + 1]
                correlated[start + i, k] = score[i]
                values[start + i, k] = left + (position - at) * (right - left)


def _jumps(distribution: Marginal) -> bool:
    inner = distribution
    while isinstance(inner, Truncated | Affine):
        inner = inner.whole
    return isinstance(inner, Discrete | Point)
