"""Why this total: what each indicator gave, by criterion; what the unknown ones could add; where a gate stops."""

import json

from appraisal.reports import figures, palette
from appraisal.reports.charts.chart import HATCH, NARROW, Chart, Spec, chart, values
from appraisal.reports.charts.waterfall_rows import (
    GATE_WORDS,
    SMALLEST,
    Row,
    criterion_rows,
    indicator_rows,
    unevenness_row,
)
from scoring.frameworks.framework import Framework
from scoring.result import CriteriaResult, IndicatorResult, Missing

ROW, WHOLE_ROW = 16, 24
"""Height in pixels of an indicator's row, and of a criterion's where it stands alone."""
ROOM_INSIDE = 40
"""Points of the total from which its words fit inside its bar."""
LABELS = 0.45
"""Part of the width that labels may take. Cut here, not by the renderer, which measures each letter by letter."""
PLOT = 0.54
"""Part of the width that the bars have, beside their labels."""
LETTER = 6.2
"""Mean width of a letter at the size of the figures."""
STOP = "M-0.4,-1L0.4,-1L1,-0.4L1,0.4L0.4,1L-0.4,1L-1,0.4L-1,-0.4Z"


def score_waterfall(
    criteria: CriteriaResult, framework: Framework, *, width: int = 720, by_criterion: bool = False
) -> Chart:
    """Contributions to the total of 0-100 in the framework's order (METHOD 9), by indicator or by criterion."""
    narrow = width < NARROW
    rows = indicator_rows(criteria, framework, narrow=narrow)
    if by_criterion:
        rows = [
            part for result in criteria.by_criterion.values() for part in criterion_rows(result, rows, narrow=narrow)
        ]
    rows = [*rows, *unevenness_row(criteria, narrow=narrow)]
    return chart(
        body=_body(rows, criteria, width),
        title=_finding(criteria),
        description=_description(criteria),
        columns=("Indicator", "Level", "Weight", "Points", "Could give"),
        rows=_table(criteria, framework),
    )


def _body(rows: list[Row], criteria: CriteriaResult, width: int) -> Spec:
    order = [*dict.fromkeys(row.key for row in rows), "total"]
    longest = int((130 if width < NARROW else width * LABELS) / LETTER)
    labels = {row.key: _shortened(row.label, longest) for row in rows} | {"total": "Total"}
    headings = [row.key for row in rows if row.heading] + ["total"]
    y = {
        "field": "key",
        "type": "nominal",
        "sort": order,
        "scale": {"domain": order, "paddingInner": 0.2},
        "axis": {
            "title": None,
            "ticks": False,
            "domain": False,
            "offset": 4,
            "labelLimit": 0,
            "labelExpr": _lookup(labels),
            "labelFontWeight": {"condition": {"test": _any_of(headings), "value": 600}, "value": 400},
            "labelColor": {"condition": {"test": _any_of(headings), "value": palette.INK}, "value": palette.INK_2},
        },
    }
    x = {
        "type": "quantitative",
        "scale": {"domain": [0, 100]},
        "axis": {"title": "points of the total, 0 to 100", "tickCount": 5, "orient": "bottom"},
    }
    data = [_datum(row, plot=width * PLOT) for row in rows]
    bar: Spec = {"type": "bar", "cornerRadius": 0}
    bounds: Spec = {"y": y, "x": {**x, "field": "start"}, "x2": {"field": "end"}}
    layers: list[Spec] = [
        _bars(data, bar, bounds, "datum.heading && !datum.solid && !datum.unknown", {"opacity": 0.22}),
        _bars(data, bar, bounds, "(datum.solid || !datum.heading) && !datum.unknown", {}),
        _bars(data, {**bar, "fill": HATCH, "strokeWidth": 1}, bounds, "datum.unknown", {}, outline=True),
        *_labels(data, y, x),
        *(layer for datum in data if datum["gate"] for layer in _gate(datum, y, x)),
        *_total(criteria, y, x, plot=width * PLOT),
    ]
    return {
        "width": width,
        "height": {"step": WHOLE_ROW if any(row.solid for row in rows) else ROW},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "layer": layers,
    }


