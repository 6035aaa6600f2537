"""The figures of a result in reading order, with how each is written; the PDF and the workbook show the same rows."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from appraisal.reports import figures
from scoring.result import (
    EconomicReturn,
    EquityReturn,
    Figure,
    FinancialReturn,
    Missing,
    Result,
    RiskMeasures,
    RiskReturn,
    StrandedLoss,
)


class Form(StrEnum):
    """How a figure is written."""

    MONEY = "money"
    PERCENT = "percent"
    SHARE = "share"
    RATIO = "ratio"
    COVER = "cover"
    YEARS = "years"
    CALENDAR_YEAR = "calendar-year"
    CHANCE = "chance"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class FigureRow:
    label: str
    value: Figure
    form: Form
    note: str = ""
    se: Figure | None = None

    @property
    def text(self) -> str:
        return write(self.value, self.form, self.se)


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One measure of the three distributions: economic, financial, equity."""

    label: str
    form: Form
    economic: Figure
    financial: Figure
    equity: Figure
    errors: tuple[Figure | None, ...]
    """The standard error of each, which limits its digits."""

    @property
    def values(self) -> tuple[Figure, Figure, Figure]:
        return self.economic, self.financial, self.equity

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(write(value, self.form, se) for value, se in zip(self.values, self.errors, strict=True))


_PLAIN: dict[Form, Callable[[Figure], str]] = {
    Form.SHARE: figures.share,
    Form.RATIO: figures.ratio,
    Form.COVER: figures.cover,
    Form.YEARS: figures.years,
    Form.CALENDAR_YEAR: figures.calendar_year,
    Form.POINTS: figures.points,
}
_WITH_ERROR: dict[Form, Callable[[Figure, Figure | None], str]] = {
    Form.MONEY: figures.money,
    Form.PERCENT: figures.percent,
    Form.CHANCE: figures.chance,
}


def write(value: Figure, form: Form, se: Figure | None = None) -> str:
    """The figure in words; a standard error takes away the digits it makes worthless."""
    return _PLAIN[form](value) if form in _PLAIN else _WITH_ERROR[form](value, se)


def _roots(roots: tuple[float, ...], note: str | None) -> str:
    if note is None or len(roots) < 2:  # noqa: PLR2004 -- one root needs no list
        return ""
    return "several rates fit: " + ", ".join(figures.percent(root) for root in roots)


def financial_rows(made: FinancialReturn) -> list[FigureRow]:
    """METHOD 2, before financing."""
    return [
        FigureRow("Net present value, FNPV(C)", made.npv, Form.MONEY),
        FigureRow("Internal rate of return, FIRR", made.irr, Form.PERCENT, _roots(made.irr_all, made.irr_note)),
        FigureRow("Modified rate of return, MIRR", made.mirr, Form.PERCENT),
        FigureRow("Payback", made.payback, Form.YEARS),
        FigureRow("Discounted payback", made.discounted_payback, Form.YEARS),
        FigureRow("Profitability index", made.profitability_index, Form.RATIO),
        FigureRow("Equivalent annual value", made.equivalent_annual_value, Form.MONEY),
        FigureRow(
            "Funding gap", made.funding_gap, Form.SHARE, "share of the discounted cost that revenue does not cover"
        ),
        FigureRow("Levelised cost per unit of output", made.levelised_cost, Form.MONEY),
    ]


def equity_rows(made: EquityReturn) -> list[FigureRow]:
    """METHOD 3, after financing."""
    return [
        FigureRow("Net present value, FNPV(K)", made.npv, Form.MONEY),
        FigureRow("Internal rate of return on equity", made.irr, Form.PERCENT, _roots(made.irr_all, made.irr_note)),
        FigureRow("Modified rate of return on equity, MIRR", made.mirr, Form.PERCENT),
        FigureRow("Debt cover, lowest year", made.dscr_min, Form.COVER),
        FigureRow("Year of the lowest debt cover", made.dscr_min_year, Form.CALENDAR_YEAR),
        FigureRow("Debt cover, average", made.dscr_average, Form.COVER),
        FigureRow("Loan life cover", made.llcr, Form.COVER),
        FigureRow("Project life cover", made.plcr, Form.COVER),
        FigureRow("Debt capacity", made.debt_capacity, Form.MONEY),
        FigureRow("Weighted average cost of capital", made.wacc, Form.PERCENT),
    ]


def economic_rows(made: EconomicReturn) -> list[FigureRow]:
    """METHOD 4 and 5."""
    return [
        FigureRow("Net present value, ENPV", made.npv, Form.MONEY),
        FigureRow("Internal rate of return, EIRR", made.irr, Form.PERCENT, _roots(made.irr_all, made.irr_note)),
        FigureRow("Benefit-cost ratio", made.bcr, Form.RATIO),
        FigureRow("Benefit-cost ratio, capital cost only", made.bcr_capex_only, Form.RATIO),
        FigureRow("Present value of benefits", made.pv_benefits, Form.MONEY),
        FigureRow("Present value of costs", made.pv_costs, Form.MONEY),
        FigureRow("ENPV weighted by income", made.weighted_npv, Form.MONEY),
        FigureRow("Share that reaches the two lowest groups", made.bottom_share, Form.SHARE),
    ]


