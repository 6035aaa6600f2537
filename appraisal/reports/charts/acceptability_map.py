"""How sure the order is: of every project, the share of the draws in which it takes each rank (METHOD 10, SMAA)."""

from collections.abc import Sequence
from dataclasses import dataclass

from appraisal.reports import palette
from appraisal.reports.charts.chart import NARROW, Chart, Spec, chart, values

MOST = 60
"""Projects drawn; the table has all."""
WRITTEN = 0.095
"""Shares from here on, 10% once rounded, are written into their cell."""
SURE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    reference: str
    title: str
    expected: float
    shares: Sequence[float]
    """Of the draws, by rank."""
    funded: float | None
    """Share of the draws in which the budget reaches it; None where it cannot be funded."""


def acceptability_map(rows: Sequence[HeatRow], *, funded: int | None, width: int = 720) -> Chart:
    """rows: by expected rank. `funded`: how many the budget reaches, drawn as a line; None without a budget."""
    title = _title(rows, funded)
    return chart(
        body=_body(rows[:MOST], funded, width),
        title=title,
        description=f"Rank acceptability of {len(rows)} projects by expected rank: the darker a cell, the more draws "
        f"give the project that rank. {title}.",
        columns=("Project", "Reference", "Expected rank", "First", "Most often", "Funded"),
        rows=[
            (
                row.title,
                row.reference,
                f"{row.expected:.1f}",
                _in_100(row.shares[0]),
                _mode(row),
                "cannot be" if row.funded is None else _in_100(row.funded),
            )
            for row in rows
        ],
    )


def _title(rows: Sequence[HeatRow], funded: int | None) -> str:
    best = max(rows, key=lambda row: row.shares[0])
    first = f"{best.reference} ranks first in {_in_100(best.shares[0])} draws"
    if funded is None:
        return first
    sure = sum(row.funded is not None and row.funded >= SURE for row in rows)
    open_ones = sum(row.funded is not None and 1 - SURE < row.funded < SURE for row in rows)
    safe = f"{sure} of {len(rows)} {'is' if sure == 1 else 'are'}" if sure else f"none of {len(rows)} is"
    return f"{first}; {safe} sure to be funded, {open_ones} hang on the draw"


def _mode(row: HeatRow) -> str:
    at = max(range(len(row.shares)), key=lambda rank: row.shares[rank])
    return f"rank {at + 1}, {_in_100(row.shares[at])}"


def _in_100(share: float) -> str:
    if 0 < share < 0.005:  # noqa: PLR2004 -- would round to none
        return "under 1 in 100"
    return f"{round(100 * share)} in 100" if share < 0.995 or share == 1 else "over 99 in 100"  # noqa: PLR2004


def _body(rows: Sequence[HeatRow], funded: int | None, width: int) -> Spec:
    ranks = len(rows[0].shares)
    cells: list[Spec] = [
        {"project": row.reference, "rank": rank, "share": share, "text": str(round(100 * share))}
        for row in rows
        for rank, share in enumerate(row.shares, start=1)
        if share >= 0.005  # noqa: PLR2004 -- what would round to none is left white
    ]
    darkest = max([0.3, *(float(cell["share"]) for cell in cells)])
    step = max(1, -(-ranks // (6 if width < NARROW else 12)))
    x: Spec = {
        "field": "rank",
        "type": "ordinal",
        "scale": {"domain": list(range(1, ranks + 1)), "paddingInner": 0.04, "paddingOuter": 0},
        "axis": {
            "title": "rank",
            "labelAngle": 0,
            "ticks": False,
            "domain": False,
            "values": [1, *range(step, ranks + 1, step)] if step > 1 else list(range(1, ranks + 1)),
        },
    }
    y: Spec = {
        "field": "project",
        "type": "ordinal",
        "scale": {"domain": [row.reference for row in rows], "paddingInner": 0.08},
        "axis": {"title": None, "ticks": False, "domain": False, "labelFontSize": 11 if width >= NARROW else 10},
    }
    colour: Spec = {
        "field": "share",
        "type": "quantitative",
        "scale": {
            "domain": [0, darkest],
            "range": [palette.WASH, palette.ACCENT],
        },
        "legend": None,
    }
    layers: list[Spec] = [
        {"data": values(cells), "mark": {"type": "rect"}, "encoding": {"x": x, "y": y, "color": colour}}
    ]
    if width >= NARROW and ranks <= MOST:
        light = 0.55 * darkest
        layers.append(
            {
                "data": values([cell for cell in cells if cell["share"] >= WRITTEN]),
                "mark": {"type": "text", "fontSize": 9.5},
                "encoding": {
                    "x": x,
                    "y": y,
                    "text": {"field": "text"},
                    "color": {
                        "condition": {"test": f"datum.share > {light}", "value": palette.PAPER},
                        "value": palette.INK,
                    },
                },
            }
        )
    if funded is not None and 0 < funded < ranks:
        layers.append(
            {
                "data": values([{"rank": funded}]),
                "mark": {"type": "rule", "stroke": palette.ACCENT, "strokeWidth": 2, "strokeDash": [5, 3]},
                "encoding": {"x": {**x, "bandPosition": 1}},
            }
        )
    return {"width": width, "height": max(120, 17 * len(rows) + 40), "layer": layers}
