"""Ways to make one score of many values (METHOD 9).

Everywhere values are (alternatives, indicators) and weights (indicators,), 0 or more; the result is (alternatives,),
more is better. `senses` is 1 for an indicator of which more is better and -1 where less is; left out, more is better.
"""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def weighted_sum(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Sum of value x weight of each alternative (METHOD 9, the default).

    Weights are used as given, not made to sum to 1. Raises ValueError on a negative weight, values that are not finite
    or shapes that do not fit.
    """
    table, given = _checked(values, weights)
    return table @ given


def weighted_geometric_mean(values: FloatArray, weights: FloatArray) -> FloatArray:
    """exp of the weighted mean of logarithms: a zero anywhere with weight gives zero (METHOD 9).

    values: 0 or more. Raises ValueError on negative values, and as `weighted_sum`.
    """
    table, given = _checked(values, weights)
    if (table < 0).any():
        raise ValueError("a geometric mean needs values of 0 or more")
    shares = _shares(given)
    with np.errstate(divide="ignore"):
        score: FloatArray = np.exp(np.log(table[:, shares > 0]) @ shares[shares > 0])
    return score


def topsis(values: FloatArray, weights: FloatArray, *, senses: FloatArray | None = None) -> FloatArray:
    """Closeness to the ideal alternative, 0 to 1 (Hwang & Yoon 1981; METHOD 9).

    Columns are divided by their Euclidean length and weighted; the ideal takes the best of every column, the anti-ideal
    the worst; closeness = distance to the anti-ideal / sum of both distances. Where all alternatives are alike both
    distances are 0, and each gets 0.5. Raises ValueError as `weighted_sum`.
    """
    table, given = _checked(values, weights)
    directed = table * _senses(senses, table)
    length = np.sqrt((directed**2).sum(axis=0))
    scaled = np.divide(directed, length, out=np.zeros_like(directed), where=length > 0) * _shares(given)
    to_best = np.sqrt(((scaled - scaled.max(axis=0)) ** 2).sum(axis=1))
    to_worst = np.sqrt(((scaled - scaled.min(axis=0)) ** 2).sum(axis=1))
    both = to_best + to_worst
    closeness: FloatArray = np.divide(to_worst, both, out=np.full_like(both, 0.5), where=both > 0)
    return closeness


def promethee_ii(
    values: FloatArray,
    weights: FloatArray,
    *,
    senses: FloatArray | None = None,
    indifference: FloatArray | float = 0.0,
    preference: FloatArray | float = 0.0,
) -> FloatArray:
    """Net outranking flow, -1 to 1; flows sum to 0 (Brans, Vincke & Mareschal 1986; METHOD 9).

    A difference up to `indifference` counts nothing, from `preference` on it counts fully, in between linearly; with
    both at 0 every difference counts fully (the usual criterion), with only `indifference` at 0 it is the V-shape. Both
    are one number or (indicators,), in the unit of the values. Raises ValueError where preference < indifference or one
    is negative, and as `weighted_sum`.
    """
    table, given = _checked(values, weights)
    least = np.broadcast_to(np.asarray(indifference, dtype=np.float64), given.shape)
    full = np.broadcast_to(np.asarray(preference, dtype=np.float64), given.shape)
    if not ((least >= 0) & (full >= least)).all():
        raise ValueError("thresholds must be 0 or more, preference not below indifference")
    directed = table * _senses(senses, table)
    count = len(directed)
    flow = np.zeros(count)
    for column, share, low, high in zip(directed.T, _shares(given), least, full, strict=True):
        difference = column[:, np.newaxis] - column
        if high > low:
            preferred = np.clip((difference - low) / (high - low), 0, 1)
        else:
            preferred = (difference > low).astype(np.float64)
        flow += share * (preferred.sum(axis=1) - preferred.sum(axis=0))
    return flow / max(1, count - 1)


def _checked(values: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    table, given = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if table.ndim != 2 or not table.size or given.shape != (table.shape[1],):  # noqa: PLR2004 -- rows and columns
        raise ValueError("one weight for each column of values is needed")
    if not (np.isfinite(table).all() and np.isfinite(given).all()):
        raise ValueError("values and weights must be finite")
    if not (given >= 0).all():
        raise ValueError("weights must be 0 or more")
    return table, given


def _shares(weights: FloatArray) -> FloatArray:
    total = weights.sum()
    if total <= 0:
        raise ValueError("at least one weight must be above 0")
    shares: FloatArray = weights / total
    return shares


def _senses(senses: FloatArray | None, table: FloatArray) -> FloatArray:
    if senses is None:
        return np.ones(table.shape[1])
    given = np.asarray(senses, dtype=np.float64)
    if given.shape != (table.shape[1],) or not np.isin(given, (1, -1)).all():
        raise ValueError("senses are 1 or -1, one for each column")
    return given
