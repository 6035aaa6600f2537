"""When is the money back and how deep is the hole: quantiles of cumulative net flow by year."""

from collections.abc import Sequence

from appraisal.reports import figures, palette
from appraisal.reports.charts.chart import NARROW, Chart, Spec, chart, title_on_top, values
from scoring.result import Fan

QUANTILES = ("p5", "p25", "p50", "p75", "p95")


def cumulative_fan(fan: Fan, *, name: str, unit: str, planned: Sequence[float] = (), width: int = 720) -> Chart:
    """`planned` is the cumulative net flow as planned, drawn as a separate dashed line."""
    step = (max(fan.p95) - min(fan.p5)) / 1000 if fan.years else 0.0
    return chart(
        body=_body(fan, planned, name=name, unit=unit, width=width, step=step),
        title=_finding(fan, name),
        description=f"Cumulative {name} in {unit}, {fan.years[0]} to {fan.years[-1]}: median line with bands of 50 and "
        f"90 of 100 draws. Median at the end {figures.money(fan.p50[-1], step)}, "
        f"lowest {figures.money(min(fan.p50), step)} in {fan.years[_deepest(fan)]}.",
        columns=("Year", *(quantile.upper() for quantile in QUANTILES)),
        rows=[
            (str(year), *(figures.money(getattr(fan, quantile)[i], step) for quantile in QUANTILES))
            for i, year in enumerate(fan.years)
        ],
    )


def _deepest(fan: Fan) -> int:
    return min(range(len(fan.years)), key=lambda i: fan.p50[i])


def _body(fan: Fan, planned: Sequence[float], *, name: str, unit: str, width: int, step: float) -> Spec:
    rows: list[Spec] = [
        {"year": year, **{quantile: getattr(fan, quantile)[i] for quantile in QUANTILES}}
        for i, year in enumerate(fan.years)
    ]
    span = fan.years[-1] - fan.years[0]
    x: Spec = {
        "field": "year",
        "type": "quantitative",
        "scale": {"nice": False, "zero": False},
        "axis": {
            "title": None,
            "format": "d",
            "grid": False,
            "tickMinStep": 1,
            "labelFlush": False,
            "tickCount": min(span or 1, 5 if width < NARROW else 10),
        },
    }
    low, high = min([*fan.p5, *planned, 0.0]), max([*fan.p95, *planned, 0.0])
    y: Spec = {
        "type": "quantitative",
        "scale": {"domain": [low - 0.12 * (high - low), high], "nice": False},
        "axis": {
            **title_on_top(f"cumulative {name},", unit, narrow=width < NARROW),
            "tickCount": 5,
            "domain": False,
            "ticks": False,
        },
    }
    data = values(rows)

    def band(low: str, high: str, fill: str) -> Spec:
        return {
            "data": data,
            "mark": {"type": "area", "fill": fill},
            "encoding": {"x": x, "y": {**y, "field": low}, "y2": {"field": high}},
        }

    layers: list[Spec] = [
        band("p5", "p95", palette.ACCENT_LIGHT),
        band("p25", "p75", palette.ACCENT_MID),
        {
            "data": values([{"zero": 0}]),
            "mark": {"type": "rule", "stroke": palette.INK, "strokeWidth": 1.5},
            "encoding": {"y": {**y, "field": "zero"}},
        },
        {
            "data": data,
            "mark": {"type": "line", "stroke": palette.ACCENT, "strokeWidth": 2.5},
            "encoding": {"x": x, "y": {**y, "field": "p50"}},
        },
    ]
    if planned:
        line = [{"year": year, "planned": value} for year, value in zip(fan.years, planned, strict=False)]
        layers.append(
            {
                "data": values(line),
                "mark": {"type": "line", "stroke": palette.INK, "strokeWidth": 1.5, "strokeDash": [5, 4]},
                "encoding": {"x": x, "y": {**y, "field": "planned"}},
            }
        )
    layers += [*_end_labels(fan, planned, x, y), _deepest_label(fan, x, y, step)]
    return {"width": width, "height": 270, "layer": layers}


def _end_labels(fan: Fan, planned: Sequence[float], x: Spec, y: Spec) -> list[Spec]:
    ends = [("P95", fan.p95[-1]), ("P50", fan.p50[-1]), ("P5", fan.p5[-1])]
    if len(planned) == len(fan.years):
        ends.append(("planned", planned[-1]))
    spread = (max([*fan.p95, *planned, 0.0]) - min([*fan.p5, *planned, 0.0])) or 1.0
    labels = _apart(ends, spread * 0.07)
    rows = [{"year": fan.years[-1], "at": at, "text": text} for text, at in labels]
    return [
        {
            "data": values(rows),
            "mark": {"type": "text", "align": "left", "dx": 6, "clip": False},
            "encoding": {"x": x, "y": {**y, "field": "at"}, "text": {"field": "text"}},
        }
    ]


def _apart(labels: list[tuple[str, float]], gap: float) -> list[tuple[str, float]]:
    """Labels moved upwards just enough not to cover one another."""
    placed: list[tuple[str, float]] = []
    for text, at in sorted(labels, key=lambda label: label[1]):
        placed.append((text, max(at, placed[-1][1] + gap) if placed else at))
    return placed


def _deepest_label(fan: Fan, x: Spec, y: Spec, step: float) -> Spec:
    i = _deepest(fan)
    row = {
        "year": fan.years[i],
        "at": fan.p50[i],
        "text": f"deepest: {figures.money(fan.p50[i], step)} in {fan.years[i]}",
    }
    left = i < len(fan.years) / 2
    return {
        "data": values([row] if fan.p50[i] < 0 else []),
        "mark": {
            "type": "text",
            "align": "left" if left else "right",
            "baseline": "top",
            "dx": 8 if left else -8,
            "dy": 8,
        },
        "encoding": {"x": x, "y": {**y, "field": "at"}, "text": {"field": "text"}},
    }


def back_in(years: Sequence[int], path: Sequence[float]) -> int | None:
    """First year from which the cumulative flow stays at or above zero; None if it ends below."""
    if not path or path[-1] < 0:
        return None
    below = [i for i, value in enumerate(path) if value < 0]
    return years[below[-1] + 1] if below else years[0]


def _finding(fan: Fan, name: str) -> str:
    what = "The cost to society" if name == "economic flow" else "The money"
    early, middle, late = (back_in(fan.years, path) for path in (fan.p95, fan.p50, fan.p5))
    last = fan.years[-1]
    if early is None:
        return f"{what} is not back by {last} in 95 of 100 draws"
    if middle is None:
        return f"{what} is back by {last} in fewer than half of the draws, in {early} at the earliest"
    if late is None:
        return f"{what} is back from {early}, half the time by {middle}; in some draws not by {last}"
    return f"{what} is back between {early} and {late}" if early != late else f"{what} is back in {early}"
