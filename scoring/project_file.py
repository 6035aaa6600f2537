"""The project file `appraisal-project/1` as frozen dataclasses: the one form in which a project travels.

Amounts are exact decimals, magnitudes of which the line's kind carries the sign (METHOD 1).
Rates, factors, shares and probabilities are floats. Years are calendar years; period 0 is `cash_flows.first_year`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scoring.project_options import Option

SCHEMA = "appraisal-project/1"

Amounts = tuple[Decimal, ...]
Schedule = tuple[tuple[int, float], ...]
Rate = float | Schedule
"""One rate a year, or a declining schedule of (from period, rate), the first from period 0."""


class FlowKind(StrEnum):
    """What a cash-flow line is; the kind carries the sign of its amounts (METHOD 1)."""

    CAPEX = "capex"
    OPEX = "opex"
    TAX = "tax"
    REVENUE = "revenue"
    GRANT = "grant"
    SUBSIDY = "subsidy"
    RESIDUAL = "residual"
    BENEFIT = "benefit"
    EXTERNALITY = "externality"

    @property
    def sign(self) -> int:
        return -1 if self in (FlowKind.CAPEX, FlowKind.OPEX, FlowKind.TAX) else 1


class EconomicRole(StrEnum):
    """Whether a revenue line measures the users' benefit or is a transfer from them (METHOD 4)."""

    BENEFIT = "benefit"
    TRANSFER = "transfer"


class PriceBasis(StrEnum):
    REAL = "real"
    NOMINAL = "nominal"


class Timing(StrEnum):
    END = "end"
    MID = "mid"


class Stage(StrEnum):
    """How far a project has come. It lowers no optimism bias by itself: evidence of mitigation does (PARAMETERS)."""

    IDEA = "idea"
    PRE_FEASIBILITY = "pre-feasibility"
    FEASIBILITY = "feasibility"
    DESIGN = "design"
    PROCUREMENT = "procurement"
    CONSTRUCTION = "construction"
    OPERATION = "operation"


class ActionArea(StrEnum):
    """The action areas printed in the brief's figure 2."""

    ICT_INFRASTRUCTURE = "ict-infrastructure"
    SMART_GOVERNMENT = "smart-government"
    EDUCATION = "education"
    MOBILITY = "mobility"
    ECONOMY_JOBS = "economy-jobs"
    ENERGY = "energy"
    ENVIRONMENT = "environment"
    HEALTH = "health"
    WATER = "water"
    LAND_USE = "land-use"
    SAFETY = "safety"
    SOCIETY_CULTURE = "society-culture"
    CLIMATE_DISASTER = "climate-disaster"
    FOOD_AGRICULTURE = "food-agriculture"


class Objective(StrEnum):
    """The objectives printed in the brief's figure 1."""

    INCLUSIVENESS = "inclusiveness"
    ECONOMIC_GROWTH = "economic-growth"
    QUALITY_OF_LIFE = "quality-of-life"
    RESILIENCE = "resilience"
    INNOVATION = "innovation"
    SUSTAINABILITY = "sustainability"
    EFFICIENCY = "efficiency"
    COMPETITIVENESS = "competitiveness"


class EvidenceGrade(StrEnum):
    """How well an answer is supported (METHOD 9)."""

    CLAIM = "E0"
    OWN_DOCUMENT = "E1"
    THIRD_PARTY = "E2"
    VERIFIED = "E3"


class Repayment(StrEnum):
    ANNUITY = "annuity"
    STRAIGHT_LINE = "straight-line"
    SCULPTED = "sculpted"


class ConstructionInterest(StrEnum):
    CAPITALISED = "capitalised"
    PAID = "paid"


class DriverName(StrEnum):
    """What an uncertainty multiplies, or shifts in time (METHOD 6)."""

    CAPEX = "capex"
    OPEX = "opex"
    REVENUE = "revenue"
    DEMAND = "demand"
    BENEFITS = "benefits"
    PRICE = "price"
    EXCHANGE_RATE = "exchange-rate"
    DELAY = "delay"
    LIFE = "life"


class BiasTarget(StrEnum):
    """What planners are too optimistic about (PARAMETERS, optimism bias)."""

    CAPEX = "capex"
    DURATION = "duration"
    OPEX = "opex"
    BENEFITS = "benefits"


class Family(StrEnum):
    TRIANGULAR = "triangular"
    PERT = "pert"
    UNIFORM = "uniform"
    NORMAL = "normal"
    LOGNORMAL = "lognormal"
    BETA = "beta"
    DISCRETE = "discrete"
    EMPIRICAL = "empirical"


class RiskCategory(StrEnum):
    """The brief's risks, then those that fiscal-risk reviews ask about besides (PARAMETERS)."""

    DEMAND = "demand"
    TECHNOLOGY_OBSOLESCENCE = "technology-obsolescence"
    CYBER_INCIDENT = "cyber-incident"
    DATA_PROTECTION_CHANGE = "data-protection-change"
    MULTI_PARTY_COORDINATION = "multi-party-coordination"
    COMMUNITY_OPPOSITION = "community-opposition"
    NETWORK_NOT_READY = "network-not-ready"
    EXCHANGE_RATE = "exchange-rate"
    CONSTRUCTION = "construction"
    GOVERNANCE = "governance"
    OPERATION = "operation"
    FINANCE = "finance"
    FORCE_MAJEURE = "force-majeure"
    ADVERSE_GOVERNMENT_ACTION = "adverse-government-action"
    CHANGE_IN_LAW = "change-in-law"
    REBALANCING = "rebalancing"
    RENEGOTIATION = "renegotiation"
    TERMINATION = "termination"


