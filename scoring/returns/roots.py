"""Internal rates of return: every real root of a row's net present value (METHOD 2).

With u = ln(1+r) the net present value is the exponential sum f(u) = sum c_t e^(-ut). Let the signs of c change between
periods a and b, and a < s < b. Then e^(su) f(u) has the derivative e^(su) sum c_t (s-t) e^(-ut), again such a sum, with
one change of sign fewer. Its roots separate those of f (Rolle), so that going down this chain and up again finds all
roots with nothing but bisection: none is guessed, none is missed, and no polynomial of high degree is expanded.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.returns.arrays import FloatArray, as_rows

IntArray = NDArray[np.int64]
LOWEST, HIGHEST = -0.99, 10.0
"""Where several roots are looked for (METHOD 2)."""
LEAST = 1e-100
"""Amounts smaller than this part of the largest in their row count as zero: their reciprocals could overflow."""
EPSILON = float(np.finfo(np.float64).eps)
COARSE, FINE = 36, 64
"""Halvings of an interval: around a turning point, where only the sign at it matters, and around a root."""
JUST_ABOVE_MINUS_ONE = float(np.nextafter(-1.0, 0.0))


def irr_all(row: ArrayLike) -> FloatArray:
    """All real internal rates of return of one row (periods,), ascending; empty where there is none (METHOD 2).

    One change of sign: the only root, wherever it lies in (-1, inf). Several: the roots in (-0.99, 10), of which one
    at which the net present value only touches zero counts once.
    """
    cash_flows = as_rows(row)
    if len(cash_flows) != 1:
        raise ValueError("irr_all takes one row of cash flows")
    cash_flows = significant(cash_flows)
    if sign_changes(cash_flows)[0] == 1:
        return unique_irr(cash_flows)
    periods, amounts = _nonzero(cash_flows[0])
    return roots_in_range(amounts, periods)


def roots_in_range(amounts: FloatArray, periods: FloatArray) -> FloatArray:
    """Every rate in (-0.99, 10) of amounts (n,), none zero, at the times (n,), ascending from 0, whole or not."""
    low, high = float(np.log1p(LOWEST)), float(np.log1p(HIGHEST))
    rates: FloatArray = np.expm1(_roots_between(amounts, periods, low, high))
    return rates


def unique_irr(rows: FloatArray) -> FloatArray:
    """The only internal rate of return in (-1, inf) of each row, (n, periods) -> (n,).

    Every row must be significant and change its sign exactly once, so that there is exactly one root (Descartes).
    """
    periods = np.arange(rows.shape[1], dtype=np.float64)
    rates: FloatArray = np.maximum(np.expm1(unique_root(rows, periods)), JUST_ABOVE_MINUS_ONE)
    return rates


def unique_root(rows: FloatArray, periods: FloatArray) -> FloatArray:
    """`unique_irr` as ln(1+r), (n,), for flows (n, k) at the same whole numbers of periods (k,), ascending."""
    scaled = rows / np.abs(rows).max(axis=1, keepdims=True)
    filled = scaled != 0
    first = np.abs(scaled[np.arange(len(rows)), filled.argmax(axis=1)])
    last_at = rows.shape[1] - 1 - filled[:, ::-1].argmax(axis=1)
    last = np.abs(scaled[np.arange(len(rows)), last_at])
    # Cauchy's bound on the roots of a polynomial, in 1+r and in 1/(1+r).
    low, high = -np.log1p(1 / last), np.log1p(1 / first)
    falling = scaled[np.arange(len(rows)), last_at] > 0
    while True:
        middle = (low + high) / 2
        if ((middle <= low) | (middle >= high) | (high - low < EPSILON / 8)).all():
            break
        above = (_scaled_value(scaled, periods, middle) > 0) == falling
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    root: FloatArray = middle
    return root


def significant(rows: FloatArray) -> FloatArray:
    """The rows, (n, periods), with zero for amounts below 1e-100 of the largest in their row."""
    size = np.abs(rows)
    return np.where(size > LEAST * size.max(axis=1, keepdims=True, initial=0.0), rows, 0.0)


def sign_changes(rows: FloatArray) -> IntArray:
    """How often the sign changes along each row, zeros left out, (n, periods) -> (n,)."""
    signs = np.sign(rows)
    # A zero repeats the sign before it.
    at = np.where(signs != 0, np.arange(rows.shape[1]), 0)
    held = np.take_along_axis(signs, np.maximum.accumulate(at, axis=1), axis=1)
    changes: IntArray = (held[:, 1:] * held[:, :-1] < 0).sum(axis=1)
    return changes


def _nonzero(row: FloatArray) -> tuple[FloatArray, FloatArray]:
    at = np.flatnonzero(row)
    return (at - at[:1].sum()).astype(np.float64), row[at]


def _scaled_value(rows: FloatArray, periods: FloatArray, u: FloatArray) -> FloatArray:
    """Sign-true net present value of each row at its own u, scaled so that nothing overflows."""
    exponents = -u[:, None] * periods
    exponents[rows == 0] = -np.inf
    exponents -= exponents.max(axis=1, keepdims=True)
    values: FloatArray = np.einsum("ij,ij->i", rows, np.exp(exponents))
    return values


class _Sum:
    """The exponential sum sum c_t e^(f_t - ut); f holds the factors |s-t| of the chain as logarithms."""

    def __init__(self, amounts: FloatArray, periods: FloatArray, logs: FloatArray) -> None:
        self.amounts = amounts / np.abs(amounts).max()
        self.periods = periods
        self.logs = logs

    def derivative(self) -> "_Sum":
        """The sum whose roots separate this one's; one change of sign fewer."""
        change = np.flatnonzero(np.sign(self.amounts[1:]) != np.sign(self.amounts[:-1]))[0]
        distance = (self.periods[change] + self.periods[change + 1]) / 2 - self.periods
        return _Sum(self.amounts * np.sign(distance), self.periods, self.logs + np.log(np.abs(distance)))

    def signs(self, u: FloatArray, *, exact: bool = False) -> FloatArray:
        """Sign at each u; 0 where the value cannot be told from zero in float64, unless `exact`."""
        exponents = self.logs - u[:, None] * self.periods
        terms = self.amounts * np.exp(exponents - exponents.max(axis=1, keepdims=True))
        values = terms.sum(axis=1)
        noise = 4 * EPSILON * (1 + np.abs(u) * self.periods[-1]) * np.abs(terms).sum(axis=1)
        return np.where((np.abs(values) <= noise) & (not exact), 0.0, np.sign(values))

    def roots(self, low: float, high: float, turning: FloatArray, halvings: int) -> FloatArray:
        """Roots in (low, high), given the points between which the sum times e^(su) is monotone."""
        points = np.concatenate(([low], turning, [high]))
        signs = self.signs(points)
        signs[[0, -1]] = self.signs(points[[0, -1]], exact=True)
        crossing = np.flatnonzero(signs[:-1] * signs[1:] < 0)
        crossed = self._bisect(points[crossing], points[crossing + 1], signs[crossing], halvings)
        return np.sort(np.concatenate((crossed, turning[signs[1:-1] == 0])))

    def _bisect(self, low: FloatArray, high: FloatArray, sign_low: FloatArray, halvings: int) -> FloatArray:
        for _ in range(halvings if len(low) else 0):
            middle = (low + high) / 2
            beyond = self.signs(middle, exact=True) == sign_low
            low, high = np.where(beyond, middle, low), np.where(beyond, high, middle)
        return (low + high) / 2


def _roots_between(amounts: FloatArray, periods: FloatArray, low: float, high: float) -> FloatArray:
    changes = int(np.count_nonzero(np.sign(amounts[1:]) != np.sign(amounts[:-1])))
    if changes == 0:
        return np.empty(0)
    chain = [_Sum(amounts, periods, np.zeros(len(amounts)))]
    for _ in range(changes - 1):
        chain.append(chain[-1].derivative())
    roots = np.empty(0)
    for level in range(len(chain) - 1, -1, -1):
        roots = chain[level].roots(low, high, roots, COARSE if level else FINE)
    return roots
