import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from appraisal.reports import palette
from appraisal.reports.charts import (
    Chart,
    MapPoint,
    budget_chart,
    cover_chart,
    cumulative_fan,
    npv_histogram,
    portfolio_map,
    render_svg,
    score_waterfall,
    tornado,
)
from appraisal.reports.charts.fan import back_in
from appraisal.reports.charts.portfolio_map import DO, FINANCE, LEAVE, VALUE, quadrant
from appraisal.reports.report import AppraisalReport
from scoring.result import BudgetCall, Fan, GateStatus, Histogram, Missing
from tests.reports import blank, factories

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = 'O\'Brien "하나" </svg><script>alert(1)</script> & =1+1'
UNIT = "INR million, constant prices of 2026"
POINTS = (
    MapPoint(label="1", title="A", x=1.4, y=70.0, cost=22.0, y_range=(64.0, 78.0)),
    MapPoint(label="2", title="B", x=0.2, y=66.0, cost=9.5),
    MapPoint(label="3", title="C", x=1.2, y=41.0, cost=4.2, blocked=True),
    MapPoint(label="4", title="D", x=-0.3, y=38.0, cost=31.0, x_range=(-0.6, 0.1)),
    MapPoint(label="5", title="E", x=Missing("no-public-money"), y=55.0, cost=1.0),
)


@pytest.fixture(scope="module")
def report() -> AppraisalReport:
    return factories.report()


def waterfall(report: AppraisalReport, width: int) -> Chart:
    return score_waterfall(report.result.criteria, report.framework, width=width)


def criteria(report: AppraisalReport, width: int) -> Chart:
    return score_waterfall(report.result.criteria, report.framework, width=width, by_criterion=True)


def histogram(report: AppraisalReport, width: int) -> Chart:
    risk = report.result.risk
    assert risk.economic_histogram is not None
    return npv_histogram(
        risk.economic_histogram, risk.economic_npv, name="Economic NPV", unit=UNIT, draws=10_000, seed=1, width=width
    )


def fan(report: AppraisalReport, width: int) -> Chart:
    made = report.result.risk.economic_fan
    assert made is not None
    return cumulative_fan(made, name="economic flow", unit=UNIT, planned=made.p75, width=width)


def sensitivity(report: AppraisalReport, width: int) -> Chart:
    base = report.result.risk.economic_npv.p50
    return tornado(report.result.sensitivity, base=base, name="economic NPV", unit=UNIT, width=width)


def projects(report: AppraisalReport, width: int) -> Chart:
    del report
    return portfolio_map(
        POINTS, x_line=0.9, y_line=55.0, x_title="risk-adjusted return", cost_unit="INR million", width=width
    )


def budget(report: AppraisalReport, width: int) -> Chart:
    call = report.result.risk.budget_call
    assert call is not None
    return budget_chart(call, unit=UNIT, width=width)


def cover(report: AppraisalReport, width: int) -> Chart:
    del report
    return cover_chart((None, 0.9, 1.31, 1.6), first_year=2026, target=1.3, width=width)


CHARTS = (waterfall, criteria, histogram, fan, sensitivity, projects, budget, cover)


def texts(svg: str) -> Iterator[str]:
    return ("".join(node.itertext()) for node in ET.fromstring(svg).iter(f"{SVG}text"))  # noqa: S314


@pytest.mark.parametrize("width", [720, 328])
@pytest.mark.parametrize("make", CHARTS)
def test_a_chart_fits_its_width_and_needs_no_style_or_script(
    report: AppraisalReport, make: Callable[[AppraisalReport, int], Chart], width: int
) -> None:
    root = ET.fromstring(render_svg(make(report, width).spec))  # noqa: S314
    assert float(root.attrib["width"]) == width
    for node in root.iter():
        assert node.tag not in (f"{SVG}style", f"{SVG}script", f"{SVG}foreignObject", f"{SVG}image", f"{SVG}a")
        assert not [name for name in node.attrib if name in ("style", "class", "href") or name.startswith("on")]


