"""Charts as pages show them: the picture in two widths, its finding, and its figures as a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from markupsafe import Markup

from scoring.project_file import ProjectFile
from scoring.result import Figure, Missing, Result

if TYPE_CHECKING:
    from appraisal.reports.charts import Chart
    from appraisal.reports.report import AppraisalReport
    from appraisal.services.portfolio_rows import PortfolioRow

FULL, HALF, NARROW = 960, 600, 296
"""Pixels: a whole panel, one of two side by side, and a phone."""
SCALE_WORDS = {1: "", 1_000: "thousand", 1_000_000: "million"}


@dataclass(frozen=True, slots=True)
class DrawnChart:
    title: str
    wide: Markup
    narrow: Markup
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def drawn(make: "Callable[[int], Chart]", width: int = FULL) -> DrawnChart:
    """Draw the chart that `make` gives for a width, once for screens and once for phones."""
    from appraisal.reports.charts import render_svg  # noqa: PLC0415 -- the renderer only where a chart is shown

    wide, narrow = make(width), make(NARROW)
    pictures = [Markup(render_svg(chart.spec)) for chart in (wide, narrow)]  # noqa: S704 -- our own renderer's SVG
    return DrawnChart(wide.title, pictures[0], pictures[1], wide.columns, wide.rows)


def cash_chart(project: ProjectFile, result: Result) -> DrawnChart | None:
    """The cumulative cash of the project itself, with its bands; None where there is no cash."""
    from appraisal.reports.charts import cumulative_fan  # noqa: PLC0415
    from appraisal.reports.figures import MoneyUnit  # noqa: PLC0415

    fan, unit = result.risk.financial_fan, MoneyUnit.of(project)
    if fan is None or not fan.years:
        return None
    planned = tuple(accumulate(result.financial.net_flow))
    return drawn(lambda width: cumulative_fan(fan, name="cash", unit=unit.long, planned=planned, width=width))


def appraisal_charts(report: "AppraisalReport") -> dict[str, DrawnChart]:
    """The pictures of a report, as far as its figures exist: score, risk, cash, assumptions."""
    from appraisal.reports.charts import (  # noqa: PLC0415
        budget_chart,
        cover_chart,
        cumulative_fan,
        npv_histogram,
        score_waterfall,
        tornado,
    )
    from appraisal.reports.figures import MoneyUnit  # noqa: PLC0415

    result, unit = report.result, MoneyUnit.of(report.project)
    risk = result.risk
    charts = {"score": drawn(lambda width: score_waterfall(result.criteria, report.framework, width=width))}
    if (histogram := risk.economic_histogram) is not None:
        charts["loss"] = drawn(
            lambda width: npv_histogram(
                histogram,
                risk.economic_npv,
                name="Economic NPV",
                unit=unit.long,
                draws=result.draws,
                seed=result.seed,
                width=width,
            ),
            HALF,
        )
    if (fan := risk.economic_fan) is not None and fan.years:
        planned = tuple(accumulate(result.economic.net_flow))
        charts["cash"] = drawn(
            lambda width: cumulative_fan(fan, name="economic flow", unit=unit.long, planned=planned, width=width), HALF
        )
    if result.sensitivity:
        charts["assumptions"] = drawn(
            lambda width: tornado(
                result.sensitivity, base=risk.economic_npv.p50, name="economic NPV", unit=unit.long, width=width
            )
        )
    if (call := risk.budget_call) is not None:
        charts["budget"] = drawn(lambda width: budget_chart(call, unit=unit.long, width=width), HALF)
    if any(ratio is not None for ratio in result.equity.dscr):
        first, target = report.project.cash_flows.first_year, report.framework.economics.target_dscr
        charts["cover"] = drawn(
            lambda width: cover_chart(result.equity.dscr, first_year=first, target=target, width=width), HALF
        )
    return charts


def portfolio_chart(
    rows: "Sequence[PortfolioRow]", currency: str, unit: int, *, x_line: float, y_line: float
) -> DrawnChart:
    """The two-index map: criteria score against risk-adjusted return, each project under its rank (METHOD 10)."""
    from appraisal.reports.charts import MapPoint, portfolio_map  # noqa: PLC0415

    points = [
        MapPoint(
            label=str(row.rank),
            title=row.title,
            x=_figure(row.risk_adjusted_return),
            y=_figure(row.score),
            cost=float(row.cost) / unit,
            blocked=bool(row.failed),
            y_range=(row.low, row.high),
        )
        for row in rows
        if row.currency == currency
    ]
    cost_unit = f"{currency} {SCALE_WORDS[unit]}".strip()
    return drawn(
        lambda width: portfolio_map(
            points, x_line=x_line, y_line=y_line, x_title="risk-adjusted return per unit of public money",
            cost_unit=cost_unit, width=width,
        )
    )  # fmt: skip


def _figure(value: float | None) -> Figure:
    return Missing("no-public-money") if value is None else value
