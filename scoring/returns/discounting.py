"""Discount factors, from one rate, a declining schedule or forward rates, and present values (METHOD 1, 2)."""

from collections.abc import Sequence

import numpy as np
import numpy_financial as npf
from numpy.typing import ArrayLike

from scoring.project_file import Rate, Timing
from scoring.returns.arrays import FloatArray, as_rows, like_input


class RateError(ValueError):
    """A rate with which nothing can be discounted: at or below -1, not finite, or a schedule without its start."""


def npv(cash_flows: ArrayLike, rate: ArrayLike) -> float | FloatArray:
    """Net present value of each row, period 0 undiscounted (METHOD 2).

    cash_flows: (n, periods), or one row (periods,); money of one currency, inflows positive.
    rate: per period, as a fraction, > -1: a scalar; (periods,) forward rates, chained, the first without effect; or
    (n, 1), one rate a row.
    Returns (n,), or a float for one row. Raises RateError if any rate is <= -1, ValueError for a wrong shape.
    """
    rows = as_rows(cash_flows)
    rates = checked_rates(rate)
    if np.ndim(cash_flows) == 1 and rates.ndim == 0 and representable(float(rates), rows.shape[1]):
        return float(npf.npv(float(rates), rows[0]))
    return like_input(discounted(rows, rates).sum(axis=1), cash_flows)


def discounted(rows: FloatArray, rate: ArrayLike) -> FloatArray:
    """Each flow of (n, periods) at its value in period 0, same shape; `rate` as in `npv`. Raises RateError."""
    rates = checked_rates(rate)
    if rates.ndim == 1 and rates.shape != (rows.shape[1],):
        raise ValueError(f"forward rates must be ({rows.shape[1]},), one a period, not {rates.shape}")
    return valued(rows, _chained(np.broadcast_to(rates, rows.shape)))


def checked_rates(rate: ArrayLike) -> FloatArray:
    """The rates as an array; raises RateError unless every one is finite and above -1."""
    rates = np.asarray(rate, dtype=np.float64)
    if not (np.isfinite(rates) & (rates > -1)).all():
        raise RateError("every rate must be a finite number above -1")
    return rates


def discount_factors(rate: Rate, periods: int, timing: Timing = Timing.END) -> FloatArray:
    """Present value of 1 in each period, (periods,): period 0 undiscounted, forward rates chained (METHOD 1).

    rate: one rate, or a schedule of (from period, rate), e.g. the Green Book's. With mid-year timing every factor is
    multiplied by (1+r)^0.5, r the rate of its period. Raises RateError.
    """
    forward = forward_rates(rate, periods)
    factors = _chained(forward)
    return factors * np.sqrt(1 + forward) if timing is Timing.MID else factors


def forward_rates(rate: Rate, periods: int) -> FloatArray:
    """The rate of each period, (periods,). Raises RateError for a rate <= -1 or a schedule that is not in order."""
    if isinstance(rate, int | float):
        return checked_rates(np.full(periods, float(rate)))
    return checked_rates(_stepwise(rate, periods))


def present_value(flow: FloatArray, factors: FloatArray) -> float:
    """Sum of a flow (periods,) at the discount factors (periods,)."""
    return float(valued(flow, factors).sum())


def _stepwise(schedule: Sequence[tuple[int, float]], periods: int) -> FloatArray:
    starts = [start for start, _ in schedule]
    if not starts or starts[0] != 0 or starts != sorted(set(starts)):
        raise RateError("a schedule of rates must begin at period 0 and go on in ascending order")
    steps = np.searchsorted(starts, np.arange(periods), side="right") - 1
    return np.array([rate for _, rate in schedule], dtype=np.float64)[steps]


LARGEST_EXPONENT = 700.0
"""e to a little more than this is no float64."""


def representable(rate: float, periods: int) -> bool:
    """Whether (1+rate)^periods neither overflows nor vanishes in float64."""
    return bool(abs(np.log1p(rate)) * periods < LARGEST_EXPONENT)


def _chained(forward: FloatArray) -> FloatArray:
    """Products of 1/(1+rate) along the last axis, the first period undiscounted."""
    logs = np.log1p(forward)
    logs[..., :1] = 0.0
    with np.errstate(over="ignore"):
        factors: FloatArray = np.exp(-np.cumsum(logs, axis=-1))
    return factors


def valued(flow: FloatArray, factors: FloatArray) -> FloatArray:
    """Flow times factor, shapes that broadcast; an empty period is worth nothing, even at an infinite factor."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.where(flow == 0, 0.0, flow * factors)
