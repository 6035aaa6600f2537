"""The spending curve: planned and actual cost, the appraisal's estimates, and no line where nothing is known."""

from typing import Any

from appraisal.reports.charts import Chart, CostEstimate, SpendingYear, render_svg, spending_curve

YEARS = [
    SpendingYear(year=2027, planned=60.0, spent=61.5),
    SpendingYear(year=2028, planned=90.0, spent=100.0),
    SpendingYear(year=2029, planned=90.0, spent=None),
]


P50, P80 = CostEstimate(name="P50", value=95.37, se=1.2), CostEstimate(name="P80", value=104.2)


def drawn(*estimates: CostEstimate, years: list[SpendingYear] = YEARS, width: int = 720) -> Chart:
    return spending_curve(years, title="10 over the plan by 2028", unit="USD million", estimates=estimates, width=width)


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


def test_the_cost_estimates_are_lines_only_where_they_are_known() -> None:
    assert texts(drawn()) == ["planned", "actual"]
    chart = drawn(P50, P80)
    assert texts(chart) == ["planned", "actual", "P50 of the appraisal", "P80 of the appraisal"]
    assert "estimates of the whole cost are P50 95, P80 104" in chart.description
    assert chart.spec["layer"][0]["encoding"]["y"]["scale"]["domain"][1] > 104.2


def test_the_names_of_estimates_near_each_other_stay_apart() -> None:
    marks = [layer["mark"] for layer in drawn(P50, P80).spec["layer"] if layer["mark"]["type"] == "text"][-2:]
    assert [mark["dy"] > 0 for mark in marks] == [True, False]


def test_it_is_drawn_for_a_panel_and_a_phone() -> None:
    for width in (960, 296):
        svg = render_svg(drawn(P50, P80, width=width).spec)
        assert "P50 of the appraisal" in svg
        assert "P80 of the appraisal" in svg


def test_the_name_of_the_plan_stands_below_it_where_an_estimate_is_close_above() -> None:
    def side(*estimates: CostEstimate) -> int:
        marks = [layer["mark"] for layer in drawn(*estimates).spec["layer"] if layer["mark"]["type"] == "text"]
        return int(marks[0]["dy"])

    assert side() < 0
    assert side(CostEstimate(name="P80", value=200.0)) < 0
    assert side(CostEstimate(name="P50", value=92.0)) > 0
