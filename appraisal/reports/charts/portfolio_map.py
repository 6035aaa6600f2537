"""Which projects are good on both indices and which on one: criteria score against risk-adjusted return (METHOD 10)."""

from collections.abc import Sequence
from dataclasses import dataclass

from appraisal.reports import figures, palette
from appraisal.reports.charts.chart import NARROW, Chart, Spec, chart, title_on_top, values
from scoring.result import Figure, Missing

DO, FINANCE, VALUE, LEAVE = "Do", "Improve the finance", "Improve the value", "Leave"
WHISKER: Spec = {"type": "rule", "stroke": palette.INK_3, "strokeWidth": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPoint:
    """A project: `label` is its rank or reference; `x` the risk-adjusted return, `y` the criteria score of 0-100."""

    label: str
    title: str
    x: Figure
    y: Figure
    cost: float
    blocked: bool = False
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None


def quadrant(point: MapPoint, x_line: float, y_line: float) -> str:
    """The quadrant's word; an index that does not exist is named instead."""
    if isinstance(point.x, Missing) or isinstance(point.y, Missing):
        return "not on the map"
    good_value, good_return = point.y >= y_line, point.x >= x_line
    return {(True, True): DO, (True, False): FINANCE, (False, True): VALUE}.get((good_value, good_return), LEAVE)


def portfolio_map(
    points: Sequence[MapPoint], *, x_line: float, y_line: float, x_title: str, cost_unit: str, width: int = 720
) -> Chart:
    """`x_line` and `y_line` are what the last project inside the budget reaches on each index."""
    drawn = [point for point in points if not isinstance(point.x, Missing) and not isinstance(point.y, Missing)]
    both = sum(quadrant(point, x_line, y_line) == DO for point in drawn)
    return chart(
        body=_body(drawn, x_line, y_line, x_title=x_title, width=width),
        title=f"{both} of {len(points)} projects {'is' if both == 1 else 'are'} strong on both value and return",
        description=f"Map of {len(drawn)} projects: {x_title} across, criteria score up, area by cost; a ring is a "
        f"project that a gate blocks. Budget lines at {figures.ratio(x_line)} and {figures.score(y_line)}.",
        columns=("Label", "Project", x_title, "Criteria score", f"Cost, {cost_unit}", "Quadrant", "Gate"),
        rows=[
            (
                point.label,
                point.title,
                figures.ratio(point.x),
                figures.score(point.y),
                figures.money(point.cost),
                quadrant(point, x_line, y_line),
                "blocked" if point.blocked else "",
            )
            for point in points
        ],
    )


def _body(points: Sequence[MapPoint], x_line: float, y_line: float, *, x_title: str, width: int) -> Spec:
    data = [_datum(point) for point in points]
    low, high = _limits([value for row in data for value in (row["x"], row["x_low"], row["x_high"])] + [x_line])
    bottom, top = _limits([value for row in data for value in (row["y"], row["y_low"], row["y_high"])] + [y_line])
    bottom, top = max(0.0, bottom), min(100.0, top)
    x: Spec = {
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False},
        "axis": {"title": x_title, "tickCount": 5, "grid": False},
    }
    y: Spec = {
        "type": "quantitative",
        "scale": {"domain": [bottom, top], "nice": False},
        "axis": {**title_on_top("criteria score, 0 to 100"), "tickCount": 5, "grid": False},
    }
    at: Spec = {"x": {**x, "field": "x"}, "y": {**y, "field": "y"}}
    largest = max((row["cost"] for row in data), default=1.0) or 1.0
    size: Spec = {
        "field": "cost",
        "type": "quantitative",
        "legend": None,
        "scale": {"domain": [0, largest], "range": [60, 700 if width < NARROW else 1400]},
    }
    layers: list[Spec] = [
        *_budget_lines(x_line, y_line, x, y, width),
        _quadrant_words((low, high), (bottom, top), x, y),
        {
            "data": values(data),
            "transform": [{"filter": "datum.x_low < datum.x_high"}],
            "mark": WHISKER,
            "encoding": {"x": {**x, "field": "x_low"}, "x2": {"field": "x_high"}, "y": {**y, "field": "y"}},
        },
        {
            "data": values(data),
            "transform": [{"filter": "datum.y_low < datum.y_high"}],
            "mark": WHISKER,
            "encoding": {"y": {**y, "field": "y_low"}, "y2": {"field": "y_high"}, "x": {**x, "field": "x"}},
        },
        {
            "data": values(data),
            "transform": [{"filter": "!datum.blocked"}],
            "mark": {
                "type": "point",
                "shape": "circle",
                "filled": True,
                "fill": palette.ACCENT_LIGHT,
                "opacity": 0.9,
                "stroke": palette.ACCENT,
                "strokeWidth": 1.25,
            },
            "encoding": {**at, "size": size},
        },
        {
            "data": values(data),
            "transform": [{"filter": "datum.blocked"}],
            "mark": {
                "type": "point",
                "shape": "circle",
                "fill": palette.PAPER,
                "opacity": 1,
                "stroke": palette.BAD,
                "strokeWidth": 2.5,
            },
            "encoding": {**at, "size": size},
        },
        {
            "data": values(data),
            "mark": {"type": "text", "fontWeight": 600, "fontSize": 11.5},
            "encoding": {**at, "text": {"field": "label"}},
        },
    ]
    return {"width": width, "height": min(width, 460), "layer": layers}


