"""The report of a programme as a workbook: choose otherwise, and budgets, totals, shares and rules compute again."""

import io
from typing import Any

from appraisal.reports import figures
from appraisal.reports.programme_document import STANDINGS, record_rows
from appraisal.reports.programme_report import FrontierLine, ProgrammeReport
from appraisal.reports.return_tables import Form
from appraisal.reports.sheets.programme import Cells, budget_sheet, group_sheet, project_sheet, rule_sheet, year_sheet
from appraisal.reports.sheets.sheet import Sheet, cell_name
from appraisal.reports.workbook import OPTIONS


def programme_workbook(report: ProgrammeReport) -> bytes:
    """The report as XLSX bytes."""
    import xlsxwriter  # noqa: PLC0415 -- only an export needs it

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    book.set_properties(
        {
            "title": f"Programme of {report.round_name}"[:255],
            "author": report.made_by[:255],
            "created": report.generated_at.replace(tzinfo=None),
        }
    )
    _read_me(book, report)
    summary = Sheet(book, "Summary", (44, 22, 22, 16, 70))
    cells = project_sheet(book, report)
    years = year_sheet(book, report, cells)
    kept = [
        budget_sheet(book, report, cells, years),
        *group_sheet(book, report, cells),
        *rule_sheet(book, report, cells),
    ]
    _summary(summary, report, cells, kept)
    _futures(book, report)
    _frontiers(book, report)
    _ranks(book, report)
    _method(book, report)
    book.close()
    return out.getvalue()


def _read_me(book: Any, report: ProgrammeReport) -> None:
    sheet = Sheet(book, "Read me", (28, 110))
    sheet.title("Read me")
    for name, value in (
        ("What this is", f"The programme of {report.round_name}, {report.standing}: {report.title}"),
        ("Money", report.money_long),
        ("Values", report.value_name),
        *record_rows(report),
        ("Missing figures", "A figure that does not exist is written as the reason, never as 0."),
        (
            "Live formulas",
            "Write 1 or 0 in the column Chosen of the sheet Projects, or change a budget: what is used by year and "
            "source, the totals, the shares and whether each rule is kept compute again. A project that the programme "
            "does not have stands with the value and the yearly costs of its planned year.",
        ),
        (
            "Not live",
            "That no better programme exists was proven by the solver, or the gap is stated; the futures, the "
            "frontiers and the ranks are results of the tool.",
        ),
    ):
        sheet.row((name, value))


def _summary(sheet: Sheet, report: ProgrammeReport, cells: Cells, kept: list[str]) -> None:
    sheet.title(report.title)
    sheet.note(f"{report.certificate[:1].upper()}{report.certificate[1:]}.")
    sheet.gap()
    sheet.head(("Figure", "Live", "Stored with the report", "Difference", "Note"))
    cut = [each for each in report.candidates if each.in_cut]
    naive = sum(each.value for each in cut if isinstance(each.value, int | float))
    naive_cost = sum(each.cost for each in cut)
    lines: list[tuple[str, str, float, Form | None, str]] = [
        ("Projects chosen", f"=SUM({cells.chosen})", len(report.chosen), None, ""),
        (f"Value, {report.value_name}", f"=SUM({cells.value_counted})", report.value, Form.MONEY, ""),
        (f"Cost, {report.money}", f"=SUM({cells.cost_counted})", report.spent, Form.MONEY, ""),
        ("Value of rank and cut", f"=SUM({cells.cut_value})", naive, Form.MONEY, report.cut_said),
        ("Cost of rank and cut", f"=SUMPRODUCT({cells.in_cut},{cells.cost})", naive_cost, Form.MONEY, ""),
    ]
    for name, formula, stored, form, note in lines:
        row = sheet.row((name, None, stored, None, note), (None, None, form))
        sheet.formula(row, 1, formula, stored, form, bold=True)
        sheet.formula(row, 3, f"={cell_name(row, 1)}-{cell_name(row, 2)}", 0.0, form)
    row = sheet.row(("Rules and budgets kept, 1 or 0", None, 1, None, "Each stands on its own sheet."))
    sheet.formula(row, 1, f"={'*'.join(kept)}", 1.0, bold=True)
    sheet.formula(row, 3, f"={cell_name(row, 1)}-{cell_name(row, 2)}", 0.0)
    sheet.gap()
    sheet.head(("What was found", "", "", "", "Note"))
    for value, label, note in report.facts:
        sheet.row((label, value, None, None, note))
    sheet.row(("First out", report.first_out))
    for words in report.notes:
        sheet.note(words)


def _futures(book: Any, report: ProgrammeReport) -> None:
    sheet = Sheet(book, "Futures", (14, 44, 18, 20))
    sheet.title("Who stays in the programme in simulated futures")
    sheet.note(report.futures or "That was not told in time.")
    head = sheet.head(("Reference", "Project", "Of the futures", "Standing"), freeze=True)
    for each in sorted(report.candidates, key=lambda each: (-(each.share or 0.0), each.reference)):
        if each.share is not None:
            sheet.row((each.reference, each.title, each.share, STANDINGS[each.standing]), (None, None, Form.PERCENT))
    sheet.filter(head, sheet.at - 1, 4)


def _frontiers(book: Any, report: ProgrammeReport) -> None:
    sheet = Sheet(book, "Frontiers", (30, 30, 70))
    sheet.title("Value against budget, and against risk")
    _frontier(sheet, f"Budget, {report.money}, all budgets in proportion", report.budget_frontier, report)
    sheet.gap()
    across = f"Mean loss in the worst {report.tail:g}% of the futures, {report.money}"
    _frontier(sheet, across, report.risk_frontier, report)


def _frontier(sheet: Sheet, across: str, lines: tuple[FrontierLine, ...], report: ProgrammeReport) -> None:
    sheet.head((across, f"Value, {report.value_name}", "Who enters"))
    for line in lines:
        sheet.row((line.at, line.value, line.entering), (Form.MONEY, Form.MONEY))
    if not lines:
        sheet.note("Not known, or not told in time.")


def _ranks(book: Any, report: ProgrammeReport) -> None:
    picture = report.pictures.get("ranks")
    if picture is None:
        return
    sheet = Sheet(book, "Rank certainty", (44, *[16] * (len(picture.chart.columns) - 1)))
    sheet.title(picture.chart.title)
    head = sheet.head(picture.chart.columns, freeze=True)
    for row in picture.chart.rows:
        sheet.row(row)
    sheet.filter(head, sheet.at - 1, len(picture.chart.columns))


def _method(book: Any, report: ProgrammeReport) -> None:
    sheet = Sheet(book, "Method", (36, 110))
    sheet.title("Method and versions")
    sheet.head(("What", "Value"))
    for name, text in record_rows(report):
        sheet.row((name, text))
    if not report.proven:
        sheet.row(("Gap", figures.percent(report.gap)))
