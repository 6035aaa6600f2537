"""The project file `appraisal-project/1` as frozen dataclasses: the one form in which a project travels.

Amounts are exact decimals, magnitudes of which the line's kind carries the sign (METHOD 1).
Rates, factors, shares and probabilities are floats. Years are calendar years; period 0 is `cash_flows.first_year`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from scoring.uncertainty import (
    BiasBounds,
    BiasMitigation,
    Correlation,
    Distribution,
    Driver,
    Mitigation,
    Obsolescence,
    RiskEvent,
    StatedBias,
    TypeShare,
    Uncertainty,
)
from scoring.vocabulary import (
    ActionArea,
    BiasTarget,
    ConstructionInterest,
    DriverName,
    EconomicRole,
    EvidenceGrade,
    Family,
    FlowKind,
    ImpactTrigger,
    Objective,
    PriceBasis,
    Repayment,
    RiskCategory,
    Stage,
    Timing,
)

__all__ = [
    "SCHEMA",
    "ActionArea",
    "Amounts",
    "Answer",
    "BiasBounds",
    "BiasMitigation",
    "BiasTarget",
    "CashFlowLine",
    "CashFlows",
    "ConstructionInterest",
    "Correlation",
    "DebtTranche",
    "Distribution",
    "Driver",
    "DriverName",
    "EconomicRole",
    "EvidenceGrade",
    "Family",
    "Financing",
    "FlowKind",
    "ImpactTrigger",
    "Location",
    "Mitigation",
    "Objective",
    "Obsolescence",
    "Output",
    "Partner",
    "PriceBasis",
    "Prices",
    "ProjectFile",
    "Rate",
    "Rates",
    "Repayment",
    "RiskCategory",
    "RiskEvent",
    "Safeguards",
    "Schedule",
    "Stage",
    "StatedBias",
    "Timing",
    "TypeShare",
    "Uncertainty",
]

SCHEMA = "appraisal-project/1"

Amounts = tuple[Decimal, ...]
Schedule = tuple[tuple[int, float], ...]
Rate = float | Schedule
"""One rate a year, or a declining schedule of (from period, rate), the first from period 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    latitude: float
    """Degrees north."""
    longitude: float
    """Degrees east."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    name: str
    """Who it is."""
    role: str = ""
    """What it does in the project."""
    sector: str = ""
    """`public`, `private`, …; a private partner carries equity and shortfalls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    basis: PriceBasis = PriceBasis.REAL
    """Whether amounts and rates are in constant prices (`real`) or in those of their year (`nominal`)."""
    base_year: int | None = None
    """Year of the constant prices."""
    inflation: float | None = None
    """A fraction a year; needed where real figures meet nominal ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Rates on the same basis as the flows; None takes the framework's default."""

    financial: Rate | None = None
    """Discount rate of the financial and equity flows, a fraction a year."""
    social: Rate | None = None
    """Discount rate of the economic flow, a fraction a year."""
    finance: float | None = None
    """Rate at which outflows are discounted for MIRR, a fraction a year."""
    reinvestment: float | None = None
    """Rate at which inflows are carried on for MIRR, a fraction a year."""
    hurdles: tuple[float, ...] = ()
    """Rates at which the NPV is shown side by side, fractions a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CashFlowLine:
    """One line by period. Exactly one of `amounts` (money) and `tonnes` (CO2, positive = emitted) is filled."""

    name: str
    """Its name; drivers refer to it."""
    kind: FlowKind
    """What it is; the kind carries the sign."""
    amounts: Amounts = ()
    """Magnitudes by period, in the project's currency and unit."""
    tonnes: Amounts = ()
    """CO2 by period in tonnes; positive = emitted, a cost; negative = avoided, a benefit."""
    line_class: str | None = None
    """The asset class, in JSON `class`: it chooses the reference class ("it", "road", "renewal", …)."""
    conversion_factor: float | None = None
    """Economic value of one unit of the amounts; the framework's where left out."""
    economic: EconomicRole | None = None
    """Whether a revenue measures the users' benefit or is a transfer from them."""
    shares: Mapping[str, float] = field(default_factory=dict)
    """Part of the line that falls to each income group; the rest is unallocated with weight 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CashFlows:
    first_year: int
    """Calendar year of period 0."""
    lines: tuple[CashFlowLine, ...] = ()
    """The lines by period."""

    @property
    def periods(self) -> int:
        """Number of periods, period 0 included; shorter lines are zero after their end."""
        return max((max(len(line.amounts), len(line.tonnes)) for line in self.lines), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    unit: str
    """What is counted, e.g. trips."""
    amounts: Amounts
    """Units by period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtTranche:
    name: str
    """Its name."""
    amounts: Amounts
    """Debt drawn by period, in the project's currency and unit."""
    rate: float
    """Interest, a fraction a year."""
    grace: int = 0
    """Years from the first drawing in which no principal is repaid."""
    tenor: int
    """Years from the first drawing until it is repaid."""
    repayment: Repayment = Repayment.ANNUITY
    """How principal and interest fall due."""
    target_dscr: float | None = None
    """Debt cover that a sculpted loan keeps and that sizes the debt capacity."""
    upfront_fee: float = 0.0
    """Part of what is drawn, 0 to 1, paid when it is drawn."""
    interest_during_construction: ConstructionInterest = ConstructionInterest.CAPITALISED
    """Whether it is added to the debt or paid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Financing:
    equity: Amounts = ()
    """Equity paid in by period, in the project's currency and unit."""
    grants: Amounts = ()
    """Grants by period; here or as lines, never both."""
    gearing_cap: float | None = None
    """Largest part of what is invested that may be debt, 0 to 1."""
    debt: tuple[DebtTranche, ...] = ()
    """The loans."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer to one indicator: a level, or a number, or explicitly unknown."""

    level: int | None = None
    """0 to 4, against the indicator's descriptions."""
    value: float | None = None
    """A number, for a numeric indicator, in its unit."""
    unknown: bool = False
    """True where nobody knows yet."""
    evidence: EvidenceGrade | None = None
    """E0 claim, E1 own document, E2 official or third-party document, E3 independently verified."""
    reason: str = ""
    """Why, in words."""
    source: str = ""
    """Where the evidence is: document and page, or address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Safeguards:
    """Facts that decide which gates apply; None means not stated."""

    personal_data: bool | None = None
    """Whether personal data are processed."""
    impact_triggers: tuple[ImpactTrigger, ...] | None = None
    """What makes an impact assessment necessary; two or more do."""
    public_space_analytics: bool | None = None
    """Whether people in public space are analysed."""
    essential_service: bool | None = None
    """Whether an essential service depends on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFile:
    reference: str
    """Its own short name; the random stream depends on it."""
    title: str
    """Its title."""
    summary: str = ""
    """What it is, in a few sentences."""
    city: str = ""
    """The city."""
    country: str = ""
    """ISO 3166 code of three letters."""
    location: Location | None = None
    """Where it is."""
    stage: Stage = Stage.IDEA
    """How far it has come."""
    action_areas: tuple[ActionArea, ...] = ()
    """Action areas of the brief it belongs to."""
    objectives: tuple[Objective, ...] = ()
    """Objectives of the brief it serves."""
    partners: tuple[Partner, ...] = ()
    """Who takes part."""
    currency: str
    """ISO 4217 code of three letters."""
    unit: int = 1
    """What one unit of every amount is worth: 1, 1 000 or 1 000 000 of the currency."""
    prices: Prices = field(default_factory=Prices)
    """The prices the amounts are in."""
    timing: Timing = Timing.END
    """Whether flows fall at the end or in the middle of their period."""
    rates: Rates = field(default_factory=Rates)
    """Discount and other rates; the framework's where left out."""
    cash_flows: CashFlows
    """The cash flows."""
    output: Output | None = None
    """Yearly output, for the levelised cost."""
    financing: Financing | None = None
    """Sources of money."""
    uncertainty: Uncertainty | None = None
    """How sure the figures are."""
    safeguards: Safeguards = field(default_factory=Safeguards)
    """Facts that decide which gates apply."""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    """Answers by indicator id."""
    explanations: Mapping[str, str] = field(default_factory=dict)
    """Rule of `scoring.criteria.consistency` -> why what it finds is right as it stands."""
