"""Options and the fiscal-risk matrix as numbers, every category of it."""

from typing import Any

from appraisal.reports import figures
from appraisal.reports.exposure_tables import (
    FISCAL_HEADS,
    OPTION_HEADS,
    OPTION_NOTE,
    OptionRow,
    fiscal_finding,
    fiscal_note,
    mitigation,
    rating,
)
from appraisal.reports.report import AppraisalReport
from appraisal.reports.return_tables import Form
from appraisal.reports.sheets.sheet import Sheet
from scoring.result import Missing

_OPTION_FORMS = (None, None, *[Form.MONEY] * 3, Form.CHANCE, Form.CALENDAR_YEAR, Form.CHANCE, Form.MONEY)
_FISCAL_FORMS = (None, Form.CHANCE, None, Form.MONEY, Form.MONEY, Form.PERCENT)


def exposure_sheet(book: Any, report: AppraisalReport) -> None:
    sheet = Sheet(book, "Options and fiscal risks", (40, 46, 18, 18, 18, 18, 22, 30, 40))
    sheet.title("Options and fiscal risks")
    sheet.note(f"Money in {figures.MoneyUnit.of(report.project).long}.")
    _options(sheet, report)
    _fiscal(sheet, report)


def _options(sheet: Sheet, report: AppraisalReport) -> None:
    options = report.result.risk.options
    sheet.gap()
    if not options:
        sheet.note("No option is stated.")
        return
    sheet.note(OPTION_NOTE)
    sheet.head(("Option", "What it is", *OPTION_HEADS, "Standard error of what it adds"))
    for made in options:
        row = OptionRow(made)
        sheet.row((made.name, row.what, *row.values, made.se), _OPTION_FORMS)


def _fiscal(sheet: Sheet, report: AppraisalReport) -> None:
    made = report.result.risk.fiscal_risks
    sheet.gap()
    sheet.note(f"{fiscal_finding(made)}. {fiscal_note(made)} Classes and ratings: {made.parameters}.")
    likelihood, mean, worst, impact, mitigated, rated = FISCAL_HEADS
    sheet.head(("Category", likelihood, "Class", mean, worst, impact, "Class", mitigated, rated, "Events"))
    for row in made.rows:
        reason = "" if row.not_assessed is None else f": {figures.reason(Missing(row.not_assessed))}"
        sheet.row(
            (
                row.title,
                row.probability,
                row.likelihood,
                row.expected,
                row.p95,
                row.impact_share,
                row.impact,
                mitigation(row),
                f"{rating(row)}{reason}",
                ", ".join(row.events),
            ),
            _FISCAL_FORMS,
        )
