"""The rules of a problem as linear inequalities, each with its name and its numbers in words (METHOD 11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

import numpy as np

from scoring.selection.problem import FloatArray, IntArray, Problem
from scoring.selection.rows import Rows, rows_of, stacked


class RuleKind(StrEnum):
    BUDGET = "budget"
    RISK = "risk"
    SHARE = "minimum share"
    PROJECT = "project"
    EXCLUSIVE = "exclusive"
    REQUIRES = "requires"
    MUST = "must"
    MUST_NOT = "must not"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a problem: its kind, its position among those of its kind, and its numbers in words."""

    kind: RuleKind
    position: int
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """All rules of a problem as inequalities, and which rule each row is."""

    rows: Rows
    kinds: tuple[RuleKind, ...]
    """Of each row; budgets come first, in their order, then the other kinds."""
    positions: IntArray
    """(rows,), among the rules of the same kind; of a project, its number."""

    def rule(self, problem: Problem, row: int) -> Rule:
        kind, position = self.kinds[row], int(self.positions[row])
        return Rule(kind, position, message(problem, kind, position))


def rules_of(problem: Problem) -> Rules:
    """The rules as rows; all of them `sum <= limit`."""
    groups = _project_groups(problem)
    parts: list[tuple[RuleKind, IntArray, Rows]] = [
        (RuleKind.BUDGET, np.arange(len(problem.budgets)), _budgets(problem)),
        (RuleKind.RISK, np.arange(problem.risk is not None), _risk(problem)),
        (RuleKind.SHARE, np.arange(len(problem.minimum_shares)), _shares(problem)),
        (RuleKind.PROJECT, np.array(list(groups), dtype=np.int64), _counts(list(groups.values()), 1.0, 1.0)),
        (RuleKind.EXCLUSIVE, np.arange(len(problem.exclusive)), _counts(problem.exclusive, 1.0, 1.0)),
        (RuleKind.REQUIRES, np.arange(len(problem.requires)), _requires(problem)),
        (RuleKind.MUST, np.arange(len(problem.must)), _counts(problem.must, -1.0, -1.0)),
        (RuleKind.MUST_NOT, np.arange(len(problem.must_not)), _counts([(a,) for a in problem.must_not], 1.0, 0.0)),
    ]
    return Rules(
        stacked([rows for _, _, rows in parts]),
        tuple(chain.from_iterable([kind] * len(rows) for kind, _, rows in parts)),
        np.concatenate([positions for _, positions, _ in parts]),
    )


def message(problem: Problem, kind: RuleKind, position: int) -> str:  # noqa: PLR0911 -- one sentence for each kind
    """A rule in words, with its numbers."""
    match kind:
        case RuleKind.BUDGET:
            return f"{problem.budget_name(position)} is {amount(problem.budgets[position])}"
        case RuleKind.RISK:
            return f"the programme's risk may be at most {amount(problem.risk_cap or 0.0)}"
        case RuleKind.SHARE:
            share = problem.minimum_shares[position]
            whose = share.name or listed(problem, share.group)
            what = "money spent" if share.of == "money" else "value"
            return f"at least {share.share:.4g} of the {what} goes to {whose}"
        case RuleKind.PROJECT:
            members = np.flatnonzero(problem.projects == position).tolist()
            return f"at most one alternative of the same project: {listed(problem, members)}"
        case RuleKind.EXCLUSIVE:
            return f"at most one of {listed(problem, problem.exclusive[position])}"
        case RuleKind.REQUIRES:
            chosen, needed = problem.requires[position]
            return f"{problem.name(chosen)} needs {listed(problem, needed, 'or')}"
        case RuleKind.MUST:
            group = problem.must[position]
            return f"{listed(problem, group, 'or')} must be done{_price(problem, group)}"
        case RuleKind.MUST_NOT:
            return f"{problem.name(problem.must_not[position])} must not be done"


def amount(number: float) -> str:
    """A number as a message shows it: at most 6 significant digits more than its whole part needs."""
    if not np.isfinite(number) or abs(number) < 1:
        return f"{number:.6g}"
    return f"{number:,.6f}".rstrip("0").rstrip(".")


def listed(problem: Problem, members: Sequence[int], word: str = "and", most: int = 6) -> str:
    names = [problem.name(member) for member in members[:most]]
    if len(members) > most:
        names.append(f"{len(members) - most} more")
    if len(names) < 2:  # noqa: PLR2004 -- a list needs two
        return names[0] if names else "nothing"
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


def _price(problem: Problem, group: tuple[int, ...]) -> str:
    if len(group) > 1:
        return ""
    parts = [f"{amount(cost)} of {problem.budget_name(k)}" for k, cost in enumerate(problem.costs[group[0]]) if cost]
    return f" and takes {', '.join(parts)}" if parts else ""


def _project_groups(problem: Problem) -> dict[int, IntArray]:
    """The alternatives of each project that has several."""
    if not len(problem.projects) or problem.projects.max() == len(problem.projects) - 1:
        return {}
    order = np.argsort(problem.projects, kind="stable")
    ends = np.flatnonzero(np.diff(problem.projects[order])) + 1
    groups = np.split(order, ends)
    return {int(problem.projects[group[0]]): group for group in groups if len(group) > 1}


def _dense(table: FloatArray, limits: FloatArray) -> Rows:
    """Rows from (r, n) coefficients."""
    row, column = np.nonzero(table)
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.bincount(row, minlength=len(limits)))])
    return Rows(start, column, table[row, column], limits)


def _budgets(problem: Problem) -> Rows:
    return _dense(problem.costs.T, problem.budgets)


def _risk(problem: Problem) -> Rows:
    if problem.risk is None or problem.risk_cap is None:
        return rows_of([], [], np.zeros(0))
    return _dense(problem.risk[np.newaxis], np.array([problem.risk_cap]))


def _shares(problem: Problem) -> Rows:
    money = problem.spend
    table = np.zeros((len(problem.minimum_shares), len(money)))
    for position, share in enumerate(problem.minimum_shares):
        weights, group = money if share.of == "money" else problem.values, list(share.group)
        table[position] = share.share * weights
        table[position, group] -= weights[group]
    return _dense(table, np.zeros(len(table)))


def _counts(groups: Sequence[Sequence[int] | IntArray], sign: float, limit: float) -> Rows:
    """Of each group, counted with this sign, no more than the limit."""
    return rows_of(groups, [np.full(len(group), sign) for group in groups], np.full(len(groups), limit))


def _requires(problem: Problem) -> Rows:
    columns = [(chosen, *needed) for chosen, needed in problem.requires]
    signs = [np.concatenate([[1.0], np.full(len(needed), -1.0)]) for _, needed in problem.requires]
    return rows_of(columns, signs, np.zeros(len(columns)))
