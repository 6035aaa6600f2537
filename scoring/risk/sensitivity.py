"""Which driver matters: tornado, switching value, elasticity and share of variance, by ENPV (METHOD 7)."""

import numpy as np

from scoring.limits import MAX_DELAY_YEARS, MAX_FACTOR
from scoring.result import Figure, Missing, SensitivityRow
from scoring.returns.figures import OVERFLOW, figure
from scoring.risk.drivers import Role
from scoring.risk.measures import spread
from scoring.risk.normal import Z90, FloatArray
from scoring.risk.simulation import Draws, Model, economic_npv

_STEP = 0.01
_SCAN = 400


def sensitivity(model: Model, draws: Draws) -> tuple[SensitivityRow, ...]:
    """One row a driver, the most telling first. Events and stranding do not happen in the figures but the last."""
    median, low, high = model.medians(), model.at_score(-Z90), model.at_score(Z90)
    swings = _around(model, median, low, high)
    npv = draws.npv[draws.kept, 1]
    rows = [
        SensitivityRow(
            driver=driver.label,
            p10=figure(swings[1 + 4 * at]),
            p90=figure(swings[2 + 4 * at]),
            switching_value=_switching_value(model, median, at, float(swings[0])),
            elasticity=_elasticity(swings[[0, 3 + 4 * at, 4 + 4 * at]]),
            variance_share=variance_share(draws.scores[:, at], npv),
            variance_share_se=_share_error(draws.scores[:, at], npv, draws.kept_sizes),
        )
        for at, driver in enumerate(model.drivers)
    ]
    return tuple(sorted(rows, key=_telling, reverse=True))


def variance_share(driver: FloatArray, output: FloatArray) -> Figure:
    """First-order share of the output's variance, Var(E[Y | X]) / Var(Y), from the same draws (n,), (n,).

    Gamboa, Gremaud, Klein and Lagnoux (2022), "Global sensitivity analysis: a novel generation of mighty estimators
    based on rank statistics": sort by the driver; neighbours share all but the rest's noise. Where drivers are
    correlated, a share includes what a driver says about the others.
    """
    if not np.isfinite(output).all():
        return Missing(OVERFLOW)
    centred = output - output.mean()
    variance = float(np.mean(centred**2))
    if variance <= 1e-24 * float(np.mean(output**2)):
        return Missing("no-variance")
    ordered = centred[np.argsort(driver, kind="stable")]
    shared = float(np.mean(ordered * np.roll(ordered, -1)))
    # The wrap from the highest draw to the lowest belongs to no pair of neighbours.
    shared -= float(ordered[-1] * ordered[0]) / len(ordered)
    return min(max(shared / variance, 0.0), 1.0)


def _share_error(driver: FloatArray, output: FloatArray, kept: tuple[int, ...]) -> Figure:
    """Standard error of the share of variance, from those of the replicates."""
    ends = np.cumsum(kept)[:-1]
    parts = zip(np.split(driver, ends), np.split(output, ends), strict=True)
    return spread([variance_share(score, npv) for score, npv in parts if len(npv)])


def _around(model: Model, median: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """ENPV at the medians, then for each driver at its P10, P90, and 1% below and above its median."""
    points = [median]
    for at in range(len(median)):
        for value in (low[at], high[at], median[at] * (1.0 - _STEP), median[at] * (1.0 + _STEP)):
            point = median.copy()
            point[at] = value
            points.append(point)
    return economic_npv(model, np.array(points))


def _elasticity(values: FloatArray) -> Figure:
    """Per cent of ENPV for a per cent of the driver, around the median."""
    base, below, above = (float(value) for value in values)
    if base == 0.0:
        return Missing("zero-base")
    with np.errstate(invalid="ignore", over="ignore"):
        return figure((above - below) / (2.0 * _STEP * abs(base)))


def _switching_value(model: Model, median: FloatArray, at: int, base: float) -> Figure:
    """Value of the driver at which ENPV is zero, nearest to the median, the others at theirs."""
    if not np.isfinite(base):
        return Missing(OVERFLOW)
    role = model.drivers[at].role
    if role is Role.FACTOR:
        return _linear_switch(model, median, at, base)
    if role is Role.DELAY:
        grid = np.linspace(model.plan.earliest_delay, min(model.calendar.latest_delay, MAX_DELAY_YEARS), _SCAN + 1)
    else:
        grid = np.linspace(0.0, model.longest_life, _SCAN + 1)
    return _scanned_switch(model, median, at, grid)


def _linear_switch(model: Model, median: FloatArray, at: int, base: float) -> Figure:
    """ENPV is linear in a factor, so two points give its zero."""
    zero = median.copy()
    zero[at] = 0.0
    at_zero = float(economic_npv(model, zero[np.newaxis])[0])
    slope = (base - at_zero) / median[at] if median[at] != 0.0 else 0.0
    if slope == 0.0:
        return Missing("no-effect")
    switch = -at_zero / slope
    return float(switch) if 0.0 <= switch <= MAX_FACTOR else Missing("not-reached")


def _scanned_switch(model: Model, median: FloatArray, at: int, grid: FloatArray) -> Figure:
    points = np.tile(median, (len(grid), 1))
    points[:, at] = grid
    values = economic_npv(model, points)
    if values.max() == values.min():
        return Missing("no-effect")
    crossings = np.flatnonzero(values[:-1] * values[1:] <= 0.0)
    if not crossings.size:
        return Missing("not-reached")
    zeros = [_between(grid[i], grid[i + 1], values[i], values[i + 1]) for i in crossings]
    return min(zeros, key=lambda zero: abs(zero - median[at]))


def _between(left: float, right: float, below: float, above: float) -> float:
    return float(left if above == below else left - below * (right - left) / (above - below))


def _telling(row: SensitivityRow) -> float:
    return row.variance_share if isinstance(row.variance_share, float) else 0.0
