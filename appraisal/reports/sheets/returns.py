"""Returns with live formulas over the cash flows, and the distributions as numbers."""

from typing import Any

from appraisal.reports import figures
from appraisal.reports.charts.tornado import driver_words, switching_words
from appraisal.reports.report import AppraisalReport
from appraisal.reports.return_tables import (
    FigureRow,
    Form,
    economic_rows,
    equity_rows,
    financial_rows,
    other_risk_rows,
    risk_rows,
)
from appraisal.reports.sheets.cash_flow import FlowCells
from appraisal.reports.sheets.sheet import Sheet, cell_name
from scoring.result import Fan, Histogram, HurdleValue, Missing

HEAD = ("Measure", "Value", "Live formula, 1 or 0", "Note")


def return_sheet(book: Any, report: AppraisalReport, cells: FlowCells | None) -> None:
    result = report.result
    sheet = Sheet(book, "Returns", (46, 18, 14, 70))
    sheet.title("Returns")
    sheet.note(f"Money in {figures.MoneyUnit.of(report.project).long}. Live formulas read the sheet Cash flows.")
    live = _live(cells)
    for title, rows in (
        ("To society", economic_rows(result.economic)),
        ("On the investment, before financing", financial_rows(result.financial)),
        ("To the owners, after financing", equity_rows(result.equity)),
    ):
        sheet.gap()
        sheet.note(title)
        sheet.head(HEAD)
        start = sheet.at
        for row in rows:
            formula = live.get(row.label, "")
            if row.label == "Benefit-cost ratio":
                benefits, costs = (
                    start + _position(rows, f"Present value of {name}") for name in ("benefits", "costs")
                )
                formula = f"={cell_name(benefits, 1)}/{cell_name(costs, 1)}"
            _figure(sheet, row, formula)
    for title, hurdles, flow in (
        ("Economic NPV at other rates", result.economic.by_hurdle, cells.economic if cells else None),
        ("Financial NPV at other rates", result.financial.by_hurdle, cells.financial if cells else None),
    ):
        sheet.gap()
        sheet.note(title)
        sheet.head(("Rate a year", "NPV", "Live formula, 1 or 0", ""))
        for hurdle in hurdles:
            _hurdle(sheet, hurdle, flow, cells)


def _live(cells: FlowCells | None) -> dict[str, str]:
    if cells is None:
        return {}
    return {
        "Net present value, ENPV": f"=SUMPRODUCT({cells.economic},{cells.social_factor})",
        "Net present value, FNPV(C)": f"=SUMPRODUCT({cells.financial},{cells.financial_factor})",
    }


def _position(rows: list[FigureRow], label: str) -> int:
    return next(i for i, row in enumerate(rows) if row.label == label)


def _figure(sheet: Sheet, row: FigureRow, formula: str) -> None:
    if not formula or isinstance(row.value, Missing):
        sheet.row((row.label, row.value, 0, row.note), (None, row.form))
        return
    sheet.write(sheet.at, 0, row.label)
    sheet.formula(sheet.at, 1, formula, row.value, row.form)
    sheet.write(sheet.at, 2, 1)
    sheet.write(sheet.at, 3, row.note)
    sheet.at += 1


def _hurdle(sheet: Sheet, hurdle: HurdleValue, flow: str | None, cells: FlowCells | None) -> None:
    if flow is None or cells is None:
        sheet.row((hurdle.rate, hurdle.npv, 0), (Form.PERCENT, Form.MONEY))
        return
    rate = cell_name(sheet.at, 0)
    timing = f"*(1+{rate})^0.5" if cells.mid_year else ""
    sheet.write(sheet.at, 0, hurdle.rate, Form.PERCENT)
    sheet.formula(sheet.at, 1, f"=SUMPRODUCT({flow},(1+{rate})^(-{cells.period})){timing}", hurdle.npv, Form.MONEY)
    sheet.write(sheet.at, 2, 1)
    sheet.at += 1


def risk_sheet(book: Any, report: AppraisalReport) -> None:
    result, unit = report.result, figures.MoneyUnit.of(report.project)
    sheet = Sheet(book, "Risk", (46, 18, 18, 18, 18, 18, 18))
    sheet.title("Risk")
    sheet.note(f"{result.draws:,} draws, seed {result.seed}. Money in {unit.long}.")
    sheet.gap()
    sheet.head(("Measure", "Economic NPV", "Financial NPV", "Equity NPV"))
    for row in risk_rows(result):
        sheet.row((row.label, *row.values), (None, row.form, row.form, row.form))
        sheet.row((f"Standard error: {row.label}", *row.errors))
    sheet.gap()
    sheet.head(("Other measures", "Value", "Note", "Standard error"))
    for other in other_risk_rows(result):
        sheet.row((other.label, other.value, other.note, other.se), (None, other.form, None, other.form))
    _sensitivity(sheet, report)
    _fan(sheet, "Cumulative economic flow", result.risk.economic_fan)
    _fan(sheet, "Cumulative financial flow", result.risk.financial_fan)
    _histogram(sheet, "Economic NPV", result.risk.economic_histogram)
    _histogram(sheet, "Financial NPV", result.risk.financial_histogram)


def _sensitivity(sheet: Sheet, report: AppraisalReport) -> None:
    sheet.gap()
    sheet.head(
        (
            "Assumption",
            "Economic NPV at its P10",
            "Economic NPV at its P90",
            "NPV is zero at",
            "",
            "Elasticity",
            "Share of variance",
        )
    )
    for row in report.result.sensitivity:
        sheet.row(
            (
                driver_words(row.driver),
                row.p10,
                row.p90,
                row.switching_value,
                switching_words(row),
                row.elasticity,
                row.variance_share,
            ),
            (None, Form.MONEY, Form.MONEY, Form.RATIO, None, Form.RATIO, Form.SHARE),
        )


def _fan(sheet: Sheet, title: str, fan: Fan | None) -> None:
    if fan is None:
        return
    sheet.gap()
    sheet.head((f"{title}, year", "P5", "P25", "P50", "P75", "P95"))
    for year, *path in zip(fan.years, fan.p5, fan.p25, fan.p50, fan.p75, fan.p95, strict=True):
        sheet.row((year, *path), (None, *[Form.MONEY] * 5))


def _histogram(sheet: Sheet, title: str, histogram: Histogram | None) -> None:
    if histogram is None:
        return
    sheet.gap()
    sheet.head((f"{title}, from", "to", "draws"))
    for low, high, count in zip(histogram.edges, histogram.edges[1:], histogram.counts, strict=False):
        sheet.row((low, high, count), (Form.MONEY, Form.MONEY))
