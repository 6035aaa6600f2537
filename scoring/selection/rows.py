"""Linear inequalities, sum of coefficient x chosen <= limit, row after row (compressed sparse rows)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.selection.problem import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """r inequalities with e entries over n columns."""

    start: IntArray
    """(r + 1,), where each row's entries begin."""
    column: IntArray
    """(e,)"""
    coefficient: FloatArray
    """(e,)"""
    limit: FloatArray
    """(r,), the most each row may sum to."""

    def __len__(self) -> int:
        return len(self.limit)

    @property
    def row(self) -> IntArray:
        """The row of each entry, (e,)."""
        return np.repeat(np.arange(len(self.limit)), np.diff(self.start))

    def prices(self, duals: FloatArray, count: int) -> FloatArray:
        """What each of `count` columns costs at a price for each row, (count,)."""
        return _sums(self.column, self.coefficient * duals[self.row], count)

    def only(self, kept: BoolArray | IntArray) -> "Rows":
        """Some of the rows, kept given as (r,) booleans or as increasing indices."""
        chosen = np.zeros(len(self.limit), dtype=np.bool_)
        chosen[kept] = True
        entries = chosen[self.row]
        return Rows(
            _starts(np.diff(self.start)[chosen]), self.column[entries], self.coefficient[entries], self.limit[chosen]
        )

    def free(self, free: BoolArray, fixed: FloatArray) -> "Rows":
        """The rows over the free columns alone, renumbered, where the others, (n,), are fixed."""
        row, entries = self.row, free[self.column]
        taken = _sums(row[~entries], (self.coefficient * fixed[self.column])[~entries], len(self.limit))
        numbers = np.cumsum(free) - 1
        return Rows(
            _starts(np.bincount(row[entries], minlength=len(self.limit))),
            numbers[self.column[entries]],
            self.coefficient[entries],
            self.limit - taken,
        )


def rows_of(columns: Sequence[Sequence[int] | IntArray], coefficients: Sequence[FloatArray], limit: FloatArray) -> Rows:
    """Rows from the columns, coefficients and limit of each."""
    if not len(limit):
        return Rows(np.zeros(1, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
    return Rows(
        _starts(np.fromiter(map(len, columns), np.int64, len(columns))),
        np.concatenate([np.asarray(part, dtype=np.int64) for part in columns]),
        np.concatenate(coefficients),
        limit,
    )


def stacked(parts: Sequence[Rows]) -> Rows:
    """All rows of several, one below the other."""
    return Rows(
        _starts(np.concatenate([np.diff(part.start) for part in parts])),
        np.concatenate([part.column for part in parts]),
        np.concatenate([part.coefficient for part in parts]),
        np.concatenate([part.limit for part in parts]),
    )


def _starts(lengths: IntArray) -> IntArray:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])


def _sums(groups: IntArray, amounts: FloatArray, count: int) -> FloatArray:
    return np.bincount(groups, amounts, count).astype(np.float64, copy=False)
