"""From a project's resolved uncertainty to its draws (METHOD 6, 8)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scoring.limits import MAX_DELAY_YEARS, MAX_PERIODS
from scoring.project_file import Rate, Timing
from scoring.returns.discounting import discount_factors
from scoring.returns.financing import FinancingPlan
from scoring.risk.dependence import Copula
from scoring.risk.drivers import ResolvedDriver, Role
from scoring.risk.events import Events, stranding_years
from scoring.risk.kernel import simulate_rows
from scoring.risk.leading import turned
from scoring.risk.normal import FloatArray
from scoring.risk.plan import ECONOMIC, EQUITY, FINANCIAL, Plan
from scoring.risk.quantile_tables import QuantileTable, drivers_at, tabulate
from scoring.risk.sample import Calendar, Outcome, Sample
from scoring.risk.sampling import Replicate, Sampler, replicate_sizes, replicates
from scoring.risk.timeline import Timeline
from scoring.risk.worth import Worth

MOST_KEPT, LEAST_KEPT, KEPT_PERIODS = 4_000, 1_000, 400_000
"""Draws of which the yearly flows are kept, for the figures by year and the IRR: fewer where the horizon is long, so
that memory stays bounded."""
FARTHEST_SCORE = 5.0
"""Delay and life are cut off at their quantile of this normal score (three in ten million)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """Everything the draws of one project depend on, but the seed. K drivers, in the order of the copula."""

    plan: Plan
    worth: Worth
    events: Events
    calendar: Calendar
    drivers: tuple[ResolvedDriver, ...]
    tables: tuple[QuantileTable, ...]
    copula: Copula
    directions: FloatArray
    """(K, K): the copula's factor, turned so that the first scores move the returns most; for points of a net."""
    hazard: float
    longest_life: float

    @property
    def factors(self) -> tuple[int, ...]:
        """Positions of the drivers that multiply lines, in the order of the plan's columns."""
        return tuple(at for at, driver in enumerate(self.drivers) if driver.role is Role.FACTOR)

    def sample(self, values: FloatArray, stranding: FloatArray, life_points: FloatArray) -> Sample:
        """Driver values (n, K) as the kernel takes them."""
        delays = [at for at, driver in enumerate(self.drivers) if driver.role is Role.DELAY]
        lives = [at for at, driver in enumerate(self.drivers) if driver.role is Role.LIFE]
        life = values[:, lives[0]] if lives else np.full(len(values), float(self.plan.operating_years))
        return Sample(
            factors=_columns(values, self.factors),
            delay=values[:, delays[0]].copy() if len(delays) == 1 else values[:, delays].sum(axis=1),
            life=np.clip(life, 0.0, self.longest_life),
            stranding=stranding,
            life_points=np.ascontiguousarray(life_points),
            key=np.uint64(0),
            first_draw=0,
        )

    def medians(self) -> FloatArray:
        """Median of each driver, (K,)."""
        return self.at_score(0.0)

    def at_score(self, score: float) -> FloatArray:
        """Value of each driver at a standard normal score, (K,)."""
        return np.array([table.at(np.array([score]))[0] for table in self.tables])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draws:
    """n draws in the order of the replicates; M measures (2, or 4 with financing)."""

    npv: FloatArray
    """(n, M)"""
    capex: FloatArray
    delay: FloatArray
    short_of_debt: NDArray[np.uint8]
    cover: FloatArray
    """(n,): least cover of debt service of any year, inf without debt."""
    stranded_in_debt: NDArray[np.uint8]
    sizes: tuple[int, ...]
    """Draws in each replicate; they add up to n."""
    kept: NDArray[np.intp]
    """(kept,): positions of the draws of which more is kept."""
    kept_sizes: tuple[int, ...]
    """How many of them are in each replicate."""
    net: FloatArray
    """(kept, 2, H): their financial and economic net flow; with financing (kept, 3, H), that to equity as well."""
    scores: FloatArray
    """(kept, K): their drivers as correlated normal scores."""
    ends: FloatArray
    """(kept,): the period, with its fraction, in which their service ends or is stranded."""


