"""What large tables are compared by, in compiled code: import it where it is needed."""

import numpy as np
import numpy.typing as npt

from scoring.compiled import compiled
from scoring.criteria.tables import FloatArray

PositionArray = npt.NDArray[np.int32]


@compiled
def net_preferred(rising: FloatArray, low: float, high: float) -> FloatArray:
    """Sum of each number's preference over all others, less the sum of theirs over it (METHOD 9).

    rising: (n,), sorted upwards, finite. A lead up to `low` counts nothing, from a finite `high` on 1, in between
    linearly; where both are the same, every lead above them counts 1. Returns (n,), from -n to n. Those that a number
    beats in part stand next to each other in the order, and so do those that beat it: the sums of their leads are
    differences of sums from the start (Calders & Van Assche 2018).
    """
    count = rising.size
    beaten, beaten_fully, beating, beating_fully = _leads(rising, low, high if low < high else np.inf)
    net = np.empty(count)
    if low == high:
        for at in range(count):
            net[at] = beaten[at] - (count - beating[at])
        return net
    middle, sums, per_lead = rising[count // 2], np.zeros(count + 1), 1 / (high - low)
    for at in range(count):
        sums[at + 1] = sums[at] + (rising[at] - middle)
    for at in range(count):
        here, won, full, lost, fully = rising[at] - middle, beaten[at], beaten_fully[at], beating[at], beating_fully[at]
        ahead = (won - full) * (here - low) - (sums[won] - sums[full])
        behind = (sums[fully] - sums[lost]) - (fully - lost) * (here + low)
        net[at] = full - (count - fully) + (ahead - behind) * per_lead
    return net


@compiled
def _leads(rising: FloatArray, low: float, high: float) -> tuple[PositionArray, ...]:
    """How many numbers each exceeds by more than `low`, by `high`, and the first that exceeds it by so much.

    Every turn moves on either a number or the one it is compared with, and writes both down: a branch that nobody can
    foresee would cost more than writing does.
    """
    count = rising.size
    beaten, beaten_fully = np.empty(count + 1, np.int32), np.empty(count + 1, np.int32)
    beating, beating_fully = np.empty(count + 1, np.int32), np.empty(count + 1, np.int32)
    numbers = np.empty(count + 1)
    numbers[:count], numbers[count] = rising, -np.inf  # behind the last, a walk that has ended waits for the other
    at = other = second = second_other = 0
    while at < count or second < count:
        ahead = numbers[at] - numbers[other] > low
        beaten[at] = other
        beating[other] = at
        other += ahead
        at += (not ahead) & (at < count)
        ahead = numbers[second] - numbers[second_other] >= high
        beaten_fully[second] = second_other
        beating_fully[second_other] = second
        second_other += ahead
        second += (not ahead) & (second < count)
    beating[other:], beating_fully[second_other:] = count, count
    return beaten, beaten_fully, beating, beating_fully


@compiled
def extent(table: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Least and greatest number of every column, and its sum of squares; table: (rows, columns), one row or more."""
    least, most, squares = table[0].copy(), table[0].copy(), np.zeros(table.shape[1])
    for row in range(table.shape[0]):
        for column in range(table.shape[1]):
            number = table[row, column]
            squares[column] += number * number
            least[column] = min(number, least[column])
            most[column] = max(number, most[column])
    return least, most, squares


@compiled
def closeness(table: FloatArray, factors: FloatArray, best: FloatArray, worst: FloatArray) -> FloatArray:
    """TOPSIS: distance to the worst over the sum of distances to the best and the worst, 0.5 where both are 0.

    table: (rows, columns), times (columns,) factors; best, worst: (columns,), on the scale of the product.
    """
    found = np.empty(table.shape[0])
    for row in range(table.shape[0]):
        near = far = 0.0
        for column in range(table.shape[1]):
            scaled = table[row, column] * factors[column]
            near += (scaled - best[column]) ** 2
            far += (scaled - worst[column]) ** 2
        near, far = np.sqrt(near), np.sqrt(far)
        found[row] = far / (near + far) if near + far > 0 else 0.5
    return found


@compiled
def distil(
    credibility: FloatArray, clearly: FloatArray, sense: int, threshold: tuple[float, float], rounding: float
) -> npt.NDArray[np.int64]:
    """Places in one distillation of ELECTRE III, 1 the best, ties sharing the better (METHOD 9).

    credibility: (n, n); clearly: the same where it exceeds the reverse by more than the threshold, else 0. sense: 1
    takes the best first, -1 the worst. threshold: its intercept, and its slope over the credibility. What differs by no
    more than `rounding` is the same.
    """
    count = len(credibility)
    place, net = np.zeros(count, np.int64), np.zeros(count, np.int64)
    left, taken, group = np.arange(count), np.zeros(count, np.bool_), np.arange(0)
    top, level = np.inf, -1.0  # of all that is left: the level stays the same through most turns, and so do the counts
    while left.size:
        before, known = top, level
        top = _most_below(credibility, left, np.inf, before)
        level = _most_below(credibility, left, _bound(top, threshold, rounding), known if top == before else np.inf)
        if level == known:
            _count(net, clearly, left, group, level + rounding, -1)
        else:
            net[left] = 0
            _count(net, clearly, left, left, level + rounding, 1)
        group, within, own = left, level, net
        if top <= 0:
            own = np.zeros(count, np.int64)
        while group.size > 1:
            standing = sense * own[group]
            group = group[standing == standing.max()]
            if group.size == 1 or within <= 0:
                break
            within = _most_below(credibility, group, _bound(within, threshold, rounding), np.inf)
            own = np.zeros(count, np.int64)
            _count(own, clearly, group, group, within + rounding, 1)
        place[group] = count - left.size + 1 if sense > 0 else left.size - group.size + 1
        taken[group] = True
        left = left[~taken[left]]
    return place


@compiled
def _bound(level: float, threshold: tuple[float, float], rounding: float) -> float:
    """Below which the next level is looked for."""
    return level - (threshold[0] + threshold[1] * level) - rounding


@compiled
def _count(
    net: npt.NDArray[np.int64],
    clearly: FloatArray,
    group: npt.NDArray[np.int64],
    others: npt.NDArray[np.int64],
    level: float,
    step: int,
) -> None:
    """Add `step` for each of the others that one of the group outranks at the level, and take it for each reverse."""
    for one in group:
        for other in others:
            net[one] += step * ((clearly[one, other] > level) - (clearly[other, one] > level))


@compiled
def _most_below(credibility: FloatArray, group: npt.NDArray[np.int64], bound: float, enough: float) -> float:
    """The greatest credibility between two of a group that lies below the bound; 0 where none does.

    enough: that which none can exceed, at which the search ends.
    """
    most = 0.0
    for one in group:
        for other in group:
            if one != other and most < credibility[one, other] < bound:
                most = credibility[one, other]
        if most >= enough:
            break
    return most
