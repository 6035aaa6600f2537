"""What less risk costs: the value of the best programme under each cap on its risk, beside rank and cut (METHOD 11)."""

from collections.abc import Sequence
from dataclasses import dataclass

from appraisal.reports import figures
from appraisal.reports.charts.chart import Chart, chart
from appraisal.reports.charts.curve_body import curve_body

ALIKE = 1e-6
"""Of the larger: programmes whose values or risks differ by less are told as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPoint:
    risk: float
    """Mean loss in the worst futures, were all projects to move as one; below 0 a gain."""
    value: float
    entering: Sequence[str]
    """References that enter here, against the point before."""


def risk_curve(
    points: Sequence[RiskPoint],
    *,
    present: tuple[float, float],
    cut: tuple[float, float] | None,
    tail: float,
    capped: bool,
    unit: str,
    value_name: str,
    value_unit: str,
    width: int = 720,
) -> Chart:
    """points: by risk, at least one. present: risk and value of the chosen programme. cut: those of rank and cut, if it
    keeps the rules. tail: per cent of the futures that count as the worst. capped: whether their mean loss is held to
    0, which holds the chance of a loss to `tail`.
    """
    title = _title(points, present, tail, capped, unit, value_unit)
    across = f"mean loss in the worst {tail:g} in 100 futures, {unit}"
    return chart(
        body=curve_body(
            [(point.risk, point.value, point.entering) for point in points],
            present=present,
            cut=cut,
            x_title=across if width >= WIDE else f"loss in the worst {tail:g} in 100, {unit}",
            value_name=value_name,
            width=width,
            limit=0.0 if capped else None,
        ),
        title=title,
        description=f"Value of the best programme ({value_name}) against its {across}; below 0 is a gain. {title}.",
        columns=(across[:1].upper() + across[1:], f"Value: {value_name}", "Enter here"),
        rows=[
            (figures.money(point.risk), figures.money(point.value), ", ".join(point.entering) or "nobody")
            for point in points
        ],
    )


WIDE = 480
"""Pixels from which on the whole title of the axis fits."""


def _title(
    points: Sequence[RiskPoint], present: tuple[float, float], tail: float, capped: bool, unit: str, value_unit: str
) -> str:
    risk, value = present
    dearest, safest = max(points, key=lambda point: point.value), min(points, key=lambda point: point.risk)
    size = max(abs(point.value) for point in points) or 1.0
    if capped and dearest.value - value > ALIKE * size:
        return f"Holding the chance of a loss to {tail:g}% costs {figures.money_in(dearest.value - value, value_unit)}"
    less, dearer = risk - safest.risk, value - safest.value
    if less <= ALIKE * max(abs(risk), abs(safest.risk), 1e-9):
        return f"No programme under these rules loses less in the worst {tail:g} in 100 futures"
    if dearer <= ALIKE * size:
        return (
            f"A programme worth as much loses {figures.money_in(less, unit)} less in the worst {tail:g} in 100 futures"
        )
    return (
        f"To lose {figures.money_in(less, unit)} less in the worst {tail:g} in 100 futures "
        f"costs about {figures.money_in(dearer, value_unit)}"
    )
