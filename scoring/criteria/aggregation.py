"""Ways to make one score of many values, compensating ones: outranking has a module of its own (METHOD 9).

Everywhere values are (alternatives, indicators) and weights (indicators,), 0 or more; the result is (alternatives,),
more is better. `senses` is 1 for an indicator of which more is better and -1 where less is; left out, more is better.
"""

import numpy as np

from scoring.criteria.tables import FloatArray, checked, directed, shares_of

MANY = 200_000
"""Values from which on TOPSIS is computed in compiled code; fewer are done before it is loaded."""
SMALLEST, LARGEST = 1e-200, 1e300
"""Sums of squares between which none of the squares is lost."""


def weighted_sum(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Sum of value x weight of each alternative (METHOD 9, the default).

    Weights are used as given, not made to sum to 1. Raises ValueError on a negative weight, values that are not finite
    or shapes that do not fit.
    """
    table, given = checked(values, weights)
    return table @ given


def weighted_geometric_mean(values: FloatArray, weights: FloatArray) -> FloatArray:
    """exp of the weighted mean of logarithms: a zero anywhere with weight gives zero (METHOD 9).

    values: 0 or more. Raises ValueError on negative values, and as `weighted_sum`.
    """
    table, given = checked(values, weights)
    if (table < 0).any():
        raise ValueError("a geometric mean needs values of 0 or more")
    shares = shares_of(given)
    with np.errstate(divide="ignore"):
        score: FloatArray = np.exp(np.log(table[:, shares > 0]) @ shares[shares > 0])
    return score


def topsis(values: FloatArray, weights: FloatArray, *, senses: FloatArray | None = None) -> FloatArray:
    """Closeness to the ideal alternative, 0 to 1 (Hwang & Yoon 1981; METHOD 9).

    Columns are divided by their Euclidean length and weighted; the ideal takes the best of every column, the anti-ideal
    the worst; closeness = distance to the anti-ideal / sum of both distances. Where all alternatives are alike both
    distances are 0, and each gets 0.5. Raises ValueError as `weighted_sum`.
    """
    table, given = checked(values, weights)
    if table.size >= MANY and (found := _closeness_of_many(table, given, senses)) is not None:
        return found
    scaled = scaled_columns(table, given, senses=senses)
    to_best = np.sqrt(((scaled - scaled.max(axis=0)) ** 2).sum(axis=1))
    to_worst = np.sqrt(((scaled - scaled.min(axis=0)) ** 2).sum(axis=1))
    both = to_best + to_worst
    closeness: FloatArray = np.divide(to_worst, both, out=np.full_like(both, 0.5), where=both > 0)
    return closeness


def _closeness_of_many(table: FloatArray, weights: FloatArray, senses: FloatArray | None) -> FloatArray | None:
    """As `topsis`, in two walks through the table instead of ten; None where squares of values leave the range."""
    from scoring.criteria import kernels  # noqa: PLC0415 -- loads numba

    rows = np.ascontiguousarray(table)
    least, most, squares = kernels.extent(rows)
    if not (((squares > SMALLEST) & (squares < LARGEST)) | ((least == 0) & (most == 0))).all():
        return None
    factors = np.divide(shares_of(weights), np.sqrt(squares), out=np.zeros_like(squares), where=squares > 0)
    factors = directed(factors[np.newaxis], senses)[0]
    ends = least * factors, most * factors
    return np.asarray(kernels.closeness(rows, factors, np.maximum(*ends), np.minimum(*ends)))


def scaled_columns(values: FloatArray, weights: FloatArray, *, senses: FloatArray | None = None) -> FloatArray:
    """The table TOPSIS measures distances in: columns of Euclidean length 1, times their share of the weight."""
    table, given = checked(values, weights)
    turned = directed(table, senses)
    # The largest comes first to 1, so that no square is too large or too small to be held.
    largest = np.abs(turned).max(axis=0)
    relative = np.divide(turned, largest, out=np.zeros_like(turned), where=largest > 0)
    length = np.sqrt((relative**2).sum(axis=0))
    scaled: FloatArray = np.divide(relative, length, out=relative, where=length > 0) * shares_of(given)
    return scaled