@pytest.mark.parametrize("make", CHARTS)
def test_a_chart_tells_its_finding_and_has_its_figures_as_a_table(
    report: AppraisalReport, make: Callable[[AppraisalReport, int], Chart]
) -> None:
    made = make(report, 720)
    root = ET.fromstring(render_svg(made.spec))  # noqa: S314
    named = {node.attrib["id"]: node.text for node in root if node.tag in (f"{SVG}title", f"{SVG}desc")}
    assert [named[key] for key in root.attrib["aria-labelledby"].split()] == [made.title, made.description]
    assert root.attrib["role"] == "img"
    assert made.rows
    assert {len(row) for row in made.rows} == {len(made.columns)}


def test_the_ids_of_two_charts_on_a_page_never_meet(report: AppraisalReport) -> None:
    seen: list[str] = []
    for make in CHARTS:
        root = ET.fromstring(render_svg(make(report, 720).spec))  # noqa: S314
        seen += [node.attrib["id"] for node in root.iter() if "id" in node.attrib]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("make", CHARTS)
def test_every_pattern_named_is_defined(report: AppraisalReport, make: Callable[[AppraisalReport, int], Chart]) -> None:
    root = ET.fromstring(render_svg(make(report, 720).spec))  # noqa: S314
    named = {value[5:-1] for node in root.iter() for value in node.attrib.values() if value.startswith("url(#")}
    assert named == {node.attrib["id"] for node in root.iter(f"{SVG}pattern")}


def test_text_in_a_chart_stays_text(report: AppraisalReport) -> None:
    point = replace(POINTS[0], label=HOSTILE)
    made = portfolio_map([point], x_line=0, y_line=50, x_title=HOSTILE, cost_unit="EUR")
    svg = render_svg(made.spec)
    assert "<script" not in svg
    assert HOSTILE in list(texts(svg))
    driver = replace(report.result.sensitivity[0], driver="capex (\"]; alert(1)//\\u0022 ')")
    named = tornado([driver], base=1.0, name="NPV", unit=UNIT)
    assert "capital cost (\"]; alert(1)//\\u0022 ')" in list(texts(render_svg(named.spec)))


def test_one_specification_gives_one_picture(report: AppraisalReport) -> None:
    first, again = fan(report, 720).spec, fan(report, 720).spec
    assert first is not again
    assert render_svg(first) is render_svg(again)


def test_a_figure_that_is_not_finite_never_reaches_a_chart() -> None:
    with pytest.raises(ValueError, match="JSON"):
        render_svg({"mark": "point", "data": {"values": [{"x": float("nan")}]}})


def test_the_words_of_a_total_with_a_wide_span_stay_inside_the_picture(report: AppraisalReport) -> None:
    wide = replace(report.result.criteria, total=4.0, interval=(1.0, 80.0))
    words = [set(texts(render_svg(score_waterfall(wide, report.framework, width=width).spec))) for width in (720, 340)]
    assert "4 (1 to 80)" in words[0]
    assert "4" in words[1]
    assert "4 (1 to 80)" not in words[1]
    unknown = replace(wide, total=Missing("unknown"), interval=(0.0, 100.0))
    assert not [
        word
        for word in texts(render_svg(score_waterfall(unknown, report.framework, width=340).spec))
        if "unknown," in word
    ]


def test_the_waterfall_ends_at_the_total_and_hatches_the_unknown(report: AppraisalReport) -> None:
    made = waterfall(report, 720)
    data = made.spec["layer"][0]["data"]["values"]
    solid = [row for row in data if not row["heading"] and not row["unknown"]]
    assert solid[-1]["end"] == pytest.approx(report.result.criteria.total)
    assert [before["end"] for before in solid[:-1]] == pytest.approx([after["start"] for after in solid[1:]])
    assert sum(row["unknown"] for row in data) == 4
    assert render_svg(made.spec).count('fill="url(#hatch-') == 4


