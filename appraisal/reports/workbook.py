"""The appraisal as a workbook that a ministry can check: real numbers, live formulas, every source beside them."""

import io
from typing import Any

from appraisal.reports import figures, findings
from appraisal.reports.report import AppraisalReport
from appraisal.reports.return_tables import Form
from appraisal.reports.sections.record import answer_words, file_places, method_rows, moment
from appraisal.reports.sheets.cash_flow import flow_sheet
from appraisal.reports.sheets.exposure import exposure_sheet
from appraisal.reports.sheets.register import register_sheet
from appraisal.reports.sheets.returns import return_sheet, risk_sheet
from appraisal.reports.sheets.score import score_sheet
from appraisal.reports.sheets.sheet import Sheet
from scoring.result import Missing

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": False,
}


def appraisal_workbook(report: AppraisalReport, *, view: str = "") -> bytes:
    """The report as XLSX bytes; `view` says in words what the export holds, where it is part of a larger one."""
    import xlsxwriter  # noqa: PLC0415 -- only an export needs it

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    book.set_properties(
        {
            "title": report.project.title[:255],
            "author": report.appraised_by[:255],
            "created": report.generated_at.replace(tzinfo=None),
        }
    )
    _read_me(book, report, view)
    _summary(book, report)
    score_sheet(book, report)
    cells = flow_sheet(book, report)
    return_sheet(book, report, cells)
    risk_sheet(book, report)
    register_sheet(book, report)
    exposure_sheet(book, report)
    _evidence(book, report)
    _files(book, report)
    _method(book, report)
    book.close()
    return out.getvalue()


def _read_me(book: Any, report: AppraisalReport, view: str) -> None:
    sheet = Sheet(book, "Read me", (28, 100))
    sheet.title("Read me")
    rows = [
        ("What this is", f"Appraisal of {report.project.title} ({report.project.reference})"),
        ("What it holds", view or "One project, all of its appraisal"),
        ("Money", figures.MoneyUnit.of(report.project).long),
        *method_rows(report),
        ("Missing figures", "A figure that does not exist is written as the reason, never as 0."),
        (
            "Live formulas",
            "The sheets Score, Cash flows, Returns and Risk register compute again when a level, a weight, an amount, "
            "a rate or a likelihood is changed; what was stored with the run stands beside them.",
        ),
    ]
    for name, value in rows:
        sheet.row((name, value))


def _summary(book: Any, report: AppraisalReport) -> None:
    result = report.result
    economic = result.risk.economic_npv
    sheet = Sheet(book, "Summary", (44, 22, 90))
    sheet.title(report.project.title)
    sheet.note(findings.headline(report))
    sheet.gap()
    sheet.head(("Figure", "Value", "Note"))
    sheet.row(("Score, 0-100", result.criteria.total, findings.score_note(report)), (None, Form.POINTS))
    sheet.row(("Score with the unknown at worst", result.criteria.interval[0]), (None, Form.POINTS))
    sheet.row(("Score with the unknown at best", result.criteria.interval[1]), (None, Form.POINTS))
    if report.rank:
        sheet.row(("Rank", report.rank.rank, findings.rank_note(report)))
    sheet.row(("Economic NPV, P50", economic.p50, figures.MoneyUnit.of(report.project).long), (None, Form.MONEY))
    sheet.row(("Chance of a loss to society", economic.prob_negative), (None, Form.CHANCE))
    sheet.row(("Risk-adjusted return", result.risk.risk_adjusted_return), (None, Form.RATIO))
    risk = result.risk
    sheet.row(("Capital cost as planned", risk.capex_base), (None, Form.MONEY))
    sheet.row(("Capital cost, P50 estimate", risk.capex_p50, "half of the draws cost less"), (None, Form.MONEY))
    sheet.row(("Capital cost, P80 estimate", risk.capex_p80, "four draws in five cost less"), (None, Form.MONEY))
    sheet.gap()
    sheet.head(("Gate", "State", "What lifts it"))
    for gate in result.criteria.gates:
        sheet.row((gate.title, gate.status.value, gate.lifts_when))
    sheet.gap()
    sheet.head(("Project", "", ""))
    project = report.project
    for name, value in (
        ("Reference", project.reference),
        ("City", project.city),
        ("Country", project.country),
        ("Stage", project.stage.value),
        ("Action areas", ", ".join(area.value for area in project.action_areas)),
        ("Summary", project.summary),
        ("Appraised", moment(report.appraised_at)),
    ):
        sheet.row((name, value))


def _evidence(book: Any, report: AppraisalReport) -> None:
    sheet = Sheet(book, "Evidence", (10, 34, 12, 12, 12, 80, 50))
    sheet.title("Answers and their evidence")
    head = sheet.head(("Indicator", "Title", "Answer", "Level", "Evidence", "Reason", "Source"), freeze=True)
    levels = {row.id: row.level for row in report.result.criteria.indicators}
    for indicator in report.framework.indicators:
        answer = report.project.answers.get(indicator.id)
        if answer is None:
            continue
        level = levels.get(indicator.id, Missing("unanswered"))
        value = answer.value if answer.level is None and answer.value is not None else answer_words(answer)
        sheet.row(
            (
                indicator.id,
                indicator.title,
                value,
                level,
                answer.evidence and answer.evidence.value,
                answer.reason,
                answer.source,
            )
        )
    sheet.filter(head, sheet.at - 1, 7)


def _files(book: Any, report: AppraisalReport) -> None:
    if not report.files:
        return
    sheet = Sheet(book, "Files", (44, 24, 14, 40, 68))
    sheet.title("Files sent as evidence")
    head = sheet.head(("File", "Kind", "Bytes", "Stands behind", "SHA-256"), freeze=True)
    for file in report.files:
        sheet.row((f"{file.title}.{file.kind}", file.kind.words, file.size, file_places(file), file.sha256))
    sheet.filter(head, sheet.at - 1, 5)


def _method(book: Any, report: AppraisalReport) -> None:
    sheet = Sheet(book, "Method", (44, 30, 90))
    sheet.title("Method and assumptions")
    sheet.head(("What", "Value"))
    for name, text in method_rows(report):
        sheet.row((name, text))
    sheet.gap()
    sheet.head(("What is uncertain", "Given by", "How"))
    for used in report.result.risk.drivers_used:
        sheet.row((", ".join((used.driver, *used.applies_to)), used.origin, used.description))
    sheet.gap()
    sheet.head(("Default taken, or what the reader must know", "Where", "Words"))
    for note in report.result.problems:
        sheet.row((note.code, note.path, note.message))
