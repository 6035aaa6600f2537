"""The draws, one by one, in compiled code (METHOD 6, 8)."""

import numpy as np
from numpy.typing import NDArray

from scoring.compiled import compiled, inlined
from scoring.risk.events import Events
from scoring.risk.layout import lay_out
from scoring.risk.normal import FloatArray
from scoring.risk.plan import CFADS, RENEWAL, USE, Plan
from scoring.risk.sample import Calendar, Outcome, Sample
from scoring.risk.strikes import AT_ONCE, strike, unstruck
from scoring.risk.worth import Worth, worth_of_build, worth_of_losses, worth_of_service


@compiled
def simulate_rows(
    plan: Plan, worth: Worth, events: Events, calendar: Calendar, sample: Sample, outcome: Outcome
) -> None:
    """Simulate every draw of the sample and fill the outcome.

    For each: let events strike; multiply the groups by their drivers; spread construction over the longer build, with
    overheads; run the service until its life ends or it is stranded; shift everything after opening by the delay. The
    flows are laid out period by period only where they are kept, held against debt service, or end at another time
    than planned; else their present value is put together from what each group is worth.
    """
    # What the loop needs is unpacked: reaching into tuples of arrays in it costs four times the arithmetic.
    acts, renewed, factors, npv = plan.acts, plan.roles == RENEWAL, sample.factors, outcome.npv
    used, service, plan_years = plan.roles == USE, plan.operation, plan.operating_years
    construction, operation, fixed, discount = plan.construction, worth.operation, worth.fixed, calendar.discount
    build_capex, later_capex, profile = plan.build_capex, plan.later_capex, plan.capex_profile
    delays, lives, strandings, kept = sample.delay, sample.life, sample.stranding, outcome.net.shape[0]
    groups, measures, build = construction.shape
    running, building, spent, nothing = np.empty(groups), np.empty(groups), np.zeros(build), np.zeros(build)
    rows, served, eventful = np.empty_like(discount), np.empty((4, service.shape[2])), len(events.probability) > 0
    struck = unstruck(AT_ONCE, discount.shape[1] + 1)
    use, cost, since, until = struck.use, struck.cost, struck.since, struck.until
    build_cost, build_delay = struck.build_cost, struck.build_delay
    for i in range(len(delays)):
        life, stranding = lives[i], strandings[i]
        at = i % AT_ONCE
        if eventful and at == 0:
            strike(events, sample, struck, i)
        capex, delay = build_cost[at], delays[i] + build_delay[at]
        for t in range(build):
            spent[t] = capex * profile[t]
        delay = min(max(delay, plan.earliest_delay), calendar.latest_delay)
        _multiply(acts, renewed, factors, i, plan.overhead_per_year * max(delay, 0.0), running, building)
        for g in range(groups):
            capex += building[g] * build_capex[g] + running[g] * later_capex[g]
        opening, stretch = plan.opening + delay, (build + delay) / build
        in_short = i >= kept and life == plan.operating_years and stranding >= life
        if in_short:
            for m in range(measures):
                extra = nothing if m == CFADS else spent
                total = fixed[m] + worth_of_service(operation, running, m, opening)
                total += worth_of_build(construction, building, extra, discount, m, stretch)
                total -= worth_of_losses(
                    used, service, discount, m, opening, running, use, cost, at, since[at], min(until[at], plan_years)
                )
                npv[i, m] = total
        if not in_short or measures > CFADS:
            # fmt: off
            lay_out(
                rows, CFADS if in_short else 0, calendar.fixed, plan.roles, construction, service, running, building,
                spent, served, opening, stretch, plan_years, life, stranding, use, cost, at, calendar.salvage,
            )
            # fmt: on
        if not in_short:
            _discount(rows, discount, i, outcome)
        outcome.capex[i] = capex
        outcome.delay[i] = delay
        outcome.stranded_in_debt[i] = stranding < life and opening + stranding < calendar.debt_end
        outcome.cover[i] = _least_cover(rows[CFADS], calendar) if measures > CFADS else np.inf
        outcome.short_of_debt[i] = outcome.cover[i] < 1.0


@inlined
def _multiply(
    acts: NDArray[np.uint8],
    renewed: NDArray[np.bool_],
    factors: FloatArray,
    row: int,
    overhead: float,
    running: FloatArray,
    building: FloatArray,
) -> None:
    """Multiply the drivers of one row of (n, F) of each group, in operation and in the build, both (G,)."""
    for g in range(len(running)):
        factor = 1.0
        for k in range(factors.shape[1]):
            factor *= factors[row, k] if acts[g, k] == 1 else 1.0
        running[g] = factor
        building[g] = factor * (1.0 + overhead) if renewed[g] else factor


@compiled
def _discount(rows: FloatArray, discount: FloatArray, i: int, outcome: Outcome) -> None:
    """Discount the flows (M, H) of draw i, and keep them if it is among the first."""
    measures, horizon = rows.shape
    for m in range(measures):
        total = 0.0
        for t in range(horizon):
            # An empty period is worth nothing, even where its discount factor has overflowed.
            if rows[m, t] != 0.0:
                total += rows[m, t] * discount[m, t]
        outcome.npv[i, m] = total
    if i < outcome.net.shape[0]:
        for m in range(outcome.net.shape[1]):
            outcome.net[i, m] = rows[m]


@compiled
def _least_cover(cfads: FloatArray, calendar: Calendar) -> float:
    """The cash available (H,) over debt service in the year in which it covers least."""
    least = np.inf
    for t in range(calendar.debt_end):
        if calendar.debt_service[t] > 0.0:
            least = min(least, cfads[t] / calendar.debt_service[t])
    return least
