"""What the project calls from the public purse each year: as planned, on average, and in one case of twenty."""

from appraisal.reports import figures, palette
from appraisal.reports.charts.chart import NARROW, Chart, Spec, chart, title_on_top, values
from scoring.result import BudgetCall


def budget_chart(call: BudgetCall, *, unit: str, width: int = 720) -> Chart:
    """Bars to the expected call, whiskers to the 95th percentile, marks at the plan (METHOD 7)."""
    step = max(call.p95) / 1000
    worst = max(range(len(call.years)), key=lambda i: call.p95[i])
    year, expected, high = call.years[worst], call.expected[worst], call.p95[worst]
    finding = (
        f"The public purse pays most in {year}: {figures.money(expected, step)} on average, "
        f"over {figures.money(high, step)} in 5 of 100 draws"
    )
    return chart(
        body=_body(call, unit=unit, width=width),
        title=finding,
        description=f"Public money called in {unit} by year, {call.years[0]} to {call.years[-1]}: bars to the mean of "
        f"the draws, whiskers to the 95th percentile, marks at the plan. {finding}.",
        columns=("Year", "As planned", "Expected", "P95"),
        rows=[
            (str(year), *(figures.money(row[i], step) for row in (call.planned, call.expected, call.p95)))
            for i, year in enumerate(call.years)
        ],
    )


def _body(call: BudgetCall, *, unit: str, width: int) -> Spec:
    rows = [
        {"year": str(year), "planned": call.planned[i], "expected": call.expected[i], "p95": call.p95[i]}
        for i, year in enumerate(call.years)
    ]
    every = max(1, -(-len(rows) // (5 if width < NARROW else 10)))
    x: Spec = {
        "field": "year",
        "type": "ordinal",
        "axis": {"title": None, "labelAngle": 0, "ticks": False, "values": [row["year"] for row in rows[::every]]},
    }
    y: Spec = {
        "type": "quantitative",
        "scale": {"domain": [0, max(*call.p95, *call.planned)], "nice": False},
        "axis": {
            **title_on_top("called in the year,", unit, narrow=width < NARROW),
            "tickCount": 5,
            "domain": False,
            "ticks": False,
        },
    }
    data = values(rows)
    layers: list[Spec] = [
        {
            "data": data,
            "mark": {"type": "bar", "fill": palette.ACCENT_MID},
            "encoding": {"x": x, "y": {**y, "field": "expected"}},
        },
        {
            "data": data,
            "mark": {"type": "rule", "stroke": palette.ACCENT, "strokeWidth": 1.5},
            "encoding": {"x": x, "y": {**y, "field": "expected"}, "y2": {"field": "p95"}},
        },
        {
            "data": data,
            "mark": {"type": "tick", "color": palette.INK, "thickness": 2},
            "encoding": {"x": x, "y": {**y, "field": "planned"}},
        },
    ]
    return {"width": width, "height": 220, "layer": layers}
