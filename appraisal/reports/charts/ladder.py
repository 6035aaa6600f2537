"""Where value is cheap: projects by value for cost, each as long as it costs and as high as it is worth (METHOD 11)."""

from collections.abc import Sequence
from dataclasses import dataclass

from appraisal.reports import figures, palette
from appraisal.reports.charts.chart import NARROW, Chart, Spec, chart, title_on_top, values

APART = 0.1
"""How far apart names must stand, as a part of the axis."""
LOW = 0.2
"""Of the height: a name under a mark that stands lower would cross the axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    reference: str
    title: str
    cost: float
    value: float
    chosen: bool


def value_ladder(rungs: Sequence[Rung], *, budget: float, unit: str, value_name: str, width: int = 720) -> Chart:
    """Cumulative cost across, cumulative value up, the best value for cost first; filled marks are in the programme."""
    order = sorted(rungs, key=lambda rung: (-_ratio(rung), rung.reference))
    passed = [rung.reference for rung in order if not rung.chosen and _ratio(rung) > _least_chosen(order)]
    title = (
        f"The programme takes the best value for cost, but passes over {', '.join(passed[:3])}"
        + (f" and {len(passed) - 3} more" if len(passed) > 3 else "")  # noqa: PLR2004 -- as many as a title can hold
        if passed
        else "The programme takes the best value for cost in its order"
    )
    return chart(
        body=_body(order, budget, unit, value_name, width),
        title=title,
        description=f"{len(order)} projects by value for cost: cumulative cost in {unit} across, cumulative value "
        f"({value_name}) up. {title}.",
        columns=("Project", "Reference", f"Cost, {unit}", f"Value: {value_name}", "Value for cost", "In the programme"),
        rows=[
            (
                rung.title,
                rung.reference,
                figures.money(rung.cost),
                figures.money(rung.value),
                figures.ratio(_ratio(rung)) if rung.cost else "costs nothing",
                "yes" if rung.chosen else "no",
            )
            for rung in order
        ],
    )


def _ratio(rung: Rung) -> float:
    return rung.value / rung.cost if rung.cost > 0 else float("inf")


def _least_chosen(order: Sequence[Rung]) -> float:
    return min((_ratio(rung) for rung in order if rung.chosen), default=float("inf"))


def _body(order: Sequence[Rung], budget: float, unit: str, value_name: str, width: int) -> Spec:
    narrow = width < NARROW
    steps: list[Spec] = []
    cost, value = 0.0, 0.0
    for rung in order:
        start = {"x": cost, "y": value}
        cost, value = cost + rung.cost, value + rung.value
        steps.append({**start, "x2": cost, "y2": value, "chosen": rung.chosen, "text": rung.reference})
    x: Spec = {
        "type": "quantitative",
        "axis": {"title": f"cumulative cost, {unit}", "tickCount": 4 if narrow else 8, "grid": False},
    }
    y: Spec = {
        "type": "quantitative",
        "axis": {**title_on_top("cumulative value,", value_name, narrow=narrow), "tickCount": 5, "domain": False},
    }
    chosen = {"condition": {"test": "datum.chosen", "value": palette.ACCENT}, "value": palette.PAPER}
    named: list[Spec] = []
    top = max(step["y2"] for step in steps)
    for step in steps if not narrow else []:
        below = step["y"] <= step["y2"] and step["y2"] > LOW * top  # room for a name under the mark
        if below and (not named or step["x2"] - named[-1]["x2"] > APART * cost):
            named.append(step)
    layers: list[Spec] = [
        {
            "data": values(steps),
            "mark": {"type": "rule", "stroke": palette.ACCENT, "strokeWidth": 2},
            "encoding": {
                "x": {**x, "field": "x"},
                "y": {**y, "field": "y"},
                "x2": {"field": "x2"},
                "y2": {"field": "y2"},
                "strokeDash": {"condition": {"test": "datum.chosen", "value": [1, 0]}, "value": [3, 3]},
            },
        },
        {
            "data": values(steps),
            "mark": {
                "type": "point",
                "filled": True,
                "size": 34,
                "stroke": palette.ACCENT,
                "strokeWidth": 1.2,
                "opacity": 1,
            },
            "encoding": {"x": {**x, "field": "x2"}, "y": {**y, "field": "y2"}, "fill": chosen},
        },
        {
            "data": values([{"at": budget}]),
            "mark": {"type": "rule", "stroke": palette.INK_2, "strokeDash": [5, 4]},
            "encoding": {"x": {**x, "field": "at"}},
        },
        {
            "data": values(named),
            "mark": {
                "type": "text",
                "align": "left",
                "baseline": "top",
                "dx": 4,
                "dy": 5,
                "fontSize": 10,
                "color": palette.INK_2,
                "angle": 30,
            },
            "encoding": {"x": {**x, "field": "x2"}, "y": {**y, "field": "y2"}, "text": {"field": "text"}},
        },
    ]
    return {"width": width, "height": 260, "layer": layers}