def test_under_a_geometric_mean_a_bar_goes_back_to_the_total(report: AppraisalReport) -> None:
    product = factories.by_product(report)
    criteria = product.result.criteria
    for make in (waterfall, cover_waterfall):
        data = make(product, 720).spec["layer"][0]["data"]["values"]
        (back,) = [row for row in data if row["key"] == "unevenness"]
        assert back["start"] == pytest.approx(criteria.total)
        assert back["end"] == pytest.approx(report.result.criteria.total)
    made = waterfall(product, 720)
    assert made.rows[-1][0] == "Unevenness of the criteria"
    assert "the unevenness of the criteria takes" in made.description
    points = [float(row[3].replace("\u2212", "-")) for row in made.rows if row[3] != "unknown"]
    assert sum(points) == pytest.approx(criteria.total, abs=0.05 * len(points))
    assert all(row["key"] != "unevenness" for row in waterfall(report, 720).spec["layer"][0]["data"]["values"])


def cover_waterfall(report: AppraisalReport, width: int) -> Chart:
    return score_waterfall(report.result.criteria, report.framework, width=width, by_criterion=True)


def test_a_gate_is_a_stop_mark_with_words_and_not_a_bar(report: AppraisalReport) -> None:
    words = list(texts(render_svg(waterfall(report, 720).spec)))
    assert [word for word in words if word.startswith("gate")] == ["gate fails", "gate open"]
    lifted = tuple(replace(gate, status=GateStatus.PASSED) for gate in report.result.criteria.gates)
    free = score_waterfall(replace(report.result.criteria, gates=lifted), report.framework)
    assert not [word for word in texts(render_svg(free.spec)) if word.startswith("gate")]
    assert "gate" not in free.title


def test_the_histogram_splits_the_bar_across_zero_and_says_the_loss() -> None:
    measures = replace(factories.measures([-1.0, 1.0] * 40), prob_negative=0.3, prob_negative_se=0.01)
    made = npv_histogram(
        Histogram(edges=(-2.0, -1.0, 1.0, 3.0), counts=(10, 40, 50)),
        measures, name="Economic NPV", unit=UNIT, draws=100, seed=1,
    )  # fmt: skip
    bars = made.spec["layer"][0]["data"]["values"]
    assert [(bar["low"], bar["high"], bar["loss"]) for bar in bars] == [
        (-2.0, -1.0, True), (-1.0, 0, True), (0, 1.0, False), (1.0, 3.0, False),
    ]  # fmt: skip
    assert made.title == "Economic NPV is a loss in 30 of 100 draws"
    assert [row[2] for row in made.rows] == ["10.0", "40.0", "50.0"]


def test_the_money_is_back_only_once_it_stays_back() -> None:
    assert back_in((2026, 2027, 2028, 2029), (-1.0, 1.0, -1.0, 1.0)) == 2029
    assert back_in((2026, 2027), (1.0, 2.0)) == 2026
    assert back_in((2026, 2027), (-1.0, -2.0)) is None


def test_the_fan_names_a_range_of_years_for_the_payback() -> None:
    years = (2026, 2027, 2028, 2029)
    made = Fan(years=years, p5=(-4.0, -3.0, -1.0, 1.0), p25=(-4.0, -2.0, 1.0, 2.0), p50=(-4.0, -1.0, 1.0, 3.0),
               p75=(-4.0, 0.0, 2.0, 4.0), p95=(-4.0, 1.0, 3.0, 5.0))  # fmt: skip
    assert cumulative_fan(made, name="flow", unit=UNIT).title == "The money is back between 2027 and 2029"


def test_the_tornado_puts_the_widest_swing_first_and_leaves_out_what_has_no_ends(report: AppraisalReport) -> None:
    rows = [*report.result.sensitivity, replace(report.result.sensitivity[0], driver="life", p10=Missing("undefined"))]
    made = tornado(rows[::-1], base=60.0, name="economic NPV", unit=UNIT)
    drawn = list(dict.fromkeys(row["driver"] for row in made.spec["layer"][0]["data"]["values"]))
    assert drawn == ["capex", "benefits", "delay", "opex", "revenue"]
    assert made.rows[-1][0] == "length of life"
    assert made.title == "Capital cost decides; capital cost at × 1.83 brings economic NPV to zero"


