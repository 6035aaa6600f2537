"""What each group of a plan is worth at each opening: the part of a draw's NPV that needs no flows laid out."""

from typing import NamedTuple

import numpy as np

from scoring.compiled import inlined
from scoring.risk.normal import FloatArray
from scoring.risk.plan import USE, Plan


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
    plan: Plan, discount: FloatArray, m: int, opening: float, running: FloatArray, use: FloatArray, cost: FloatArray
) -> float:
    """Present value of what events take from the years of operation that they touch."""
    period = int(np.floor(opening))
    late, total = opening - period, 0.0
    for year in range(plan.operating_years):
        if use[year] == 1.0 and cost[year] == 0.0:
            continue
        lost = cost[year]
        for g in range(len(running)):
            if plan.roles[g] == USE:
                lost += running[g] * plan.operation[g, m, year] * (1.0 - use[year])
        at = period + year
        unit = discount[m, at] if late == 0.0 else (1.0 - late) * discount[m, at] + late * discount[m, at + 1]
        if lost != 0.0:
            total += lost * unit
    return total