class ImpactTrigger(StrEnum):
    """What makes an impact assessment on personal data necessary; two or more do (PARAMETERS)."""

    PROFILING = "profiling"
    AUTOMATED_DECISIONS = "automated-decisions"
    SYSTEMATIC_MONITORING = "systematic-monitoring"
    SENSITIVE_DATA = "sensitive-data"
    LARGE_SCALE = "large-scale"
    MATCHED_DATA = "matched-data"
    VULNERABLE_PEOPLE = "vulnerable-people"
    INNOVATIVE_TECHNOLOGY = "innovative-technology"
    BLOCKS_RIGHT = "blocks-right"


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
class Distribution:
    """A probability distribution as people state it; which fields a family needs: `scoring.risk.distributions`."""

    family: Family
    """The family of the distribution."""
    low: float | None = None
    """Least value."""
    mode: float | None = None
    """Likeliest value."""
    high: float | None = None
    """Greatest value."""
    p10: float | None = None
    """Tenth percentile."""
    p50: float | None = None
    """Median."""
    p90: float | None = None
    """Ninetieth percentile."""
    mean: float | None = None
    """Mean."""
    sd: float | None = None
    """Standard deviation."""
    alpha: float | None = None
    """First shape of a beta distribution."""
    beta: float | None = None
    """Second shape of a beta distribution."""
    values: tuple[float, ...] = ()
    """Values of a discrete, sample or quantiles of an empirical distribution."""
    probabilities: tuple[float, ...] = ()
    """Probability of each value; of a discrete distribution they add up to 1."""
    minimum: float | None = None
    """Cut off below this."""
    maximum: float | None = None
    """Cut off above this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """One uncertain quantity: exactly one of `distribution` and `reference_class` is given."""

    driver: DriverName
    """What is uncertain."""
    applies_to: tuple[str, ...] = ()
    """Names of the lines it multiplies; empty means every line of its kind."""
    distribution: Distribution | None = None
    """As the planner states it: the keys of a distribution stand beside the driver's own."""
    reference_class: str | None = None
    """A class of completed projects that speaks for it instead."""
    unit: str | None = None
    """`years` for a delay; a factor (1 = as planned) otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    first: DriverName
    """One driver."""
    second: DriverName
    """The other."""
    value: float
    """Rank correlation, -1 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mitigation:
    cost: float = 0.0
    """What it costs in period 0, in the project's currency and unit."""
    probability_factor: float = 1.0
    """What it leaves of the probability, 0 to 1."""
    impact_factor: float = 1.0
    """What it leaves of the impact, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskEvent:
    name: str
    """What may happen."""
    category: RiskCategory
    """Its category."""
    probability: float
    """Probability, 0 to 1, for each `per`."""
    per: str = "life"
    """"year": the probability in each year of operation; "life": once over the project's life."""
    cost: Distribution | None = None
    """Extra cost where it strikes, in the project's currency and unit."""
    delay: Distribution | None = None
    """Extra years of delay where it strikes."""
    revenue_factor: float = 1.0
    """What it leaves of revenue and benefits while it lasts, 1 = all."""
    years: int = 1
    """How many years it lasts."""
    mitigation: Mitigation | None = None
    """What lowers it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obsolescence:
    hazard: float
    """Probability in each year of operation that the technology is stranded, 0 to 1."""
    salvage: float = 0.0
    """What is received then, in the project's currency and unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeShare:
    """A part of the project that is of one type of work."""

    type: str
    """A row of the optimism bias table, e.g. `non-standard-building`."""
    share: float
    """Part of capital cost; for `outsourcing` part of operating cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BiasMitigation:
    """A cause of optimism bias that is dealt with; it counts once evidence better than a claim is given."""

    factor: str
    """The cause, e.g. an incomplete design."""
    applies_to: BiasTarget
    """What it makes planners too optimistic about."""
    contribution: float
    """Part of the upper bound that this cause makes up; those of one target add up to 1 at most."""
    mitigated: float
    """Part of the contribution that is dealt with, 0 to 1."""
    evidence: EvidenceGrade | None = None
    """Evidence grade; none or E0 counts nothing."""
    reason: str = ""
    """What was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BiasBounds:
    """Bounds the planner or a city's own record gives, in place of the published ones; fractions of what is planned."""

    applies_to: BiasTarget
    """What the bounds are of."""
    upper: float
    """Uplift without mitigation; of benefits, how far they fall short."""
    lower: float = 0.0
    """The least that is left."""
    source: str = ""
    """Where the bounds are from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedBias:
    """Optimism bias as the project states it: its types of work and what mitigates (PARAMETERS)."""

    mix: tuple[TypeShare, ...] = ()
    """Types of work by share; those of capital cost add up to 1."""
    mitigations: tuple[BiasMitigation, ...] = ()
    """What is dealt with."""
    bounds: tuple[BiasBounds, ...] = ()
    """Bounds in place of the published ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    drivers: tuple[Driver, ...] = ()
    """Uncertain quantities; without any, classes of completed projects speak."""
    correlations: tuple[Correlation, ...] = ()
    """[driver, driver, rank correlation] each."""
    events: tuple[RiskEvent, ...] = ()
    """Risk events."""
    obsolescence: Obsolescence | None = None
    """The risk of stranded technology."""
    options: tuple["Option", ...] = ()
    """Rights to act on what is learned: to abandon, to delay, to stage."""
    optimism_bias: StatedBias | None = None
    """Types of work and what mitigates their optimism bias."""


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
