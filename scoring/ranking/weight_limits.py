"""Which weights are allowed: within bounds and in an order of importance (METHOD 10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightLimits:
    """Which weights are allowed."""

    low: Sequence[float] | None = None
    """Least weight of each criterion; None is 0 everywhere."""
    high: Sequence[float] | None = None
    """Greatest weight of each criterion; None is 1 everywhere."""
    order: Sequence[int] = ()
    """Criteria by position, the most important first: none weighs more than the one before. May leave some out."""


@dataclass(frozen=True, slots=True, eq=False)
class WeightRegion:
    """Where weights are allowed: bounds made as tight as the order makes them, so that both fall along it."""

    low: FloatArray
    high: FloatArray
    order: tuple[int, ...]

    @property
    def rises(self) -> FloatArray:
        """(pairs, criteria): each row times the weights must be 0 or more."""
        rows = np.zeros((max(0, len(self.order) - 1), len(self.low)))
        for row, more, less in zip(rows, self.order[:-1], self.order[1:], strict=True):
            row[more], row[less] = 1.0, -1.0
        return rows

    @property
    def possible(self) -> bool:
        """Whether any weights that sum to 1 keep to it."""
        return (
            bool((self.low <= self.high).all()) and self.low.sum() <= 1 + ROUNDING and self.high.sum() >= 1 - ROUNDING
        )

    @property
    def middle(self) -> FloatArray:
        """A point inside: the mean of points that fill up some criteria first, each along the order."""
        rest = [at for at in range(len(self.low)) if at not in self.order]
        firsts = [list(self.order[:length]) for length in range(1, len(self.order) + 1)] + [[at] for at in rest]
        everything = list(range(len(self.low)))
        return np.asarray(np.mean([self._filled([first, everything]) for first in firsts], axis=0))

    def _filled(self, groups: list[list[int]]) -> FloatArray:
        """From the lower bounds, each group in turn raised towards its upper ones by one share, until the sum is 1."""
        point = self.low.copy()
        for group in groups:
            room = self.high[group] - point[group]
            missing = 1 - point.sum()
            if room.sum() > 0:
                point[group] += room * min(1.0, max(0.0, missing / room.sum()))
        return point

    def contains(self, drawn: FloatArray) -> npt.NDArray[np.bool_]:
        """Which rows of (draws, criteria) keep to it."""
        inside = ((drawn >= self.low - ROUNDING) & (drawn <= self.high + ROUNDING)).all(axis=1)
        return np.asarray(inside & (drawn @ self.rises.T >= -ROUNDING).all(axis=1))

    def without(self, idle: npt.NDArray[np.bool_]) -> "WeightRegion":
        """With no more than their least weight for criteria that should have none, where that leaves anything."""
        smaller = _tightened(self.low, np.where(idle, self.low, self.high), self.order)
        return smaller if smaller.possible else self


def weight_region(limits: WeightLimits, criteria: int) -> WeightRegion:
    """The region of so many criteria; raises ValueError where limits do not fit or no weights keep to them."""
    low = np.array(np.zeros(criteria) if limits.low is None else limits.low, dtype=np.float64)
    high = np.array(np.ones(criteria) if limits.high is None else limits.high, dtype=np.float64)
    order = tuple(limits.order)
    if low.shape != (criteria,) or high.shape != (criteria,):
        raise ValueError("one bound for each criterion is needed")
    if not ((low >= 0) & (low <= high) & (high <= 1)).all():
        raise ValueError("bounds must lie between 0 and 1, the lower not above the upper")
    if len(set(order)) < len(order) or not set(order) <= set(range(criteria)):
        raise ValueError("an order must name criteria by position, each once")
    region = _tightened(low, high, order)
    if not region.possible:
        contradicts = ", and the order contradicts the bounds" if (region.low > region.high).any() else ""
        least, most = region.low.sum(), region.high.sum()
        raise ValueError(
            f"no weights keep to these limits: their sum is at least {least:.3g} and at most {most:.3g}{contradicts}"
        )
    return region


def _tightened(low: FloatArray, high: FloatArray, order: tuple[int, ...]) -> WeightRegion:
    low, high = low.copy(), high.copy()
    for before, after in pairwise(order):
        high[after] = min(high[after], high[before])
    for after, before in pairwise(order[::-1]):
        low[before] = max(low[before], low[after])
    return WeightRegion(low, high, order)
