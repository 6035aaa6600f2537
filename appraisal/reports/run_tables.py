"""The tables of one appraisal by name, as texts: each the same on a page and as a file."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from appraisal.reports import exposure_tables, figures, findings, return_tables
from appraisal.reports.charts.tornado import driver_words
from appraisal.reports.flow_rows import flow_rows
from appraisal.reports.report import AppraisalReport
from appraisal.reports.return_tables import FigureRow, Form, RiskRow
from scoring.result import Figure

ORIGIN = {
    "planner": "the planner",
    "reference-class": "reference class",
    "own-projects": "the city's completed projects",
}
GROUP_WORDS = {"unallocated": "not allocated"}
Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTable:
    """A table whose title states the finding; the first column names the rows."""

    title: str
    columns: tuple[str, ...]
    rows: Rows
    notes: Mapping[str, str] = field(default_factory=dict)
    """What a row must say beside its name, by that name."""
    note: str = ""
    words: bool = False
    """Whether the columns after the first hold words, not figures."""
    totals: int = 0
    """How many of the last rows sum up the others."""

    @property
    def empty(self) -> bool:
        return not self.rows


Maker = Callable[[AppraisalReport], RunTable]


def _measures(title: str, rows: Iterable[FigureRow], note: str = "") -> RunTable:
    made = list(rows)
    reason = return_tables.shared_reason(row.value for row in made)
    return RunTable(
        title=title,
        columns=("Measure", "Value"),
        rows=() if reason else tuple((row.label, row.text) for row in made),
        notes={row.label: row.note for row in made if row.note},
        note=f"No figure: {reason}." if reason else note,
    )


def financial(report: AppraisalReport) -> RunTable:
    made = report.result.financial
    return _measures(findings.on_investment(made), return_tables.financial_rows(made))


def equity(report: AppraisalReport) -> RunTable:
    made = report.result.equity
    return _measures(findings.to_owners(made), return_tables.equity_rows(made))


def economic(report: AppraisalReport) -> RunTable:
    made = report.result.economic
    note = findings.REVENUE_WORDS.get(made.revenue_role, "")
    return _measures(findings.to_society(made), return_tables.economic_rows(made), note)


def groups(report: AppraisalReport) -> RunTable:
    """Who gains: what reaches each income group, present values (METHOD 5)."""
    made = report.result.economic
    return RunTable(
        title="What reaches each income group",
        columns=("Group", "Benefits", "Costs", "Net", "Weight"),
        rows=tuple(
            (
                GROUP_WORDS.get(each.group, each.group),
                *(figures.money(value) for value in (each.pv_benefits, each.pv_costs, each.net)),
                figures.number(each.weight, 2),
            )
            for each in made.by_group
        ),
        note="" if made.by_group else "No line says which income groups it reaches.",
    )


def hurdles(report: AppraisalReport) -> RunTable:
    """Net present values at the rates side by side (METHOD 2)."""
    financial_npv = {each.rate: each.npv for each in report.result.financial.by_hurdle}
    economic_npv = {each.rate: each.npv for each in report.result.economic.by_hurdle}
    rates = sorted(financial_npv.keys() | economic_npv.keys())
    return RunTable(
        title="Net present value at other discount rates",
        columns=("Rate a year", "Financial NPV", "Economic NPV"),
        rows=tuple(
            (
                figures.percent(rate),
                *(figures.money(npvs[rate]) if rate in npvs else "" for npvs in (financial_npv, economic_npv)),
            )
            for rate in rates
        ),
    )


def cash_flow(report: AppraisalReport) -> RunTable:
    """Every line with the sign its kind carries, and the net flows under them."""
    result, first = report.result, report.project.cash_flows.first_year
    nets = [
        (name, "", *(figures.money(value) for value in flow))
        for name, flow in (
            ("Net financial flow", result.financial.net_flow),
            ("Net economic flow", result.economic.net_flow),
        )
        if flow
    ]
    lines = [(row.name, row.kind, *figures.amounts(row.amounts)) for row in flow_rows(report.project)]
    years = range(first, first + report.project.cash_flows.periods)
    return RunTable(
        title="The cash flows by year",
        columns=("Line", "What it is", *map(str, years)),
        rows=(*lines, *nets),
        note="Money out is negative. Amounts as entered, to two decimals.",
        totals=len(nets),
    )


def distributions(report: AppraisalReport) -> RunTable:
    """METHOD 7, with the Monte Carlo standard error beside what it belongs to."""
    rows = list(return_tables.risk_rows(report.result))
    reason = return_tables.shared_reason(row.equity for row in rows)
    shown = ("Economic NPV", "Financial NPV") if reason else ("Economic NPV", "Financial NPV", "Equity NPV")
    return RunTable(
        title="What the draws say of each return",
        columns=("Measure", *(text for name in shown for text in (name, "±"))),
        rows=tuple((row.label, *_with_errors(row, len(shown))) for row in rows),
        note="± is the Monte Carlo standard error; no figure has more digits than its error carries."
        + (f" Equity NPV has no distribution: {reason}." if reason else ""),
    )


def _with_errors(row: RiskRow, count: int) -> list[str]:
    cells = []
    for text, error in list(zip(row.texts, row.errors, strict=True))[:count]:
        cells += [text, _error(error, row.form)]
    return cells


def _error(error: Figure | None, form: Form) -> str:
    if not isinstance(error, float) or error <= 0:
        return ""
    return figures.error(100 * error) + " in 100" if form is Form.CHANCE else figures.error(error)


def alternatives(report: AppraisalReport) -> RunTable:
    rows = return_tables.alternative_rows(report.result)
    return _measures("Three ways to one figure with the risk in it", rows, return_tables.ALTERNATIVES_NOTE)


def other_measures(report: AppraisalReport) -> RunTable:
    shown = {row.label for row in return_tables.alternative_rows(report.result)}
    rows = [row for row in return_tables.other_risk_rows(report.result) if row.label not in shown]
    return _measures("Cost, delay and debt under risk", rows)


def drivers(report: AppraisalReport) -> RunTable:
    used = report.result.risk.drivers_used
    given = sum(each.origin == "planner" for each in used)
    repair = report.result.risk.largest_correlation_repair
    moved = (
        "The correlations given could not hold together; they were moved to the nearest that can, the largest by "
        f"{figures.number(repair, 2)}."
    )
    return RunTable(
        title=f"{len(used)} uncertain quantities: {given} as the planner said, {len(used) - given} by reference class",
        columns=("What is uncertain", "Lines", "Given by", "How"),
        rows=tuple(
            (
                driver_words(each.driver),
                ", ".join(each.applies_to),
                ORIGIN.get(each.origin, each.origin),
                each.description,
            )
            for each in used
        ),
        note=moved if repair > 0 else "",
        words=True,
    )


def options(report: AppraisalReport) -> RunTable:
    """METHOD 8: what each option stated adds."""
    made = [exposure_tables.OptionRow(each) for each in report.result.risk.options]
    if not made:
        return RunTable(
            title="No option to abandon, wait or stage is stated",
            columns=("Option", *exposure_tables.OPTION_HEADS),
            rows=(),
            note="A project file states them under uncertainty.options; they are then valued here.",
        )
    return RunTable(
        title=exposure_tables.option_finding(report.result.risk.options),
        columns=("Option", *exposure_tables.OPTION_HEADS),
        rows=tuple((row.made.name, *row.texts) for row in made),
        notes={row.made.name: row.what for row in made},
        note=exposure_tables.OPTION_NOTE,
    )


def fiscal_risks(report: AppraisalReport) -> RunTable:
    """What risks could cost the public purse, by category; what is not assessed is said and not left out."""
    matrix = report.result.risk.fiscal_risks
    return RunTable(
        title=exposure_tables.fiscal_finding(matrix),
        columns=("Category", *exposure_tables.FISCAL_HEADS),
        rows=tuple((row.made.title, *row.texts) for row in exposure_tables.fiscal_rows(matrix)),
        note=" ".join((exposure_tables.fiscal_note(matrix), *exposure_tables.not_assessed(matrix))),
    )


TABLES: Mapping[str, Maker] = {
    "financial": financial,
    "equity": equity,
    "economic": economic,
    "hurdles": hurdles,
    "groups": groups,
    "cash-flow": cash_flow,
    "distributions": distributions,
    "alternatives": alternatives,
    "other-measures": other_measures,
    "drivers": drivers,
    "options": options,
    "fiscal-risks": fiscal_risks,
}
"""By the name under which each is addressed."""
FURTHER_RISK: tuple[str, ...] = ("other-measures", "options", "fiscal-risks")
"""Tables of the Risk page after its pictures: a table added to `TABLES` is shown there once it is named here."""
