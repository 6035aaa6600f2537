"""When to stop, learnt from draws by least squares (Longstaff and Schwartz 2001), measured on others (METHOD 8).

A rule that is measured on the draws it was fitted to knows their future a little and is worth too much. Here the draws
are in folds: the rule of each fold is fitted on all the others. What is measured so is what the rule earns, which is at
most what the best rule would: the bias left is towards a lower value.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.risk.normal import FloatArray

NEVER = -1
FARTHEST = 5.0
"""What is observed counts at most as far from its median as this many interquartile ranges."""
_SINGULAR = 1e-10
_ROUNDING = 1e-9
_SAME, _NOTHING = 1e-12, 1e-100
_MOST_CROSSED = 4
"""Beyond so many observed figures their products are left out, so that the regression stays well founded."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """n draws, H dates, S figures observed at each. Money is at its value in period 0."""

    running: FloatArray
    """(n, H): what is received at each date while not stopped, that date's included when stopping there."""
    payoff: FloatArray
    """(n, H): what stopping at each date brings in place of all that would come after."""
    may: NDArray[np.bool_]
    """(n, H): whether it is possible to stop."""
    observed: Callable[[int], FloatArray]
    """The figures known at a date, (n, S)."""
    may_leave: bool = False
    """Whether, wherever it is possible to stop, all that is to come can also be left for nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    value: FloatArray
    """(n,)"""
    stopped: NDArray[np.int64]
    """(n,): date, NEVER for none."""


@dataclass(frozen=True, slots=True, eq=False)
class _Rule:
    """Of one date: what stopping is expected to bring more than going on, and what going on is expected to bring."""

    centre: FloatArray
    scale: FloatArray
    gain: FloatArray
    ahead: FloatArray
    least: float
    """Smaller gains are rounding."""

    def choices(self, observed: FloatArray, *, may_leave: bool) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Where to stop and where to leave for nothing, both (n,), by the figures observed (n, S)."""
        basis = polynomials(_scaled(observed, self.centre, self.scale))
        gain = np.einsum("ij,j->i", basis, self.gain)
        stops = np.asarray(gain > self.least)
        if not may_leave:
            return stops, np.zeros_like(stops)
        best = np.einsum("ij,j->i", basis, self.ahead) + np.where(stops, gain, 0.0)
        leaves = np.asarray(best < -self.least)
        return stops & ~leaves, leaves


def solve(problem: Problem, fold_of: NDArray[np.intp] | None = None) -> Outcome:
    """Value and date of stopping of each draw under the fitted rule.

    fold_of: (n,), which fold each draw is in; the rule for a fold is fitted on the draws of the others. None fits and
    measures on the same draws, as the published example does: for tests, since its bias is upwards.
    """
    n = len(problem.running)
    if fold_of is None:
        everything = np.ones(n, dtype=np.bool_)
        return _applied(problem, _fitted(problem, everything), everything)
    outcome = Outcome(np.empty(n), np.empty(n, dtype=np.int64))
    for fold in np.unique(fold_of):
        inside = fold_of == fold
        part = _applied(problem, _fitted(problem, ~inside), inside)
        outcome.value[inside], outcome.stopped[inside] = part.value, part.stopped
    return outcome


def polynomials(states: FloatArray) -> FloatArray:
    """The basis (n, P) of figures (n, S): 1, each, its square, and for a few of them the products of each two."""
    n, count = states.shape
    columns = [np.ones(n), *states.T, *(states.T**2)]
    if count <= _MOST_CROSSED:
        columns += [states[:, i] * states[:, j] for i in range(count) for j in range(i)]
    return np.stack(columns, axis=1)


def least_squares(basis: FloatArray, values: FloatArray) -> FloatArray:
    """Coefficients (P,) of the values (n,) on the basis (n, P); the smallest where many fit.

    Sums keep their order, whatever the number of threads, so that the bits depend on the figures alone (METHOD 12).
    """
    gram = np.einsum("ij,ik->jk", basis, basis)
    moments = np.einsum("ij,i->j", basis, values)
    inverse = np.linalg.pinv(gram, rcond=_SINGULAR, hermitian=True)
    coefficients: FloatArray = np.einsum("jk,k->j", inverse, moments)
    return coefficients


def _fitted(problem: Problem, inside: NDArray[np.bool_]) -> Sequence[_Rule | None]:
    """The rule of each date, fitted backwards on the draws that are inside; None where none of them may stop."""
    running, payoff, may = problem.running[inside], problem.payoff[inside], problem.may[inside]
    horizon = running.shape[1]
    rules: list[_Rule | None] = [None] * horizon
    to_come = np.zeros(len(running))
    for date in reversed(range(horizon)):
        able = may[:, date]
        if able.any():
            observed = problem.observed(date)[inside][able]
            rule = rules[date] = _fit(observed, payoff[able, date], to_come[able])
            to_come[able] = _decided(rule, problem, observed, payoff[able, date], to_come[able])[0]
        to_come += running[:, date]
    return rules


def _applied(problem: Problem, rules: Sequence[_Rule | None], inside: NDArray[np.bool_]) -> Outcome:
    running, payoff, may = problem.running[inside], problem.payoff[inside], problem.may[inside]
    value = np.zeros(len(running))
    stopped = np.full(len(running), NEVER, dtype=np.int64)
    for date in reversed(range(running.shape[1])):
        rule, able = rules[date], may[:, date]
        if rule is not None and able.any():
            observed = problem.observed(date)[inside][able]
            value[able], stops, leaves = _decided(rule, problem, observed, payoff[able, date], value[able])
            stopped[able] = np.where(stops, date, np.where(leaves, NEVER, stopped[able]))
        value += running[:, date]
    return Outcome(value, stopped)


def _decided(
    rule: _Rule, problem: Problem, observed: FloatArray, payoff: FloatArray, to_come: FloatArray
) -> tuple[FloatArray, NDArray[np.bool_], NDArray[np.bool_]]:
    """What comes of stopping, leaving or going on, (n,), and where is stopped and left."""
    stops, leaves = rule.choices(observed, may_leave=problem.may_leave)
    return np.where(stops, payoff, np.where(leaves, 0.0, to_come)), stops, leaves


def _fit(observed: FloatArray, payoff: FloatArray, to_come: FloatArray) -> _Rule:
    """payoff, to_come: (n,). The difference is fitted as one, since what both share then costs no precision."""
    low, centre, high = np.quantile(observed, (0.25, 0.5, 0.75), axis=0)
    spread = np.where(high > low, high - low, observed.std(axis=0))
    # What differs by rounding alone is constant, and tells nothing.
    scale = np.where(spread > np.maximum(_SAME * np.abs(centre), _NOTHING), spread, np.inf)
    basis = polynomials(_scaled(observed, centre, scale))
    gain, ahead = least_squares(basis, payoff - to_come), least_squares(basis, to_come)
    return _Rule(centre, scale, gain, ahead, _ROUNDING * float(np.abs(payoff - to_come).max()))


def _scaled(observed: FloatArray, centre: FloatArray, scale: FloatArray) -> FloatArray:
    return np.clip((observed - centre) / scale, -FARTHEST, FARTHEST)
