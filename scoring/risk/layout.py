"""The flows of one draw laid out period by period, in compiled code (METHOD 6, 8)."""

import numpy as np
from numpy.typing import NDArray

from scoring.compiled import compiled, inlined
from scoring.risk.normal import FloatArray
from scoring.risk.plan import CFADS, CLOSING, RENEWAL, RUNNING, USE


@compiled
def lay_out(
    rows: FloatArray,
    first: int,
    fixed: FloatArray,
    roles: NDArray[np.int64],
    construction: FloatArray,
    operation: FloatArray,
    running: FloatArray,
    building: FloatArray,
    spent: FloatArray,
    served: FloatArray,
    opening: float,
    stretch: float,
    planned: int,
    life: float,
    stranding: float,
    use: FloatArray,
    cost: FloatArray,
    at: int,
    salvage: float,
) -> None:
    """What happens in one draw to the measures from `first` on, into rows (M, H): build, service until its end, close.

    construction (G, M, B) and operation (G, M, C) are the plan's; running, building: (G,) factors of each group. spent:
    (B,), cost of events of the build. served: (4, C), scratch, by role. planned, life, stranding: years of operation.
    use, cost: (n, Y), of which row `at` is this draw's.
    """
    end, period = min(life, stranding), int(np.floor(opening))
    for m in range(first, rows.shape[0]):
        rows[m] = fixed[m]
        for t in range(construction.shape[2]):
            amount = 0.0 if m == CFADS else -spent[t]
            for g in range(len(building)):
                amount += building[g] * construction[g, m, t]
            _spread(rows, m, t * stretch, (t + 1) * stretch, amount)
        _sum_groups(roles, operation, m, running, served)
        for year in range(int(np.ceil(end))):
            same = min(year, planned - 1)
            flow = served[USE, same] * use[at, year] + served[RUNNING, same] - cost[at, year]
            if year < planned:
                flow += served[RENEWAL, year]
            _place(rows, m, period + year, opening - period, min(end - year, 1.0) * flow)
        if stranding >= life:
            _close(rows, m, served, life, planned, opening)
        elif m != CFADS:
            _place_at(rows, m, opening + stranding, salvage)


@inlined
def _sum_groups(
    roles: NDArray[np.int64], operation: FloatArray, m: int, running: FloatArray, served: FloatArray
) -> None:
    """Add the groups of one measure up by what happens to them in time, into served (4, C)."""
    served[:] = 0.0
    for g in range(len(running)):
        for t in range(served.shape[1]):
            served[roles[g], t] += running[g] * operation[g, m, t]


@inlined
def _place(rows: FloatArray, m: int, period: int, late: float, amount: float) -> None:
    """Add an amount shared between a period and the next, so that the total is kept."""
    rows[m, period] += (1.0 - late) * amount
    if late > 0.0:
        rows[m, period + 1] += late * amount


@inlined
def _place_at(rows: FloatArray, m: int, position: float, amount: float) -> None:
    period = int(np.floor(position))
    _place(rows, m, period, position - period, amount)


@inlined
def _spread(rows: FloatArray, m: int, start: float, end: float, amount: float) -> None:
    """Spread an amount evenly over [start, end) in periods; period t is [t, t + 1)."""
    first, last = int(np.floor(start)), int(np.ceil(end)) - 1
    if last <= first:
        rows[m, first] += amount
    else:
        for period in range(first, last + 1):
            overlap = min(end, period + 1.0) - max(start, float(period))
            rows[m, period] += amount * overlap / (end - start)


@inlined
def _close(rows: FloatArray, m: int, served: FloatArray, life: float, planned: int, opening: float) -> None:
    """What is received or paid at the end, moved with it."""
    for year in range(served.shape[1]):
        amount = served[CLOSING, year]
        if amount != 0.0:
            _place_at(rows, m, opening + max(year + life - planned, 0.0), amount)
