"""Ways to make one score of many values (METHOD 9)."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def weighted_sum(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Sum of value x weight of each alternative (METHOD 9, the default).

    values: (alternatives, indicators). weights: (indicators,), 0 or more, used as given.
    Returns (alternatives,). Raises ValueError on a negative weight or shapes that do not fit.
    """
    table, given = _checked(values, weights)
    return table @ given


def weighted_geometric_mean(values: FloatArray, weights: FloatArray) -> FloatArray:
    """exp of the weighted mean of logarithms: a zero anywhere with weight gives zero (METHOD 9).

    values: (alternatives, indicators), 0 or more. weights: (indicators,), 0 or more with a positive sum.
    Returns (alternatives,). Raises ValueError on negative values or weights.
    """
    table, given = _checked(values, weights)
    if (table < 0).any():
        raise ValueError("a geometric mean needs values of 0 or more")
    if given.sum() <= 0:
        raise ValueError("at least one weight must be above 0")
    used = table[:, given > 0]
    shares = given[given > 0] / given.sum()
    with np.errstate(divide="ignore"):
        score: FloatArray = np.exp(np.log(used) @ shares)
    return score


def _checked(values: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    table, given = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if table.ndim != 2 or given.shape != (table.shape[1],):  # noqa: PLR2004 -- rows and columns
        raise ValueError("one weight for each column of values is needed")
    if not (given >= 0).all():
        raise ValueError("weights must be 0 or more")
    return table, given
