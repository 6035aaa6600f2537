"""Capital cost in all by the end of each year: as planned, and as far as it was reported."""

from collections.abc import Sequence
from dataclasses import dataclass

from appraisal.reports import figures, palette
from appraisal.reports.charts.chart import NARROW, Chart, Spec, chart, title_on_top, values

CLOSE = 0.1
"""Of the highest figure: an estimate so little above the end of the plan leaves no room for the plan's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingYear:
    """Sums up to the end of a year; `spent` is None from the first year that nobody reported."""

    year: int
    planned: float
    spent: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CostEstimate:
    """A quantile of the capital cost of the appraisal, with its Monte Carlo standard error."""

    name: str
    """P50 or P80."""
    value: float
    se: float | None = None

    @property
    def text(self) -> str:
        return figures.money(self.value, self.se)


def spending_curve(
    years: Sequence[SpendingYear], *, title: str, unit: str, estimates: Sequence[CostEstimate] = (), width: int = 720
) -> Chart:
    """estimates: the cost estimates of the appraisal, the lower first, as far as they are known."""
    said = ", ".join(f"{each.name} {each.text}" for each in estimates)
    line = f"; the appraisal's estimates of the whole cost are {said}" if said else ""
    return chart(
        body=_body(years, unit, estimates, width),
        title=title,
        description=f"Spending curve: capital cost in all by the end of each year in {unit}, {years[0].year} to "
        f"{years[-1].year}, planned and actual{line}. {title}.",
        columns=("Year", f"Planned in all, {unit}", "Spent in all"),
        rows=[
            (
                str(each.year),
                figures.money(each.planned),
                "not reported" if each.spent is None else figures.money(each.spent),
            )
            for each in years
        ],
    )


def _body(years: Sequence[SpendingYear], unit: str, estimates: Sequence[CostEstimate], width: int) -> Spec:
    narrow = width < NARROW
    series = {
        "planned": [(each.year, each.planned) for each in years],
        "actual": [(each.year, each.spent) for each in years if each.spent is not None],
    }
    every = max(1, -(-len(years) // (5 if narrow else 12)))
    x: Spec = {
        "field": "year",
        "type": "ordinal",
        "scale": {"domain": [str(each.year) for each in years]},
        "axis": {"title": None, "labelAngle": 0, "ticks": False, "values": [str(each.year) for each in years[::every]]},
    }
    top = max(
        [0.0, *(each.value for each in estimates), *(amount for points in series.values() for _, amount in points)]
    )
    y: Spec = {
        "type": "quantitative",
        "scale": {"domain": [0, top * 1.12 or 1], "nice": False},
        "axis": {
            **title_on_top("capital cost in all,", unit, narrow=narrow), "tickCount": 5, "domain": False, "ticks": False
        },
    }  # fmt: skip
    over = {each.year: (each.spent or 0.0) >= each.planned for each in years}
    last = years[-1]
    under_an_estimate = any(0 <= each.value - last.planned < CLOSE * top for each in estimates)
    planned_above = last.spent is not None or not under_an_estimate
    layers = [
        layer
        for name, points in series.items()
        if points
        for layer in _line(name, points, x, y, above=planned_above if name == "planned" else over[points[-1][0]])
    ]
    for place, each in enumerate(estimates):
        layers += _across(each, y, above=place == len(estimates) - 1)
    return {"width": width, "height": 240, "layer": layers}


def _line(name: str, points: Sequence[tuple[int, float]], x: Spec, y: Spec, *, above: bool) -> list[Spec]:
    """A line with its name at its end, on the side where the other line is not."""
    planned = name == "planned"
    colour = palette.INK_2 if planned else palette.ACCENT
    rows = [{"year": str(year), "amount": amount, "text": name} for year, amount in points]
    encoding = {"x": x, "y": {**y, "field": "amount"}}
    mark: Spec = {
        "type": "line", "stroke": colour, "strokeWidth": 1.5 if planned else 2.5,
        "strokeDash": [5, 4] if planned else [1, 0], "point": {"fill": colour, "stroke": colour, "size": 26},
    }  # fmt: skip
    text: Spec = {
        "type": "text", "align": "right", "dx": -8, "dy": -10 if above else 16, "fontWeight": 600, "color": colour
    }  # fmt: skip
    return [
        {"data": values(rows), "mark": mark, "encoding": encoding},
        {"data": values(rows[-1:]), "mark": text, "encoding": {**encoding, "text": {"field": "text"}}},
    ]


def _across(estimate: CostEstimate, y: Spec, *, above: bool) -> list[Spec]:
    """A line across with its name above it; a lower one's below, so that two of them near each other stay apart."""
    text_of = f"{estimate.name} of the appraisal"
    data, height = values([{"at": estimate.value, "text": text_of}]), {"y": {**y, "field": "at"}}
    line: Spec = {"type": "rule", "stroke": palette.INK, "strokeWidth": 1.25, "strokeDash": [2, 3]}
    text: Spec = {"type": "text", "align": "left", "dx": 4, "dy": -7 if above else 13, "x": 0, "fontSize": 11.5}
    return [
        {"data": data, "mark": line, "encoding": height},
        {"data": data, "mark": text, "encoding": {**height, "text": {"field": "text"}}},
    ]
