"""Rank and cut: what a list in order of value funds, to be shown beside the optimum (METHOD 11)."""

from dataclasses import dataclass

import numpy as np

from scoring.selection.check import TOLERANCE, violations
from scoring.selection.problem import BoolArray, FloatArray, Problem
from scoring.selection.rules import Rule


@dataclass(frozen=True, slots=True, eq=False)
class RankAndCut:
    chosen: BoolArray
    """(n,)"""
    value: float
    violations: tuple[Rule, ...]
    """Rules that such a list cannot see: minimum shares, and what the must-do projects alone break."""


def rank_and_cut(problem: Problem, *, order: FloatArray | None = None, stop: bool = True) -> RankAndCut:
    """Fund the must-do alternatives, then the others in order, the best first, until the money ends.

    order: (n,), what ranks, the highest first, equals in their given order; left out, the values. stop: end at the
    first one that does not fit a budget or the risk cap; otherwise pass over it. What is pinned out, excluded by what
    is already funded, without what it requires, or worth 0 or less is passed over. Raises ValueError where the order
    has not one number for each alternative.
    """
    ranks = problem.values if order is None else np.asarray(order, dtype=np.float64)
    if ranks.shape != problem.values.shape or np.isnan(ranks).any():
        raise ValueError(f"order must have one number for each of {len(problem.values)} alternatives")
    cut = _Cut(problem)
    for alternative in cut.pinned(ranks):
        cut.fund(alternative)
    for alternative in np.argsort(-ranks, kind="stable").tolist():
        if problem.values[alternative] <= 0 or not cut.allows(alternative):
            continue
        if cut.fits(alternative):
            cut.fund(alternative)
        elif stop:
            break
    value = float(problem.values[cut.chosen].sum())
    return RankAndCut(cut.chosen, value, violations(problem, cut.chosen))


class _Cut:
    """A programme that grows, one alternative after the other."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.chosen = np.zeros(len(problem.values), dtype=np.bool_)
        self.left = problem.budgets * (1 + TOLERANCE)
        self.risk_left = np.inf if problem.risk_cap is None else problem.risk_cap
        self.barred = set(problem.must_not)
        self.projects: set[int] = set()
        self.groups: dict[int, list[tuple[int, ...]]] = {}
        self.needs: dict[int, list[tuple[int, ...]]] = {}
        for group in problem.exclusive:
            for member in group:
                self.groups.setdefault(member, []).append(group)
        for dependant, needed in problem.requires:
            self.needs.setdefault(dependant, []).append(needed)

    def pinned(self, ranks: FloatArray) -> list[int]:
        """Of each must-do group that has none chosen yet, the best that is not barred."""
        best: dict[int, None] = {}
        for group in self.problem.must:
            if best.keys().isdisjoint(group):
                best[min(group, key=lambda member: (member in self.barred, -ranks[member], member))] = None
        return list(best)

    def allows(self, alternative: int) -> bool:
        if self.chosen[alternative] or alternative in self.barred:
            return False
        if int(self.problem.projects[alternative]) in self.projects:
            return False
        return all(self.chosen[list(needed)].any() for needed in self.needs.get(alternative, ()))

    def fits(self, alternative: int) -> bool:
        risk = 0.0 if self.problem.risk is None else self.problem.risk[alternative]
        return bool((self.problem.costs[alternative] <= self.left).all() and risk <= max(self.risk_left, 0.0))

    def fund(self, alternative: int) -> None:
        self.chosen[alternative] = True
        self.left = self.left - self.problem.costs[alternative]
        self.projects.add(int(self.problem.projects[alternative]))
        if self.problem.risk is not None:
            self.risk_left -= self.problem.risk[alternative]
        for group in self.groups.get(alternative, ()):
            self.barred.update(member for member in group if member != alternative)