def _datum(row: Row, *, plot: float) -> Spec:
    """`plot` is the pixels that 100 points take: words that would leave it stand left of the bar if they fit there."""
    at = row.end if row.label_end is None else row.label_end
    words = 8 + LETTER * len(row.text) + (27 + 1.1 * LETTER * len(row.gate) if row.gate else 0.0)
    left = (100 - at) / 100 * plot < words < row.start / 100 * plot
    return {
        "left": left,
        "key": row.key,
        "start": round(row.start, 6),
        "end": round(max(row.end, row.start), 6),
        "colour": row.colour,
        "at": round(at, 6),
        "text": row.text,
        "unknown": row.unknown,
        "heading": row.heading,
        "solid": row.solid,
        "gate": row.gate,
        "gate_open": row.gate_open,
    }


def _bars(data: list[Spec], mark: Spec, bounds: Spec, keep: str, extra: Spec, *, outline: bool = False) -> Spec:
    channel = "stroke" if outline else "fill"
    return {
        "data": values(data),
        "transform": [{"filter": keep}],
        "mark": {**mark, **extra},
        "encoding": {**bounds, channel: {"field": "colour", "type": "nominal", "scale": None}},
    }


def _labels(data: list[Spec], y: Spec, x: Spec) -> list[Spec]:
    colour: Spec = {"condition": {"test": "datum.heading", "value": palette.INK}, "value": palette.INK_2}
    return [
        {
            "data": values([datum for datum in data if datum["left"] is left and datum["text"]]),
            "mark": {"type": "text", "align": "right" if left else "left", "dx": -5 if left else 5, "fontSize": 11.5},
            "encoding": {
                "y": y,
                "x": {**x, "field": "start" if left else "at"},
                "text": {"field": "text"},
                "color": colour,
            },
        }
        for left in (False, True)
    ]


def _gate(datum: Spec, y: Spec, x: Spec) -> list[Spec]:
    """A stop mark and its words beyond the row's figure: filled where the gate fails, hollow where it is open."""
    side = -1 if datum["left"] else 1
    away = 18 + LETTER * len(datum["text"])
    at: Spec = {"y": y, "x": {**x, "field": "start" if datum["left"] else "at"}}
    fill = palette.PAPER if datum["gate_open"] else palette.BAD
    mark: Spec = {
        "type": "point",
        "shape": STOP,
        "size": 60,
        "stroke": palette.BAD,
        "strokeWidth": 1.5,
        "opacity": 1,
        "fill": fill,
        "xOffset": side * away,
    }
    words: Spec = {
        "type": "text",
        "align": "right" if datum["left"] else "left",
        "dx": side * (away + 9),
        "fontSize": 11.5,
        "fontWeight": 600,
        "color": palette.BAD,
    }
    return [
        {"data": values([datum]), "mark": mark, "encoding": at},
        {"data": values([datum]), "mark": words, "encoding": {**at, "text": {"field": "gate"}}},
    ]


def _total(criteria: CriteriaResult, y: Spec, x: Spec, *, plot: float) -> list[Spec]:
    low, high = criteria.interval
    known = not isinstance(criteria.total, Missing)
    total = high if isinstance(criteria.total, Missing) else criteria.total
    datum = {"key": "total", "zero": 0, "total": total, "low": low, "high": high, "text": ""}
    bounds: Spec = {"y": y, "x": {**x, "field": "zero"}, "x2": {"field": "total"}}
    fill: Spec = {"fill": palette.INK} if known else {"fill": HATCH, "stroke": palette.INK, "strokeWidth": 1}
    layers: list[Spec] = [{"data": values([datum]), "mark": {"type": "bar", **fill}, "encoding": bounds}]
    if high - low > SMALLEST:
        span: Spec = {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}}
        layers += [
            {
                "data": values([datum]),
                "mark": {"type": "rule", "stroke": palette.PAPER, "strokeWidth": 5},
                "encoding": span,
            },
            {
                "data": values([datum]),
                "mark": {"type": "rule", "stroke": palette.ACCENT, "strokeWidth": 3},
                "encoding": span,
            },
        ]
    inside = known and total >= ROOM_INSIDE
    datum["text"] = _total_words(criteria) if inside else _that_fits(criteria, (100 - high) / 100 * plot)
    end = {**x, "field": "zero" if inside else "high"}
    text: Spec = {"type": "text", "align": "left", "dx": 5, "fontWeight": 600}
    if inside:
        text["color"] = palette.PAPER
    layers.append({"data": values([datum]), "mark": text, "encoding": {"y": y, "x": end, "text": {"field": "text"}}})
    return layers


