"""The return with its risk, part of `appraisal-result/1` (METHOD 7, 8)."""

from dataclasses import dataclass

from scoring.figure import Figure, Missing
from scoring.project_options import OptionKind, OptionView
from scoring.vocabulary import RiskCategory

NOT_YET = Missing("earlier-engine")
"""Of a figure that results stored by earlier engines do not have."""


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
class Futures:
    """A hundred of the draws, one from the middle of each hundredth by economic NPV, in that order (METHOD 10, ADR 20).

    What stands at the same place is of the same draw, so that figures that go together stay together. A list is empty
    where the project has no such figure or nothing in its framework asks for it.
    """

    economic_npv: tuple[float, ...]
    """In money, ascending."""
    capital_cost: tuple[float, ...]
    """Undiscounted, in money."""
    delay: tuple[float, ...]
    """Years after the planned opening."""
    debt_cover: tuple[float, ...]
    """Least cover of debt service of any year."""
    benefit_cost_ratio: tuple[float, ...]
    """Present value of benefits over that of costs."""
    bottom_share: tuple[float | None, ...]
    """Part of the net benefit that reaches the two lowest income groups; null where there is no net benefit."""


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
    capex_p50: Figure = NOT_YET
    """Undiscounted capital cost that half of the draws stay below: the P50 cost estimate."""
    capex_p50_se: Figure = NOT_YET
    capex_p80: Figure
    """Undiscounted capital cost that four draws in five stay below: the P80 cost estimate."""
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
    futures: Futures | None = None
    """What ranks and indicators are drawn from; null where there is nothing to simulate."""


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
