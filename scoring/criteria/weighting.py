"""Weights from what people state: directly, by swings, or by comparing in pairs (METHOD 9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np

from scoring.criteria.pairwise import RECIPROCAL_TOLERANCE, ahp_priorities
from scoring.criteria.tables import FloatArray
from scoring.frameworks import Framework

WHOLE = 100.0
HALF_A_HUNDREDTH = 0.005
"""By so much each percentage typed with two decimals may be rounded."""
LARGEST_GROUP = 8
"""People compare at most this many things in pairs with care; more are put in groups."""
CONSISTENT = 0.10
"""Largest consistency ratio that calls for no second look (Saaty 1980)."""
SCALE = tuple(Fraction(1, denominator) for denominator in range(9, 1, -1)) + tuple(map(Fraction, range(1, 10)))
"""Saaty's scale of judgements, from 1/9 to 9."""


def direct_weights(percentages: Sequence[float]) -> FloatArray:
    """Weights stated directly, as percentages that sum to 100 (METHOD 9).

    Returns (n,) summing to 1. Raises ValueError where they are negative, not finite, or sum to something else, which
    the message names: a sum that is mended silently would change a weight nobody touched.
    """
    given = _stated(percentages, "percentages")
    total = float(given.sum())
    if abs(total - WHOLE) > HALF_A_HUNDREDTH * given.size + 1e-9:
        raise ValueError(f"the weights must sum to {WHOLE:.0f}; they sum to {total:.6g}")
    return np.asarray(given / total)


def swing_weights(points: Sequence[float]) -> FloatArray:
    """Weights in proportion to the points each swing from worst to best was given (von Winterfeldt & Edwards 1986).

    points: usually 100 for the swing that matters most, and a part of that for the others; 0 for one that does not
    matter. Returns (n,) summing to 1. Raises ValueError where points are negative, not finite, or all 0.
    """
    given = _stated(points, "points")
    if given.sum() <= 0:
        raise ValueError("at least one swing must have points")
    return np.asarray(given / given.sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One comparison that costs consistency, and what would mend it."""

    first: int
    second: int
    stated: float
    """How many times `first` was said to matter as much as `second`."""
    offered: Fraction
    """The step of Saaty's scale nearest to what the other judgements imply."""
    implied: float
    """What the other judgements imply, off the scale as well."""
    ratio_after: float
    """Consistency ratio with the offered value in its place."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ComparedWeights:
    weights: FloatArray
    """(n,), summing to 1."""
    ratio: float
    """Saaty's consistency ratio."""
    worst: Judgement | None
    """The judgement whose mending helps most; None where no offer lowers the ratio."""
    triple: tuple[int, int, int] | None
    """Three things whose comparisons contradict each other most; None where no three do."""

    @property
    def consistent(self) -> bool:
        return self.ratio <= CONSISTENT


def compared_weights(matrix: FloatArray) -> ComparedWeights:
    """AHP weights of a group of at most 8, with the judgement that costs most consistency (METHOD 9).

    matrix: (n, n) as for `ahp_priorities`. What the other judgements imply for one is the ratio of the weights they
    give without it (Harker 1987); it is offered, never put in. Raises ValueError for a larger group and as
    `ahp_priorities`.
    """
    given = np.asarray(matrix, dtype=np.float64)
    weights, ratio = ahp_priorities(given)
    if len(given) > LARGEST_GROUP:
        raise ValueError(f"at most {LARGEST_GROUP} things can be compared at once; compare them in groups")
    offers = [_offer(given, first, second) for first, second in combinations(range(len(given)), 2)]
    better = [offer for offer in offers if offer.ratio_after < ratio - 1e-9]
    worst = min(better, key=lambda offer: (offer.ratio_after, offer.first, offer.second), default=None)
    return ComparedWeights(weights=weights, ratio=ratio, worst=worst, triple=_worst_triple(given))


def effective_weights(framework: Framework) -> Mapping[str, float]:
    """Weight of every indicator in the total: the product of the weights stated on the way down (METHOD 9).

    Weights are taken as stated, which a framework's checks make sum to 1 at each level: splitting one indicator in two
    changes no other.
    """
    return {
        indicator.id: criterion.weight * indicator.weight
        for criterion in framework.criteria
        for indicator in criterion.indicators
    }


def _offer(matrix: FloatArray, first: int, second: int) -> Judgement:
    implied = _implied(matrix, first, second)
    offered = min(SCALE, key=lambda step: abs(float(np.log(float(step) / implied))))
    mended = matrix.copy()
    mended[first, second], mended[second, first] = float(offered), 1 / float(offered)
    return Judgement(
        first=first,
        second=second,
        stated=float(matrix[first, second]),
        offered=offered,
        implied=implied,
        ratio_after=ahp_priorities(mended)[1],
    )


def _implied(matrix: FloatArray, first: int, second: int) -> float:
    """Ratio of the weights the other judgements give; for the one left out both get a 2 on the diagonal."""
    if len(matrix) == 2:  # noqa: PLR2004 -- a single judgement has nothing to disagree with
        return float(matrix[first, second])
    without = matrix.copy()
    without[first, second] = without[second, first] = 0
    without[first, first] = without[second, second] = 2
    values, vectors = np.linalg.eig(without)
    weights = np.abs(vectors[:, int(np.argmax(values.real))].real)
    return float(weights[first] / weights[second])


def _worst_triple(matrix: FloatArray) -> tuple[int, int, int] | None:
    """The triple furthest from a_ij a_jk = a_ik, which is where Koczkodaj's index (1993) is largest."""
    gaps = {
        (first, second, third): abs(float(np.log(matrix[first, second] * matrix[second, third] / matrix[first, third])))
        for first, second, third in combinations(range(len(matrix)), 3)
    }
    worst = max(gaps, key=lambda triple: gaps[triple], default=None)
    return None if worst is None or gaps[worst] <= 2 * RECIPROCAL_TOLERANCE else worst


def _stated(numbers: Sequence[float], name: str) -> FloatArray:
    given = np.asarray(numbers, dtype=np.float64)
    if given.ndim != 1 or not given.size or not np.isfinite(given).all() or (given < 0).any():
        raise ValueError(f"finite {name} of 0 or more are needed")
    return given
