"""The internal rate of return over the draws, without solving for it in each (METHOD 7).

Where a flow turns positive once, its NPV falls through zero at its IRR, so NPV < 0 at a rate says the same as
IRR < that rate, and the median IRR is the rate at which the median NPV is zero. Elsewhere some draws are solved.
"""

from collections.abc import Callable

import numpy as np

from scoring.project_file import Rate
from scoring.result import Figure, Missing
from scoring.returns.figures import figure
from scoring.returns.measures import irr
from scoring.risk.measures import Estimate, missing_estimate, share_estimate, spread
from scoring.risk.normal import FloatArray

_SOLVED = 1000
_LOWEST, _HIGHEST = -0.99, 10.0
_STEPS = 60
_TOLERANCE = 1e-10
_SLOPE_STEP = 1e-4


def irr_below(
    base: FloatArray, npv: FloatArray, net: FloatArray, hurdle: Rate, sizes: tuple[int, ...], kept: tuple[int, ...]
) -> Estimate:
    """P(IRR < hurdle). base: planned flow (periods,); npv: (n,) at the hurdle; net: (kept, H).

    sizes, kept: draws and kept draws of each replicate. With several sign changes and one rate, by the IRRs of up to a
    thousand draws; a draw without any counts by its NPV. Missing("no-sign-change") where the planned flow has no IRR.
    """
    if not _changes_sign(base):
        return missing_estimate("no-sign-change")
    if turns_once(base) or not isinstance(hurdle, int | float):
        return share_estimate(npv < 0, sizes)
    rates = _solved(net)
    values = _present_values(_evenly(net), float(hurdle))
    return share_estimate(np.where(np.isnan(rates), values < 0, rates < hurdle), _solved_sizes(net, kept))


def median_irr(base: FloatArray, net: FloatArray, kept: tuple[int, ...]) -> Estimate:
    """Median IRR over the draws; net: (kept, H). A draw that never pays counts as lower than any rate.

    kept: draws of each replicate. Missing("no-sign-change") where the planned flow has no IRR, ("not-reached") where
    the median draw has none.
    """
    if not _changes_sign(base):
        return missing_estimate("no-sign-change")
    if turns_once(base):
        rate = _rate_of_zero_median(net)
        return Estimate(rate, rate if isinstance(rate, Missing) else _error_of_zero(net, rate, kept))
    rates = np.nan_to_num(_solved(net), nan=-np.inf)
    parts = np.split(rates, np.cumsum(_solved_sizes(net, kept))[:-1])
    median = _lower_median(rates)
    if isinstance(median, Missing):
        return Estimate(median, median)
    return Estimate(median, spread([_lower_median(part) for part in parts if len(part)]))


def _lower_median(rates: FloatArray) -> Figure:
    return figure(float(np.sort(rates)[(len(rates) - 1) // 2]), "not-reached")


def _error_of_zero(net: FloatArray, rate: float, kept: tuple[int, ...]) -> Figure:
    """Standard error of the rate at which the median NPV is zero: that of the median NPV over its slope there."""
    values = _present_values(net, rate)
    error = spread([float(np.median(part)) for part in np.split(values, np.cumsum(kept)[:-1]) if len(part)])
    beside = [float(np.median(_present_values(net, rate + step))) for step in (-_SLOPE_STEP, _SLOPE_STEP)]
    slope = (beside[1] - beside[0]) / (2.0 * _SLOPE_STEP)
    if isinstance(error, Missing):
        return error
    return error / abs(slope) if slope else Missing("not-reached")


def turns_once(flow: FloatArray) -> bool:
    """Whether the cumulative flow goes from negative to positive once: one IRR above zero (Norstrøm 1972)."""
    signs = np.sign(np.cumsum(flow))
    signs = signs[signs != 0]
    cumulative_once = bool(signs.size and signs[0] < 0 and np.count_nonzero(np.diff(signs)) == 1)
    own = np.sign(flow[flow != 0])
    return cumulative_once or bool(own[0] < 0 and np.count_nonzero(np.diff(own)) == 1)


def _changes_sign(flow: FloatArray) -> bool:
    return bool(flow.min() < 0 < flow.max())


def _evenly(net: FloatArray) -> FloatArray:
    """At most a thousand rows, evenly over the replicates."""
    return net[:: _step(net)]


def _step(net: FloatArray) -> int:
    return max(1, -(-len(net) // _SOLVED))


def _solved_sizes(net: FloatArray, kept: tuple[int, ...]) -> tuple[int, ...]:
    """How many of the rows that are solved belong to each replicate."""
    replicate = np.repeat(np.arange(len(kept)), kept)[:: _step(net)]
    return tuple(np.bincount(replicate, minlength=len(kept)).tolist())


def _solved(net: FloatArray) -> FloatArray:
    return np.asarray(irr(_evenly(net)))


def _rate_of_zero_median(net: FloatArray) -> Figure:
    """The rate at which the median NPV is zero; it falls as the rate rises."""

    def median(rate: float) -> float:
        return float(np.median(_present_values(net, rate)))

    low, high = -0.5, 0.5
    at_low, at_high = median(low), median(high)
    while at_low < 0 and low > _LOWEST:
        low = max(_LOWEST, (low - 1.0) / 2.0 - 0.01)
        at_low = median(low)
    while at_high > 0 and high < _HIGHEST:
        high = min(_HIGHEST, high * 2.0)
        at_high = median(high)
    if at_low < 0 or at_high > 0:
        return Missing("not-reached")
    return _zero(median, (low, at_low), (high, at_high))


def _zero(function: Callable[[float], float], low: tuple[float, float], high: tuple[float, float]) -> float:
    """Zero of a function between two points of opposite sign: the Illinois variant of false position."""
    for _ in range(_STEPS):
        if low[1] == high[1]:
            break
        at = high[0] - high[1] * (high[0] - low[0]) / (high[1] - low[1])
        value = function(at)
        if abs(at - high[0]) < _TOLERANCE or value == 0.0:
            return at
        # Where a side stays, its value counts half, so that it moves too.
        low = high if value * high[1] < 0 else (low[0], low[1] / 2.0)
        high = (at, value)
    return high[0]


def _present_values(net: FloatArray, rate: float) -> FloatArray:
    """(n, periods) -> (n,). By einsum and not by BLAS, whose sums depend on the number of threads."""
    factors = (1.0 + rate) ** -np.arange(net.shape[1], dtype=np.float64)
    return np.asarray(np.einsum("ij,j->i", net, factors))
