"""Which return is safer at every level: the share of the draws that stay at or below each net present value."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from appraisal.reports import figures, palette
from appraisal.reports.charts.chart import NARROW, Chart, Spec, chart, title_on_top, values
from scoring.result import Histogram, Missing, RiskMeasures

LEVELS = (5, 10, 25, 50, 75, 90, 95)
"""Draws in 100 at which the table gives a value."""
ROOM = 0.35
"""Part of the width that a name needs beside its curve."""
LOOKS = (
    {"stroke": palette.ACCENT, "strokeWidth": 2.5},
    {"stroke": palette.INK, "strokeWidth": 1.75, "strokeDash": [6, 4]},
    {"stroke": palette.INK_2, "strokeWidth": 1.5, "strokeDash": [2, 3]},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One net present value: its name, its draws, and the measures that say how far they can be trusted."""

    name: str
    histogram: Histogram
    measures: RiskMeasures

    @property
    def points(self) -> list[tuple[float, float]]:
        """(value, draws in 100 at or below it), one at each edge of the histogram."""
        total = sum(self.histogram.counts) or 1
        shares = [0.0, *(100 * below / total for below in accumulate(self.histogram.counts))]
        return list(zip(self.histogram.edges, shares, strict=True))

    def value_at(self, share: float) -> float:
        """The value that so many draws in 100 do not exceed, linear between the edges."""
        for (low, below), (high, up_to) in pairwise(self.points):
            if up_to >= share and up_to > below:
                return low + (high - low) * max(0.0, share - below) / (up_to - below)
        return self.histogram.edges[-1]


def s_curve(curves: Sequence[Curve], *, unit: str, width: int = 720) -> Chart:
    """Cumulative probability of one to three net present values on one axis of money (METHOD 7)."""
    finding = _finding(curves)
    return chart(
        body=_body(curves, unit=unit, width=width),
        title=finding,
        description=f"Draws in 100 that stay at or below each value, in {unit}. {finding}.",
        columns=("Draws in 100 at or below", *(curve.name for curve in curves)),
        rows=[
            (str(level), *(figures.money(curve.value_at(level), curve.measures.p50_se) for curve in curves))
            for level in LEVELS
        ],
    )


def dominant(one: Curve, other: Curve) -> bool:
    """Whether the first is the higher from 1 to 99 draws in 100 (first-order dominance as far as the draws show it)."""
    pairs = [(one.value_at(level), other.value_at(level)) for level in range(1, 100)]
    return all(first >= second for first, second in pairs) and any(first > second for first, second in pairs)


def _finding(curves: Sequence[Curve]) -> str:
    first = curves[0]
    if len(curves) > 1:
        for one, other in ((curves[0], curves[1]), (curves[1], curves[0])):
            if dominant(one, other):
                return f"{one.name} is above {_lower(other.name)} at every level of probability"
        return f"{first.name} and {_lower(curves[1].name)} cross: neither is higher at every level"
    middle = first.measures.p50
    if isinstance(middle, Missing):
        return f"{first.name} over the draws"
    return f"Half of the draws stay below {figures.money(middle, first.measures.p50_se)}"


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _body(curves: Sequence[Curve], *, unit: str, width: int) -> Spec:
    narrow = width < NARROW
    title = ["net present value,", unit] if narrow else f"net present value, {unit}"
    x: Spec = {
        "type": "quantitative",
        "scale": {"nice": False, "zero": False},
        "axis": {"title": title, "grid": False, "tickCount": 4 if narrow else 8},
    }
    y: Spec = {
        "field": "share",
        "type": "quantitative",
        "scale": {"domain": [0, 100], "nice": False},
        "axis": {**title_on_top("draws in 100 at or below"), "tickCount": 5, "domain": False, "ticks": False},
    }
    zero: Spec = {
        "data": values([{"zero": 0}]),
        "mark": {"type": "rule", "stroke": palette.INK, "strokeWidth": 1.25},
        "encoding": {"x": {**x, "field": "zero"}},
    }
    layers = [zero]
    for position, (curve, look) in enumerate(zip(curves, LOOKS, strict=False)):
        rows = [{"at": at, "share": share} for at, share in curve.points]
        layers.append(
            {
                "data": values(rows),
                "mark": {"type": "line", **look},
                "encoding": {"x": {**x, "field": "at"}, "y": y},
            }
        )
        layers += _label(curve, position, x, y, left=_on_the_left(curve, curves))
    return {"width": width, "height": 240, "layer": layers}


def _on_the_left(curve: Curve, curves: Sequence[Curve]) -> bool:
    """Whether the name stands left of the curve: away from the others, if there is room, else on the other side."""
    low, high = (pick(edge for each in curves for edge in each.histogram.edges) for pick in (min, max))
    middle = curve.value_at(50)
    if len(curves) > 1 and middle == min(each.value_at(50) for each in curves):
        return middle - low > ROOM * (high - low)
    return high - middle < ROOM * (high - low)


def _label(curve: Curve, position: int, x: Spec, y: Spec, *, left: bool) -> list[Spec]:
    """The curve's name beside its middle, that of a curve further right lower down."""
    share = 60 - 25 * position
    row = {"at": curve.value_at(share), "share": share, "text": curve.name}
    mark: Spec = {"type": "text", "align": "right" if left else "left", "dx": -8 if left else 8, "fontWeight": 600}
    return [
        {
            "data": values([row]),
            "mark": mark,
            "encoding": {"x": {**x, "field": "at"}, "y": y, "text": {"field": "text"}},
        }
    ]
