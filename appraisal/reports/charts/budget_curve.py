"""What more money buys: the value of the best programme at each budget, beside rank and cut (METHOD 11)."""

from collections.abc import Sequence
from dataclasses import dataclass

from appraisal.reports import figures, palette
from appraisal.reports.charts.chart import NARROW, Chart, Spec, chart, title_on_top, values

FEW, APART = 2, 0.14
"""Projects that fit beside the curve; how far apart names must stand, as a part of the axis."""


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
        body=_body(points, present, cut, unit, value_name, width),
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


def _body(
    points: Sequence[CurvePoint],
    present: tuple[float, float],
    cut: tuple[float, float] | None,
    unit: str,
    value_name: str,
    width: int,
) -> Spec:
    narrow = width < NARROW
    x: Spec = {
        "type": "quantitative",
        "axis": {"title": f"budget, {unit}", "tickCount": 4 if narrow else 8, "grid": False},
    }
    y: Spec = {
        "type": "quantitative",
        "axis": {**title_on_top("value of the programme,", value_name, narrow=narrow), "tickCount": 5, "domain": False},
    }
    curve = [{"budget": point.budget, "value": point.value} for point in points]
    span = (points[-1].budget - points[0].budget) or 1.0
    named: list[Spec] = []
    for point in points:
        clear = not named or point.budget - named[-1]["budget"] > APART * span
        if point.entering and len(point.entering) <= FEW and clear:
            text = f"+ {', '.join(point.entering)}"
            named.append({"budget": point.budget, "value": point.value, "text": text})
    marks = [{"budget": present[0], "value": present[1], "text": "best"}]
    if cut is not None:
        marks.append({"budget": cut[0], "value": cut[1], "text": "rank and cut"})
    layers: list[Spec] = [
        {
            "data": values(curve),
            "mark": {
                "type": "line",
                "stroke": palette.ACCENT,
                "strokeWidth": 2,
                "point": {"fill": palette.PAPER, "stroke": palette.ACCENT, "size": 30},
            },
            "encoding": {"x": {**x, "field": "budget"}, "y": {**y, "field": "value"}},
        },
        {
            "data": values(marks),
            "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
            "encoding": {
                "x": {**x, "field": "budget"},
                "y": {**y, "field": "value"},
                "shape": {
                    "field": "text",
                    "type": "nominal",
                    "scale": {"domain": ["best", "rank and cut"], "range": ["diamond", "square"]},
                    "legend": None,
                },
                "color": {
                    "field": "text",
                    "type": "nominal",
                    "scale": {"domain": ["best", "rank and cut"], "range": [palette.ACCENT, palette.INK_2]},
                    "legend": None,
                },
            },
        },
        {
            "data": values(marks),
            "mark": {"type": "text", "align": "left", "dx": 9, "dy": 10, "fontWeight": 600},
            "encoding": {"x": {**x, "field": "budget"}, "y": {**y, "field": "value"}, "text": {"field": "text"}},
        },
    ]
    if not narrow:
        layers.append(
            {
                "data": values(named),
                "mark": {
                    "type": "text",
                    "align": "right",
                    "dx": -6,
                    "dy": -7,
                    "fontSize": 10.5,
                    "color": palette.INK_2,
                },
                "encoding": {"x": {**x, "field": "budget"}, "y": {**y, "field": "value"}, "text": {"field": "text"}},
            }
        )
    return {"width": width, "height": 260, "layer": layers}
