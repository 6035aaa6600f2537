"""Our own check of every answer, rule by rule from the problem itself and not from what the solver was given."""

from collections.abc import Iterator
from math import fsum

import numpy as np

from scoring.selection.problem import BoolArray, FloatArray, MinimumShare, Problem
from scoring.selection.rules import Rule, RuleKind, amount, message

TOLERANCE = 1e-9
"""Of the budget, the cap, or what a share is of: sums of decimal money in binary differ by less."""


def violations(problem: Problem, chosen: BoolArray) -> tuple[Rule, ...]:
    """Every rule that a programme breaks, each with the numbers (METHOD 11); empty for a feasible one.

    chosen: (n,) booleans. Sums are exact (`math.fsum`) and may pass a limit by 1e-9 of it. Raises ValueError where the
    shape does not fit.
    """
    taken = np.asarray(chosen, dtype=np.bool_)
    if taken.shape != problem.values.shape:
        raise ValueError(f"chosen must have one boolean for each of {len(problem.values)} alternatives")
    return (*_money(problem, taken), *_shares(problem, taken), *_counts(problem, taken))


def _money(problem: Problem, chosen: BoolArray) -> Iterator[Rule]:
    for k, budget in enumerate(problem.budgets):
        spent = fsum(problem.costs[chosen, k])
        if spent > budget * (1 + TOLERANCE):
            text = f"the programme takes {amount(spent)} of {problem.budget_name(k)}, which is {amount(budget)}"
            yield Rule(RuleKind.BUDGET, k, text)
    if problem.risk is not None and problem.risk_cap is not None:
        risks = problem.risk[chosen]
        total = fsum(risks)
        if total > problem.risk_cap + TOLERANCE * max(abs(problem.risk_cap), fsum(np.abs(risks))):
            text = f"the programme's risk is {amount(total)}, its cap {amount(problem.risk_cap)}"
            yield Rule(RuleKind.RISK, 0, text)


def _shares(problem: Problem, chosen: BoolArray) -> Iterator[Rule]:
    money = problem.spend
    for position, share in enumerate(problem.minimum_shares):
        got, whole, size = _share(share, money if share.of == "money" else problem.values, chosen)
        if got < share.share * whole - TOLERANCE * size:
            rule = message(problem, RuleKind.SHARE, position)
            yield Rule(RuleKind.SHARE, position, f"{rule}, but it gets {amount(got)} of {amount(whole)}")


def _share(share: MinimumShare, weights: FloatArray, chosen: BoolArray) -> tuple[float, float, float]:
    """What the group gets, the whole, and the size of the numbers behind them."""
    group = [member for member in share.group if chosen[member]]
    return fsum(weights[group]), fsum(weights[chosen]), fsum(np.abs(weights[chosen]))


def _counts(problem: Problem, chosen: BoolArray) -> Iterator[Rule]:
    taken = set(np.flatnonzero(chosen).tolist())
    several = np.flatnonzero(np.bincount(problem.projects[chosen], minlength=1) > 1)
    broken = [(RuleKind.PROJECT, int(project)) for project in several]
    for position, group in enumerate(problem.exclusive):
        if len(taken.intersection(group)) > 1:
            broken.append((RuleKind.EXCLUSIVE, position))
    for position, (dependant, needed) in enumerate(problem.requires):
        if dependant in taken and taken.isdisjoint(needed):
            broken.append((RuleKind.REQUIRES, position))
    for position, group in enumerate(problem.must):
        if taken.isdisjoint(group):
            broken.append((RuleKind.MUST, position))
    for position, alternative in enumerate(problem.must_not):
        if alternative in taken:
            broken.append((RuleKind.MUST_NOT, position))
    for kind, position in broken:
        yield Rule(kind, position, f"broken: {message(problem, kind, position)}")
