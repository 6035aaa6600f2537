"""Compiled internal rates of return of many rows: the algorithm of `roots`, in loops (METHOD 2).

Imported only where there are many rows: it brings numba with it. A row is here an array of amounts of which neither the
first nor the last is zero; its net present value at u = ln(1+r) is scaled by e^(uT) where u < 0, which keeps its sign.
"""

import numpy as np
from numpy.typing import NDArray

from scoring.compiled import compiled
from scoring.returns.arrays import NOT_FINITE, FloatArray
from scoring.returns.irr_lanes import CHANGES, LANES, V, conventional, fill, finite, solve, table_of, turned
from scoring.returns.roots import EPSILON, HIGHEST, JUST_ABOVE_MINUS_ONE, LEAST, LOWEST

UNSOLVED = -2.0
"""A mark in place of a rate: no rate is as low."""
MOST_CHANGES = 24
"""Longer chains of derivatives could lose amounts to underflow."""
LOW, HIGH = float(np.log1p(LOWEST)), float(np.log1p(HIGHEST))
COARSE, FINE = 1e-10, 1e-16
"""Width at which a bracket is narrow enough: around a turning point, around a root."""


def irr_of_rows(rows: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
    """`measures.irr` of rows, (n, periods) -> (n,), and which are left to the plain path, (n,) booleans.

    Left over are rows with very many changes of sign. Raises ValueError where an amount is not finite.
    """
    rates = np.empty(len(rows))
    if not _irr_of_rows(np.ascontiguousarray(rows), rates):
        raise ValueError(NOT_FINITE)
    return rates, rates == UNSOLVED


def irr_all_of_rows(rows: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
    """`roots.irr_all` of rows, (n, periods) -> (n, most), NaN after the last of each, and which are left, (n,)."""
    rates, unsolved = np.full((len(rows), MOST_CHANGES), np.nan), np.zeros(len(rows), np.bool_)
    most = _irr_all_of_rows(np.ascontiguousarray(rows), rates, unsolved)
    return rates[:, :most], unsolved


@compiled
def _irr_all_of_rows(rows, rates, unsolved):  # type: ignore[no-untyped-def]
    """Fills rates and unsolved; gives the largest number of roots of a row."""
    chain, most = np.empty((MOST_CHANGES, rows.shape[1])), 0
    for at in range(rows.shape[0]):
        first, last, changes, largest = _shape(rows[at])
        if changes > MOST_CHANGES:
            unsolved[at] = True
        elif changes > 0:
            roots = _all_roots(_trimmed(rows[at], first, last, largest), changes, chain)
            rates[at, : len(roots)] = np.expm1(roots)
            most = max(most, len(roots))
    return most


@compiled
def _irr_of_rows(rows, rates):  # type: ignore[no-untyped-def]
    """Rows with one change of sign are solved side by side, the others one by one. Whether every amount is finite."""
    table, chain = table_of(rows.shape[1]), np.empty((MOST_CHANGES, rows.shape[1]))
    for start in range(0, rows.shape[0], LANES):
        filled = fill(table, rows, start)
        up = down = conventional(table)
        if up > 0:
            table[CHANGES] = 1.0
        elif finite(table):
            up, down = turned(table)
        else:
            return False
        solve(table, up, down)
        left = 0
        for lane in range(filled):
            v = table[V, lane]
            rates[start + lane] = (1.0 - v) / v
            left += 0 if (table[CHANGES, lane] == 1.0) & (v == v) else 1  # noqa: PLR0124 -- not so where it is NaN
        if left:
            _solve_left(rows, rates, table, start, filled, chain)
    return True


@compiled
def _solve_left(rows, rates, table, start, filled, chain):  # type: ignore[no-untyped-def]
    """One by one, what the lanes do not solve: other than one change of sign, and steps that did not settle."""
    for at in range(start, start + filled):
        changes, v = table[CHANGES, at - start], table[V, at - start]
        if changes == 1.0:
            rates[at] = _surely(rows[at]) if np.isnan(v) else rates[at]
        elif changes == 0.0:
            rates[at] = np.nan
        elif changes <= MOST_CHANGES:
            first, last, _, largest = _shape(rows[at])
            rates[at] = _closest_to_zero(_trimmed(rows[at], first, last, largest), int(changes), chain)
        else:
            rates[at] = UNSOLVED


@compiled
def _surely(amounts):  # type: ignore[no-untyped-def]
    """The only rate of a row whose sign changes once, where Newton's steps did not settle."""
    first, last, _, largest = _shape(amounts)
    row = _trimmed(amounts, first, last, largest)
    # Cauchy's bound on the roots of a polynomial, in 1/(1+r) and in 1+r.
    low, high = -np.log1p(1 / abs(row[-1])), np.log1p(1 / abs(row[0]))
    return max(np.expm1(_root(row, low, high, FINE)), JUST_ABOVE_MINUS_ONE)


@compiled
def _trimmed(row, first, last, largest):  # type: ignore[no-untyped-def]
    scaled = row[first : last + 1] / largest
    for t in range(len(scaled)):
        if abs(scaled[t]) <= LEAST:
            scaled[t] = 0.0
    return scaled


@compiled
def _shape(row):  # type: ignore[no-untyped-def]
    """First and last significant amount, changes of sign between, and the largest amount."""
    largest = 0.0
    for t in range(len(row)):
        largest = max(largest, abs(row[t]))
    first, last, changes = 0, -1, 0
    for t in range(len(row)):
        amount = row[t]
        if abs(amount) > LEAST * largest:
            if last < 0:
                first = t
            elif (amount > 0.0) != (row[last] > 0.0):
                changes += 1
            last = t
    return first, last, changes, largest


@compiled
def _value(row, u):  # type: ignore[no-untyped-def]
    """Scaled net present value at u, and the sum of the absolute terms."""
    value, size, step = 0.0, 0.0, np.exp(-abs(u))
    for t in range(len(row)):
        amount = row[len(row) - 1 - t] if u >= 0 else row[t]
        value, size = value * step + amount, size * step + abs(amount)
    return value, size


@compiled
def _net(row, u):  # type: ignore[no-untyped-def]
    """The value alone, in four chains that do not wait for each other."""
    step, last = np.exp(-abs(u)), len(row) - 1
    fourth = step * step * (step * step)
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    t = last - last % 4
    while t >= 0:
        at = last - t if u < 0 else t
        on = -1 if u < 0 else 1
        a = a * fourth + row[at]
        b = b * fourth + (row[at + on] if t + 1 <= last else 0.0)
        c = c * fourth + (row[at + 2 * on] if t + 2 <= last else 0.0)
        d = d * fourth + (row[at + 3 * on] if t + 3 <= last else 0.0)
        t -= 4
    return a + step * (b + step * (c + step * d))


@compiled
def _sign(row, u):  # type: ignore[no-untyped-def]
    """Sign at u; 0 where the value cannot be told from zero."""
    value, size = _value(row, u)
    return 0.0 if abs(value) <= 4 * EPSILON * (1 + abs(u) * (len(row) - 1)) * size else np.sign(value)


@compiled
def _root(row, low, high, width):  # type: ignore[no-untyped-def]
    """The root between two points of opposite sign, by inverse quadratic steps or bisection (Chandrupatla 1997)."""
    x1, x2 = low, high
    f1, f2 = _net(row, x1), _net(row, x2)
    step = 0.5
    while True:
        x = x1 + step * (x2 - x1)
        f = _net(row, x)
        if (f > 0) == (f1 > 0):
            x3, f3 = x1, f1
        else:
            x3, f3, x2, f2 = x2, f2, x1, f1
        x1, f1 = x, f
        best = x1 if abs(f1) < abs(f2) else x2
        least_step = (2 * EPSILON * abs(best) + width) / abs(x2 - x1)
        if 2 * least_step > 1 or f1 == 0:
            return best
        xi, phi = (x1 - x2) / (x3 - x2), (f1 - f2) / (f3 - f2)
        step = 0.5
        if phi**2 < xi and (1 - phi) ** 2 < 1 - xi:
            step = f1 / (f2 - f1) * f3 / (f2 - f3) + (x3 - x1) / (x2 - x1) * f1 / (f3 - f1) * f2 / (f3 - f2)
        step = min(1 - least_step, max(least_step, step))


@compiled
def _derivative(row, result):  # type: ignore[no-untyped-def]
    """The amounts of the sum whose roots separate those of the row's; see `roots`."""
    last = 0
    for t in range(1, len(row)):
        if row[t] * row[last] < 0:
            between = (t + last) / 2
            break
        if row[t] != 0:
            last = t
    for t in range(len(row)):
        result[t] = row[t] * (between - t)
    result /= np.abs(result).max()


@compiled
def _roots_between(row, turning, width):  # type: ignore[no-untyped-def]
    """Roots in (LOW, HIGH), ascending, given the turning points in it."""
    found = np.empty(2 * len(turning) + 1)
    count, left, sign_left = 0, LOW, np.sign(_net(row, LOW))
    for at in range(len(turning) + 1):
        inside = at < len(turning)
        right = turning[at] if inside else HIGH
        sign_right = _sign(row, right) if inside else np.sign(_net(row, right))
        if sign_left * sign_right < 0:
            found[count] = _root(row, left, right, width)
            count += 1
        if inside and sign_right == 0:
            found[count] = right
            count += 1
        left, sign_left = right, sign_right
    return found[:count]


@compiled
def _closest_to_zero(row, changes, chain):  # type: ignore[no-untyped-def]
    """Of the rates in (-0.99, 10) the one closest to zero; NaN where there is none."""
    closest = np.nan
    for root in _all_roots(row, changes, chain):
        rate = np.expm1(root)
        if not abs(rate) >= abs(closest):
            closest = rate
    return closest


@compiled
def _all_roots(row, changes, chain):  # type: ignore[no-untyped-def]
    """Every root in (LOW, HIGH), ascending, down the chain of derivatives and up again."""
    levels = chain[:, : len(row)]
    levels[0] = row
    for level in range(1, changes):
        _derivative(levels[level - 1], levels[level])
    roots = np.empty(0)
    for level in range(changes - 1, -1, -1):
        roots = _roots_between(levels[level], roots, COARSE if level else FINE)
    return roots
