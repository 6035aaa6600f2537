"""Internal rates of return of rows with one change of sign, many side by side, in compiled code (METHOD 2).

Rows stand in lanes of one table, a period a row of it, so that the compiler makes vectors of every loop over lanes;
what is known of the lanes stands in its first rows, as one table keeps loads and stores from hindering each other.

With v = 1/(1+r), and before and after the sums in v of the amounts before the change of sign and after it, x = ln v
solves ln(after/before) = 0. That rises with x, its slope is the difference of the mean times of the two, and it is so
nearly straight that its first two derivatives at x = 0 give a start, from which Newton's steps take two or three turns.
There logarithm and exponential are near 1, and short rational forms of them keep the convergence quadratic.
"""

import math

import numpy as np

from scoring.compiled import compiled, inlined
from scoring.returns.arrays import FloatArray
from scoring.returns.roots import LEAST

LANES = 64
V, AFTER, AFTER_TIMES, BEFORE, BEFORE_TIMES, QUOTIENT, SLOPE, LEAST_AMOUNT, FIRST, HELD, CHANGES = range(11)
FLOWS = 11
"""Row of the table at which the periods begin."""
NEAR, FAR, VAST = 2.0, 1e3, 1e250
"""Quotient up to which the rational forms do; step and sums beyond which a lane is left to the slow, sure way."""
MOST_STEPS, SETTLED = 30, 3e-8
"""Newton's steps before a lane is left; and a step after which the next would change nothing, for its error is the
square of it."""


@compiled
def table_of(periods: int) -> FloatArray:
    return np.zeros((FLOWS + periods, LANES))


@compiled
def fill(table: FloatArray, rows: FloatArray, start: int) -> int:
    """Stand the rows from `start` on in the lanes, as many as there are; gives how many."""
    filled: int = min(LANES, rows.shape[0] - start)
    # Row by row: read in the order in which they lie in memory, they come as fast as memory gives them.
    for lane in range(filled):
        for t in range(rows.shape[1]):
            table[FLOWS + t, lane] = rows[start + lane, t]
    for lane in range(filled, LANES):
        for t in range(rows.shape[1]):
            table[FLOWS + t, lane] = 0.0
    return filled


@compiled
def finite(table: FloatArray) -> bool:
    """Whether every amount in the lanes is a number."""
    odd = 0
    for t in range(FLOWS, table.shape[0]):
        for lane in range(LANES):
            odd += 0 if abs(table[t, lane]) < np.inf else 1
    return odd == 0


@compiled
def conventional(table: FloatArray) -> int:
    """The period in which every lane turns from negative to positive at once; 0 where the lanes are not so alike.

    Nor are they where an amount is so far from 1 that it could be too small beside another: such lanes are for
    `turned`, which leaves those that are alike as they stand.
    """
    turn, small, large = 0, math.sqrt(LEAST), 1.0 / math.sqrt(LEAST)
    for t in range(FLOWS, table.shape[0]):
        positive, negative = 0, 0
        for lane in range(LANES):
            amount = table[t, lane]
            positive += 1 if (amount > small) & (amount < large) else 0
            negative += 1 if (amount < -small) & (amount > -large) else 0
        if negative == LANES and turn == t - FLOWS:
            turn += 1
        elif positive != LANES:
            return 0
    return turn if turn < table.shape[0] - FLOWS else 0


