"""The economic weight of each line: transfers dropped, conversion factors, the role of revenue (METHOD 4)."""

from collections.abc import Sequence

import numpy as np

from scoring.errors import InputProblem
from scoring.frameworks.framework import Economics
from scoring.project_file import CashFlowLine, EconomicRole, FlowKind
from scoring.returns.arrays import FloatArray

TRANSFERS = (FlowKind.TAX, FlowKind.GRANT, FlowKind.SUBSIDY)
FACTORED = (FlowKind.CAPEX, FlowKind.OPEX, FlowKind.RESIDUAL)
"""Kinds that take the standard conversion factor where a line has none of its own. Benefits, externalities and revenue
that measures willingness to pay are economic values as they stand (EU Guide to Cost-Benefit Analysis 2014, 2.8)."""
UNSKILLED_LABOUR = "unskilled-labour"
IMPORTED = "imported"


def economic_weights(lines: Sequence[CashFlowLine], economics: Economics) -> FloatArray:
    """Sign x conversion factor of each line, (lines,); 0 for a transfer (METHOD 4)."""
    default = default_role(lines)
    return np.array([_weight(line, default, economics) for line in lines], dtype=np.float64)


def default_role(lines: Sequence[CashFlowLine]) -> EconomicRole:
    """How revenue counts where its line does not say: a transfer where the project has benefit lines (METHOD 4)."""
    has_benefits = any(line.kind is FlowKind.BENEFIT for line in lines)
    return EconomicRole.TRANSFER if has_benefits else EconomicRole.BENEFIT


def revenue_role(lines: Sequence[CashFlowLine]) -> str:
    """`benefit` or `transfer`, as the revenue lines were taken; `mixed` where they differ."""
    default = default_role(lines)
    roles = {line.economic or default for line in lines if line.kind is FlowKind.REVENUE}
    return "mixed" if len(roles) > 1 else str(next(iter(roles), default))


def problems(lines: Sequence[CashFlowLine], economics: Economics) -> list[InputProblem]:
    """Shadow pricing done twice: one numeraire is chosen, so not both factors (PARAMETERS, shadow prices)."""
    if not lines or economics.standard_conversion_factor >= 1 or economics.shadow_exchange_rate <= 1:
        return []
    message = (
        "A standard conversion factor below 1 and a shadow exchange rate above 1 correct the same thing twice: "
        "the framework must use one of them."
    )
    return [InputProblem("framework.economics", message)]


def _weight(line: CashFlowLine, default: EconomicRole, economics: Economics) -> float:
    if line.kind in TRANSFERS:
        return 0.0
    if line.kind is FlowKind.REVENUE and (line.economic or default) is EconomicRole.TRANSFER:
        return 0.0
    return line.kind.sign * _factor(line, economics)


def _factor(line: CashFlowLine, economics: Economics) -> float:
    if line.conversion_factor is not None:
        return line.conversion_factor
    if line.kind not in FACTORED:
        return 1.0
    by_class = {UNSKILLED_LABOUR: economics.shadow_wage_factor, IMPORTED: economics.shadow_exchange_rate}
    return by_class.get(line.line_class or "", economics.standard_conversion_factor)
