"""The picture of a frontier: a curve of best programmes, the present one on it, and rank and cut beside it."""

from collections.abc import Sequence

from appraisal.reports import palette
from appraisal.reports.charts.chart import NARROW, Spec, title_on_top, values

FEW, APART = 2, 0.2
"""Projects that fit beside the curve; how far apart names must stand, as a part of the axis."""
FAR = 0.75
"""Part of the axis from which on a mark's name stands before it."""
HEAD_ROOM = 0.15
"""Above the highest point, as a part of what the scale spans."""


def curve_body(
    points: Sequence[tuple[float, float, Sequence[str]]],
    *,
    present: tuple[float, float],
    cut: tuple[float, float] | None,
    x_title: str,
    value_name: str,
    width: int,
    limit: float | None = None,
) -> Spec:
    """points: across, up, and the references that enter there. limit: where a dashed line stands across."""
    narrow = width < NARROW
    x: Spec = {
        "type": "quantitative",
        "axis": {"title": x_title, "tickCount": 4 if narrow else 8, "grid": False},
    }
    y: Spec = {
        "type": "quantitative",
        "scale": {"domainMax": _head_room([value for _, value, _ in points])},
        "axis": {**title_on_top("value of the programme,", value_name, narrow=narrow), "tickCount": 5, "domain": False},
    }
    curve = [{"across": across, "value": value} for across, value, _ in points]
    span = (points[-1][0] - points[0][0]) or 1.0
    named: list[Spec] = []
    for across, value, entering in points:
        clear = across - (named[-1]["across"] if named else points[0][0]) > APART * span
        if entering and len(entering) <= FEW and clear:
            named.append({"across": across, "value": value, "text": f"+ {', '.join(entering)}"})
    marks: list[Spec] = [{"across": present[0], "value": present[1], "text": "best"}]
    if cut is not None:
        marks.append({"across": cut[0], "value": cut[1], "text": "rank and cut"})
    ends = sorted([*(across for across, _, _ in points), *(mark["across"] for mark in marks)])
    turn = ends[0] + FAR * (ends[-1] - ends[0])
    layers: list[Spec] = [
        {
            "data": values(curve),
            "mark": {
                "type": "line",
                "stroke": palette.ACCENT,
                "strokeWidth": 2,
                "point": {"fill": palette.PAPER, "stroke": palette.ACCENT, "size": 30},
            },
            "encoding": {"x": {**x, "field": "across"}, "y": {**y, "field": "value"}},
        },
        {
            "data": values(marks),
            "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
            "encoding": {
                "x": {**x, "field": "across"},
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
        *(
            {
                "data": values([mark for mark in marks if (mark["across"] > turn) == right]),
                "mark": {
                    "type": "text",
                    "align": "right" if right else "left",
                    "dx": -9 if right else 9,
                    "dy": 12,
                    "fontWeight": 600,
                },
                "encoding": {"x": {**x, "field": "across"}, "y": {**y, "field": "value"}, "text": {"field": "text"}},
            }
            for right in (False, True)
        ),
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
                "encoding": {"x": {**x, "field": "across"}, "y": {**y, "field": "value"}, "text": {"field": "text"}},
            }
        )
    if limit is not None:
        rule = {"type": "rule", "stroke": palette.INK_2, "strokeDash": [5, 4]}
        layers.append({"data": values([{"at": limit}]), "mark": rule, "encoding": {"x": {**x, "field": "at"}}})
    return {"width": width, "height": 260, "layer": layers}


def _head_room(heights: Sequence[float]) -> float:
    """The top of the scale: names stand above the highest point and below the title."""
    top = max(heights)
    return top + HEAD_ROOM * ((top - min(0.0, *heights)) or 1.0)
