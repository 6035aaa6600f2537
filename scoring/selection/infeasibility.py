"""Why no programme keeps all rules: a set of rules that cannot hold together, none of which could be left out."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scoring.selection.check import TOLERANCE
from scoring.selection.problem import Problem
from scoring.selection.rows import Rows, stacked
from scoring.selection.rules import Rule, RuleKind, Rules, amount, listed, rules_of
from scoring.selection.solver import Programme, Status, solve_binary, solve_linear


@dataclass(frozen=True, slots=True)
class Clash:
    """Rules that cannot all hold, and that in words."""

    rules: tuple[Rule, ...]
    message: str
    irreducible: bool
    """Whether the others can hold as soon as any one of these goes; False where time ran out before that was shown."""


class InfeasibleProgramme(ValueError):
    """No programme keeps all rules; `clash` says which rules are at odds."""

    def __init__(self, clash: Clash) -> None:
        super().__init__(clash.message)
        self.clash = clash


def clashes(problem: Problem, *, time_limit: float = 30.0) -> Clash | None:
    """An irreducible set of rules that cannot hold together (METHOD 11), or None where a programme exists.

    Must-do projects against one budget come first, with the fewest must-do projects that exceed it. Otherwise the
    rules that carry the proof of the linear relaxation, or all of them where only whole projects clash, are narrowed
    down until every one left is needed (QuickXplain; Junker 2004). Also None where time_limit, in seconds, ended before
    anything was shown.
    """
    for budget in range(len(problem.budgets)):
        if (found := _dear(problem, budget)) is not None:
            return found
    deadline = time.monotonic() + time_limit
    rules = rules_of(problem)
    candidates: list[int] | None = None
    try:
        candidates = _proof(rules, len(problem.values), deadline)
        if candidates is None:
            return None
        kept = _needed(rules, candidates, len(problem.values), deadline)
    except TimeoutError:
        if candidates is None:
            return None
        return _clash([rules.rule(problem, row) for row in candidates], irreducible=False)
    return _clash([rules.rule(problem, row) for row in sorted(kept)], irreducible=True)


def _clash(rules: Sequence[Rule], *, irreducible: bool) -> Clash:
    text = "; ".join(rule.message for rule in rules[:12])
    more = f"; and {len(rules) - 12} more" if len(rules) > 12 else ""  # noqa: PLR2004 -- as many as a message can hold
    return Clash(tuple(rules), f"these rules cannot hold together: {text}{more}", irreducible)


def _dear(problem: Problem, budget: int) -> Clash | None:
    """Must-do projects that alone exceed a budget: the fewest that do, the dearest first."""
    limit = problem.budgets[budget] * (1 + TOLERANCE)
    needs = _disjoint_needs(problem, budget)
    total = float(sum(cost for _, cost in needs))
    if total <= limit:
        return None
    needs.sort(key=lambda need: -need[1])
    count = int(np.searchsorted(np.cumsum([cost for _, cost in needs]), limit, side="right")) + 1
    rules = rules_of(problem)
    first = {kind: rules.kinds.index(kind) for kind in (RuleKind.BUDGET, RuleKind.MUST)}
    worst = [rules.rule(problem, first[RuleKind.MUST] + position) for position, _ in needs[:count]]
    name, least = problem.budget_name(budget), sum(cost for _, cost in needs[:count])
    which = listed(
        problem, [min(problem.must[position], key=lambda a: problem.costs[a, budget]) for position, _ in needs[:count]]
    )
    text = f"must-do projects cost {amount(total)}, {name} is {amount(problem.budgets[budget])}"
    if count < len(needs):
        text += f"; {which} alone cost {amount(float(least))}"
    return Clash((rules.rule(problem, budget), *worst), text, irreducible=True)


def _disjoint_needs(problem: Problem, budget: int) -> list[tuple[int, float]]:
    """(position, least cost) of must-do groups no two of which one alternative can meet."""
    needs, seen = [], set[int]()
    for position, group in enumerate(problem.must):
        if seen.isdisjoint(group):
            seen.update(group)
            needs.append((position, float(problem.costs[list(group), budget].min())))
    return needs


def _proof(rules: Rules, count: int, deadline: float) -> list[int] | None:
    """Rules that clash, perhaps more than needed; None where all can hold, or time ended before that was known."""
    rows = np.flatnonzero(np.isfinite(rules.rows.limit))
    elastic = _elastic(rules.rows.only(rows), count)
    answer = solve_linear(elastic, deadline - time.monotonic())
    if answer.duals is not None and answer.bound < -TOLERANCE:
        found: list[int] = rows[answer.duals > TOLERANCE].tolist()
        # Prices near 0 may be noise either way: without a proof in the rest, all of them stay.
        if _infeasible(rules.rows, found, count, deadline):
            return found
    everything: list[int] = rows.tolist()
    return everything if _infeasible(rules.rows, everything, count, deadline) else None


def _elastic(rows: Rows, count: int) -> Programme:
    """The least sum of what the rows are exceeded by, each in the size of its numbers: its prices prove a clash."""
    sizes = np.zeros(len(rows))
    np.maximum.at(sizes, rows.row, np.abs(rows.coefficient))
    sizes = np.where(sizes > 0, sizes, 1.0)
    scaled = replace(rows, coefficient=rows.coefficient / sizes[rows.row], limit=rows.limit / sizes)
    slack = Rows(np.arange(len(rows) + 1), np.arange(count, count + len(rows)), np.full(len(rows), -1.0), scaled.limit)
    order = np.argsort(np.concatenate([scaled.row, slack.row]), kind="stable")
    both = stacked([scaled, slack])
    joined = Rows(scaled.start + np.arange(len(rows) + 1), both.column[order], both.coefficient[order], scaled.limit)
    objective = np.concatenate([np.zeros(count), np.full(len(rows), -1.0)])
    upper = np.concatenate([np.ones(count), np.full(len(rows), np.inf)])
    return Programme(objective, joined, np.zeros(len(objective)), upper)


def _infeasible(rows: Rows, kept: Sequence[int], count: int, deadline: float) -> bool:
    """Whether these rows alone cannot hold; False where the solver could not tell. Raises TimeoutError."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    some = rows.only(np.array(sorted(kept), dtype=np.int64))
    if (some.limit[np.diff(some.start) == 0] < -TOLERANCE).any():
        return True  # a row without entries, which a solver without columns would not see
    programme = Programme(np.zeros(count), some, np.zeros(count), np.ones(count))
    if solve_linear(programme, seconds).status is Status.INFEASIBLE:
        return True
    return solve_binary(programme, deadline - time.monotonic(), 0.0).status is Status.INFEASIBLE


def _needed(rules: Rules, candidates: Sequence[int], count: int, deadline: float) -> list[int]:
    """An irreducible part of rules that clash. Raises TimeoutError."""

    def clash(kept: Sequence[int]) -> bool:
        return _infeasible(rules.rows, kept, count, deadline)

    return _quick_explain([], [], list(candidates), clash)


def _quick_explain(
    held: list[int], added: list[int], open_ones: list[int], clash: Callable[[Sequence[int]], bool]
) -> list[int]:
    """The part of `open_ones` needed for a clash with what is held (Junker 2004); `added` was held last."""
    if added and clash(held):
        return []
    if len(open_ones) == 1:
        return open_ones
    half = len(open_ones) // 2
    first, second = open_ones[:half], open_ones[half:]
    late = _quick_explain([*held, *first], first, second, clash)
    early = _quick_explain([*held, *late], late, first, clash)
    return [*early, *late]