def _datum(point: MapPoint) -> Spec:
    x, y = float(point.x), float(point.y)  # type: ignore[arg-type]  # only points with both are drawn
    x_low, x_high = point.x_range or (x, x)
    y_low, y_high = point.y_range or (y, y)
    return {
        "label": point.label,
        "x": x,
        "y": y,
        "cost": point.cost,
        "blocked": point.blocked,
        "x_low": x_low,
        "x_high": x_high,
        "y_low": y_low,
        "y_high": y_high,
    }


def _limits(numbers: Sequence[float]) -> tuple[float, float]:
    low, high = min(numbers), max(numbers)
    room = (high - low or 1.0) * 0.08
    return low - room, high + room


def _budget_lines(x_line: float, y_line: float, x: Spec, y: Spec, width: int) -> list[Spec]:
    line: Spec = {"type": "rule", "stroke": palette.ACCENT, "strokeWidth": 1.5, "strokeDash": [5, 4]}
    word: Spec = {"type": "text", "color": palette.ACCENT, "fontSize": 11.5}
    return [
        {"data": values([{"at": x_line}]), "mark": line, "encoding": {"x": {**x, "field": "at"}}},
        {"data": values([{"at": y_line}]), "mark": line, "encoding": {"y": {**y, "field": "at"}}},
        {
            "data": values([{"at": y_line, "text": "budget line"}]),
            "mark": {**word, "align": "right", "dy": -7, "x": "width", "dx": -4},
            "encoding": {"y": {**y, "field": "at"}, "text": {"field": "text"}},
        },
        {
            "data": values([{"at": x_line, "text": "budget line"}]),
            "mark": {**word, "align": "left", "angle": 270, "dx": 6, "dy": -7 if width else 0, "y": "height"},
            "encoding": {"x": {**x, "field": "at"}, "text": {"field": "text"}},
        },
    ]


def _quadrant_words(across: tuple[float, float], up: tuple[float, float], x: Spec, y: Spec) -> Spec:
    (low, high), (bottom, top) = across, up
    corners = [
        (low, top, FINANCE, "left", "top"),
        (high, top, DO, "right", "top"),
        (low, bottom, LEAVE, "left", "bottom"),
        (high, bottom, VALUE, "right", "bottom"),
    ]
    return {
        "layer": [
            {
                "data": values([{"x": at_x, "y": at_y, "text": text}]),
                "mark": {
                    "type": "text",
                    "align": align,
                    "baseline": baseline,
                    "dx": 6 if align == "left" else -6,
                    "dy": 6 if baseline == "top" else -6,
                    "fontSize": 13,
                    "fontWeight": 600,
                    "color": palette.INK_2,
                },
                "encoding": {"x": {**x, "field": "x"}, "y": {**y, "field": "y"}, "text": {"field": "text"}},
            }
            for at_x, at_y, text, align, baseline in corners
        ]
    }
