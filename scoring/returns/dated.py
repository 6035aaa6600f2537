"""Cash flows on dates instead of whole periods: their value and every rate of return (METHOD 2).

Years are days / 365 from the earliest date, leap years included, as in the spreadsheets' XNPV and XIRR.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.returns import roots
from scoring.returns.arrays import FloatArray, as_rows
from scoring.returns.discounting import checked_rates, valued
from scoring.returns.measures import closest_to_zero

DAYS = 365.0
"""Days in a year of the convention actual/365."""
Dates = Sequence[date] | NDArray[np.datetime64]


def xnpv(amounts: ArrayLike, dates: Dates, rate: float) -> float:
    """Value on the earliest date of amounts (n,), inflows positive, on dates (n,), at a rate a year > -1.

    Raises RateError for a rate <= -1, ValueError where amounts and dates do not belong together.
    """
    days, flows = _by_day(amounts, dates)
    years = days / DAYS
    with np.errstate(over="ignore"):
        factors = np.exp(-years * np.log1p(float(checked_rates(rate))))
    return float(valued(flows, factors).sum())


def xirr(amounts: ArrayLike, dates: Dates) -> float:
    """Internal rate of return a year of amounts (n,) on dates (n,); NaN where there is none.

    One change of sign: the only rate in (-1, inf). Several: of `xirr_all` the one closest to zero. Raises ValueError.
    """
    return closest_to_zero(xirr_all(amounts, dates))


def xirr_all(amounts: ArrayLike, dates: Dates) -> FloatArray:
    """Every internal rate of return a year, ascending, as `irr_all`: one alone in (-1, inf), several in (-0.99, 10).

    A single rate that no float64 holds is left out. Raises ValueError.
    """
    days, flows = _by_day(amounts, dates)
    flows = roots.significant(flows[np.newaxis])
    if roots.sign_changes(flows)[0] == 1:
        with np.errstate(over="ignore"):
            rates = np.expm1(roots.unique_root(flows, days) * DAYS)
        return np.maximum(rates, roots.JUST_ABOVE_MINUS_ONE)[np.isfinite(rates)]
    kept = np.flatnonzero(flows[0])
    return roots.roots_in_range(flows[0, kept], (days[kept] - days[kept[:1]]) / DAYS)


def _by_day(amounts: ArrayLike, dates: Dates) -> tuple[FloatArray, FloatArray]:
    """Days since the earliest date, ascending, (k,), and what flows on each, (k,): flows of one day are one."""
    row = as_rows(amounts)
    days = np.atleast_1d(np.asarray(dates, dtype="datetime64[D]"))
    if days.shape != row.shape[1:] or len(row) != 1:
        raise ValueError(f"amounts and dates must be one list each, of the same length, not {row.shape}, {days.shape}")
    if np.isnat(days).any():
        raise ValueError("every amount needs its date")
    distinct, at = np.unique(days, return_inverse=True)
    since: FloatArray = (distinct - distinct[0]).astype(np.float64)
    return since, np.bincount(at, weights=row[0]).astype(np.float64)