@compiled
def turned(table: FloatArray) -> tuple[int, int]:
    """Make every lane negative before its first change of sign and drop amounts too small to count.

    Leaves each lane's number of changes in CHANGES. Returns the first period with a positive amount in any lane, and
    the period after the last with a negative one.
    """
    periods = table.shape[0] - FLOWS
    table[LEAST_AMOUNT:FLOWS] = 0.0
    for t in range(FLOWS, table.shape[0]):
        for lane in range(LANES):
            size, largest = abs(table[t, lane]), table[LEAST_AMOUNT, lane]
            table[LEAST_AMOUNT, lane] = max(largest, size)
    for lane in range(LANES):
        table[LEAST_AMOUNT, lane] *= LEAST
    up, down = periods, 0
    for t in range(periods):
        positive, negative = 0, 0
        for lane in range(LANES):
            amount, least, held = table[FLOWS + t, lane], table[LEAST_AMOUNT, lane], table[HELD, lane]
            sign = (1.0 if amount > least else 0.0) - (1.0 if -amount > least else 0.0)
            first = table[FIRST, lane] if table[FIRST, lane] != 0.0 else sign
            table[CHANGES, lane] += 1.0 if sign * held < 0.0 else 0.0
            table[HELD, lane] = sign if sign != 0.0 else held
            table[FIRST, lane] = first
            amount = -first * amount if sign != 0.0 else 0.0
            table[FLOWS + t, lane] = amount
            positive += 1 if amount > 0.0 else 0
            negative += 1 if amount < 0.0 else 0
        if negative:
            down = t + 1
        if positive and t < up:
            up = t
    return up, down


@compiled
def solve(table: FloatArray, up: int, down: int) -> None:
    """Leaves in V the discount factor of each lane with one change of sign; NaN where Newton's steps do not settle.

    up, down: what `turned` gave. Lanes with other numbers of changes hold nothing of use afterwards.
    """
    for lane in range(LANES):
        if table[CHANGES, lane] != 1.0:
            table[FLOWS:, lane] = 0.0
    _start(table, up, down)
    for _ in range(MOST_STEPS):
        _sums(table, AFTER, 1.0, up, table.shape[0] - FLOWS)
        _sums(table, BEFORE, -1.0, 0, down)
        _quotients(table, up)
        far, moving = 0, 0
        for lane in range(LANES):
            quotient, v = table[QUOTIENT, lane], table[V, lane]
            away = (quotient - 1.0) / (quotient + 1.0)
            move = 2.0 * away * (1.0 + away * away / 3.0) / table[SLOPE, lane]
            near = (quotient > 1.0 / NEAR) & (quotient < NEAR)
            v = v * ((12.0 + 6.0 * move + move * move) / (12.0 - 6.0 * move + move * move)) if near else v
            before, after = table[BEFORE, lane], table[AFTER, lane]
            sound = (before > 1.0 / VAST) & (after > 1.0 / VAST) & (before < VAST) & (after < VAST) & (abs(move) < FAR)
            table[V, lane] = v if sound else np.nan
            far += 0 if near else 1
            moving += 1 if near & sound & (abs(move) > SETTLED) else 0
        if far:
            moving += _step_far(table)
        if moving == 0:
            return
    table[V] = np.nan


@inlined
def _quotients(table: FloatArray, up: int) -> None:
    """before/after and the difference of their mean times; after was summed as if `up` were period 0."""
    for lane in range(LANES):
        after, before = table[AFTER, lane], table[BEFORE, lane]
        slope = table[AFTER_TIMES, lane] / after - table[BEFORE_TIMES, lane] / before
        table[SLOPE, lane] = slope * table[V, lane] + up
        table[QUOTIENT, lane] = before / after
    for _ in range(up):
        for lane in range(LANES):
            table[QUOTIENT, lane] /= table[V, lane]


@inlined
def _step_far(table: FloatArray) -> int:
    """Newton's step of the lanes whose quotient is too far from 1 for the rational forms; gives how many moved."""
    moved = 0
    for lane in range(LANES):
        quotient = table[QUOTIENT, lane]
        if quotient <= 1.0 / NEAR or quotient >= NEAR:
            move = np.log(quotient) / table[SLOPE, lane]
            table[V, lane] *= np.exp(move) if abs(move) < FAR else np.nan
            moved += 1 if abs(move) < FAR else 0
    return moved


