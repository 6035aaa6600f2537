"""Measures of rows of cash flows: rates of return and payback (METHOD 2)."""

import itertools

import numpy as np
import numpy_financial as npf
from numpy.typing import ArrayLike

from scoring.returns import roots
from scoring.returns.arrays import FloatArray, as_rows, like_input, shaped
from scoring.returns.discounting import checked_rates, discounted

NO_SIGN_CHANGE = "no-sign-change"
NO_ROOT = "no-root-in-range"
MULTIPLE_ROOTS = "multiple-roots"
MANY_ROWS = 500
"""From here on compiling the kernel is worth it."""
MOST_PERIODS = 61
"""Longest single row whose rate numpy-financial gives."""


def irr(cash_flows: ArrayLike) -> float | FloatArray:
    """Internal rate of return of each row, NaN where there is none; `irr_reason` says why (METHOD 2).

    cash_flows: (n, periods), or one row (periods,), inflows positive. One change of sign: the only root in (-1, inf).
    Several: of the roots in (-0.99, 10) the one closest to zero. Returns (n,), or a float for one row.
    """
    rows = shaped(cash_flows)
    if len(rows) >= MANY_ROWS:
        from scoring.returns.kernels import irr_of_rows  # noqa: PLC0415  numba is heavy: only where it pays

        rates, unsolved = irr_of_rows(rows)
        rates[unsolved] = irr_by_rows(roots.significant(rows[unsolved]))
        return rates
    rows = roots.significant(as_rows(rows))
    rates = irr_by_rows(rows)
    return _by_numpy_financial(rows[0], float(rates[0])) if np.ndim(cash_flows) == 1 else rates


def _by_numpy_financial(row: FloatArray, rate: float) -> float:
    """numpy-financial's rate of a single significant row where that is unique, and as exact as the one found already.

    Its eigenvalues lose digits, and their last bits hang on the number of threads, once a row is long.
    """
    if len(row) > MOST_PERIODS or roots.sign_changes(row[np.newaxis])[0] != 1:
        return rate
    try:
        with np.errstate(all="ignore"):
            found = float(npf.irr(row))
    except np.linalg.LinAlgError:  # amounts so far apart that their quotient overflows
        return rate
    return found if found > -1 and abs(found - rate) <= 1e-12 * (1.0 + abs(rate)) else rate


def irr_all_of_rows(cash_flows: ArrayLike) -> tuple[FloatArray, ...]:
    """`irr_all` of each row, (n, periods) -> n arrays, compiled: for many rows at once (METHOD 2)."""
    from scoring.returns import kernels  # noqa: PLC0415  numba is heavy: only where it pays

    rows = as_rows(cash_flows)
    rates, counts = kernels.irr_all_of_rows(rows)
    ends = np.maximum(counts, 0).cumsum().tolist()
    found = [rates[start:end] for start, end in itertools.pairwise([0, *ends])]
    for at in np.flatnonzero(counts == kernels.LEFT):
        found[at] = roots.irr_all(rows[at])
    # The kernel looks no farther than where several roots are looked for; a single one may lie anywhere.
    empty = np.flatnonzero(counts == 0)
    left = roots.significant(rows[empty])
    lone = roots.sign_changes(left) == 1
    for at, rate in zip(empty[lone], roots.unique_irr(left[lone]), strict=True):
        found[at] = np.array([rate])
    return tuple(found)


def irr_by_rows(rows: FloatArray) -> FloatArray:
    """`irr` of significant rows, (n, periods) -> (n,), in plain NumPy, which the compiled kernel is tested against."""
    changes = roots.sign_changes(rows)
    rates = np.full(len(rows), np.nan)
    rates[changes == 1] = roots.unique_irr(rows[changes == 1])
    for at in np.flatnonzero(changes > 1):
        rates[at] = closest_to_zero(roots.irr_all(rows[at]))
    return rates


def closest_to_zero(rates: FloatArray) -> float:
    """The financing convention for several roots; NaN of none."""
    return float(rates[np.argmin(np.abs(rates))]) if len(rates) else float("nan")


def irr_reason(cash_flows: ArrayLike) -> str | tuple[str | None, ...] | None:
    """Why `irr` is NaN, or not the whole truth, for each row; None where it is the only root (METHOD 1, 2).

    `no-sign-change`; `no-root-in-range` (none in (-0.99, 10)); `multiple-roots` (see `irr_all`).
    """
    rows = roots.significant(as_rows(cash_flows))
    reasons = tuple(_reason(row, changes) for row, changes in zip(rows, roots.sign_changes(rows), strict=True))
    return reasons[0] if np.ndim(cash_flows) == 1 else reasons


def _reason(row: FloatArray, changes: int) -> str | None:
    if changes == 0:
        return NO_SIGN_CHANGE
    if changes == 1:
        return None
    found = len(roots.irr_all(row))
    return NO_ROOT if found == 0 else MULTIPLE_ROOTS if found > 1 else None


def mirr(cash_flows: ArrayLike, finance_rate: float, reinvest_rate: float) -> float | FloatArray:
    """Modified internal rate of return of each row (METHOD 2); NaN where a row has no inflow or no outflow.

    Outflows are discounted at finance_rate, inflows carried to the last period at reinvest_rate, both > -1.
    cash_flows: (n, periods) -> (n,), or one row -> a float. Raises RateError.
    """
    rows = as_rows(cash_flows)
    checked_rates([finance_rate, reinvest_rate])
    if np.ndim(cash_flows) == 1:
        return float(npf.mirr(rows[0], finance_rate, reinvest_rate))
    outflows = -discounted(np.minimum(rows, 0), finance_rate).sum(axis=1)
    inflows = discounted(np.maximum(rows, 0), reinvest_rate).sum(axis=1)
    rates = np.full(len(rows), np.nan)
    both = (outflows > 0) & (inflows > 0)
    growth = (inflows[both] / outflows[both]) ** (1 / max(rows.shape[1] - 1, 1))
    rates[both] = growth * (1 + reinvest_rate) - 1
    return rates


def payback(cash_flows: ArrayLike) -> float | FloatArray:
    """Years from period 0 until each row has paid back for good, linear inside the year (METHOD 2).

    The last crossing counts, so that a later negative year undoes an earlier one. 0 where the sum of the flows is
    never negative; NaN where the end is below zero (`not-reached`) or nothing is ever paid out.
    cash_flows: (n, periods) -> (n,), or one row -> a float.
    """
    return like_input(_last_crossing(as_rows(cash_flows)), cash_flows)


def discounted_payback(cash_flows: ArrayLike, rate: ArrayLike) -> float | FloatArray:
    """`payback` of the flows discounted to period 0; `rate` as in `npv` (METHOD 2). Raises RateError."""
    return like_input(_last_crossing(discounted(as_rows(cash_flows), rate)), cash_flows)


def _last_crossing(rows: FloatArray) -> FloatArray:
    balance = np.cumsum(rows, axis=1)
    # A sum that rounding leaves a hair below zero has paid back.
    owing = balance < -1e-12 * np.abs(rows).sum(axis=1, keepdims=True)
    years = np.where((rows < 0).any(axis=1), 0.0, np.nan)
    years[owing[:, -1]] = np.nan
    crossing = np.flatnonzero(owing.any(axis=1) & ~owing[:, -1])
    last = rows.shape[1] - 1 - owing[crossing, ::-1].argmax(axis=1)
    years[crossing] = last + np.minimum(-balance[crossing, last] / rows[crossing, last + 1], 1.0)
    return years
