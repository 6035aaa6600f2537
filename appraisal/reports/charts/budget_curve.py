"""What more money buys: the value of the best programme at each budget, beside rank and cut (METHOD 11)."""

from collections.abc import Sequence
from dataclasses import dataclass

from appraisal.reports import figures
from appraisal.reports.charts.chart import Chart, chart
from appraisal.reports.charts.curve_body import curve_body


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    budget: float
    value: float
    entering: Sequence[str]
    """References that enter at this budget, against the one before."""


def budget_curve(
    points: Sequence[CurvePoint],
    *,
    present: tuple[float, float],
    cut: tuple[float, float] | None,
    unit: str,
    value_name: str,
    width: int = 720,
) -> Chart:
    """points: by budget. present: budget and value of the chosen programme. cut: those of rank and cut, if feasible."""
    title = _title(present, cut)
    return chart(
        body=curve_body(
            [(point.budget, point.value, point.entering) for point in points],
            present=present,
            cut=cut,
            x_title=f"budget, {unit}",
            value_name=value_name,
            width=width,
        ),
        title=title,
        description=f"Value of the best programme ({value_name}) against the budget in {unit}. {title}.",
        columns=(f"Budget, {unit}", f"Value: {value_name}", "Enter here"),
        rows=[
            (figures.money(point.budget), figures.money(point.value), ", ".join(point.entering) or "nobody")
            for point in points
        ],
    )


def _title(present: tuple[float, float], cut: tuple[float, float] | None) -> str:
    if cut is None:
        return "Rank and cut breaks a rule here; the best programme keeps them all"
    gain = present[1] - cut[1]
    if gain <= 1e-9 * max(1.0, abs(present[1])):
        return "Rank and cut finds the best programme here"
    if cut[1] <= 0:
        return f"The best programme is worth {figures.money(gain)} more than rank and cut"
    return f"The best programme is worth {round(100 * gain / cut[1])}% more than rank and cut"
