"""How lines are split over income groups (METHOD 5)."""

from collections.abc import Mapping, Sequence

import numpy as np

from scoring.errors import InputProblem
from scoring.project_file import CashFlowLine
from scoring.returns.arrays import FloatArray

ROUNDING = 1e-6
"""Shares typed with a few decimals may add up to this much more than 1."""


def poorest_first(incomes: Mapping[str, float]) -> tuple[str, ...]:
    """The framework's income groups, lowest income first."""
    return tuple(sorted(incomes, key=lambda group: incomes[group]))


def share_matrix(lines: Sequence[CashFlowLine], groups: Sequence[str]) -> FloatArray:
    """(lines, groups): the part of each line that falls to each group; what is left of 1 is unallocated (METHOD 5)."""
    rows = [[line.shares.get(group, 0.0) for group in groups] for line in lines]
    return np.array(rows, dtype=np.float64).reshape(len(lines), len(groups))


def problems(lines: Sequence[CashFlowLine], groups: Sequence[str]) -> list[InputProblem]:
    """Shares of unknown groups, negative shares, and shares of a line that add up to more than 1."""
    found = []
    for at, line in enumerate(lines):
        path = f"cash_flows.lines[{at}].shares"
        found += [
            InputProblem(f"{path}.{group}", f"The framework has no income group “{group}”; it has {', '.join(groups)}.")
            for group in line.shares
            if group not in groups
        ]
        found += [
            InputProblem(f"{path}.{group}", "A share must not be negative.")
            for group, share in line.shares.items()
            if share < 0
        ]
        if sum(line.shares.values()) > 1 + ROUNDING:
            found.append(InputProblem(path, f"The shares of “{line.name}” add up to more than 1."))
    return found
