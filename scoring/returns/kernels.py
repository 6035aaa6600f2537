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
LEFT = -1
"""A mark in place of a number of rates."""
MOST_CHANGES = 24
"""Longer chains of derivatives could lose amounts to underflow."""
MOST_ROOTS = 2 * MOST_CHANGES + 1
"""A root that a sum touches beside each that it crosses."""
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


def irr_all_of_rows(rows: FloatArray) -> tuple[FloatArray, NDArray[np.int64]]:
    """`roots.irr_all` of rows, (n, periods): every rate, one row after another, and how many each row has, (n,).

    LEFT instead of a number stands for a row that is left to the plain path.
    """
    counts = np.empty(len(rows), np.int64)
    return _irr_all_of_rows(np.ascontiguousarray(rows), counts), counts


@compiled
def _irr_all_of_rows(rows, counts):  # type: ignore[no-untyped-def]
    """Fills counts; gives the rates."""
    chain, roots = np.empty((MOST_CHANGES, rows.shape[1])), np.empty((2, MOST_ROOTS))
    rates, used = np.empty(4 * rows.shape[0] + MOST_ROOTS), 0
    for at in range(rows.shape[0]):
        first, last, changes, largest = _shape(rows[at])
        counts[at] = 0 if changes <= MOST_CHANGES else LEFT
        if 0 < changes <= MOST_CHANGES:
            _trim(rows[at], first, last, largest, chain[0])
            counts[at] = _all_roots(chain[:, : last + 1 - first], changes, roots)
            if used + counts[at] > len(rates):
                rates = np.concatenate((rates, np.empty(len(rates))))
            for root in range(counts[at]):
                rates[used + root] = np.expm1(roots[0, root])
            used += counts[at]
    return rates[:used]


@compiled
def _irr_of_rows(rows, rates):  # type: ignore[no-untyped-def]
    """Rows with one change of sign are solved side by side, the others one by one. Whether every amount is finite."""
    table, chain = table_of(rows.shape[1]), np.empty((MOST_CHANGES, rows.shape[1]))
    roots = np.empty((2, MOST_ROOTS))
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
            _solve_left(rows, rates, table, start, filled, chain, roots)
    return True


@compiled
def _solve_left(rows, rates, table, start, filled, chain, roots):  # type: ignore[no-untyped-def]
    """One by one, what the lanes do not solve: other than one change of sign, and steps that did not settle."""
    for at in range(start, start + filled):
        changes, v = table[CHANGES, at - start], table[V, at - start]
        if changes == 1.0:
            rates[at] = _surely(rows[at]) if np.isnan(v) else rates[at]
        elif changes == 0.0:
            rates[at] = np.nan
        elif changes <= MOST_CHANGES:
            first, last, _, largest = _shape(rows[at])
            _trim(rows[at], first, last, largest, chain[0])
            rates[at] = _closest_to_zero(chain[:, : last + 1 - first], int(changes), roots)
        else:
            rates[at] = UNSOLVED


@compiled
def _surely(amounts):  # type: ignore[no-untyped-def]
    """The only rate of a row whose sign changes once, where Newton's steps did not settle."""
    first, last, _, largest = _shape(amounts)
    row = np.empty(last + 1 - first)
    _trim(amounts, first, last, largest, row)
    # Cauchy's bound on the roots of a polynomial, in 1/(1+r) and in 1+r.
    low, high = -np.log1p(1 / abs(row[-1])), np.log1p(1 / abs(row[0]))
    return max(np.expm1(_root(row, low, high, FINE, row[:0])), JUST_ABOVE_MINUS_ONE)


@compiled
def _trim(row, first, last, largest, result):  # type: ignore[no-untyped-def]
    """The amounts from the first to the last that count, as parts of the largest."""
    for t in range(first, last + 1):
        amount = row[t] / largest
        result[t - first] = amount if abs(amount) > LEAST else 0.0


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
    value = _certain(row, u)
    if value != 0.0:
        return np.sign(value)
    value, size = _value(row, u)
    return 0.0 if abs(value) <= 4 * EPSILON * (1 + abs(u) * (len(row) - 1)) * size else np.sign(value)


@compiled
def _certain(row, u):  # type: ignore[no-untyped-def]
    """The value at u; 0 where it is so small that its sign must be looked at more closely: no term is above 1."""
    value = _net(row, u)
    return value if abs(value) > 4 * EPSILON * (1 + abs(u) * (len(row) - 1)) * len(row) else 0.0


@compiled
def _root(row, low, high, width, above):  # type: ignore[no-untyped-def]
    """The root between two points of opposite sign, by inverse quadratic steps or bisection (Chandrupatla 1997).

    above: the sum whose turning point this is, or no amounts. A point at which that sum is beyond zero on the side to
    which it turns does as well and ends the search: between two such points it crosses zero as often as between the
    turning points themselves.
    """
    x1, x2 = low, high
    f1, f2 = _net(row, x1), _net(row, x2)
    # The sum rises where this one is positive, and so turns down where this one falls through zero.
    beyond = 1.0 if f1 > 0 else -1.0
    step = 0.5
    while True:
        x = x1 + step * (x2 - x1)
        if len(above) and _certain(above, x) * beyond > 0:
            return x
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
    last, between, largest = 0, 0.0, 0.0
    for t in range(1, len(row)):
        if row[t] * row[last] < 0:
            between = (t + last) / 2
            break
        if row[t] != 0:
            last = t
    for t in range(len(row)):
        result[t] = row[t] * (between - t)
        largest = max(largest, abs(result[t]))
    for t in range(len(row)):
        result[t] /= largest


@compiled
def _roots_between(row, turning, turns, found, width, above):  # type: ignore[no-untyped-def]
    """Put the roots in (LOW, HIGH), ascending, into found, given points that separate them; gives how many."""
    count, left, sign_left = 0, LOW, np.sign(_net(row, LOW))
    for at in range(turns + 1):
        inside = at < turns
        right = turning[at] if inside else HIGH
        sign_right = _sign(row, right) if inside else np.sign(_net(row, right))
        if sign_left * sign_right < 0:
            found[count] = _root(row, left, right, width, above)
            count += 1
        if inside and sign_right == 0:
            found[count] = right
            count += 1
        left, sign_left = right, sign_right
    return count


@compiled
def _closest_to_zero(levels, changes, roots):  # type: ignore[no-untyped-def]
    """Of the rates in (-0.99, 10) the one closest to zero; NaN where there is none."""
    closest = np.nan
    for root in range(_all_roots(levels, changes, roots)):
        rate = np.expm1(roots[0, root])
        if not abs(rate) >= abs(closest):
            closest = rate
    return closest


@compiled
def _all_roots(levels, changes, roots):  # type: ignore[no-untyped-def]
    """Put every root in (LOW, HIGH), ascending, into roots[0], down the chain of derivatives and up again.

    levels: the row and, (changes, periods), room for the chain; roots: (2, MOST_ROOTS). Gives how many.
    """
    for level in range(1, changes):
        _derivative(levels[level - 1], levels[level])
    count = 0
    for level in range(changes - 1, -1, -1):
        for root in range(count):
            roots[1, root] = roots[0, root]
        above = levels[level - 1] if level else levels[0, :0]
        count = _roots_between(levels[level], roots[1], count, roots[0], COARSE if level else FINE, above)
    return count
