"""What every way of aggregating asks of its table of values, its weights and its senses (METHOD 9)."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

BLOCK = 1_000
"""Rows that are turned together: so many stay in the near cache."""


def checked(values: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Values (alternatives, indicators) and weights (indicators,) as float arrays.

    Raises ValueError on a negative weight, what is not finite, or shapes that do not fit.
    """
    table, given = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if table.ndim != 2 or not table.size or given.shape != (table.shape[1],):  # noqa: PLR2004 -- rows and columns
        raise ValueError("one weight for each column of values is needed")
    if not (finite(table) and finite(given)):
        raise ValueError("values and weights must be finite")
    if not (given >= 0).all():
        raise ValueError("weights must be 0 or more")
    return table, given


def finite(numbers: FloatArray) -> bool:
    """Whether all are: where their sum is finite they are, and only a sum that is not asks for a look at each."""
    with np.errstate(all="ignore"):
        total = numbers.sum()
    return bool(np.isfinite(total) or np.isfinite(numbers).all())


def shares_of(weights: FloatArray) -> FloatArray:
    """Weights made to sum to 1; raises ValueError where all are 0."""
    total = weights.sum()
    if total <= 0:
        raise ValueError("at least one weight must be above 0")
    shares: FloatArray = weights / total
    return shares


def directed(table: FloatArray, senses: FloatArray | None) -> FloatArray:
    """The table turned so that more is better in every column: `senses` is 1 or -1 a column; left out, all are 1."""
    if senses is None:
        return table
    given = np.asarray(senses, dtype=np.float64)
    if given.shape != (table.shape[1],) or not np.isin(given, (1, -1)).all():
        raise ValueError("senses are 1 or -1, one for each column")
    turned: FloatArray = table * given
    return turned


def in_columns(table: FloatArray) -> FloatArray:
    """The table turned on its side, (columns, rows), so that each column's values stand next to each other."""
    turned = np.empty(table.shape[::-1])
    for start in range(0, len(table), BLOCK):
        turned[:, start : start + BLOCK] = table[start : start + BLOCK].T
    return turned


def threshold(stated: FloatArray | float, columns: int) -> FloatArray:
    """One threshold for each column from one number or (columns,)."""
    return np.broadcast_to(np.asarray(stated, dtype=np.float64), (columns,))
