"""The linear relaxation: a bound on every programme, checked from its prices, and what each alternative is worth."""

from dataclasses import dataclass

import numpy as np

from scoring.selection.check import TOLERANCE
from scoring.selection.problem import BoolArray, FloatArray, Problem
from scoring.selection.rules import RuleKind, Rules, rules_of
from scoring.selection.solver import Programme, Status, solve_linear


@dataclass(frozen=True, slots=True, eq=False)
class Relaxation:
    """What the linear programme says of the whole ones."""

    x: FloatArray
    """(n,), the share of each alternative it takes."""
    bound: float
    """No programme is worth more: limits @ prices + the reduced worth of all that pay. It holds for any prices of 0 or
    more, so it does not hang on the solver's tolerances."""
    reduced: FloatArray
    """(n,), value less the price of all an alternative takes: a programme that has it otherwise than x is worth at
    most `bound` less its magnitude."""
    prices: FloatArray
    """(rules,), what one more unit of each rule's limit is worth, 0 or more; 0 where a rule was no row."""


def programme_of(problem: Problem) -> tuple[Programme, Rules, BoolArray]:
    """The problem as a programme, its rules, and which of them, (rules,), are its rows: pins become bounds."""
    rules = rules_of(problem)
    lower, upper = np.zeros(len(problem.values)), np.ones(len(problem.values))
    for group in problem.must:
        if len(group) == 1:
            lower[group[0]] = 1
    # Whole projects over a budget are out at once; the relaxation would take a part of one.
    upper[(problem.costs > problem.budgets * (1 + TOLERANCE)).any(axis=1)] = 0
    upper[list(problem.must_not)] = 0
    singles = np.diff(rules.rows.start) == 1
    pins = singles & np.array([kind in {RuleKind.MUST, RuleKind.MUST_NOT} for kind in rules.kinds], dtype=np.bool_)
    used = ~pins & np.isfinite(rules.rows.limit)
    return Programme(problem.values, rules.rows.only(used), lower, upper), rules, used


def relax(programme: Programme, used: BoolArray, seconds: float) -> Relaxation | Status:
    """The relaxation, or why there is none. used: (rules,), which of the rules the programme's rows are."""
    if (programme.lower > programme.upper).any():
        return Status.INFEASIBLE
    answer = solve_linear(programme, seconds)
    if answer.x is None or answer.duals is None:
        return answer.status
    duals, rows = answer.duals, programme.rows
    reduced = programme.objective - rows.prices(duals, len(programme.objective))
    paying = np.where(reduced > 0, programme.upper, programme.lower)
    bound = programme.offset + float(rows.limit @ duals) + float(reduced @ paying)
    prices = np.zeros(len(used))
    prices[used] = duals
    return Relaxation(answer.x, bound, reduced, prices)
