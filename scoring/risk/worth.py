"""What each group of a plan is worth at each opening: the part of a draw's NPV that needs no flows laid out."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.compiled import inlined
from scoring.risk.normal import FloatArray
from scoring.risk.plan import Plan


class Worth(NamedTuple):
    """G groups, M measures, K openings."""

    operation: FloatArray
    """(G, M, K): present value of a group's planned operation if it opens at period k."""
    fixed: FloatArray
    """(M,): present value of the flows no driver moves."""


def worth_of(plan: Plan, discount: FloatArray, fixed: FloatArray, latest_delay: float) -> Worth:
    """discount, fixed: (M, H) of the calendar, which holds the whole operation at the latest opening."""
    groups, measures, years = plan.operation.shape
    openings = int(np.floor(plan.opening + latest_delay)) + 2
    operation = np.zeros((groups, measures, openings))
    padded = np.pad(discount, ((0, 0), (0, max(openings + years - discount.shape[1], 0))))
    for period in range(openings):
        operation[:, :, period] = _worth(plan.operation, padded[:, period : period + years]).sum(axis=2)
    return Worth(operation, _worth(fixed, discount).sum(axis=1))


def _worth(flows: FloatArray, factors: FloatArray) -> FloatArray:
    """An empty period is worth nothing, even where its discount factor has overflowed."""
    with np.errstate(over="ignore", invalid="ignore"):
        worth: FloatArray = np.where(flows == 0.0, 0.0, flows * factors)
    return worth


@inlined
def worth_of_service(operation: FloatArray, running: FloatArray, m: int, opening: float) -> float:
    """Present value of one measure's operation (G, M, K) at a fractional opening; running: (G,) factors."""
    period = int(np.floor(opening))
    late = opening - period
    total = 0.0
    for g in range(len(running)):
        value = operation[g, m, period]
        if late > 0.0:
            value = (1.0 - late) * value + late * operation[g, m, period + 1]
        total += running[g] * value
    return total


@inlined
def worth_of_build(
    construction: FloatArray, building: FloatArray, spent: FloatArray, discount: FloatArray, m: int, stretch: float
) -> float:
    """Present value of one measure's construction (G, M, B), each period of it spread over a stretched one.

    building: (G,) factors; spent: (B,), cost of events.
    """
    total = 0.0
    for t in range(construction.shape[2]):
        amount = -spent[t]
        for g in range(len(building)):
            amount += building[g] * construction[g, m, t]
        start, end = t * stretch, (t + 1) * stretch
        first, last = int(np.floor(start)), int(np.ceil(end)) - 1
        weight = discount[m, first] if last <= first else 0.0
        for period in range(first, last + 1 if last > first else first):
            weight += (min(end, period + 1.0) - max(start, float(period))) / (end - start) * discount[m, period]
        if amount != 0.0:
            total += amount * weight
    return total


@inlined
def worth_of_losses(
    used: NDArray[np.bool_],
    service: FloatArray,
    discount: FloatArray,
    m: int,
    opening: float,
    running: FloatArray,
    use: FloatArray,
    cost: FloatArray,
    at: int,
    since: int,
    until: int,
) -> float:
    """Present value of what events take in the years of operation from `since` to before `until`.

    They cost, and lower what the groups (G,) that are `used` give. use, cost: (n, Y), of which row `at` is this draw's.
    """
    period, total = int(np.floor(opening)), 0.0
    late = opening - period
    for year in range(since, until):
        lost = cost[at, year]
        for g in range(len(running)):
            if used[g]:
                lost += running[g] * service[g, m, year] * (1.0 - use[at, year])
        if lost != 0.0:
            unit = discount[m, period + year]
            if late > 0.0:
                unit = (1.0 - late) * unit + late * discount[m, period + year + 1]
            total += lost * unit
    return total