def _total_words(criteria: CriteriaResult) -> str:
    span = figures.score_range(*criteria.interval)
    if isinstance(criteria.total, Missing):
        return f"unknown, {span}"
    total = figures.score(criteria.total)
    return total if span == total else f"{total} ({span})"


def _that_fits(criteria: CriteriaResult, room: float) -> str:
    """The total with its span, without it, or nothing: the span is drawn, and the title says the total."""
    words = [_total_words(criteria)]
    if not isinstance(criteria.total, Missing):
        words.append(figures.score(criteria.total))
    return next((text for text in words if 8 + LETTER * len(text) <= room), "")


def _shortened(label: str, longest: int) -> str:
    return label if len(label) <= longest else f"{label[: longest - 1].rstrip()}…"


def _lookup(labels: dict[str, str]) -> str:
    """A Vega expression giving each key its label; JSON strings are valid string literals in it."""
    return f"({json.dumps(labels)})[datum.value]"


def _any_of(keys: list[str]) -> str:
    return f"indexof({json.dumps(keys)}, datum.value) >= 0"


def _finding(criteria: CriteriaResult) -> str:
    span = figures.score_range(*criteria.interval)
    if isinstance(criteria.total, Missing):
        return f"Nothing is answered yet: the score lies between {span.replace(' to ', ' and ')}"
    stops = sum(gate.blocks for gate in criteria.gates)
    known = [(row.score, row.title) for row in criteria.by_criterion.values() if not isinstance(row.score, Missing)]
    (low, weakest), (high, strongest) = min(known), max(known)
    finding = f"{figures.score(criteria.total)} of 100"
    if high > low:
        finding += f": strongest in {strongest.lower()}, weakest in {weakest.lower()}"
    if stops:
        finding += f"; {stops} {'gate blocks' if stops == 1 else 'gates block'} it"
    return finding


def _description(criteria: CriteriaResult) -> str:
    parts = [
        f"{row.title} {figures.points(row.given)} of {figures.points(row.weight * 100)} points"
        for row in criteria.by_criterion.values()
    ]
    if criteria.unevenness < 0:
        parts.append(f"the unevenness of the criteria takes {figures.points(-criteria.unevenness)}")
    unknown = sum(isinstance(row.contribution, Missing) for row in criteria.indicators)
    stops = [f"{gate.title}: {GATE_WORDS[gate.status]}" for gate in criteria.gates if gate.blocks]
    more = f" {unknown} indicators are unknown and hatched." if unknown else ""
    return f"Bars from left to right add up to the score. {'; '.join(parts)}.{more} {'. '.join(stops)}".strip()


def _table(criteria: CriteriaResult, framework: Framework) -> list[tuple[str, ...]]:
    titles = {indicator.id: indicator.title for indicator in framework.indicators}
    rows = [_table_row(row, titles.get(row.id, row.id)) for row in criteria.indicators]
    if criteria.unevenness < 0:
        rows.append(("Unevenness of the criteria", "", "", figures.points(criteria.unevenness), ""))
    return rows


def _table_row(row: IndicatorResult, title: str) -> tuple[str, ...]:
    unknown = isinstance(row.contribution, Missing)
    gained = "unknown" if unknown else figures.points(row.contribution)
    return (
        f"{row.id} {title}",
        figures.level(row.level),
        figures.percent(row.weight),
        gained,
        f"0 to {figures.points(row.high)}" if unknown else "",
    )
