"""The exact weight at which two alternatives change places, for the weighted sum (METHOD 10).

One criterion's weight moves from 0 to 1 and the others share what is left in the proportion they have now: the score of
an alternative is then a straight line in that weight, and two lines cross once at most.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from scoring.ranking.ties import TIE, places, rounding
from scoring.result import Figure, Missing

FloatArray = npt.NDArray[np.float64]

ALIKE = Missing("always-level")
"""Both score the same at every weight."""
NEVER = Missing("never-change-places")
"""One of them is ahead at every weight from 0 to 1."""
NO_OTHER = Missing("no-other-weight")
"""The criterion has all the weight: there is no proportion in which the others could share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """When `first` and `second` change places by the weight of one criterion alone."""

    first: int
    second: int
    criterion: int
    weight: Figure
    """From 0 to 1; at 0 or 1 they draw level only. Missing where there is none."""
    ahead_above: int | None
    """Which of the two is ahead above that weight; None where there is no such weight, or nothing above it."""


def swap_weights(values: FloatArray, weights: FloatArray) -> FloatArray:
    """The weight of each criterion at which each two alternatives draw level, the others rescaled in proportion.

    values: (alternatives, criteria), more is better. weights: (criteria,), 0 or more; only their proportion matters.
    Returns (alternatives, alternatives, criteria), NaN where there is none from 0 to 1: `swaps_between` says why.
    Raises ValueError where shapes do not fit, a number is not finite, or no weight is above 0.
    """
    table, shares = _checked(values, weights)
    found = np.full((len(table), len(table), shares.size), np.nan)
    for criterion in range(shares.size):
        alone, rest = table[:, criterion], _rest(table, shares, criterion)
        if rest is not None:
            found[:, :, criterion] = _level_at(
                alone[:, np.newaxis] - alone, rest[:, np.newaxis] - rest, rounding(table)
            )
    return found


def swaps_between(values: FloatArray, weights: FloatArray, first: int, second: int) -> tuple[Swap, ...]:
    """One swap a criterion for two alternatives, with the reason where they never change places.

    Arguments and errors as `swap_weights`; IndexError where there is no such alternative.
    """
    table, shares = _checked(values, weights)
    return tuple(_swap(table, shares, first, second, criterion) for criterion in range(shares.size))


def neighbour_swaps(values: FloatArray, weights: FloatArray) -> tuple[Swap, ...]:
    """Swaps of each alternative with the next one in the ranking, best first; arguments as `swap_weights`."""
    table, shares = _checked(values, weights)
    order = places((table @ shares)[np.newaxis], np.random.default_rng(0)).order[0].tolist()
    return tuple(swap for first, second in pairwise(order) for swap in swaps_between(table, shares, first, second))


def stable_range(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Between which weights of each criterion the ranking stays as it is, (criteria, 2), from 0 to 1.

    Two that are level now change places at the present weight, so that nothing can move. Arguments as `swap_weights`.
    """
    table, shares = _checked(values, weights)
    crossings = swap_weights(table, shares)
    found = np.empty((shares.size, 2))
    for criterion, share in enumerate(shares):
        at = crossings[:, :, criterion]
        found[criterion] = np.max(at[at <= share + TIE], initial=0.0), np.min(at[at >= share - TIE], initial=1.0)
    return found


def _swap(table: FloatArray, shares: FloatArray, first: int, second: int, criterion: int) -> Swap:
    def swap(weight: Figure, ahead: int | None = None) -> Swap:
        return Swap(first=first, second=second, criterion=criterion, weight=weight, ahead_above=ahead)

    rest = _rest(table, shares, criterion)
    if rest is None:
        return swap(NO_OTHER)
    alone, left, same = table[first, criterion] - table[second, criterion], rest[first] - rest[second], rounding(table)
    weight = float(_level_at(np.array([alone]), np.array([left]), same)[0])
    if np.isnan(weight):
        return swap(ALIKE if max(abs(alone), abs(left)) <= same else NEVER)
    return swap(weight, None if weight >= 1 else first if alone > 0 else second)


def _level_at(alone: FloatArray, rest: FloatArray, same: float) -> FloatArray:
    """Where the line from `rest` (weight 0) to `alone` (weight 1) crosses zero; NaN where it does not."""
    start, end = (np.where(np.abs(lead) <= same, 0.0, lead) for lead in (rest, alone))
    crosses = (start * end <= 0) & (start != end)
    found: FloatArray = np.divide(start, start - end, out=np.full(start.shape, np.nan), where=crosses)
    return found


def _rest(table: FloatArray, shares: FloatArray, criterion: int) -> FloatArray | None:
    """Scores without the criterion, on weights that sum to 1; None where the others have no weight."""
    others = shares.copy()
    others[criterion] = 0
    return np.asarray(table @ (others / others.sum())) if others.sum() > 0 else None


def _checked(values: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    table, given = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if table.ndim != 2 or given.shape != (table.shape[1],):  # noqa: PLR2004 -- rows and columns
        raise ValueError("values (alternatives, criteria) and weights (criteria,) must fit")
    if not (np.isfinite(table).all() and np.isfinite(given).all()):
        raise ValueError("values and weights must be finite")
    if (given < 0).any() or given.sum() <= 0:
        raise ValueError("weights must be 0 or more, and one above 0")
    return table, given / given.sum()
