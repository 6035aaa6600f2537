"""What the money returns and how sure that is: the three returns, their distributions, and what decides them."""

from collections.abc import Iterator
from itertools import accumulate

from appraisal.reports import blocks, figures, findings
from appraisal.reports.blocks import Block
from appraisal.reports.charts.budget import budget_chart
from appraisal.reports.charts.fan import cumulative_fan
from appraisal.reports.charts.histogram import npv_histogram
from appraisal.reports.charts.tornado import tornado
from appraisal.reports.report import AppraisalReport
from appraisal.reports.return_tables import (
    FigureRow,
    economic_rows,
    equity_rows,
    financial_rows,
    other_risk_rows,
    risk_rows,
    shared_reason,
)


def returns(report: AppraisalReport) -> Iterator[Block]:
    result, unit = report.result, figures.MoneyUnit.of(report.project)
    yield blocks.heading("What it returns")
    yield blocks.note(f"Money in {unit.long}.")
    yield blocks.heading(findings.to_society(result.economic), level=2)
    yield _figures(economic_rows(result.economic), note=findings.REVENUE_WORDS.get(result.economic.revenue_role, ""))
    yield blocks.heading(findings.on_investment(result.financial), level=2)
    yield _figures(financial_rows(result.financial))
    yield blocks.heading(findings.to_owners(result.equity), level=2)
    rows = equity_rows(result.equity)
    reason = shared_reason(row.value for row in rows)
    yield blocks.text(f"No figure: {reason}.") if reason else _figures(rows)
    yield from _by_rate(report)


def _figures(rows: list[FigureRow], note: str = "") -> Block:
    columns = [blocks.column("Measure", "1fr"), blocks.column("Value", "36mm", number=True)]
    made = [blocks.row({"text": row.label, "note": row.note}, blocks.figure(row.value, row.text)) for row in rows]
    return blocks.table(columns, made, note=note, folds=2)


def _by_rate(report: AppraisalReport) -> Iterator[Block]:
    economic = {each.rate: each.npv for each in report.result.economic.by_hurdle}
    financial = {each.rate: each.npv for each in report.result.financial.by_hurdle}
    rates = sorted(economic.keys() | financial.keys())
    if not rates:
        return
    yield blocks.heading("Net present value at other discount rates", level=2)
    columns = [
        blocks.column("Rate a year", "1fr"),
        blocks.column("Economic NPV", "45mm", number=True),
        blocks.column("Financial NPV", "45mm", number=True),
    ]
    yield blocks.table(
        columns,
        [
            blocks.row(
                figures.percent(rate),
                *(figures.money(npvs[rate]) if rate in npvs else "" for npvs in (economic, financial)),
            )
            for rate in rates
        ],
    )


def risk(report: AppraisalReport) -> Iterator[Block]:
    result, unit = report.result, figures.MoneyUnit.of(report.project)
    yield blocks.heading("How sure that is")
    yield blocks.note(
        f"{result.draws:,} draws, seed {result.seed}. Money in {unit.long}. "
        "No figure has more digits than its Monte Carlo standard error carries."
    )
    yield from _histogram(report)
    yield from _fan(report)
    yield from _budget(report)
    yield from _tornado(report)
    yield blocks.heading("The distributions", level=2)
    yield _distributions(report)
    yield blocks.heading("Other measures of risk", level=2)
    yield _figures(other_risk_rows(result))


def _distributions(report: AppraisalReport) -> Block:
    rows = list(risk_rows(report.result))
    reason = shared_reason(row.equity for row in rows)
    shown = ("Economic NPV", "Financial NPV") if reason else ("Economic NPV", "Financial NPV", "Equity NPV")
    columns = [blocks.column("Measure", "1fr"), *(blocks.column(title, "37mm", number=True) for title in shown)]
    return blocks.table(
        columns,
        [blocks.row(row.label, *map(blocks.figure, row.values[: len(shown)], row.texts)) for row in rows],
        note=f"Equity NPV has no distribution: {reason}." if reason else "",
    )


def _histogram(report: AppraisalReport) -> Iterator[Block]:
    result, unit = report.result, figures.MoneyUnit.of(report.project)
    if result.risk.economic_histogram is None:
        return
    made = npv_histogram(
        result.risk.economic_histogram,
        result.risk.economic_npv,
        name="Economic NPV",
        unit=unit.long,
        draws=result.draws,
        seed=result.seed,
    )
    yield blocks.chart(
        made,
        "Hatched: draws with a loss. Dashed: one draw in twenty lies below P5, half below P50, "
        "one in twenty above P95.",
    )
    yield blocks.chart_table(made, folds=3)


def _fan(report: AppraisalReport) -> Iterator[Block]:
    result, unit = report.result, figures.MoneyUnit.of(report.project)
    if result.risk.economic_fan is None or not result.risk.economic_fan.years:
        return
    made = cumulative_fan(
        result.risk.economic_fan,
        name="economic flow",
        unit=unit.long,
        planned=tuple(accumulate(result.economic.net_flow)),
    )
    yield blocks.chart(
        made, "Line: half of the draws lie below. Bands: 50 and 90 of 100 draws. Dashed: as planned. Not discounted."
    )
    yield blocks.chart_table(made, folds=2)


def _budget(report: AppraisalReport) -> Iterator[Block]:
    call, unit = report.result.risk.budget_call, figures.MoneyUnit.of(report.project)
    if call is None:
        return
    owner = (
        "The public owner pays what revenue and financing leave open."
        if call.covers_shortfalls
        else "A private partner carries shortfalls: grants and subsidies only."
    )
    made = budget_chart(call, unit=unit.long)
    yield blocks.chart(made, f"Bar: mean of the draws. Line: up to P95. Mark: as planned. {owner}")
    yield blocks.chart_table(made, folds=2)


def _tornado(report: AppraisalReport) -> Iterator[Block]:
    result, unit = report.result, figures.MoneyUnit.of(report.project)
    if not result.sensitivity:
        return
    made = tornado(result.sensitivity, base=result.risk.economic_npv.p50, name="economic NPV", unit=unit.long)
    yield blocks.chart(
        made,
        "Light: the assumption at its P10; dark: at its P90; the others at their median. "
        "Dashed: P50 of all draws. Solid: zero.",
    )
    yield blocks.chart_table(made)
