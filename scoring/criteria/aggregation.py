"""Ways to make one score of many values, compensating ones: outranking has a module of its own (METHOD 9).

Everywhere values are (alternatives, indicators) and weights (indicators,), 0 or more; the result is (alternatives,),
more is better. `senses` is 1 for an indicator of which more is better and -1 where less is; left out, more is better.
"""

import numpy as np

from scoring.criteria.tables import FloatArray, checked, directed, shares_of


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
    scaled = scaled_columns(values, weights, senses=senses)
    to_best = np.sqrt(((scaled - scaled.max(axis=0)) ** 2).sum(axis=1))
    to_worst = np.sqrt(((scaled - scaled.min(axis=0)) ** 2).sum(axis=1))
    both = to_best + to_worst
    closeness: FloatArray = np.divide(to_worst, both, out=np.full_like(both, 0.5), where=both > 0)
    return closeness


def scaled_columns(values: FloatArray, weights: FloatArray, *, senses: FloatArray | None = None) -> FloatArray:
    """The table TOPSIS measures distances in: columns of Euclidean length 1, times their share of the weight."""
    table, given = checked(values, weights)
    turned = directed(table, senses)
    length = np.sqrt((turned**2).sum(axis=0))
    scaled: FloatArray = np.divide(turned, length, out=np.zeros_like(turned), where=length > 0) * shares_of(given)
    return scaled