def test_the_map_has_a_word_for_each_quadrant_and_a_table_row_for_every_project() -> None:
    words = [quadrant(point, 0.9, 55.0) for point in POINTS]
    assert words == [DO, FINANCE, VALUE, LEAVE, "not on the map"]
    made = projects(factories.report(), 720)
    assert made.title == "1 of 5 projects is strong on both value and return"
    assert len(made.rows) == 5
    assert set(words[:4]) <= set(texts(render_svg(made.spec)))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.1)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_marks_can_be_told_apart_without_colour() -> None:
    assert all(contrast(colour, palette.PAPER) >= 3 for colour in palette.CRITERIA.values())
    assert contrast(palette.ACCENT, palette.ACCENT_LIGHT) >= 3
    assert contrast(palette.ACCENT_MID, palette.ACCENT_LIGHT) >= 1.5
    assert all(contrast(colour, palette.PAPER) >= 4.5 for colour in (palette.INK, palette.INK_2, palette.BAD))


def test_criteria_of_another_framework_get_colours_of_their_own() -> None:
    colours = palette.criterion_colours(["economic", "needs", "policy"])
    assert colours["needs"] == palette.CRITERIA["needs"]
    assert len(set(colours.values())) == 3


def test_a_specification_is_plain_data(report: AppraisalReport) -> None:
    for make in CHARTS:
        text = json.dumps(make(report, 720).spec)
        assert '"url"' not in text
        assert '"href"' not in text


def test_charts_with_next_to_nothing_to_show_are_still_drawn(report: AppraisalReport) -> None:
    measures = report.result.risk.economic_npv
    one_year = Fan(years=(2026,), p5=(-1.0,), p25=(-1.0,), p50=(-1.0,), p75=(-1.0,), p95=(-1.0,))
    same = Histogram(edges=(5.0, 5.0), counts=(100,))
    made = [
        npv_histogram(Histogram(edges=(), counts=()), measures, name="NPV", unit=UNIT, draws=0, seed=1),
        npv_histogram(same, measures, name="NPV", unit=UNIT, draws=100, seed=1),
        cumulative_fan(one_year, name="flow", unit=UNIT),
        tornado([], base=Missing("no-drivers"), name="NPV", unit=UNIT),
        portfolio_map([], x_line=1.0, y_line=50.0, x_title="return", cost_unit="EUR"),
        score_waterfall(blank.empty_report().result.criteria, report.framework),
    ]
    assert all(render_svg(each.spec).startswith("<svg") for each in made)
    assert made[2].title == "The money is not back by 2026 in 95 of 100 draws"
    assert made[3].title == "No assumption moves NPV"
    assert made[5].title == "Nothing is answered yet: the score lies between 0 and 100"


def test_the_year_of_the_highest_call_is_named() -> None:
    call = BudgetCall(
        years=(2026, 2027),
        planned=(10.0, 0.0),
        expected=(12.5, 3.0),
        expected_se=(0.1, 0.1),
        p95=(20.0, 41.0),
        p95_se=(0.5, 0.5),
        covers_shortfalls=True,
    )
    made = budget_chart(call, unit=UNIT)
    assert made.title == "The public purse pays most in 2027: 3.0 on average, over 41.0 in 5 of 100 draws"
    assert made.rows[1] == ("2027", "0", "3.0", "41.0")


def test_a_year_without_cover_is_the_finding() -> None:
    assert cover_chart((None, 1.2, 0.9), first_year=2026, target=1.3).title == (
        "In 2028 the cash covers only 0.90 of the debt service"
    )
    assert cover_chart((1.2, 1.4), first_year=2026, target=1.3).title.startswith("Debt service is covered 1.2 times")
