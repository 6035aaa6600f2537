"""The draws, one by one, in compiled code (METHOD 6, 8).

Neither fastmath nor threads: sums keep their order, so that the bits depend on the inputs alone (METHOD 12).
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from scoring.risk.events import Events
from scoring.risk.normal import FloatArray
from scoring.risk.plan import CFADS, CLOSING, RENEWAL, RUNNING, USE, Plan


class Calendar(NamedTuple):
    """What stays at its date whatever the draw; H is the longest horizon, M the measures."""

    discount: FloatArray
    """(M, H): present value of 1 in each period."""
    fixed: FloatArray
    """(M, H): flows no driver moves: mitigation, and for equity financing and debt service."""
    debt_service: FloatArray
    """(H,)"""
    debt_end: int
    """First period without any debt service left; 0 without debt."""
    salvage: float
    latest_delay: float
    """The horizon holds the longest life and this delay."""


class Sample(NamedTuple):
    """n draws: what each driver is in each."""

    factors: FloatArray
    """(n, F)"""
    delay: FloatArray
    """(n,): years."""
    life: FloatArray
    """(n,): years of operation."""
    stranding: FloatArray
    """(n,): years of operation until stranded, inf for never."""
    life_points: FloatArray
    """(n, E'): uniform numbers deciding the events per life."""
    key: np.uint64
    """Begins the numbers drawn by counter for the timing of events."""
    first_draw: int


class Outcome(NamedTuple):
    """Filled by `simulate_rows`."""

    npv: FloatArray
    """(n, M)"""
    capex: FloatArray
    """(n,): undiscounted, with overheads of delay and events of the build."""
    delay: FloatArray
    """(n,): years, events included."""
    short_of_debt: NDArray[np.uint8]
    """(n,): 1 where debt cover is below 1 in any year."""
    stranded_in_debt: NDArray[np.uint8]
    """(n,): 1 where stranded before the debt is repaid."""
    net: FloatArray
    """(kept, 2, H): financial and economic net flow of the first draws; with financing (kept, 3, H), equity's too."""


_compiled = njit(cache=True, nogil=True)


@_compiled
def _uniform(key: np.uint64, counter: np.uint64) -> float:
    """A number in (0, 1) by counter: SplitMix64 (Steele, Lea and Flood 2014)."""
    z = key + (counter + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return (np.float64(z >> np.uint64(11)) + 0.5) * 2.0**-53


@_compiled
def _strike(
    events: Events, sample: Sample, row: int, years: int, use: FloatArray, cost: FloatArray
) -> tuple[float, float]:
    """Let the events of one draw happen; gives the cost of those of the build, and their delay.

    use, cost: one a year of operation, filled for the first `years`; their length sets the counters apart.
    """
    use[:years] = 1.0
    cost[:years] = 0.0
    build_cost, delay = 0.0, 0.0
    count, levels = events.cost.shape
    for event in range(count):
        at = np.uint64(((sample.first_draw + row) * count + event) * 2 * len(use))
        if events.yearly[event] == 1:
            _strike_yearly(events, event, sample.key, at, years, use, cost)
            continue
        point, probability = sample.life_points[row, events.life_column[event]], events.probability[event]
        if point >= probability:
            continue
        # Below the probability the point is uniform again, and decides how hard the event strikes.
        level = min(int(point / probability * levels), levels - 1)
        first = 0
        if events.in_build[event] == 1:
            build_cost += events.cost[event, level]
            delay += events.delay[event, level]
        else:
            first = int(_uniform(sample.key, at) * sample.life[row])
            if first < years:
                cost[first] += events.cost[event, level]
        for year in range(first, min(first + events.years[event], years)):
            use[year] *= events.use_factor[event]
    return build_cost, delay


@_compiled
def _strike_yearly(
    events: Events, event: int, key: np.uint64, counter: np.uint64, years: int, use: FloatArray, cost: FloatArray
) -> None:
    """An event that may happen in every year of operation; while it lasts it does not count twice."""
    until = 0
    for year in range(years):
        at = counter + np.uint64(2 * year)
        if _uniform(key, at) < events.probability[event]:
            cost[year] += events.cost[event, int(_uniform(key, at + np.uint64(1)) * events.cost.shape[1])]
            until = year + events.years[event]
        if year < until:
            use[year] *= events.use_factor[event]


@_compiled
def _sum_groups(
    plan: Plan, factors: FloatArray, late: float, construction: FloatArray, served: FloatArray, closing: FloatArray
) -> float:
    """Multiply each group by its drivers in one draw; add up by what happens in time; gives the capital cost.

    factors: (F,). construction: (M, B), served: (3, M, C) by role, closing: (M, C), filled here.
    """
    groups, measures, build = plan.construction.shape
    construction[:, :] = 0.0
    served[:, :, :] = 0.0
    closing[:, :] = 0.0
    capex = 0.0
    for g in range(groups):
        factor = 1.0
        for k in range(len(factors)):
            if plan.acts[g, k] == 1:
                factor *= factors[k]
        role = plan.roles[g]
        building = factor * (1.0 + plan.overhead_per_year * late) if role == RENEWAL else factor
        capex += building * plan.build_capex[g] + factor * plan.later_capex[g]
        target = closing if role == CLOSING else served[role]
        for m in range(measures):
            for t in range(build):
                construction[m, t] += building * plan.construction[g, m, t]
            for t in range(plan.operation.shape[2]):
                target[m, t] += factor * plan.operation[g, m, t]
    return capex


@_compiled
def _place(row: FloatArray, position: float, amount: float) -> None:
    """Add an amount at a fractional period, shared between the two next to it so that the total is kept."""
    period = int(np.floor(position))
    late = position - period
    row[period] += (1.0 - late) * amount
    if late > 0.0:
        row[period + 1] += late * amount


@_compiled
def _spread(row: FloatArray, start: float, end: float, amount: float) -> None:
    """Spread an amount evenly over [start, end) in periods; period t is [t, t + 1)."""
    first, last = int(np.floor(start)), int(np.ceil(end)) - 1
    if last <= first:
        row[first] += amount
        return
    for period in range(first, last + 1):
        overlap = min(end, period + 1.0) - max(start, float(period))
        row[period] += amount * overlap / (end - start)


@_compiled
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


@_compiled
def _close(row: FloatArray, plan: Plan, closing: FloatArray, life: float, opening: float) -> None:
    """What is received or paid at the end, moved with it. closing: (C,)."""
    for year in range(len(closing)):
        if closing[year] != 0.0:
            _place(row, opening + max(year + life - plan.operating_years, 0.0), closing[year])


@_compiled
def simulate_rows(plan: Plan, events: Events, calendar: Calendar, sample: Sample, outcome: Outcome) -> None:
    """Simulate every draw of the sample and fill the outcome.

    For each: let events strike; multiply the groups by their drivers; spread construction over the longer build, with
    overheads; run the service until its life ends or it is stranded; shift everything after opening by the delay.
    """
    measures, build = plan.construction.shape[1:]
    horizon = calendar.discount.shape[1]
    use, cost = np.empty(horizon + 1), np.empty(horizon + 1)
    rows, construction = np.empty((measures, horizon)), np.empty((measures, build))
    served, closing = np.empty((3, *plan.operation.shape[1:])), np.empty(plan.operation.shape[1:])
    for i in range(len(sample.delay)):
        life, stranding = sample.life[i], sample.stranding[i]
        end = min(life, stranding)
        build_cost, event_delay = _strike(events, sample, i, max(int(np.ceil(end)), 1), use, cost)
        delay = min(max(sample.delay[i] + event_delay, plan.earliest_delay), calendar.latest_delay)
        capex = _sum_groups(plan, sample.factors[i], max(delay, 0.0), construction, served, closing)
        opening, stretch = plan.opening + delay, (build + delay) / build
        rows[:, :] = calendar.fixed
        for m in range(measures):
            spent = 0.0 if m == CFADS else build_cost
            for t in range(build):
                _spread(rows[m], t * stretch, (t + 1) * stretch, construction[m, t] - spent * plan.capex_profile[t])
            _run_service(rows[m], plan, served[:, m], use, cost, end, opening)
            if stranding >= life:
                _close(rows[m], plan, closing[m], life, opening)
            elif m != CFADS:
                _place(rows[m], opening + stranding, calendar.salvage)
        outcome.capex[i] = capex + build_cost
        outcome.delay[i] = delay
        outcome.stranded_in_debt[i] = stranding < life and opening + stranding < calendar.debt_end
        _settle(rows, calendar, i, outcome)


@_compiled
def _settle(rows: FloatArray, calendar: Calendar, i: int, outcome: Outcome) -> None:
    """Discount the flows (M, H) of draw i and hold them against debt service."""
    measures, horizon = rows.shape
    for m in range(measures):
        total = 0.0
        for t in range(horizon):
            # An empty period is worth nothing, even where its discount factor has overflowed.
            if rows[m, t] != 0.0:
                total += rows[m, t] * calendar.discount[m, t]
        outcome.npv[i, m] = total
    outcome.short_of_debt[i] = 0
    if measures > CFADS:
        for t in range(calendar.debt_end):
            if calendar.debt_service[t] > 0.0 and rows[CFADS, t] < calendar.debt_service[t]:
                outcome.short_of_debt[i] = 1
    if i < outcome.net.shape[0]:
        for m in range(outcome.net.shape[1]):
            outcome.net[i, m] = rows[m]
