"""The cash flows as numbers with years across, and the discount factors as live formulas (METHOD 2)."""

from dataclasses import dataclass
from typing import Any

from appraisal.reports import figures
from appraisal.reports.flow_rows import flow_rows
from appraisal.reports.report import AppraisalReport
from appraisal.reports.return_tables import Form
from appraisal.reports.sheets.sheet import Sheet, cell_name, span
from scoring.project_file import Rate, Timing

FIRST_YEAR_COLUMN = 4
NAME = "Cash flows"


@dataclass(frozen=True, slots=True)
class FlowCells:
    """Where other sheets find the flows: ranges and cells with the sheet's name."""

    period: str
    financial: str
    economic: str
    financial_factor: str
    social_factor: str
    mid_year: bool


def rate_in(rate: Rate, period: int) -> float:
    """The rate in force in a period; a schedule holds (from period, rate) in ascending order."""
    if isinstance(rate, int | float):
        return float(rate)
    return float([value for start, value in rate if start <= period][-1])


def rates_used(report: AppraisalReport) -> tuple[Rate, Rate]:
    """Financial and social rate: the project's, else the framework's."""
    given, defaults = report.project.rates, report.framework.economics
    financial = defaults.financial_rate if given.financial is None else given.financial
    social = defaults.social_rate if given.social is None else given.social
    return financial, social


def flow_sheet(book: Any, report: AppraisalReport) -> FlowCells | None:
    """None where the project has no cash flow."""
    project = report.project
    periods = project.cash_flows.periods
    sheet = Sheet(book, NAME, (36, 24, 12, 22))
    sheet.title("Cash flows")
    sheet.note(f"Money in {figures.MoneyUnit.of(project).long}; money out is negative. Period 0 is not discounted.")
    if not periods:
        sheet.note("No cash flow is given.")
        return None
    years = [str(project.cash_flows.first_year + period) for period in range(periods)]
    sheet.head(("Line", "What it is", "In the financial flow, 1 or 0", "Unit", *years), freeze=True, first_column=1)
    first, last = _lines(sheet, report)
    sheet.gap()
    return _below(sheet, report, first, last)


def _lines(sheet: Sheet, report: AppraisalReport) -> tuple[int, int]:
    unit = figures.MoneyUnit.of(report.project).short
    first = sheet.at
    for row in flow_rows(report.project):
        sheet.row((row.name, row.kind, int(row.financial), "t CO2" if row.in_tonnes else unit, *row.amounts))
    return first, sheet.at - 1


def _below(sheet: Sheet, report: AppraisalReport, first: int, last: int) -> FlowCells:
    result, periods = report.result, report.project.cash_flows.periods
    flags = span((first, 2), (last, 2))
    columns = range(FIRST_YEAR_COLUMN, FIRST_YEAR_COLUMN + periods)
    period = sheet.row(("Period", "years from the first", None, "", *range(periods)))
    financial = sheet.row(("Net financial flow", "live: lines marked 1", None, ""), bold=True)
    for column, value in zip(columns, result.financial.net_flow, strict=False):
        lines = f"{cell_name(first, column)}:{cell_name(last, column)}"
        sheet.formula(financial, column, f"=SUMPRODUCT({flags},{lines})", value, Form.MONEY, bold=True)
    economic = sheet.row(
        ("Net economic flow", "as computed by the tool", None, "", *result.economic.net_flow),
        [None] * FIRST_YEAR_COLUMN + [Form.MONEY] * periods,
        bold=True,
    )
    mid = report.project.timing is Timing.MID
    factors = [
        _factors(sheet, name, rate, periods, mid_year=mid)
        for name, rate in zip(("Financial", "Social"), rates_used(report), strict=True)
    ]

    def across(row: int) -> str:
        return f"'{NAME}'!{span((row, FIRST_YEAR_COLUMN), (row, FIRST_YEAR_COLUMN + periods - 1))}"

    return FlowCells(across(period), across(financial), across(economic), across(factors[0]), across(factors[1]), mid)


def _factors(sheet: Sheet, name: str, rate: Rate, periods: int, *, mid_year: bool) -> int:
    """Yearly rates and, live under them, the factors chained from them; returns the row of the factors.

    With flows in the middle of their years every factor is multiplied by (1+r)^0.5, r the rate of its year (METHOD 1).
    """
    rates = [rate_in(rate, period) for period in range(periods)]
    rate_row = sheet.row(
        (f"{name} rate", "a year", None, "", *rates), [None] * FIRST_YEAR_COLUMN + [Form.PERCENT] * periods
    )
    chain_row = sheet.row((f"{name} factor, end of year" if mid_year else f"{name} discount factor", "live", None, ""))
    chained = [1.0]
    sheet.write(chain_row, FIRST_YEAR_COLUMN, 1.0)
    for period in range(1, periods):
        column = FIRST_YEAR_COLUMN + period
        chained.append(chained[-1] / (1 + rates[period]))
        formula = f"={cell_name(chain_row, column - 1)}/(1+{cell_name(rate_row, column)})"
        sheet.formula(chain_row, column, formula, chained[-1])
    if not mid_year:
        return chain_row
    row = sheet.row((f"{name} discount factor", "live, middle of the year", None, ""))
    for period, factor in enumerate(chained):
        column = FIRST_YEAR_COLUMN + period
        formula = f"={cell_name(chain_row, column)}*(1+{cell_name(rate_row, column)})^0.5"
        sheet.formula(row, column, formula, factor * (1 + rates[period]) ** 0.5)
    return row
