"""How well the yearly cash carries the debt: cover by year against 1 and the target."""

from collections.abc import Sequence

from appraisal.reports import figures, palette
from appraisal.reports.charts.chart import NARROW, Chart, Spec, chart, title_on_top, values


def cover_chart(cover: Sequence[float | None], *, first_year: int, target: float, width: int = 720) -> Chart:
    """Debt service cover by year as planned; years without debt service have none (METHOD 3)."""
    years = [(first_year + period, ratio) for period, ratio in enumerate(cover) if ratio is not None]
    year, lowest = min(years, key=lambda pair: pair[1])
    if lowest < 1:
        finding = f"In {year} the cash covers only {figures.ratio(lowest)} of the debt service"
    else:
        finding = f"Debt service is covered {figures.ratio(lowest)} times at the least, in {year}"
    return chart(
        body=_body(years, target=target, width=width),
        title=finding,
        description=f"Debt service cover by year, {years[0][0]} to {years[-1][0]}, as planned, with lines at 1 and "
        f"at the target of {figures.ratio(target)}. {finding}.",
        columns=("Year", "Cover"),
        rows=[(str(each), figures.ratio(ratio)) for each, ratio in years],
    )


def _body(years: Sequence[tuple[int, float]], *, target: float, width: int) -> Spec:
    rows = [{"year": str(year), "cover": ratio, "short": ratio < 1} for year, ratio in years]
    every = max(1, -(-len(rows) // (5 if width < NARROW else 10)))
    low, high = min(0.0, *(ratio for _, ratio in years)), max(target, *(ratio for _, ratio in years))
    x: Spec = {
        "field": "year",
        "type": "ordinal",
        "axis": {"title": None, "labelAngle": 0, "ticks": False, "values": [row["year"] for row in rows[::every]]},
    }
    y: Spec = {
        "type": "quantitative",
        "scale": {"domain": [low, high * 1.05], "nice": False},
        "axis": {
            **title_on_top("cash for debt service / debt service"),
            "tickCount": 5,
            "domain": False,
            "ticks": False,
        },
    }

    def across(at: float, dash: Sequence[int], words: str) -> list[Spec]:
        line: Spec = {"type": "rule", "stroke": palette.INK, "strokeWidth": 1.25, "strokeDash": list(dash)}
        text: Spec = {"type": "text", "align": "right", "dx": -4, "dy": -7, "x": "width", "fontSize": 11.5}
        data, height = values([{"at": at, "text": words}]), {"y": {**y, "field": "at"}}
        return [
            {"data": data, "mark": line, "encoding": height},
            {"data": data, "mark": text, "encoding": {**height, "text": {"field": "text"}}},
        ]

    bars: Spec = {
        "data": values(rows),
        "mark": {"type": "bar"},
        "encoding": {
            "x": x,
            "y": {**y, "field": "cover"},
            "color": {"condition": {"test": "datum.short", "value": palette.INK_3}, "value": palette.ACCENT_MID},
        },
    }
    return {
        "width": width,
        "height": 200,
        "layer": [bars, *across(1.0, [1, 0], "1"), *across(target, [5, 4], f"target {figures.ratio(target)}")],
    }
