"""How likely is a loss: the distribution of one net present value over the draws."""

import math
from collections.abc import Iterator

from appraisal.reports import figures, palette
from appraisal.reports.charts.chart import LOSS_HATCH, NARROW, Chart, Spec, chart, title_on_top, values
from scoring.result import Histogram, Missing, RiskMeasures

MOST_BARS = 40
MARKS = (("P5", "p5"), ("P50", "p50"), ("P95", "p95"))
LINE = 15
"""Pixels from one line of words to the next."""


def npv_histogram(
    histogram: Histogram, measures: RiskMeasures, *, name: str, unit: str, draws: int, seed: int, width: int = 720
) -> Chart:
    """`name` as in "Economic NPV"; `unit` is the money's long unit. The loss part is hatched and counted."""
    bins = list(_merged(histogram))
    total = sum(count for _, _, count in bins) or 1
    decimals = _edge_decimals(bins)
    chance = figures.chance(measures.prob_negative, measures.prob_negative_se)
    return chart(
        body=_body(bins, total, measures, name=name, unit=unit, width=width, chance=chance),
        title=_finding(measures, name, chance),
        description=f"Histogram of {name} in {unit} over {draws:,} draws, seed {seed}. Loss in {chance}; "
        + "; ".join(
            f"{label} {figures.money(getattr(measures, key), getattr(measures, f'{key}_se'))}" for label, key in MARKS
        )
        + ".",
        columns=("From", "To", "Draws in 100"),
        rows=[
            (figures.number(low, decimals), figures.number(high, decimals), figures.points(100 * count / total))
            for low, high, count in bins
        ],
    )


def _merged(histogram: Histogram) -> Iterator[tuple[float, float, int]]:
    """Neighbouring bins joined until no more than MOST_BARS are left."""
    group = max(1, -(-len(histogram.counts) // MOST_BARS))
    for start in range(0, len(histogram.counts), group):
        counts = histogram.counts[start : start + group]
        yield histogram.edges[start], histogram.edges[start + len(counts)], sum(counts)


def _edge_decimals(bins: list[tuple[float, float, int]]) -> int:
    """Enough to tell neighbouring edges apart, one figure more."""
    width = (bins[-1][1] - bins[0][0]) / len(bins) if bins else 0.0
    return 0 if width <= 0 else min(6, max(0, 1 - math.floor(math.log10(width))))


def _body(
    bins: list[tuple[float, float, int]],
    total: int,
    measures: RiskMeasures,
    *,
    name: str,
    unit: str,
    width: int,
    chance: str,
) -> Spec:
    bars = [bar for low, high, count in bins for bar in _split_at_zero(low, high, 100 * count / total)]
    tallest = max((bar["share"] for bar in bars), default=1.0) or 1.0
    ceiling = tallest * 1.32
    x: Spec = {
        "type": "quantitative",
        "scale": {"nice": False, "zero": False},
        "axis": {
            "title": [f"{name},", unit] if width < NARROW else f"{name}, {unit}",
            "grid": False,
            "tickCount": 5 if width < NARROW else 8,
        },
    }
    y: Spec = {
        "field": "share",
        "type": "quantitative",
        "scale": {"domain": [0, ceiling], "nice": False},
        "axis": {**title_on_top("draws in 100"), "tickCount": 4, "domain": False, "ticks": False},
    }
    bounds: Spec = {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y, "y2": {"datum": 0}}
    gap: Spec = {"type": "rect", "stroke": palette.PAPER, "strokeWidth": 1}
    layers: list[Spec] = [
        {
            "data": values(bars),
            "transform": [{"filter": "!datum.loss"}],
            "mark": {**gap, "fill": palette.ACCENT_MID},
            "encoding": bounds,
        },
        {
            "data": values(bars),
            "transform": [{"filter": "datum.loss"}],
            "mark": {"type": "rect", "fill": LOSS_HATCH, "stroke": palette.ACCENT, "strokeWidth": 0.75},
            "encoding": bounds,
        },
        {
            "data": values([{"zero": 0}] if bars and bars[0]["low"] <= 0 <= bars[-1]["high"] else []),
            "mark": {"type": "rule", "stroke": palette.INK, "strokeWidth": 1.5},
            "encoding": {"x": {**x, "field": "zero"}},
        },
        *_quantile_marks(measures, x, y, ceiling, middle=(bins[0][0] + bins[-1][1]) / 2 if bins else 0.0),
    ]
    if any(bar["loss"] for bar in bars):
        note = {"low": bars[0]["low"], "share": ceiling * 0.8, "text": f"loss: {chance}"}
        layers.append(
            {
                "data": values([note]),
                "mark": {"type": "text", "align": "left", "dx": 2, "color": palette.INK, "fontWeight": 600},
                "encoding": {"x": {**x, "field": "low"}, "y": y, "text": {"field": "text"}},
            }
        )
    return {"width": width, "height": 250, "layer": layers}


def _split_at_zero(low: float, high: float, share: float) -> list[Spec]:
    if low < 0 < high:
        return [
            {"low": low, "high": 0, "share": share, "loss": True},
            {"low": 0, "high": high, "share": share, "loss": False},
        ]
    return [{"low": low, "high": high, "share": share, "loss": high <= 0}]


def _quantile_marks(measures: RiskMeasures, x: Spec, y: Spec, ceiling: float, *, middle: float) -> list[Spec]:
    marks = [
        {
            "at": value,
            "share": ceiling,
            "label": label,
            "text": f"{label} {figures.money(value, getattr(measures, f'{key}_se'))}",
        }
        for label, key in MARKS
        if not isinstance(value := getattr(measures, key), Missing)
    ]
    position: Spec = {**x, "field": "at"}
    lines: Spec = {
        "data": values(marks),
        "mark": {"type": "rule", "stroke": palette.INK, "strokeDash": [3, 3]},
        "encoding": {"x": position, "y": y, "y2": {"datum": 0}},
    }
    return [lines, *(_quantile_label(mark, line, position, y, middle) for line, mark in enumerate(marks))]


def _quantile_label(mark: Spec, line: int, x: Spec, y: Spec, middle: float) -> Spec:
    """Each a line lower, and towards the middle: however close the quantiles lie, three can be read."""
    left = mark["at"] > middle
    text: Spec = {
        "type": "text",
        "align": "right" if left else "left",
        "baseline": "top",
        "dx": -4 if left else 4,
        "dy": LINE * line,
    }
    return {"data": values([mark]), "mark": text, "encoding": {"x": x, "y": y, "text": {"field": "text"}}}


def _finding(measures: RiskMeasures, name: str, chance: str) -> str:
    if isinstance(measures.prob_negative, Missing):
        return f"{name} has no distribution: {figures.reason(measures.prob_negative)}"
    return f"{name} is a loss in {figures.of_draws(chance)}"