def horizon_of(drivers: Sequence[ResolvedDriver], events: Events, timeline: Timeline) -> tuple[int, float, float]:
    """Periods that hold the longest life and delay; that delay; that life (years)."""
    far = {role: sum(_farthest(d) for d in drivers if d.role is role) for role in (Role.DELAY, Role.LIFE)}
    has_life = any(driver.role is Role.LIFE for driver in drivers)
    life = float(min(far[Role.LIFE], MAX_PERIODS)) if has_life else float(timeline.operating_years)
    delay = min(max(far[Role.DELAY], 0.0) + events.longest_delay, MAX_DELAY_YEARS)
    longer = max(life - timeline.operating_years, 0.0)
    return int(np.ceil(timeline.periods + longer + delay)) + 2, delay, life


def _farthest(driver: ResolvedDriver) -> float:
    return float(tabulate(driver.marginal).at(np.array([FARTHEST_SCORE]))[0])


def calendar_of(
    *,
    horizon: int,
    financial_rate: Rate,
    social_rate: Rate,
    timing: Timing,
    financing: FinancingPlan | None,
    mitigation_cost: float,
    salvage: float,
    latest_delay: float,
) -> Calendar:
    """Discount factors and the flows no draw moves: debt does not wait for a late opening (METHOD 8).

    Financing is not raised with an overrun, which so falls to equity; equity is discounted at the financial rate.
    """
    rates = [financial_rate, social_rate] + ([financial_rate, financial_rate] if financing else [])
    fixed = np.zeros((len(rates), horizon))
    fixed[: EQUITY + 1, 0] -= mitigation_cost
    debt_service = np.zeros(horizon)
    if financing is not None:
        debt_service[: len(financing.service)] = financing.service
        fixed[EQUITY, : len(financing.net)] += financing.net
    owed = np.flatnonzero(debt_service > 0)
    return Calendar(
        discount=np.array([discount_factors(rate, horizon, timing) for rate in rates]),
        fixed=fixed,
        debt_service=debt_service,
        debt_end=int(owed[-1]) + 1 if owed.size else 0,
        salvage=float(salvage),
        latest_delay=float(latest_delay),
    )