@inlined
def _sums(table: FloatArray, value: int, sign: float, start: int, stop: int) -> None:
    """The sum of the amounts of one sign by Horner's scheme and, a step behind, its derivative in v, into value + 1."""
    table[value : value + 2] = 0.0
    t = FLOWS + stop
    # Four periods at a time: a sum is then loaded and stored once for four.
    while t - 4 >= FLOWS + start:
        for lane in range(LANES):
            v, total, times = table[V, lane], table[value, lane], table[value + 1, lane]
            times, total = times * v + total, total * v + _of_sign(sign, table[t - 1, lane])
            times, total = times * v + total, total * v + _of_sign(sign, table[t - 2, lane])
            times, total = times * v + total, total * v + _of_sign(sign, table[t - 3, lane])
            times, total = times * v + total, total * v + _of_sign(sign, table[t - 4, lane])
            table[value, lane], table[value + 1, lane] = total, times
        t -= 4
    while t > FLOWS + start:
        for lane in range(LANES):
            v, total, times = table[V, lane], table[value, lane], table[value + 1, lane]
            times, total = times * v + total, total * v + _of_sign(sign, table[t - 1, lane])
            table[value, lane], table[value + 1, lane] = total, times
        t -= 1


@inlined
def _of_sign(sign: float, amount: float) -> float:
    return max(0.0, sign * amount)


@inlined
def _moments(table: FloatArray, value: int, squares: int, sign: float, start: int, stop: int) -> None:
    """Sum of the amounts of one sign, of their times (into value + 1) and of the squares of those, at v = 1."""
    table[value : value + 2] = 0.0
    table[squares] = 0.0
    t = float(start)
    while t + 3.0 < stop:
        row = FLOWS + int(t)
        for lane in range(LANES):
            a, b = _of_sign(sign, table[row, lane]), _of_sign(sign, table[row + 1, lane])
            c, d = _of_sign(sign, table[row + 2, lane]), _of_sign(sign, table[row + 3, lane])
            once, twice = (b + c) + (c + d) + d, (b + c) + 3.0 * c + 9.0 * d
            total = (a + b) + (c + d)
            table[value, lane] += total
            table[value + 1, lane] += t * total + once
            table[squares, lane] += t * (t * total + 2.0 * once) + twice
        t += 4.0
    while t < stop:
        row = FLOWS + int(t)
        for lane in range(LANES):
            a = _of_sign(sign, table[row, lane])
            table[value, lane] += a
            table[value + 1, lane] += t * a
            table[squares, lane] += t * t * a
        t += 1.0


@inlined
def _start(table: FloatArray, up: int, down: int) -> None:
    """A first v from sums, mean times and variances of the times at v = 1: the root of the parabola they give."""
    _moments(table, AFTER, QUOTIENT, 1.0, up, table.shape[0] - FLOWS)
    _moments(table, BEFORE, SLOPE, -1.0, 0, down)
    # Loops with a logarithm or an exponential are made no vectors of: they do nothing else.
    for lane in range(LANES):
        after, before = table[AFTER, lane], table[BEFORE, lane]
        mean_after, mean_before = table[AFTER_TIMES, lane] / after, table[BEFORE_TIMES, lane] / before
        bend = table[QUOTIENT, lane] / after - mean_after * mean_after
        bend -= table[SLOPE, lane] / before - mean_before * mean_before
        table[QUOTIENT, lane], table[SLOPE, lane] = bend, mean_after - mean_before
        table[V, lane] = before / after
    for lane in range(LANES):
        table[V, lane] = np.log(table[V, lane])
    for lane in range(LANES):
        height, slope = table[V, lane], table[SLOPE, lane]
        within = slope * slope + 2.0 * table[QUOTIENT, lane] * height
        table[V, lane] = 2.0 * height / (slope + np.sqrt(within if within > 0.0 else slope * slope))
    for lane in range(LANES):
        table[V, lane] = np.exp(table[V, lane])
