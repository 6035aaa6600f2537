"""Whether the programme breaks a yearly cap: its projects stacked by year, caps as lines, what passes them hatched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from appraisal.reports import figures, palette
from appraisal.reports.charts.chart import LOSS_HATCH, NARROW, Chart, Spec, chart, title_on_top, values

LARGEST = 5
"""Projects with a layer of their own; the rest share one."""
SHADES = ("#0b5d7a", "#4d8aa2", "#7fa9ba", "#a9c8d4", "#cfdfe6")
REST = "the others"


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyCost:
    reference: str
    title: str
    by_year: Mapping[int, float]


def year_stack(costs: Sequence[YearlyCost], *, caps: Mapping[int, float], unit: str, width: int = 720) -> Chart:
    """costs: of the projects in the programme, in the caps' money."""
    called = {year for cost in costs for year in cost.by_year} | set(caps)
    years = range(min(called), max(called) + 1)
    totals = {year: sum(cost.by_year.get(year, 0.0) for cost in costs) for year in years}
    title = _title(totals, caps, unit)
    return chart(
        body=_body(costs, years, totals, caps, unit, width),
        title=title,
        description=f"What the programme's projects cost each year in {unit}, {years[0]} to {years[-1]}. {title}.",
        columns=("Year", f"Cost, {unit}", "Cap", "Largest project"),
        rows=[
            (
                str(year),
                figures.money(totals[year]),
                figures.money(caps[year]) if year in caps else "none",
                _largest(costs, year),
            )
            for year in years
        ],
    )


def _title(totals: Mapping[int, float], caps: Mapping[int, float], unit: str) -> str:
    over = [year for year, cap in sorted(caps.items()) if totals.get(year, 0.0) > cap * (1 + 1e-9)]
    if over:
        year = over[0]
        return f"{year} passes its cap by {figures.money_in(totals[year] - caps[year], unit)}"
    peak = max(totals, key=lambda year: totals[year])
    heaviest = f"{figures.money_in(totals[peak], unit)} falls due in {peak}, the heaviest year"
    return f"No yearly cap is broken; {heaviest}" if caps else heaviest


def _largest(costs: Sequence[YearlyCost], year: int) -> str:
    top = max(costs, key=lambda cost: cost.by_year.get(year, 0.0), default=None)
    if top is None or not top.by_year.get(year):
        return "none"
    return f"{top.reference}, {figures.money(top.by_year[year])}"


def _body(
    costs: Sequence[YearlyCost],
    years: Sequence[int],
    totals: Mapping[int, float],
    caps: Mapping[int, float],
    unit: str,
    width: int,
) -> Spec:
    narrow = width < NARROW
    largest = sorted(costs, key=lambda cost: -sum(cost.by_year.values()))
    own = {cost.reference for cost in largest[:LARGEST]}
    names = [cost.reference for cost in largest[:LARGEST]] + ([REST] if len(costs) > LARGEST else [])
    bars = [
        {
            "year": str(year),
            "layer": cost.reference if cost.reference in own else REST,
            "order": names.index(cost.reference if cost.reference in own else REST),
            "cost": cost.by_year.get(year, 0.0),
        }
        for cost in costs
        for year in years
        if cost.by_year.get(year)
    ]
    every = max(1, -(-len(years) // (5 if narrow else 14)))
    x: Spec = {
        "field": "year",
        "type": "ordinal",
        "scale": {"domain": [str(year) for year in years]},
        "axis": {"title": None, "labelAngle": 0, "ticks": False, "values": [str(year) for year in years[::every]]},
    }
    y: Spec = {
        "type": "quantitative",
        "axis": {**title_on_top("cost of the year,", unit, narrow=narrow), "tickCount": 5, "domain": False},
    }
    layers: list[Spec] = [
        {
            "data": values(bars),
            "mark": {"type": "bar", "stroke": palette.PAPER, "strokeWidth": 0.8},
            "encoding": {
                "x": x,
                "y": {**y, "field": "cost", "aggregate": "sum"},
                "color": {
                    "field": "layer",
                    "type": "nominal",
                    "scale": {
                        "domain": names,
                        "range": [*SHADES[: min(LARGEST, len(costs))], palette.LINE][: len(names)],
                    },
                    "legend": {
                        "title": None,
                        "orient": "bottom",
                        "columns": 3 if narrow else 6,
                        "symbolType": "square",
                    },
                },
                "order": {"field": "order"},
            },
        },
        {
            "data": values([{"year": str(year), "cap": cap} for year, cap in caps.items()]),
            "mark": {"type": "tick", "color": palette.INK, "thickness": 2.5, "bandSize": 30 if narrow else 46},
            "encoding": {"x": x, "y": {**y, "field": "cap"}},
        },
    ]
    over = [{"year": str(year), "from": cap, "to": totals[year]} for year, cap in caps.items() if totals[year] > cap]
    if over:
        layers.insert(
            1,
            {
                "data": values(over),
                "mark": {"type": "bar", "fill": LOSS_HATCH},
                "encoding": {"x": x, "y": {**y, "field": "from"}, "y2": {"field": "to"}},
            },
        )
    return {"width": width, "height": 240, "layer": layers}
