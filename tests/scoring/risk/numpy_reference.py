"""The simulation of one draw again, in plain NumPy and another way: what the kernel must agree with.

Cash is followed as a curve of what has been paid so far, of which shifting and stretching move the knots.
"""

from dataclasses import dataclass

import numpy as np

from scoring.risk.events import Events
from scoring.risk.normal import FloatArray
from scoring.risk.plan import CFADS, CLOSING, RENEWAL, RUNNING, USE, Plan
from scoring.risk.sample import Calendar, Sample

_MASK = 2**64 - 1


@dataclass(frozen=True)
class Drawn:
    rows: FloatArray
    npv: FloatArray
    capex: float
    delay: float


def uniform(key: int, counter: int) -> float:
    z = (key + (counter + 1) * 0x9E3779B97F4A7C15) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return (((z ^ (z >> 31)) >> 11) + 0.5) * 2.0**-53


def simulate_draw(plan: Plan, events: Events, calendar: Calendar, sample: Sample, i: int) -> Drawn:
    measures, horizon = calendar.discount.shape
    life, stranding = float(sample.life[i]), float(sample.stranding[i])
    end = min(life, stranding)
    years = int(np.ceil(end))
    use, cost, build_cost, event_delay = _events(events, sample, i, max(years, 1), horizon + 1)
    delay = float(np.clip(sample.delay[i] + event_delay, plan.earliest_delay, calendar.latest_delay))
    factor = np.prod(np.where(plan.acts == 1, sample.factors[i], 1.0), axis=1)
    building = np.where(plan.roles == RENEWAL, factor * (1.0 + plan.overhead_per_year * max(delay, 0.0)), factor)
    rows = calendar.fixed.copy()
    for m in range(measures):
        before = np.tensordot(building, plan.construction[:, m], axes=1)
        before = before - (0.0 if m == CFADS else build_cost) * plan.capex_profile
        rows[m] += _stretched(before, delay, horizon)
        parts = [_sum(plan, factor, m, role) for role in (USE, RUNNING, RENEWAL, CLOSING)]
        served = np.zeros(years)
        for year in range(years):
            again = min(year, plan.operating_years - 1)
            served[year] = parts[0][again] * use[year] + parts[1][again] - cost[year]
            served[year] += parts[2][year] if year < plan.operating_years else 0.0
        if years:
            served[-1] *= end - (years - 1)
        for year, amount in enumerate(served):
            rows[m] += _at(plan.opening + year + delay, amount, horizon)
        if stranding < life:
            rows[m] += _at(plan.opening + stranding + delay, 0.0 if m == CFADS else calendar.salvage, horizon)
        else:
            for year, amount in enumerate(parts[3]):
                moved = max(year + life - plan.operating_years, 0.0)
                rows[m] += _at(plan.opening + moved + delay, amount, horizon)
    return Drawn(
        rows=rows,
        npv=(rows * calendar.discount).sum(axis=1),
        capex=float(building @ plan.build_capex + factor @ plan.later_capex + build_cost),
        delay=delay,
    )


def _sum(plan: Plan, factor: FloatArray, measure: int, role: int) -> FloatArray:
    return np.tensordot(np.where(plan.roles == role, factor, 0.0), plan.operation[:, measure], axes=1)


def _stretched(amounts: FloatArray, delay: float, horizon: int) -> FloatArray:
    """Differences, period by period, of the curve of what was paid, stretched in time."""
    knots = np.arange(len(amounts) + 1) * (len(amounts) + delay) / len(amounts)
    paid = np.interp(np.arange(horizon + 1), knots, np.concatenate(([0.0], np.cumsum(amounts))))
    return np.diff(paid)


def _at(position: float, amount: float, horizon: int) -> FloatArray:
    return amount * np.maximum(1.0 - np.abs(np.arange(horizon) - position), 0.0)


def _years_without(point: float, probability: float) -> int:
    """Years before the first in which a coin of this probability falls, by the inverse of their distribution."""
    if probability >= 1.0:
        return 0
    with np.errstate(over="ignore"):
        return int(min(np.log(point) / np.log1p(-probability), 10_000.0)) if probability > 0 else 10_000


def _events(
    events: Events, sample: Sample, i: int, years: int, width: int
) -> tuple[FloatArray, FloatArray, float, float]:
    use, cost, build_cost, delay = np.ones(years), np.zeros(years), 0.0, 0.0
    count, levels = events.cost.shape
    for e in range(count):
        first = ((sample.first_draw + i) * count + e) * 2 * width
        p, key = float(events.probability[e]), int(sample.key)
        if events.yearly[e]:
            lasting = np.zeros(years, dtype=bool)
            strikes, year = 0, _years_without(uniform(key, first), p)
            while year < years:
                cost[year] += events.cost[e, int(uniform(key, first + 2 * strikes + 1) * levels)]
                lasting[year : year + events.years[e]] = True
                strikes += 1
                year += 1 + _years_without(uniform(key, first + 2 * strikes), p)
            use[lasting] *= events.use_factor[e]
            continue
        point = float(sample.life_points[i, events.life_column[e]])
        if point >= p:
            continue
        level, start = int(point / p * levels), 0
        if events.in_build[e]:
            build_cost += events.cost[e, level]
            delay += events.delay[e, level]
        else:
            start = int(uniform(key, first) * sample.life[i])
            cost[start : start + 1] += events.cost[e, level]
        use[start : start + events.years[e]] *= events.use_factor[e]
    return use, cost, build_cost, delay
