"""The result `appraisal-result/1` as frozen dataclasses.

A figure that does not exist is a `Missing` with its reason code, never 0 and never NaN (METHOD 1).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scoring.project_file import RiskCategory
from scoring.project_options import OptionKind, OptionView

SCHEMA = "appraisal-result/1"


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a figure does not exist: `no-sign-change`, `multiple-roots`, `not-reached`, `no-debt`, …"""

    reason: str
    """One of `scoring.reasons.REASONS`."""


Figure = float | Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class HurdleValue:
    rate: float
    """Hurdle rate, a fraction a year."""
    npv: float
    """Net present value at it, in the project's currency and unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinancialReturn:
    """Return on the investment before financing (METHOD 2), in the project's currency and unit."""

    npv: Figure
    """FNPV(C) at the financial rate, in money; negative = revenue does not cover the cost."""
    irr: Figure
    """FIRR, a fraction a year; of several the one closest to zero."""
    irr_all: tuple[float, ...]
    """Every internal rate, ascending, fractions a year: one alone wherever it lies above -1, several in (-0.99, 10)."""
    irr_note: str | None
    """`multiple-roots` where `irr` is one of several."""
    mirr: Figure
    """Modified internal rate, a fraction a year, at the finance and reinvestment rates."""
    payback: Figure
    """Years from period 0 until the flows have paid back for good."""
    discounted_payback: Figure
    """The same of the discounted flows, in years."""
    profitability_index: Figure
    """Present value of the net operating flows over that of capital cost; above 1 = it pays."""
    equivalent_annual_value: Figure
    """The NPV as a level yearly amount, in money."""
    funding_gap: Figure
    """Part of the discounted investment that net revenue does not cover, 0 to 1."""
    levelised_cost: Figure
    """Present value of costs over that of output: money for each unit of `output`."""
    by_hurdle: tuple[HurdleValue, ...]
    """FNPV(C) at each hurdle rate."""
    net_flow: tuple[float, ...]
    """Net flow by period, in money, outflows negative."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EquityReturn:
    """Return to equity and debt cover (METHOD 3)."""

    npv: Figure
    """FNPV(K) at the financial rate, in money."""
    irr: Figure
    """Equity IRR, a fraction a year; of several the one closest to zero."""
    irr_all: tuple[float, ...]
    """Every internal rate, ascending, fractions a year: one alone wherever it lies above -1, several in (-0.99, 10)."""
    irr_note: str | None
    """`multiple-roots` where `irr` is one of several."""
    mirr: Figure
    """Modified internal rate of the equity flow, a fraction a year."""
    dscr_min: Figure
    """Least debt service cover, CFADS over debt service; below 1 = cash does not cover it."""
    dscr_min_year: Figure
    """Calendar year of the minimum, as a whole number."""
    dscr_average: Figure
    """Mean debt service cover over the years of service."""
    llcr: Figure
    """Loan life cover: worth of CFADS until the debt is repaid, over the debt owed at the first service."""
    plcr: Figure
    """Project life cover: the same over all remaining years."""
    dscr: tuple[float | None, ...]
    """By period; None where no debt service falls due."""
    debt_capacity: Figure
    """Debt that the positive CFADS serve at the target cover, in money, at most the gearing cap."""
    wacc: Figure
    """Weighted average cost of equity and debt before tax, a fraction a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupValue:
    """What falls to one income group, as economic present values in the project's currency and unit (METHOD 5)."""

    group: str
    """`unallocated` is the part of the lines that no group is named for."""
    pv_benefits: Figure
    """Present value of the benefits, in money; a harm lowers it."""
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
    """ENPV at the social rate, in money."""
    irr: Figure
    """EIRR, a fraction a year; of several the one closest to zero."""
    irr_all: tuple[float, ...]
    """Every internal rate, ascending, fractions a year: one alone wherever it lies above -1, several in (-0.99, 10)."""
    irr_note: str | None
    """`multiple-roots` where `irr` is one of several."""
    bcr: Figure
    """PV of benefits over PV of capital and operating cost."""
    bcr_capex_only: Figure
    """PV of benefits less operating cost, over PV of capital cost."""
    pv_benefits: Figure
    """Present value of benefits, residual value included, in money."""
    pv_costs: Figure
    """Present value of capital and operating cost, in money, positive."""
    weighted_npv: Figure
    """ENPV with each group's part at its welfare weight, in money."""
    bottom_share: Figure
    """Part of the whole net benefit, the unallocated part included, that reaches the two lowest groups."""
    by_group: tuple[GroupValue, ...] = ()
    """Poorest first, `unallocated` last; empty where no line is split."""
    losing_groups: tuple[str, ...] = ()
    """Income groups whose allocated costs exceed their benefits (METHOD 5)."""
    revenue_role: str
    """`benefit` or `transfer`: how revenue lines without a role of their own were taken; `mixed` where lines differ."""
    by_hurdle: tuple[HurdleValue, ...]
    """ENPV at each hurdle rate."""
    net_flow: tuple[float, ...]
    """Economic net flow by period, in money, costs negative."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskMeasures:
    """Distribution of one NPV over the draws (METHOD 7), in the project's currency and unit.

    Beside every figure `<figure>_se` is its Monte Carlo standard error, from the spread between independent replicates.
    """

    mean: Figure
    """Mean of the draws."""
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
    """Edges of the bins, in money, ascending."""
    counts: tuple[int, ...]
    """Draws in each bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """Quantiles of cumulative net flow by calendar year."""

    years: tuple[int, ...]
    """Calendar years."""
    p5: tuple[float, ...]
    """Fifth percentile of the cumulative flow, in money."""
    p25: tuple[float, ...]
    """Twenty-fifth percentile of the cumulative flow, in money."""
    p50: tuple[float, ...]
    """Fiftieth percentile of the cumulative flow, in money."""
    p75: tuple[float, ...]
    """Seventy-fifth percentile of the cumulative flow, in money."""
    p95: tuple[float, ...]
    """Ninety-fifth percentile of the cumulative flow, in money."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetCall:
    """What the project calls from the public purse in each calendar year (METHOD 7), in its currency and unit."""

    years: tuple[int, ...]
    """Calendar years."""
    planned: tuple[float, ...]
    """The call as planned, in money, positive."""
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
class OptionValue:
    """What one option adds (METHOD 8): expected NPV in its view with it less without it, on the same draws.

    Each option is valued on its own: values of several do not add up.
    """

    name: str
    """As the project file calls it."""
    kind: OptionKind
    """What may be done."""
    view: OptionView
    """Whose NPV it is: the investment's own cash before financing, or society's."""
    value: Figure
    """At most what the best rule would give: the rule is fitted on other draws than it is measured on."""
    se: Figure
    """Monte Carlo standard error of `value`."""
    value_without: Figure
    """Mean NPV of the plan as it stands; for a delay, of building at once or never, whichever is better."""
    value_with: Figure
    """Mean NPV with the option."""
    exercised: Figure
    """Share of the draws in which it is used: given up, built later than planned or never, phase 2 left out."""
    expected_year: Figure
    """Mean calendar year of giving up, of building after a wait, or of the decision, where it is used."""
    given_up: Figure
    """Share of the draws in which the project, or its phase 2, is not carried to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StrandedLoss:
    """What obsolescence takes on average (METHOD 8): mean NPV without the hazard less with it, on the same draws."""

    economic: Figure
    """Mean economic NPV lost."""
    economic_se: Figure
    financial: Figure
    """Mean financial NPV lost."""
    financial_se: Figure
    financial_p95: Figure
    """95th percentile of the financial loss over the draws that are stranded before their service would end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FiscalRisk:
    """One category of the fiscal-risk matrix (PARAMETERS); money undiscounted, in the project's currency and unit."""

    category: RiskCategory
    """Its key."""
    title: str
    """Its name in words."""
    events: tuple[str, ...]
    """What the project states of it."""
    probability: Figure
    """That any of it happens over the life, after mitigation."""
    expected: Figure
    """Mean cost and lost revenue over the life, after mitigation."""
    p95: Figure
    """Cost and lost revenue of the worst event when it happens, at the 95th percentile of its cost."""
    impact_share: Figure
    """`p95` as a share of public money, or of capital cost where none is asked."""
    likelihood: str | None
    """Class of the probability; null where it is not assessed."""
    impact: str | None
    """Class of the impact's share; null where it is not assessed."""
    mitigated: bool | None
    """Whether a mitigation is stated for all of it; None where nothing is stated."""
    rating: str | None
    """What likelihood, impact and mitigation come to; null where it is not assessed."""
    rating_before_mitigation: str | None
    """The same without what mitigates it."""
    not_assessed: str | None
    """Why there is no rating; None where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FiscalRisks:
    """Likelihood x fiscal impact x mitigation -> rating over the categories (PARAMETERS)."""

    base: Figure
    """What impacts are measured against."""
    base_is: str
    """`public-money` or `capital-cost`."""
    borne_by_public: bool
    """False where a private partner carries shortfalls: then the ratings say what falls to the public if it fails."""
    parameters: str
    """The version of the bounds and ratings."""
    rows: tuple[FiscalRisk, ...]
    """One for each category."""


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
    stranded_loss: StrandedLoss
    """What obsolescence takes on average."""
    options: tuple[OptionValue, ...]
    """What each option adds, in the order of the project file."""
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
    fiscal_risks: FiscalRisks
    """What risks could cost the public purse, by category."""
    economic_histogram: Histogram | None
    """Of the economic NPV; null where the draws do not differ."""
    financial_histogram: Histogram | None
    """Of the financial NPV; null where the draws do not differ."""
    financial_fan: Fan | None
    """Of the cumulative financial flow."""
    economic_fan: Fan | None
    """Of the cumulative economic flow."""
    largest_correlation_repair: float
    """Largest change of a stated correlation, so that a joint distribution exists; 0 = none."""
    drivers_used: tuple["DriverUsed", ...]
    """What was uncertain, as it was simulated."""
    optimism_bias: tuple[BiasTaken, ...] = ()
    """Of each driver that is an optimism bias; empty where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverUsed:
    """A driver as it was simulated, and whether the planner or a reference class gave it."""

    driver: str
    """Its name, unique in the project."""
    applies_to: tuple[str, ...]
    """Names of the lines it multiplies."""
    origin: str
    """`planner` or `reference-class`."""
    description: str
    """A sentence for people, e.g. what the reference class says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitivityRow:
    driver: str
    """As in `risk.drivers_used`."""
    p10: Figure
    """ENPV with this driver at its P10, the others at their median."""
    p90: Figure
    """ENPV with this driver at its P90, the others at their median."""
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
    """What it asks for."""
    status: GateStatus
    """`passed`, `failed`, `open` (unanswered, so it blocks) or `not-applicable`."""
    lifts_when: str
    """What would lift it."""

    @property
    def blocks(self) -> bool:
        return self.status in (GateStatus.FAILED, GateStatus.OPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorResult:
    id: str
    """Indicator id of the framework."""
    criterion: str
    """Criterion id it belongs to."""
    level: Figure
    """The level counted, 0-4 (fractional for numeric answers), after the evidence cap."""
    stated_level: Figure
    """The level as answered or computed, 0-4, before the cap."""
    capped: bool
    """Whether evidence capped it."""
    cap_reason: str
    """Why it was capped; empty where not."""
    evidence: str | None
    """Evidence grade of the answer, E0 to E3."""
    computed: bool
    """Whether the tool computed it."""
    explanation: str
    """For a computed indicator: the figures it was computed from, as a sentence."""
    weight: float
    """Effective weight in the total: criterion weight x weight inside the criterion."""
    contribution: Figure
    """Points of the total; contributions of answered indicators plus `adjustment` rows add up to the score."""
    low: float
    """Least points of the total this indicator can give."""
    high: float
    """Least and most points of the total this indicator can give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionResult:
    id: str
    """Criterion id of the framework."""
    title: str
    """Its title."""
    weight: float
    """Its weight in the total; the weights add up to 1."""
    score: Figure
    """0-100 from the answered indicators; Missing('unanswered') where none is."""
    low: float
    """Its score with everything unknown at worst, 0-100."""
    high: float
    """Its score with everything unknown at best, 0-100."""
    completeness: float
    """Share of its weight answered, 0-1."""
    contribution: Figure
    """Points of the total."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaResult:
    """Scores on the criteria (METHOD 9)."""

    total: Figure
    """0-100 from the answered indicators."""
    interval: tuple[float, float]
    """The total with everything unknown at worst and at best."""
    completeness: float
    """Share of weight answered, 0-1."""
    by_criterion: Mapping[str, CriterionResult]
    """By criterion id."""
    indicators: tuple[IndicatorResult, ...]
    """Every indicator of the framework."""
    gates: tuple[GateResult, ...]
    """Every gate of the framework."""

    @property
    def blocked(self) -> bool:
        return any(gate.blocks for gate in self.gates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something the reader must know: a default taken, a cap applied, an answer not used."""

    code: str
    """A word that programs can act on."""
    message: str
    """A sentence for people."""
    path: str = ""
    """Field of the project file it is about; empty where none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    engine: str
    """Version of the engine that computed it."""
    seed: int
    """Start of the random stream."""
    draws: int
    """Simulated futures."""
    input_sha256: str
    """SHA-256 of the project file in canonical form."""
    sampler: str = "sobol"
    """How the futures were drawn: `sobol` (scrambled) or `pseudo-random`."""
    framework: str
    """`key@version` of the framework."""
    parameters: str
    """`key@version` of the parameter set."""
    libraries: Mapping[str, str]
    """Versions of the numerical libraries that carried the computation."""
    financial: FinancialReturn
    """Return on the investment before financing."""
    equity: EquityReturn
    """Return to equity and debt cover."""
    economic: EconomicReturn
    """Return to society."""
    risk: RiskReturn
    """The same with their risk."""
    sensitivity: tuple[SensitivityRow, ...]
    """One row a driver, the most telling first."""
    criteria: CriteriaResult
    """Scores on the criteria."""
    problems: tuple[Note, ...] = field(default=())
    """What the reader must know: defaults taken, caps applied, answers not used."""
