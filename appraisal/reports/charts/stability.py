"""At which weight the funded set changes: one strip a criterion, from 0 to 100% (METHOD 10)."""

from collections.abc import Sequence
from dataclasses import dataclass

from appraisal.reports import palette
from appraisal.reports.charts.chart import NARROW, Chart, Spec, chart, values


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    title: str
    now: float
    low: float
    high: float
    """Weights of 0-1: at present, and between which the same projects are funded."""
    turns: Sequence[tuple[float, str]]
    """Where the funded set changes, with what happens there in words, in order."""


def stability_chart(strips: Sequence[Strip], *, width: int = 720) -> Chart:
    """Bands within which nothing changes, the present weight, and the turns nearest to it by name."""
    closest = min(strips, key=lambda strip: min(strip.now - strip.low, strip.high - strip.now))
    down = closest.now - closest.low < closest.high - closest.now and closest.low > 0
    edge = closest.low if down else closest.high
    title = (
        f"The funded projects change first where {closest.title.lower()} {'falls' if down else 'rises'} "
        f"from {_per_cent(closest.now)} to {_per_cent(edge)}"
        if 0 < edge < 1
        else "No single weight changes which projects are funded"
    )
    return chart(
        body=_body(strips, width),
        title=title,
        description=f"For each criterion the weights from 0 to 100% within which the same are funded. {title}.",
        columns=("Criterion", "Now", "Unchanged from", "to", "Next below", "Next above"),
        rows=[
            (
                strip.title,
                _per_cent(strip.now),
                _per_cent(strip.low),
                _per_cent(strip.high),
                next((text for at, text in reversed(strip.turns) if at <= strip.now), "nothing"),
                next((text for at, text in strip.turns if at > strip.now), "nothing"),
            )
            for strip in strips
        ],
    )


def _per_cent(weight: float) -> str:
    return f"{100 * weight:.1f}".removesuffix(".0") + "%"


def _body(strips: Sequence[Strip], width: int) -> Spec:
    x: Spec = {
        "type": "quantitative",
        "scale": {"domain": [0, 100], "nice": False},
        "axis": {
            "title": "weight, per cent" if width < NARROW else "weight, per cent; the others share the rest",
            "tickCount": 5,
            "grid": False,
        },
    }
    y: Spec = {
        "field": "criterion",
        "type": "ordinal",
        "sort": None,
        "axis": {"title": None, "ticks": False, "domain": False, "labelLimit": 90 if width < NARROW else 200},
    }
    bands = [
        {
            "criterion": strip.title,
            "from": 0,
            "to": 100,
            "low": 100 * strip.low,
            "high": 100 * strip.high,
            "now": 100 * strip.now,
        }
        for strip in strips
    ]
    turns = [{"criterion": strip.title, "at": 100 * at} for strip in strips for at, _ in strip.turns]
    named = [
        {"criterion": strip.title, "at": 100 * at, "text": text.split(" ")[0], "below": at <= strip.now}
        for strip in strips
        for at, text in _nearest(strip)
    ]
    data = values(bands)
    layers: list[Spec] = [
        {
            "data": data,
            "mark": {"type": "bar", "height": 12, "fill": palette.WASH},
            "encoding": {"y": y, "x": {**x, "field": "from"}, "x2": {"field": "to"}},
        },
        {
            "data": data,
            "mark": {"type": "bar", "height": 12, "fill": palette.ACCENT_MID},
            "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {
            "data": values(turns),
            "mark": {"type": "tick", "color": palette.INK_2, "thickness": 1, "size": 14},
            "encoding": {"y": y, "x": {**x, "field": "at"}},
        },
        {
            "data": data,
            "mark": {
                "type": "point",
                "filled": True,
                "shape": "diamond",
                "size": 70,
                "fill": palette.INK,
                "opacity": 1,
            },
            "encoding": {"y": y, "x": {**x, "field": "now"}},
        },
    ]
    for below, align, shift in ((True, "right", -2), (False, "left", 2)):
        layers.append(
            {
                "data": values([item for item in named if item["below"] is below]),
                "mark": {
                    "type": "text",
                    "fontSize": 10.5,
                    "align": align,
                    "dy": 15,
                    "dx": shift,
                    "color": palette.INK_2,
                },
                "encoding": {"y": y, "x": {**x, "field": "at"}, "text": {"field": "text"}},
            }
        )
    return {"width": width, "height": 46 * len(strips), "layer": layers}


def _nearest(strip: Strip) -> list[tuple[float, str]]:
    """The nearest turn on each side of the present weight."""
    below = [turn for turn in strip.turns if turn[0] <= strip.now][-1:]
    return below + [turn for turn in strip.turns if turn[0] > strip.now][:1]
