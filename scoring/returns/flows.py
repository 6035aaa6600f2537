"""A project's cash-flow lines as arrays, with the weight each line has in each net flow (METHOD 1-5)."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.errors import InputError
from scoring.frameworks.framework import Framework
from scoring.project_file import CashFlowLine, FlowKind, ProjectFile
from scoring.returns import carbon, conversion, groups
from scoring.returns.arrays import FloatArray, frozen, padded

FINANCIAL_KINDS = (FlowKind.CAPEX, FlowKind.OPEX, FlowKind.TAX, FlowKind.REVENUE, FlowKind.RESIDUAL)
"""Lines of the return on the investment before financing: grants and subsidies are left out (METHOD 2)."""
CFADS_KINDS = (FlowKind.OPEX, FlowKind.TAX, FlowKind.REVENUE, FlowKind.SUBSIDY)
"""Lines of the cash flow available for debt service (METHOD 3)."""

EQUITY_KINDS = (*FINANCIAL_KINDS, FlowKind.SUBSIDY)
"""Lines of the equity flow; `FinancingPlan.net` adds grants and debt (METHOD 3)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Flows:
    """Magnitudes by line and period, and the weights that make net flows of them.

    amounts is (lines, periods), in the project's currency and unit. Every weight vector is (lines,), so that
    `weights @ amounts` is a net flow (periods,), also where a draw scales the lines. Arrays are read-only.
    """

    first_year: int
    periods: int
    names: tuple[str, ...]
    kinds: tuple[FlowKind, ...]
    classes: tuple[str | None, ...]
    amounts: FloatArray
    """Magnitudes as entered; CO2 lines priced, emitted tonnes negative."""
    financial_weights: FloatArray
    """+1, -1, or 0 for lines that are no part of the return on the investment (METHOD 2)."""
    cfads_weights: FloatArray
    """+1, -1 or 0: revenue + subsidy - opex - tax (METHOD 3)."""
    equity_weights: FloatArray
    """+1, -1 or 0: revenue + subsidy - opex - tax - capex + residual, before what financing adds (METHOD 3)."""
    economic_weights: FloatArray
    """Sign x conversion factor; 0 for transfers (METHOD 4)."""
    revenue_role: str
    """`benefit` or `transfer`; `mixed` where revenue lines differ (METHOD 4)."""
    group_names: tuple[str, ...]
    """Income groups, poorest first."""
    shares: FloatArray
    """(lines, groups): part of each line that falls to each group; the rest is unallocated (METHOD 5)."""

    def mask(self, *kinds: FlowKind) -> NDArray[np.bool_]:
        """Which lines are of these kinds, (lines,)."""
        return np.array([kind in kinds for kind in self.kinds], dtype=np.bool_)

    def total(self, *kinds: FlowKind) -> FloatArray:
        """Sum of the magnitudes of the lines of these kinds, (periods,)."""
        return self.mask(*kinds).astype(np.float64) @ self.amounts

    @property
    def financial(self) -> FloatArray:
        """Net flow before financing, (periods,): revenue - opex - capex - tax + residual (METHOD 2)."""
        return self.financial_weights @ self.amounts

    @property
    def cfads(self) -> FloatArray:
        """Cash flow available for debt service, (periods,) (METHOD 3)."""
        return self.cfads_weights @ self.amounts

    @property
    def economic(self) -> FloatArray:
        """Net economic flow, (periods,) (METHOD 4)."""
        return self.economic_weights @ self.amounts


def to_arrays(project: ProjectFile, framework: Framework) -> Flows:
    """The project's lines as float64 arrays: CO2 priced, roles and conversion factors resolved (METHOD 1, 4, 5).

    Raises InputError where tonnes cannot be priced, shadow pricing is done twice, or group shares are wrong.
    """
    lines = project.cash_flows.lines
    group_names = groups.poorest_first(framework.economics.income_groups)
    problems = [
        *carbon.problems(project, framework),
        *conversion.problems(lines, framework.economics),
        *groups.problems(lines, group_names),
    ]
    if problems:
        raise InputError(*problems)
    return Flows(
        first_year=project.cash_flows.first_year,
        periods=project.cash_flows.periods,
        names=tuple(line.name for line in lines),
        kinds=tuple(line.kind for line in lines),
        classes=tuple(line.line_class for line in lines),
        amounts=frozen(_amounts(project, framework)),
        financial_weights=frozen(_signs(lines, FINANCIAL_KINDS)),
        cfads_weights=frozen(_signs(lines, CFADS_KINDS)),
        equity_weights=frozen(_signs(lines, EQUITY_KINDS)),
        economic_weights=frozen(conversion.economic_weights(lines, framework.economics)),
        revenue_role=conversion.revenue_role(lines),
        group_names=group_names,
        shares=frozen(groups.share_matrix(lines, group_names)),
    )


def _amounts(project: ProjectFile, framework: Framework) -> FloatArray:
    lines, periods = project.cash_flows.lines, project.cash_flows.periods
    amounts = np.zeros((len(lines), periods))
    for row, line in zip(amounts, lines, strict=True):
        if line.tonnes:
            row[:] = -padded(line.tonnes, periods) * carbon.prices_by_period(project, framework)
        else:
            row[:] = padded(line.amounts, periods)
    return amounts


def _signs(lines: Collection[CashFlowLine], kinds: Collection[FlowKind]) -> FloatArray:
    return np.array([line.kind.sign if line.kind in kinds else 0 for line in lines], dtype=np.float64)
