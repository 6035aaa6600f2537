"""The cash-flow table with the sign that each line's kind carries, as both the PDF and the workbook show it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from scoring.project_file import EconomicRole, FlowKind, ProjectFile

KIND_WORDS = {
    FlowKind.CAPEX: "Capital cost",
    FlowKind.OPEX: "Running cost",
    FlowKind.TAX: "Tax",
    FlowKind.REVENUE: "Revenue",
    FlowKind.GRANT: "Grant",
    FlowKind.SUBSIDY: "Subsidy",
    FlowKind.RESIDUAL: "Residual value",
    FlowKind.BENEFIT: "Benefit",
    FlowKind.EXTERNALITY: "Externality",
}
IN_FINANCIAL_FLOW = frozenset({FlowKind.CAPEX, FlowKind.OPEX, FlowKind.TAX, FlowKind.REVENUE, FlowKind.RESIDUAL})
"""Grants and subsidies stay out of the return on the investment (METHOD 2)."""


@dataclass(frozen=True, slots=True)
class FlowRow:
    name: str
    kind: str
    financial: bool
    in_tonnes: bool
    amounts: tuple[Decimal, ...]
    """One for each period; money with its sign, tonnes as given (positive = emitted)."""


def flow_rows(project: ProjectFile) -> Iterator[FlowRow]:
    periods = project.cash_flows.periods
    for line in project.cash_flows.lines:
        in_tonnes = bool(line.tonnes)
        given = line.tonnes if in_tonnes else tuple(line.kind.sign * amount for amount in line.amounts)
        words = KIND_WORDS[line.kind]
        if line.economic is not None:
            role = "benefit" if line.economic is EconomicRole.BENEFIT else "transfer"
            words = f"{words} ({role})"
        yield FlowRow(
            name=line.name,
            kind=f"{words}, t CO2" if in_tonnes else words,
            financial=line.kind in IN_FINANCIAL_FLOW and not in_tonnes,
            in_tonnes=in_tonnes,
            amounts=given + (Decimal(0),) * (periods - len(given)),
        )


def by_kind(rows: Iterable[FlowRow]) -> Iterator[FlowRow]:
    """The rows of each kind summed into one, in the order in which the kinds first come."""
    together: dict[str, list[FlowRow]] = {}
    for row in rows:
        together.setdefault(row.kind, []).append(row)
    for kind, same in together.items():
        amounts = tuple(sum(period, Decimal(0)) for period in zip(*(row.amounts for row in same), strict=True))
        count = "1 line" if len(same) == 1 else f"{len(same)} lines"
        yield replace(same[0], name=count, kind=kind, amounts=amounts)
