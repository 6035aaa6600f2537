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
    """How far a project has come; it decides how much optimism bias is taken (PARAMETERS)."""

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
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    name: str
    role: str = ""
    sector: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    basis: PriceBasis = PriceBasis.REAL
    base_year: int | None = None
    inflation: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Rates on the same basis as the flows; None takes the framework's default."""

    financial: Rate | None = None
    social: Rate | None = None
    finance: float | None = None
    reinvestment: float | None = None
    hurdles: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CashFlowLine:
    """One line by period. Exactly one of `amounts` (money) and `tonnes` (CO2, positive = emitted) is filled."""

    name: str
    kind: FlowKind
    amounts: Amounts = ()
    tonnes: Amounts = ()
    line_class: str | None = None
    """The asset class, in JSON `class`: it chooses the reference class ("it", "road", "renewal", …)."""
    conversion_factor: float | None = None
    economic: EconomicRole | None = None
    shares: Mapping[str, float] = field(default_factory=dict)
    """Part of the line that falls to each income group; the rest is unallocated with weight 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CashFlows:
    first_year: int
    lines: tuple[CashFlowLine, ...] = ()

    @property
    def periods(self) -> int:
        """Number of periods, period 0 included; shorter lines are zero after their end."""
        return max((max(len(line.amounts), len(line.tonnes)) for line in self.lines), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    unit: str
    amounts: Amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtTranche:
    name: str
    amounts: Amounts
    rate: float
    grace: int = 0
    tenor: int
    repayment: Repayment = Repayment.ANNUITY
    target_dscr: float | None = None
    upfront_fee: float = 0.0
    interest_during_construction: ConstructionInterest = ConstructionInterest.CAPITALISED


@dataclass(frozen=True, slots=True, kw_only=True)
class Financing:
    equity: Amounts = ()
    grants: Amounts = ()
    gearing_cap: float | None = None
    debt: tuple[DebtTranche, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """A probability distribution as people state it; which fields a family needs: `scoring.risk.distributions`."""

    family: Family
    low: float | None = None
    mode: float | None = None
    high: float | None = None
    p10: float | None = None
    p50: float | None = None
    p90: float | None = None
    mean: float | None = None
    sd: float | None = None
    alpha: float | None = None
    beta: float | None = None
    values: tuple[float, ...] = ()
    probabilities: tuple[float, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """One uncertain quantity: exactly one of `distribution` and `reference_class` is given."""

    driver: DriverName
    applies_to: tuple[str, ...] = ()
    """Names of the lines it multiplies; empty means every line of its kind."""
    distribution: Distribution | None = None
    reference_class: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    first: DriverName
    second: DriverName
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mitigation:
    cost: float = 0.0
    probability_factor: float = 1.0
    impact_factor: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskEvent:
    name: str
    category: RiskCategory
    probability: float
    per: str = "life"
    """"year": the probability in each year of operation; "life": once over the project's life."""
    cost: Distribution | None = None
    delay: Distribution | None = None
    revenue_factor: float = 1.0
    years: int = 1
    mitigation: Mitigation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Obsolescence:
    hazard: float
    salvage: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    drivers: tuple[Driver, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    events: tuple[RiskEvent, ...] = ()
    obsolescence: Obsolescence | None = None
    options: tuple["Option", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer to one indicator: a level, or a number, or explicitly unknown."""

    level: int | None = None
    value: float | None = None
    unknown: bool = False
    evidence: EvidenceGrade | None = None
    reason: str = ""
    source: str = ""
    """Where the evidence is: document and page, or address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Safeguards:
    """Facts that decide which gates apply; None means not stated."""

    personal_data: bool | None = None
    impact_triggers: tuple[ImpactTrigger, ...] | None = None
    public_space_analytics: bool | None = None
    essential_service: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFile:
    reference: str
    title: str
    summary: str = ""
    city: str = ""
    country: str = ""
    location: Location | None = None
    stage: Stage = Stage.IDEA
    action_areas: tuple[ActionArea, ...] = ()
    objectives: tuple[Objective, ...] = ()
    partners: tuple[Partner, ...] = ()
    currency: str
    unit: int = 1
    prices: Prices = field(default_factory=Prices)
    timing: Timing = Timing.END
    rates: Rates = field(default_factory=Rates)
    cash_flows: CashFlows
    output: Output | None = None
    financing: Financing | None = None
    uncertainty: Uncertainty | None = None
    safeguards: Safeguards = field(default_factory=Safeguards)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    explanations: Mapping[str, str] = field(default_factory=dict)
    """Rule of `scoring.criteria.consistency` -> why what it finds is right as it stands."""
