"""The flows of one draw laid out period by period, in compiled code (METHOD 6, 8)."""

import numpy as np

from scoring.compiled import compiled
from scoring.risk.normal import FloatArray
from scoring.risk.plan import CFADS, CLOSING, RENEWAL, RUNNING, USE, Plan


@compiled
def lay_out(
    row: FloatArray,
    plan: Plan,
    m: int,
    running: FloatArray,
    building: FloatArray,
    spent: FloatArray,
    delay: float,
    life: float,
    stranding: float,
    use: FloatArray,
    cost: FloatArray,
    salvage: float,
) -> None:
    """Add what happens in one draw to the flows of measure m, (H,): build, service until its end, and the close.

    running, building: (G,) factors of each group. spent: (B,), cost of events of the build. use, cost: by year of
    operation. life, stranding: years of operation.
    """
    build, years = plan.construction.shape[2], plan.operation.shape[2]
    construction, served, closing = np.zeros(build), np.zeros((3, years)), np.zeros(years)
    _sum_groups(plan, m, running, building, construction, served, closing)
    opening, stretch = plan.opening + delay, (build + delay) / build
    for t in range(build):
        _spread(row, t * stretch, (t + 1) * stretch, construction[t] - (0.0 if m == CFADS else spent[t]))
    _run_service(row, plan, served, use, cost, min(life, stranding), opening)
    if stranding >= life:
        _close(row, plan, closing, life, opening)
    elif m != CFADS:
        _place(row, opening + stranding, salvage)


@compiled
def _sum_groups(
    plan: Plan,
    m: int,
    running: FloatArray,
    building: FloatArray,
    construction: FloatArray,
    served: FloatArray,
    closing: FloatArray,
) -> None:
    """Add the groups of one measure up by what happens in time: (B,), (3, C) by role, and (C,), zero before."""
    for g in range(len(plan.roles)):
        for t in range(len(construction)):
            construction[t] += building[g] * plan.construction[g, m, t]
        target = closing if plan.roles[g] == CLOSING else served[plan.roles[g]]
        for t in range(len(closing)):
            target[t] += running[g] * plan.operation[g, m, t]


@compiled
def _place(row: FloatArray, position: float, amount: float) -> None:
    """Add an amount at a fractional period, shared between the two next to it so that the total is kept."""
    period = int(np.floor(position))
    late = position - period
    row[period] += (1.0 - late) * amount
    if late > 0.0:
        row[period + 1] += late * amount


@compiled
def _spread(row: FloatArray, start: float, end: float, amount: float) -> None:
    """Spread an amount evenly over [start, end) in periods; period t is [t, t + 1)."""
    first, last = int(np.floor(start)), int(np.ceil(end)) - 1
    if last <= first:
        row[first] += amount
        return
    for period in range(first, last + 1):
        overlap = min(end, period + 1.0) - max(start, float(period))
        row[period] += amount * overlap / (end - start)


@compiled
def _run_service(
    row: FloatArray, plan: Plan, served: FloatArray, use: FloatArray, cost: FloatArray, end: float, opening: float
) -> None:
    """Years of operation up to their fractional end, from a late opening. served: (3, C), use and cost: (years,)."""
    for year in range(int(np.ceil(end))):
        at = min(year, plan.operating_years - 1)
        flow = served[USE, at] * use[year] + served[RUNNING, at] - cost[year]
        if year < plan.operating_years:
            flow += served[RENEWAL, year]
        _place(row, opening + year, min(end - year, 1.0) * flow)


@compiled
def _close(row: FloatArray, plan: Plan, closing: FloatArray, life: float, opening: float) -> None:
    """What is received or paid at the end, moved with it. closing: (C,)."""
    for year in range(len(closing)):
        if closing[year] != 0.0:
            _place(row, opening + max(year + life - plan.operating_years, 0.0), closing[year])