def run(
    model: Model,
    reference: str,
    seed: int,
    draws: int,
    sampler: Sampler = Sampler.SOBOL,
    *,
    most_kept: int = MOST_KEPT,
) -> Draws:
    """Simulate. The same arguments give the same bits on any machine of the same libraries (METHOD 12).

    most_kept: of how many draws the yearly flows are kept; it moves no other figure.
    """
    sizes = replicate_sizes(draws)
    most = min(max(KEPT_PERIODS // model.calendar.discount.shape[1], LEAST_KEPT), most_kept)
    kept_sizes = tuple(min(size, kept) for size, kept in zip(sizes, replicate_sizes(most), strict=True))
    starts, kept_starts = np.cumsum((0, *sizes)), np.cumsum((0, *kept_sizes))
    outcome = _empty(draws, int(kept_starts[-1]), model)
    scores, ends = np.empty((int(kept_starts[-1]), len(model.drivers))), np.empty(int(kept_starts[-1]))
    dimensions = len(model.drivers) + 1 + model.events.life_events
    normals = len(model.drivers)
    for index, replicate in enumerate(replicates(reference, seed, draws, dimensions, sampler, normals=normals)):
        start, stop = int(starts[index]), int(starts[index + 1])
        kept = slice(int(kept_starts[index]), int(kept_starts[index + 1]))
        correlated, sample = _sampled(model, replicate, start, sampler)
        scores[kept] = correlated[: kept_sizes[index]]
        part = _part(outcome, slice(start, stop), kept)
        simulate_rows(model.plan, model.worth, model.events, model.calendar, sample, part)
        first = slice(0, kept_sizes[index])
        ends[kept] = model.plan.opening + part.delay[first] + np.minimum(sample.life[first], sample.stranding[first])
    positions = [np.arange(start, start + size) for start, size in zip(starts[:-1], kept_sizes, strict=True)]
    return Draws(
        npv=outcome.npv,
        capex=outcome.capex,
        delay=outcome.delay,
        short_of_debt=outcome.short_of_debt,
        cover=outcome.cover,
        stranded_in_debt=outcome.stranded_in_debt,
        sizes=sizes,
        kept=np.concatenate(positions),
        kept_sizes=kept_sizes,
        net=outcome.net,
        scores=scores,
        ends=ends,
    )


def economic_npv(model: Model, values: FloatArray) -> FloatArray:
    """ENPV (n,) for stated driver values (n, K): no event happens and nothing is stranded."""
    return _calm_npv(model, values)[:, ECONOMIC]


def directed(model: Model) -> Model:
    """The model with the directions in which its returns move most, by their change over the middle of each driver."""
    count, median = len(model.drivers), model.medians()
    points, at = np.tile(median, (2 * count, 1)), np.arange(count)
    points[at, at], points[count + at, at] = model.at_score(1.0), model.at_score(-1.0)
    npv = _calm_npv(model, points)[:, (ECONOMIC, FINANCIAL)]
    with np.errstate(invalid="ignore", over="ignore"):
        moves = npv[:count] - npv[count:]
        return replace(model, directions=turned(model.copula.factor, moves))


def _calm_npv(model: Model, values: FloatArray) -> FloatArray:
    """NPVs (n, M) for stated driver values (n, K): no event happens and nothing is stranded."""
    n = len(values)
    sample = model.sample(values, np.full(n, np.inf), np.ones((n, model.events.life_events)))
    outcome = _empty(n, 0, model)
    calm = model.events._replace(probability=np.zeros_like(model.events.probability))
    simulate_rows(model.plan, model.worth, calm, model.calendar, sample, outcome)
    return outcome.npv


def _columns(values: FloatArray, columns: Sequence[int]) -> FloatArray:
    """These columns of (n, K), (n, F). Neighbours are copied as they lie; picked singly they cost six times that."""
    first, count = (columns[0], len(columns)) if columns else (0, 0)
    if tuple(columns) == tuple(range(first, first + count)):
        return np.ascontiguousarray(values[:, first : first + count])
    return np.ascontiguousarray(values[:, list(columns)])


def _sampled(model: Model, replicate: Replicate, first_draw: int, sampler: Sampler) -> tuple[FloatArray, Sample]:
    """Correlated scores (n, K) of the drivers, and the sample they give."""
    factor = model.directions if sampler is Sampler.SOBOL else model.copula.factor
    correlated, values = drivers_at(factor, model.tables, replicate.scores)
    stranding = stranding_years(replicate.points[:, 0], model.hazard)
    sample = model.sample(values, stranding, replicate.points[:, 1:])
    return correlated, sample._replace(key=replicate.key, first_draw=first_draw)


def _part(outcome: Outcome, rows: slice, kept: slice) -> Outcome:
    """The rows of one replicate, to be filled in place."""
    return Outcome(
        npv=outcome.npv[rows],
        capex=outcome.capex[rows],
        delay=outcome.delay[rows],
        short_of_debt=outcome.short_of_debt[rows],
        cover=outcome.cover[rows],
        stranded_in_debt=outcome.stranded_in_debt[rows],
        net=outcome.net[kept],
    )


def _empty(draws: int, kept: int, model: Model) -> Outcome:
    measures, horizon = model.calendar.discount.shape
    return Outcome(
        npv=np.empty((draws, measures)),
        capex=np.empty(draws),
        delay=np.empty(draws),
        short_of_debt=np.empty(draws, dtype=np.uint8),
        cover=np.empty(draws),
        stranded_in_debt=np.empty(draws, dtype=np.uint8),
        net=np.empty((kept, min(measures, EQUITY + 1), horizon)),
    )
