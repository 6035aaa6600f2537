"""The result `appraisal-result/1` as frozen dataclasses.

A figure that does not exist is a `Missing` with its reason code, never 0 and never NaN (METHOD 1).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

SCHEMA = "appraisal-result/1"


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a figure does not exist: `no-sign-change`, `multiple-roots`, `not-reached`, `no-debt`, …"""

    reason: str


Figure = float | Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class HurdleValue:
    rate: float
    npv: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FinancialReturn:
    """Return on the investment before financing (METHOD 2), in the project's currency and unit."""

    npv: Figure
    irr: Figure
    irr_all: tuple[float, ...]
    irr_note: str | None
    """`multiple-roots` where `irr` is one of several."""
    mirr: Figure
    payback: Figure
    discounted_payback: Figure
    profitability_index: Figure
    equivalent_annual_value: Figure
    funding_gap: Figure
    levelised_cost: Figure
    by_hurdle: tuple[HurdleValue, ...]
    net_flow: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EquityReturn:
    """Return to equity and debt cover (METHOD 3)."""

    npv: Figure
    irr: Figure
    irr_all: tuple[float, ...]
    irr_note: str | None
    mirr: Figure
    dscr_min: Figure
    dscr_min_year: Figure
    """Calendar year of the minimum, as a whole number."""
    dscr_average: Figure
    llcr: Figure
    plcr: Figure
    dscr: tuple[float | None, ...]
    """By period; None where no debt service falls due."""
    debt_capacity: Figure
    wacc: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupValue:
    """What falls to one income group, as economic present values in the project's currency and unit (METHOD 5)."""

    group: str
    """`unallocated` is the part of the lines that no group is named for."""
    pv_benefits: Figure
    pv_costs: Figure
    """Capital and operating cost, positive."""
    net: Figure
    """Benefits less costs; over all groups they add up to the economic net present value."""
    weight: float
    """Welfare weight of the group; 1 for what is unallocated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EconomicReturn:
    """Return to society (METHOD 4, 5)."""

    npv: Figure
    irr: Figure
    irr_all: tuple[float, ...]
    irr_note: str | None
    bcr: Figure
    bcr_capex_only: Figure
    pv_benefits: Figure
    pv_costs: Figure
    weighted_npv: Figure
    bottom_share: Figure
    """Part of the whole net benefit, the unallocated part included, that reaches the two lowest groups."""
    by_group: tuple[GroupValue, ...] = ()
    """Poorest first, `unallocated` last; empty where no line is split."""
    losing_groups: tuple[str, ...] = ()
    """Income groups whose allocated costs exceed their benefits (METHOD 5)."""
    revenue_role: str
    """`benefit` or `transfer`: how revenue lines without a role of their own were taken; `mixed` where lines differ."""
    by_hurdle: tuple[HurdleValue, ...]
    net_flow: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskMeasures:
    """Distribution of one NPV over the draws (METHOD 7), in the project's currency and unit.

    Beside every figure `<figure>_se` is its Monte Carlo standard error, from the spread between independent replicates.
    """

    mean: Figure
    se: Figure
    """Monte Carlo standard error of the mean."""
    sd: Figure
    """Standard deviation."""
    sd_se: Figure
    p5: Figure
    """Fifth percentile: one draw in twenty is lower."""
    p5_se: Figure
    p10: Figure
    """Tenth percentile."""
    p10_se: Figure
    p50: Figure
    """Median."""
    p50_se: Figure
    p90: Figure
    """Ninetieth percentile."""
    p90_se: Figure
    p95: Figure
    """Ninety-fifth percentile."""
    p95_se: Figure
    prob_negative: Figure
    """Share of the draws in which the NPV is below zero."""
    prob_negative_se: Figure
    """At least one draw: none in n draws does not mean never."""
    var95: Figure
    """Value at risk: the fifth percentile, as an NPV (negative = loss)."""
    var95_se: Figure
    cvar95: Figure
    """Expected shortfall: mean of the worst 5% of outcomes, as an NPV (negative = loss)."""
    cvar95_se: Figure
    certainty_equivalent: Figure
    """Sure NPV worth as much as the draws to the framework's aversion; an alternative to RAROC and to the risk-adjusted
    rate, never to be combined with them."""
    certainty_equivalent_se: Figure
    raroc: Figure
    """Mean over the expected shortfall as a loss; an alternative to the certainty equivalent and to the risk-adjusted
    rate, never to be combined with them."""
    raroc_se: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Counts of the draws between consecutive edges; len(edges) = len(counts) + 1."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """Quantiles of cumulative net flow by calendar year."""

    years: tuple[int, ...]
    p5: tuple[float, ...]
    p25: tuple[float, ...]
    p50: tuple[float, ...]
    p75: tuple[float, ...]
    p95: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetCall:
    """What the project calls from the public purse in each calendar year (METHOD 7), in its currency and unit."""

    years: tuple[int, ...]
    planned: tuple[float, ...]
    expected: tuple[float, ...]
    """Mean over the draws."""
    expected_se: tuple[float, ...]
    """Monte Carlo standard error of `expected`."""
    p95: tuple[float, ...]
    """Ninety-fifth percentile over the draws."""
    p95_se: tuple[float, ...]
    covers_shortfalls: bool
    """Whether the public owner covers what revenue and financing do not: false where a private partner does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BiasTaken:
    """The optimism bias that was simulated for one target, as fractions of what is planned (PARAMETERS)."""

    applies_to: str
    """`capex`, `duration`, `opex` or `benefits`; benefits fall short by it, the others exceed the plan."""
    upper: float
    """Without any mitigation."""
    lower: float
    """Never less than this, which is for contract award with evidence."""
    mitigated: float
    """Sum of the contributions mitigated with evidence, 0 to 1."""
    resultant: float
    """upper x (1 - mitigated), at least the lower bound: the mean of what was simulated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskReturn:
    """Returns with their risk. Beside every simulated figure `<figure>_se` is its Monte Carlo standard error."""

    financial_npv: RiskMeasures
    """Before financing, at the financial rate."""
    economic_npv: RiskMeasures
    """To society, at the social rate."""
    equity_npv: RiskMeasures
    """To equity, at the financial rate."""
    irr_below_hurdle: Figure
    """P(FIRR < financial rate)."""
    irr_below_hurdle_se: Figure
    eirr_p50: Figure
    """Median of the economic internal rate of return, a fraction a year."""
    eirr_p50_se: Figure
    eirr_below_hurdle: Figure
    """P(EIRR < social rate)."""
    eirr_below_hurdle_se: Figure
    capex_base: Figure
    """Undiscounted capital cost as planned."""
    capex_p80: Figure
    """Undiscounted capital cost that four draws in five stay below."""
    capex_p80_se: Figure
    delay_p80: Figure
    """Delay in years that four draws in five stay below."""
    delay_p80_se: Figure
    dscr_below_1: Figure
    """P(debt cover is below 1 in any year)."""
    dscr_below_1_se: Figure
    stranded_before_debt_repaid: Figure
    """P(stranded before the last debt service)."""
    stranded_before_debt_repaid_se: Figure
    public_money: Figure
    """Present value of public money asked (METHOD 7)."""
    risk_adjusted_return: Figure
    """Certainty-equivalent economic NPV per unit of public money (METHOD 7)."""
    risk_adjusted_return_se: Figure
    risk_adjusted_rate_npv: Figure
    """Financial NPV of the plan at the risk-adjusted discount rate: an alternative to the simulated risk (certainty
    equivalent, RAROC), never on top of it."""
    budget_call: BudgetCall | None
    """None where the project calls for no public money at all."""
    economic_histogram: Histogram | None
    financial_histogram: Histogram | None
    financial_fan: Fan | None
    economic_fan: Fan | None
    largest_correlation_repair: float
    drivers_used: tuple["DriverUsed", ...]
    optimism_bias: tuple[BiasTaken, ...] = ()
    """Of each driver that is an optimism bias; empty where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverUsed:
    """A driver as it was simulated, and whether the planner or a reference class gave it."""

    driver: str
    applies_to: tuple[str, ...]
    origin: str
    """`planner` or `reference-class`."""
    description: str
    """A sentence for people, e.g. what the reference class says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitivityRow:
    driver: str
    p10: Figure
    """ENPV with this driver at its P10, the others at their median."""
    p90: Figure
    switching_value: Figure
    """Factor (or years of delay) at which ENPV is zero, the others at their median."""
    elasticity: Figure
    """Per cent of ENPV for a per cent of the driver, at the medians."""
    variance_share: Figure
    """First-order share of the variance of ENPV, 0 to 1."""
    variance_share_se: Figure


class GateStatus(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    OPEN = "open"
    """The gate applies and its answer is unknown: it blocks until answered."""
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    id: str
    """Indicator id, or `minimum:<criterion id>` for a minimum criterion score."""
    title: str
    status: GateStatus
    lifts_when: str

    @property
    def blocks(self) -> bool:
        return self.status in (GateStatus.FAILED, GateStatus.OPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorResult:
    id: str
    criterion: str
    level: Figure
    """The level counted, 0-4 (fractional for numeric answers), after the evidence cap."""
    stated_level: Figure
    capped: bool
    cap_reason: str
    evidence: str | None
    computed: bool
    explanation: str
    """For a computed indicator: the figures it was computed from, as a sentence."""
    weight: float
    """Effective weight in the total: criterion weight x weight inside the criterion."""
    contribution: Figure
    """Points of the total; contributions of answered indicators plus `adjustment` rows add up to the score."""
    low: float
    high: float
    """Least and most points of the total this indicator can give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionResult:
    id: str
    title: str
    weight: float
    score: Figure
    """0-100 from the answered indicators; Missing('unanswered') where none is."""
    low: float
    high: float
    completeness: float
    contribution: Figure
    """Points of the total."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaResult:
    """Scores on the criteria (METHOD 9)."""

    total: Figure
    interval: tuple[float, float]
    completeness: float
    """Share of weight answered, 0-1."""
    by_criterion: Mapping[str, CriterionResult]
    indicators: tuple[IndicatorResult, ...]
    gates: tuple[GateResult, ...]

    @property
    def blocked(self) -> bool:
        return any(gate.blocks for gate in self.gates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something the reader must know: a default taken, a cap applied, an answer not used."""

    code: str
    message: str
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    engine: str
    seed: int
    draws: int
    input_sha256: str
    framework: str
    """`key@version` of the framework."""
    parameters: str
    libraries: Mapping[str, str]
    """Versions of the numerical libraries that carried the computation."""
    financial: FinancialReturn
    equity: EquityReturn
    economic: EconomicReturn
    risk: RiskReturn
    sensitivity: tuple[SensitivityRow, ...]
    criteria: CriteriaResult
    problems: tuple[Note, ...] = field(default=())
