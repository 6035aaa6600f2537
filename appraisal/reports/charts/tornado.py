"""Which assumption decides: the swing of economic NPV with each driver, and where it would reach zero."""

import json
from collections.abc import Sequence

from appraisal.reports import figures, palette
from appraisal.reports.charts.chart import NARROW, Chart, Spec, chart, values
from scoring.result import Figure, Missing, SensitivityRow

MOST_ROWS = 8
ROW = 34
LABEL = 72
"""Pixels kept free on each side for the figure at a bar's end."""
DRIVER_WORDS = {
    "capex": "capital cost",
    "opex": "running cost",
    "revenue": "revenue",
    "demand": "demand",
    "benefits": "benefits",
    "price": "prices",
    "exchange-rate": "exchange rate",
    "delay": "delay",
    "life": "length of life",
}


def driver_words(driver: str) -> str:
    """`capex (Signals and sensors)` with the driver's plain name."""
    name, space, rest = driver.partition(" ")
    return DRIVER_WORDS.get(name, name) + space + rest


def switching_words(row: SensitivityRow) -> str:
    """Where NPV would be zero: years of delay, or times the plan."""
    if isinstance(row.switching_value, Missing):
        return "not reached" if row.switching_value.reason == "not-reached" else figures.reason(row.switching_value)
    if row.driver.split(" ", 1)[0] == "delay":
        return f"{figures.number(row.switching_value, 1)} years"
    return f"× {figures.number(row.switching_value, 2)}"


def tornado(rows: Sequence[SensitivityRow], *, base: Figure, name: str, unit: str, width: int = 720) -> Chart:
    """The widest swings first; a driver without both ends is in the table only. `base` is the median NPV."""
    ordered = sorted(rows, key=_swing, reverse=True)
    drawn = [row for row in ordered if _swing(row) >= 0][:MOST_ROWS]
    return chart(
        body=_body(drawn, base, name=name, unit=unit, width=width),
        title=_finding(drawn, name),
        description=f"Range of {name} in {unit} when one assumption moves from its P10 to its P90: "
        + "; ".join(f"{driver_words(row.driver)} {figures.money(row.p10)} to {figures.money(row.p90)}" for row in drawn)
        + ".",
        columns=("Assumption", "NPV at its P10", "NPV at its P90", "NPV is zero at", "Elasticity", "Share of variance"),
        rows=[
            (
                driver_words(row.driver),
                figures.money(row.p10),
                figures.money(row.p90),
                switching_words(row),
                figures.ratio(row.elasticity),
                figures.share(row.variance_share),
            )
            for row in ordered
        ],
    )


def _swing(row: SensitivityRow) -> float:
    if isinstance(row.p10, Missing) or isinstance(row.p90, Missing):
        return -1.0
    return abs(row.p90 - row.p10)


def _body(rows: Sequence[SensitivityRow], base: Figure, *, name: str, unit: str, width: int) -> Spec:
    narrow = width < NARROW
    order = [row.driver for row in rows]
    middle = None if isinstance(base, Missing) else base
    data = [datum for row in rows for datum in _halves(row, middle)]
    y: Spec = {
        "field": "driver",
        "type": "nominal",
        "sort": order,
        "scale": {"domain": order, "paddingInner": 0.55, "paddingOuter": 0.7 if narrow else 0.3},
        "axis": None
        if narrow
        else {
            "title": None,
            "ticks": False,
            "domain": False,
            "labelLimit": width * 0.32,
            "labelColor": palette.INK,
            "labelExpr": _words(order),
        },
    }
    ends = [value for datum in data for value in (datum["from"], datum["to"])]
    low, high = min([*ends, 0.0]), max([*ends, 0.0])
    plot = width - 20 if narrow else width * 0.75
    room = (high - low or 1.0) * LABEL / (plot - 2 * LABEL)
    x: Spec = {
        "type": "quantitative",
        "scale": {"domain": [low - room, high + room], "nice": False},
        "axis": {"title": f"{name}, {unit}", "tickCount": 4 if narrow else 7, "grid": True},
    }
    bounds: Spec = {"y": y, "x": {**x, "field": "from"}, "x2": {"field": "to"}}
    layers: list[Spec] = [
        _halves_layer(data, bounds, "P10", {"fill": palette.ACCENT_LIGHT, "stroke": palette.ACCENT, "strokeWidth": 1}),
        _halves_layer(data, bounds, "P90", {"fill": palette.ACCENT, "stroke": palette.ACCENT, "strokeWidth": 1}),
        _rule(0.0, x, {"stroke": palette.INK, "strokeWidth": 1.5}),
        *([] if middle is None else [_rule(middle, x, {"stroke": palette.INK, "strokeDash": [3, 3]})]),
        *_end_labels(data, y, x),
    ]
    if narrow:
        above: Spec = {"type": "text", "align": "left", "dy": -14, "x": 0, "fontWeight": 600}
        names = [{"driver": row.driver, "text": driver_words(row.driver)} for row in rows]
        layers.append({"data": values(names), "mark": above, "encoding": {"y": y, "text": {"field": "text"}}})
    return {
        "width": width,
        "height": {"step": ROW + 14 if narrow else ROW},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "layer": layers,
    }


def _halves(row: SensitivityRow, middle: float | None) -> list[Spec]:
    if isinstance(row.p10, Missing) or isinstance(row.p90, Missing):
        return []
    centre = middle if middle is not None and min(row.p10, row.p90) <= middle <= max(row.p10, row.p90) else None
    split = centre if centre is not None else (row.p10 + row.p90) / 2
    return [
        {
            "driver": row.driver,
            "from": split,
            "to": end,
            "end": label,
            "text": f"{label} {figures.money(end)}",
            "left": end < split,
        }
        for label, end in (("P10", row.p10), ("P90", row.p90))
    ]


def _halves_layer(data: list[Spec], bounds: Spec, end: str, look: Spec) -> Spec:
    return {
        "data": values(data),
        "transform": [{"filter": f"datum.end == '{end}'"}],
        "mark": {"type": "bar", **look},
        "encoding": bounds,
    }


def _rule(at: float, x: Spec, look: Spec) -> Spec:
    return {"data": values([{"at": at}]), "mark": {"type": "rule", **look}, "encoding": {"x": {**x, "field": "at"}}}


def _end_labels(data: list[Spec], y: Spec, x: Spec) -> list[Spec]:
    return [
        {
            "data": values([datum for datum in data if datum["left"] is left]),
            "mark": {"type": "text", "align": "right" if left else "left", "dx": -5 if left else 5, "fontSize": 11.5},
            "encoding": {"y": y, "x": {**x, "field": "to"}, "text": {"field": "text"}},
        }
        for left in (True, False)
    ]


def _words(order: list[str]) -> str:
    return f"({json.dumps({driver: driver_words(driver) for driver in order})})[datum.value]"


def _finding(rows: Sequence[SensitivityRow], name: str) -> str:
    if not rows:
        return f"No assumption moves {name}"
    words = driver_words(rows[0].driver)
    first = f"{words[:1].upper()}{words[1:]} decides"
    nearest = [row for row in rows if not isinstance(row.switching_value, Missing)]
    if not nearest:
        return f"{first}; no single assumption brings {name} to zero"
    return f"{first}; {driver_words(nearest[0].driver)} at {switching_words(nearest[0])} brings {name} to zero"
