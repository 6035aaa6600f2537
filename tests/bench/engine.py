"""The returns engine against the plain ways of doing the same, on one thread; answers are asserted first."""

import numpy as np
import numpy_financial as npf
import pyxirr
from scipy import stats

from scoring.returns import irr, irr_all_of_rows
from scoring.returns.arrays import FloatArray
from scoring.returns.rates import resolve_rates
from scoring.risk import simulation
from scoring.risk.build import build
from scoring.risk.plan import ECONOMIC
from scoring.risk.sampling import Sampler, replicates
from tests.bench.timing import ratio, seconds_of_thread
from tests.scoring.risk.factories import FRAMEWORK, PARAMETERS, driver, event, flows_of, line, project
from tests.scoring.risk.numpy_reference import simulate_draw

MANY = 100_000
SHORT = 300
"""Draws of the plain way, which is scaled up: it takes minutes for all."""
ROWS = 3_000
"""Rows with three roots each; the plain way is measured on a tenth of them."""
SEEDS = 40
"""Of each estimate whose error is measured; with ten, the ratio of two errors is itself known to a third only."""


def main() -> None:
    _rates_of_return()
    _all_roots()
    model = eight_drivers()
    _one_project(model)
    _accuracy(model)


def _rates_of_return() -> None:
    random = np.random.default_rng(1)
    rows = random.uniform(5, 20, (MANY, 31))
    rows[:, 0] = -random.uniform(80, 150, MANY)
    fast = irr(rows)
    sample = rows[:2_000]
    slow = np.array([pyxirr.irr(row) for row in sample])
    assert np.allclose(np.asarray(fast)[:2_000], slow, rtol=1e-9, atol=1e-12)
    took, plain = (
        seconds_of_thread(lambda: irr(rows), 3),
        seconds_of_thread(lambda: [pyxirr.irr(row) for row in sample], 3) * MANY / 2_000,
    )
    ratio("IRR of 100,000 rows x 31 periods, against a loop over pyxirr", plain, took, 20)


def _all_roots() -> None:
    for periods in (31, 4):
        known, table = _rows_of_three_roots(periods)
        for rates, found in zip(known, irr_all_of_rows(table), strict=True):
            assert np.allclose(found, rates, atol=1e-6), "every root, no other"
        took = seconds_of_thread(lambda rows=table: irr_all_of_rows(rows), 7)
        plain = seconds_of_thread(lambda rows=table[: ROWS // 10]: [npf.irr(row) for row in rows], 3) * 10
        ratio(f"all roots of {ROWS:,} rows x {periods} periods with three each, against npf.irr", plain, took, 60)


def _rows_of_three_roots(periods: int) -> tuple[list[FloatArray], FloatArray]:
    """Three rates a row, and the rows that have them; the other roots of the polynomial are rates below -1."""
    random = np.random.default_rng(2)
    known, rows = [], []
    while len(rows) < ROWS:
        rates = np.sort(random.uniform(-0.5, 3.0, 3))
        if np.diff(rates).min() > 0.05:
            others = -random.uniform(0.2, 2.0, periods - 4)
            known.append(rates)
            rows.append(-np.poly([*(1 + rates), *others]) * 100)
    return known, np.array(rows)


def eight_drivers() -> simulation.Model:
    """Eight drivers that move together, and two risk events."""
    names = ("capex", "opex", "revenue", "demand", "benefits", "price")
    drivers = [driver(name, "pert", low=0.7, mode=1.0, high=1.6) for name in names]
    drivers.append(driver("exchange-rate", "lognormal", p50=1.0, p90=1.2))
    drivers.append(driver("delay", "triangular", low=0, mode=0.3, high=2, unit="years"))
    plan = project(
        line("capex", [60, 40], line_class="imported"),
        line("opex", [0, 0, *[4] * 23]),
        line("revenue", [0, 0, *[9] * 23], economic="transfer"),
        line("benefit", [0, 0, *[14] * 23]),
        drivers=tuple(drivers),
        events=(event(0.02, per="year"), event(0.1, "construction")),
    )
    flows = flows_of(plan)
    built = build(plan, PARAMETERS, flows, resolve_rates(plan, FRAMEWORK), None)
    assert len(built.model.drivers) == len(drivers)
    return built.model


def economic_npvs(model: simulation.Model, draws: int, sampler: Sampler = Sampler.SOBOL, seed: int = 1) -> FloatArray:
    return simulation.run(model, "BENCH", seed, draws, sampler).npv[:, ECONOMIC]


def plain_seconds(model: simulation.Model, draws: int) -> float:
    """What as many draws take one by one in NumPy, with quantiles from scipy; a few are taken and scaled up."""

    def plainly() -> list[float]:
        return [simulate_draw(model.plan, model.events, model.calendar, sample, i).npv[ECONOMIC] for i in range(SHORT)]

    count, sampler = len(model.drivers), Sampler.PSEUDO_RANDOM
    replicate = next(iter(replicates("BENCH", 1, SHORT * 10, count + 3, sampler, normals=count)))
    _, sample = simulation._sampled(model, replicate, 0, sampler)
    assert np.isfinite(plainly()).all()
    return seconds_of_thread(plainly, 3) * draws / SHORT + seconds_of_thread(
        lambda: _plain_quantiles(len(model.drivers), draws), 3
    )


def _one_project(model: simulation.Model) -> None:
    economic_npvs(model, 1_000)
    took = seconds_of_thread(lambda: economic_npvs(model, MANY, Sampler.PSEUDO_RANDOM), 3)
    slow = plain_seconds(model, MANY)
    ratio("one project, 100,000 draws, 8 correlated drivers, against plain NumPy", slow, took, 24)
    normals = seconds_of_thread(
        lambda: np.random.Generator(np.random.SFC64(1)).standard_normal((MANY, len(model.drivers))), 5
    )
    ratio("the same, in times of drawing its normals", took, normals, 7, at_least=False)


def _plain_quantiles(drivers: int, draws: int) -> None:
    """What asking scipy for each driver's quantiles costs."""
    uniform = np.random.default_rng(1).random((draws, drivers))
    for column in range(drivers):
        stats.beta(2.3, 3.7, loc=0.7, scale=0.9).ppf(uniform[:, column])


def _accuracy(model: simulation.Model) -> None:
    """Errors of mean, VaR and CVaR against a long run, over many seeds."""
    long = np.concatenate([economic_npvs(model, 400_000, seed=seed) for seed in (101, 102, 103)])
    truth = _measures(long)

    def error(draws: int, sampler: Sampler) -> FloatArray:
        found = np.array([_measures(economic_npvs(model, draws, sampler, seed)) for seed in range(SEEDS)])
        return np.asarray(np.sqrt(((found - truth) ** 2).mean(axis=0)))

    sobol, plain = error(16_384, Sampler.SOBOL), error(MANY, Sampler.PSEUDO_RANDOM)
    for name, few, many in zip(("mean", "VaR 95", "CVaR 95"), sobol, plain, strict=True):
        ratio(f"error of {name}: 16,384 Sobol' points against 100,000 plain draws", few, many, 1.0, at_least=False)


def _measures(npv: FloatArray) -> FloatArray:
    worst = np.sort(npv)[: len(npv) // 20]
    return np.array([npv.mean(), worst[-1], worst.mean()])
