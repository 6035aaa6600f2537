"""The result `appraisal-result/1` as frozen dataclasses.

A figure that does not exist is a `Missing` with its reason code, never 0 and never NaN (METHOD 1).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scoring.criteria_result import CriteriaResult, CriterionResult, GateResult, GateStatus, IndicatorResult
from scoring.figure import Figure, Missing
from scoring.risk_result import (
    BiasTaken,
    BudgetCall,
    DriverUsed,
    Fan,
    FiscalRisk,
    FiscalRisks,
    Futures,
    Histogram,
    OptionValue,
    RiskMeasures,
    RiskReturn,
    SensitivityRow,
    StrandedLoss,
)

__all__ = [
    "SCHEMA",
    "BiasTaken",
    "BudgetCall",
    "CriteriaResult",
    "CriterionResult",
    "DriverUsed",
    "EconomicReturn",
    "EquityReturn",
    "Fan",
    "Figure",
    "FinancialReturn",
    "FiscalRisk",
    "FiscalRisks",
    "Futures",
    "GateResult",
    "GateStatus",
    "GroupValue",
    "Histogram",
    "HurdleValue",
    "IndicatorResult",
    "Missing",
    "Note",
    "OptionValue",
    "Result",
    "RiskMeasures",
    "RiskReturn",
    "SensitivityRow",
    "StrandedLoss",
]

SCHEMA = "appraisal-result/1"


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