def risk_rows(result: Result) -> Iterator[RiskRow]:
    """METHOD 7, the same measure of the three net present values side by side."""
    three = (result.risk.economic_npv, result.risk.financial_npv, result.risk.equity_npv)
    for label, key, form in (
        ("Mean", "mean", Form.MONEY),
        ("Standard deviation", "sd", Form.MONEY),
        ("P5: one draw in twenty is lower", "p5", Form.MONEY),
        ("P10", "p10", Form.MONEY),
        ("P50: half of the draws are lower", "p50", Form.MONEY),
        ("P90", "p90", Form.MONEY),
        ("P95", "p95", Form.MONEY),
        ("Chance of a loss", "prob_negative", Form.CHANCE),
        ("Value at risk, 95%", "var95", Form.MONEY),
        ("Mean of the worst 5%, CVaR", "cvar95", Form.MONEY),
        ("Certainty equivalent", "certainty_equivalent", Form.MONEY),
        ("Return on risk, RAROC", "raroc", Form.RATIO),
    ):
        economic, financial, equity = (_measure(each, key) for each in three)
        errors = tuple(_measure(each, "se" if key == "mean" else f"{key}_se") for each in three)
        yield RiskRow(label, form, economic, financial, equity, errors)


def _measure(made: RiskMeasures, key: str) -> Figure:
    value: Figure = getattr(made, key)
    return value


def other_risk_rows(result: Result) -> list[FigureRow]:
    risk = result.risk
    return [
        FigureRow(
            "Risk-adjusted return",
            risk.risk_adjusted_return,
            Form.RATIO,
            "certainty-equivalent economic value per unit of public money",
        ),
        FigureRow("Public money, present value", risk.public_money, Form.MONEY),
        FigureRow(
            "NPV at the risk-adjusted rate",
            risk.risk_adjusted_rate_npv,
            Form.MONEY,
            "an alternative to the simulated risk, never on top of it",
        ),
        _simulated(risk, "EIRR, P50", "eirr_p50", Form.PERCENT),
        _simulated(risk, "Chance that EIRR is below the hurdle", "eirr_below_hurdle", Form.CHANCE),
        _simulated(risk, "Chance that FIRR is below the financial rate", "irr_below_hurdle", Form.CHANCE),
        FigureRow("Capital cost as planned", risk.capex_base, Form.MONEY),
        _simulated(risk, "Capital cost, P50 estimate", "capex_p50", Form.MONEY, "half of the draws cost less"),
        _simulated(risk, "Capital cost, P80 estimate", "capex_p80", Form.MONEY, "four draws in five cost less"),
        _simulated(risk, "Delay, P80", "delay_p80", Form.YEARS),
        _simulated(risk, "Chance that debt cover falls below 1", "dscr_below_1", Form.CHANCE),
        _simulated(risk, "Chance of stranding before the debt is repaid", "stranded_before_debt_repaid", Form.CHANCE),
        *_stranded_rows(risk.stranded_loss),
    ]


def _simulated(risk: RiskReturn, label: str, key: str, form: Form, note: str = "") -> FigureRow:
    return FigureRow(label, getattr(risk, key), form, note, getattr(risk, f"{key}_se"))


def cost_estimates(risk: RiskReturn) -> str:
    """ "P50 262, P80 402": the cost estimates that exist; empty where none does."""
    both = (("P50", risk.capex_p50, risk.capex_p50_se), ("P80", risk.capex_p80, risk.capex_p80_se))
    return ", ".join(f"{name} {figures.money(value, se)}" for name, value, se in both if not isinstance(value, Missing))


ALTERNATIVES_NOTE = (
    "Each takes the risk into account in its own way. They are alternatives: a risk-adjusted rate is never applied on "
    "top of the simulated risk, and the three are never added."
)


def alternative_rows(result: Result) -> list[FigureRow]:
    """METHOD 7: three ways to one figure that has the risk in it."""
    risk, economic = result.risk, result.risk.economic_npv
    return [
        FigureRow(
            "Certainty equivalent of ENPV",
            economic.certainty_equivalent,
            Form.MONEY,
            "the sure amount that is worth as much to the programme as the uncertain return",
            economic.certainty_equivalent_se,
        ),
        FigureRow(
            "NPV at the risk-adjusted rate",
            risk.risk_adjusted_rate_npv,
            Form.MONEY,
            "as planned, discounted at the risk-free rate plus premiums for risk",
        ),
        FigureRow(
            "Return on risk, RAROC",
            economic.raroc,
            Form.RATIO,
            "mean ENPV for each unit that the worst 5 in 100 lose on average",
            economic.raroc_se,
        ),
    ]


def _stranded_rows(lost: StrandedLoss) -> Iterator[FigureRow]:
    """METHOD 8: what obsolescence takes on average."""
    note = "mean NPV without obsolescence less with it"
    yield FigureRow("Loss by obsolescence, economic", lost.economic, Form.MONEY, note, lost.economic_se)
    yield FigureRow("Loss by obsolescence, financial", lost.financial, Form.MONEY, note, lost.financial_se)


def shared_reason(values: Iterable[Figure]) -> str | None:
    """The one reason for which none of the figures exists, or None where at least one exists or reasons differ."""
    reasons = {figures.reason(value) if isinstance(value, Missing) else None for value in values}
    return next(iter(reasons)) if len(reasons) == 1 else None
