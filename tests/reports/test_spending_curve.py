"""The spending curve: planned and actual capital cost, the P80 of the appraisal, and no line where nothing is known."""

from typing import Any

from appraisal.reports.charts import Chart, SpendingYear, render_svg, spending_curve

YEARS = [
    SpendingYear(year=2027, planned=60.0, spent=61.5),
    SpendingYear(year=2028, planned=90.0, spent=100.0),
    SpendingYear(year=2029, planned=90.0, spent=None),
]


def drawn(p80: float | None = None, *, years: list[SpendingYear] = YEARS, width: int = 720) -> Chart:
    return spending_curve(years, title="10 over the plan by 2028", unit="USD million", p80=p80, width=width)


def texts(chart: Chart) -> list[str]:
    layers: list[dict[str, Any]] = chart.spec["layer"]
    return [row["text"] for layer in layers if layer["mark"]["type"] == "text" for row in layer["data"]["values"]]


def test_the_table_says_what_is_not_reported() -> None:
    chart = drawn()
    assert chart.columns == ("Year", "Planned in all, USD million", "Spent in all")
    assert chart.rows == (("2027", "60.0", "61.5"), ("2028", "90.0", "100"), ("2029", "90.0", "not reported"))


def test_the_actual_line_ends_where_nobody_reported() -> None:
    lines = [layer["data"]["values"] for layer in drawn().spec["layer"] if layer["mark"]["type"] == "line"]
    assert [[row["year"] for row in line] for line in lines] == [["2027", "2028", "2029"], ["2027", "2028"]]
    nothing = drawn(years=[SpendingYear(year=2027, planned=60.0, spent=None)])
    assert texts(nothing) == ["planned"]


def test_the_p80_is_a_line_only_where_it_is_known() -> None:
    assert texts(drawn()) == ["planned", "actual"]
    chart = drawn(104.2)
    assert texts(chart) == ["planned", "actual", "P80 of the appraisal"]
    assert "four of five draws of the appraisal it costs less than 104" in chart.description
    assert chart.spec["layer"][0]["encoding"]["y"]["scale"]["domain"][1] > 104.2


def test_it_is_drawn_for_a_panel_and_a_phone() -> None:
    for width in (960, 296):
        assert "P80 of the appraisal" in render_svg(drawn(104.2, width=width).spec)
