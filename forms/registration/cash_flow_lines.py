"""What a line of the cash-flow table can be: one choice for its kind, its asset class and its role for society."""

from dataclasses import dataclass
from decimal import Decimal

from scoring.project_file import CashFlowLine, EconomicRole, FlowKind


@dataclass(frozen=True, slots=True)
class LineKind:
    """Kind and what goes with it; `tonnes` is the sign of pasted tonnes of CO2, 0 for lines of money."""

    label: str
    kind: FlowKind
    line_class: str | None = None
    economic: EconomicRole | None = None
    tonnes: int = 0


LEFT_OUT = "leave-out"
_CAPEX = "Capital cost: "
LINE_KINDS = {
    "capex-it": LineKind(f"{_CAPEX}IT, sensors, equipment", FlowKind.CAPEX, "it"),
    "capex-civil": LineKind(f"{_CAPEX}civil works", FlowKind.CAPEX, "civil"),
    "capex-building": LineKind(f"{_CAPEX}building", FlowKind.CAPEX, "standard-building"),
    "capex-road": LineKind(f"{_CAPEX}road", FlowKind.CAPEX, "road"),
    "capex-rail": LineKind(f"{_CAPEX}rail", FlowKind.CAPEX, "rail"),
    "capex-brt": LineKind(f"{_CAPEX}bus rapid transit", FlowKind.CAPEX, "brt"),
    "capex-water": LineKind(f"{_CAPEX}water", FlowKind.CAPEX, "water"),
    "capex-solar": LineKind(f"{_CAPEX}solar power", FlowKind.CAPEX, "solar"),
    "capex-transmission": LineKind(f"{_CAPEX}power lines", FlowKind.CAPEX, "transmission"),
    "capex": LineKind(f"{_CAPEX}other", FlowKind.CAPEX),
    "opex": LineKind("Running cost", FlowKind.OPEX),
    "tax": LineKind("Tax paid", FlowKind.TAX),
    "revenue": LineKind("Revenue from users", FlowKind.REVENUE),
    "revenue-benefit": LineKind(
        "Revenue that measures the users’ benefit", FlowKind.REVENUE, None, EconomicRole.BENEFIT
    ),
    "revenue-transfer": LineKind("Revenue, a mere transfer", FlowKind.REVENUE, None, EconomicRole.TRANSFER),
    "grant": LineKind("Grant", FlowKind.GRANT),
    "subsidy": LineKind("Subsidy", FlowKind.SUBSIDY),
    "residual": LineKind("Residual value", FlowKind.RESIDUAL),
    "benefit": LineKind("Benefit to society", FlowKind.BENEFIT),
    "externality": LineKind("Other effect on society, in money", FlowKind.EXTERNALITY),
    "tonnes-avoided": LineKind("CO2 avoided, in tonnes", FlowKind.EXTERNALITY, tonnes=-1),
    "tonnes-emitted": LineKind("CO2 emitted, in tonnes", FlowKind.EXTERNALITY, tonnes=1),
}
FIRST_LINES = (
    ("Building and equipment", "capex-it"),
    ("Renewals", "capex-it"),
    ("Operation and maintenance", "opex"),
    ("Revenue", "revenue"),
    ("Benefit in money", "benefit"),
)
"""What an empty table offers; a line left without figures is not stored."""


def kind_choices(*lines: CashFlowLine) -> dict[str, str]:
    """The choices, with one more for each class that the lines use and the list does not name."""
    named = {key: item.label for key, item in LINE_KINDS.items()}
    for line in lines:
        key = key_of(line)
        named.setdefault(key, f"{_CAPEX}class {line.line_class}")
    return named


def line_kind(key: str) -> LineKind:
    """The choice of this key; raises KeyError."""
    if key.startswith("class:"):
        return LineKind(key, FlowKind.CAPEX, key.removeprefix("class:"))
    return LINE_KINDS[key]


def key_of(line: CashFlowLine) -> str:
    """The choice a stored line was made with."""
    if line.tonnes:
        return "tonnes-avoided" if all(amount <= 0 for amount in line.tonnes) else "tonnes-emitted"
    if line.kind is FlowKind.CAPEX:
        return next(
            (
                key
                for key, item in LINE_KINDS.items()
                if item.kind is FlowKind.CAPEX and item.line_class == line.line_class
            ),
            f"class:{line.line_class}",
        )
    if line.kind is FlowKind.REVENUE and line.economic is not None:
        return f"revenue-{line.economic.value}"
    return line.kind.value


def guessed_key(kind: FlowKind | None) -> str:
    """The choice offered for a kind guessed from a label; empty where the person must choose."""
    if kind is FlowKind.CAPEX:
        return "capex-it"
    return kind.value if kind is not None else ""


def shown_amounts(line: CashFlowLine) -> tuple[Decimal, ...]:
    """The amounts as people see them in the table: avoided tonnes are positive there."""
    if line.tonnes and key_of(line) == "tonnes-avoided":
        return tuple(-amount if amount else amount for amount in line.tonnes)
    return line.tonnes or line.amounts
