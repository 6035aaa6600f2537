"""Charts as pages show them: the picture in two widths, its finding, and its figures as a table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
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
    name: str = ""
    """Under which it is saved as a file, where it can be."""


def drawn(make: "Callable[[int], Chart]", width: int = FULL) -> DrawnChart:
    """Draw the chart that `make` gives for a width, once for screens and once for phones."""
    return _both(make(width), make(NARROW))


def _both(wide: "Chart", narrow: "Chart", name: str = "") -> DrawnChart:
    from appraisal.reports.charts import render_svg  # noqa: PLC0415 -- the renderer only where a chart is shown

    # The pictures are our own renderer's.
    pictures = [Markup(render_svg(chart.spec)) for chart in (wide, narrow)]  # noqa: S704  # nosec B704
    return DrawnChart(wide.title, pictures[0], pictures[1], wide.columns, wide.rows, name)


def cash_chart(project: ProjectFile, result: Result) -> DrawnChart | None:
    """The cumulative cash of the project itself, with its bands; None where there is no cash."""
    from appraisal.reports.charts import cumulative_fan  # noqa: PLC0415
    from appraisal.reports.figures import MoneyUnit  # noqa: PLC0415

    fan, unit = result.risk.financial_fan, MoneyUnit.of(project)
    if fan is None or not fan.years:
        return None
    planned = tuple(accumulate(result.financial.net_flow))
    return drawn(lambda width: cumulative_fan(fan, name="cash", unit=unit.long, planned=planned, width=width))


def drawn_pictures(report: "AppraisalReport | None", widths: Mapping[str, int]) -> dict[str, DrawnChart]:
    """Of the pictures named, those that the run has figures for. Kept by the digests of the run that they show."""
    if report is None:
        return {}
    shown = _Shown(report.run_id, report.input_sha256, report.result_sha256, tuple(widths.items()), report)
    return dict(_pictures(shown))


@dataclass(frozen=True, slots=True)
class _Shown:
    """A run with what is drawn of it; a run never changes, and what else a report says is in no picture."""

    run_id: str
    input_sha256: str
    result_sha256: str
    widths: tuple[tuple[str, int], ...]
    report: "AppraisalReport" = field(compare=False)


@lru_cache(maxsize=64)
def _pictures(shown: _Shown) -> Mapping[str, DrawnChart]:
    from appraisal.reports.pictures import PICTURES  # noqa: PLC0415 -- only where a run is shown

    found = {}
    for name, width in shown.widths:
        wide, narrow = (PICTURES[name](shown.report, each) for each in (width, NARROW))
        if wide is not None and narrow is not None:
            found[name] = _both(wide, narrow, name)
    return found


def portfolio_chart(
    rows: "Sequence[PortfolioRow]", currency: str, unit: int, *, x_line: float, y_line: float
) -> DrawnChart:
    """The two-index map: criteria score against risk-adjusted return, each project under its rank (METHOD 10)."""
    return drawn(portfolio_picture(rows, currency, unit, x_line=x_line, y_line=y_line))


def portfolio_picture(
    rows: "Sequence[PortfolioRow]", currency: str, unit: int, *, x_line: float, y_line: float
) -> "Callable[[int], Chart]":
    """The same at any width."""
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
    return lambda width: portfolio_map(
        points,
        x_line=x_line,
        y_line=y_line,
        x_title="risk-adjusted return per unit of public money",
        cost_unit=cost_unit,
        width=width,
    )


def _figure(value: float | None) -> Figure:
    return Missing("no-public-money") if value is None else value
