"""One project's total and rank over draws, also with other bounds on what is unknown (METHOD 9, 10)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.criteria.score_range import ENDS, SEED, drawn_shifts, totals_of
from scoring.result import CriteriaResult

FloatArray = npt.NDArray[np.float64]
Interval = tuple[float, float]
Rows = Sequence[Interval]
"""(low, high) of each criterion."""

DRAWS, OWN = 1_000, SEED + 1
"""The project's own draws are none of its rivals'."""
ROUNDING = 1e-7
"""Totals of 100 that differ by less are the same."""
APART = 1_000.0
"""More than any total: sets the sorted totals of one draw apart from those of the next."""


@dataclass(frozen=True, slots=True, eq=False)
class Rivals:
    """The other projects of a portfolio in the same draws of the weights."""

    criteria: tuple[str, ...]
    weights: FloatArray
    """(draws, criteria)"""
    totals: FloatArray
    """(draws, n)"""


class DrawnScore:
    """A project's total in the draws; whatever bounds are asked about, the random numbers are the same."""

    def __init__(self, result: CriteriaResult, rivals: Rivals | None = None) -> None:
        self.rows, self.method = list(result.by_criterion.values()), result.aggregation
        self.own_weights = np.array([row.weight for row in self.rows])
        if rivals is not None and rivals.criteria != tuple(row.id for row in self.rows):
            raise ValueError("the rivals must be of the same criteria")
        draws = DRAWS if rivals is None else len(rivals.weights)
        self.part = np.random.default_rng(OWN).random((draws, len(self.rows)))
        self.shifts = drawn_shifts(self.rows, draws, OWN)
        self.weights = None if rivals is None else rivals.weights
        self.count = 0 if rivals is None else rivals.totals.shape[1]
        self.starts = np.arange(draws)
        self.sorted = None
        if rivals is not None and self.count:
            self.sorted = (np.sort(rivals.totals, axis=1) + APART * self.starts[:, np.newaxis]).ravel()

    def width(self, rows: Rows | None = None) -> float:
        """Of the 90% range, at the project's own weights; rows: other bounds of its criteria."""
        low, high = np.quantile(self._totals(rows, self.own_weights), ENDS)
        return float(high - low)

    def places(self, rows: Rows | None = None) -> int | None:
        """How many places the rank's 90% range spans beyond one; None without rivals."""
        if self.sorted is None or self.weights is None:
            return None
        totals = self._totals(rows, self.weights) + ROUNDING + APART * self.starts
        better = (self.starts + 1) * self.count - np.searchsorted(self.sorted, totals, side="right")
        first, last = np.quantile(better, ENDS, method="inverted_cdf")
        return int(last - first)

    def _totals(self, rows: Rows | None, weights: FloatArray) -> FloatArray:
        ends = [(row.low, row.high) for row in self.rows] if rows is None else rows
        low, high = np.array(ends, dtype=np.float64).reshape(len(self.rows), 2).T
        return totals_of(low + (high - low) * self.part, self.shifts, weights, self.method)
