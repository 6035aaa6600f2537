"""The charts of the portfolio: the title says what they show, the table has it all, and the picture can be drawn."""

import xml.etree.ElementTree as ET

import pytest

from appraisal.reports.charts import (
    Chart,
    CurvePoint,
    HeatRow,
    RiskPoint,
    Rung,
    Slope,
    Strip,
    YearlyCost,
    acceptability_map,
    budget_curve,
    render_svg,
    risk_curve,
    slope_chart,
    stability_chart,
    value_ladder,
    year_stack,
)

HOSTILE = 'O\'Brien "하나" </svg><script>alert(1)</script> & =1+1'
SLOPES = (
    Slope(reference="A", title=HOSTILE, left=1, right=3, left_in=True, right_in=False),
    Slope(reference="B", title="B", left=2, right=1, left_in=True, right_in=True),
    Slope(reference="C", title="C", left=3, right=2, left_in=False, right_in=True),
)
HEAT = (
    HeatRow(reference="A", title=HOSTILE, expected=1.2, shares=(0.8, 0.196, 0.004), funded=1.0),
    HeatRow(reference="B", title="B", expected=1.9, shares=(0.2, 0.7, 0.1), funded=0.6),
    HeatRow(reference="C", title="C", expected=2.9, shares=(0.0, 0.104, 0.896), funded=None),
)
STRIPS = (
    Strip(title="Bankability", now=0.25, low=0.1, high=0.4, turns=((0.1, "A leaves at 10%"), (0.4, "B enters at 40%"))),
    Strip(title="Need", now=0.75, low=0.0, high=1.0, turns=()),
)
RUNGS = (
    Rung(reference="A", title=HOSTILE, cost=2, value=8, chosen=True),
    Rung(reference="B", title="B", cost=5, value=10, chosen=False),
    Rung(reference="C", title="C", cost=4, value=4, chosen=True),
)
CURVE = (
    CurvePoint(budget=5, value=8, entering=()),
    CurvePoint(budget=10, value=12, entering=("C",)),
)
YEARS = (
    YearlyCost(reference="A", title=HOSTILE, by_year={2027: 2.0, 2029: 1.0}),
    YearlyCost(reference="B", title="B", by_year={2027: 3.0}),
)


def slope(width: int) -> Chart:
    return slope_chart(SLOPES, left="The record", right=HOSTILE, width=width)


def heat(width: int) -> Chart:
    return acceptability_map(HEAT, funded=2, width=width)


def strips(width: int) -> Chart:
    return stability_chart(STRIPS, width=width)


def ladder(width: int) -> Chart:
    return value_ladder(RUNGS, budget=6, unit="USD million", value_name="points", width=width)


def curve(width: int) -> Chart:
    return budget_curve(CURVE, present=(6, 12), cut=(6, 10), unit="USD million", value_name="points", width=width)


RISKS = (
    RiskPoint(risk=-3, value=8, entering=()),
    RiskPoint(risk=2, value=12, entering=("C",)),
)


def risks(width: int, present: tuple[float, float] = (2, 12), *, capped: bool = False) -> Chart:
    return risk_curve(
        RISKS,
        present=present,
        cut=(1, 9),
        tail=5,
        capped=capped,
        unit="USD million",
        value_name="points",
        value_unit="points",
        width=width,
    )


def years(width: int) -> Chart:
    return year_stack(YEARS, caps={2027: 4.0, 2028: 1.0}, unit="USD million", width=width)


@pytest.mark.parametrize("make", [slope, heat, strips, ladder, curve, risks, years])
@pytest.mark.parametrize("width", [296, 960])
def test_pictures_are_drawn_at_both_widths_and_carry_their_finding(make: object, width: int) -> None:
    made = make(width)  # type: ignore[operator]
    root = ET.fromstring(render_svg(made.spec))  # noqa: S314 -- our own picture
    assert root.find("{http://www.w3.org/2000/svg}title").text == made.title
    assert "<script" not in render_svg(made.spec)
    assert all(len(row) == len(made.columns) for row in made.rows)


def test_slopes_name_who_crosses_the_line() -> None:
    assert slope(960).title == "C enters; A leaves"
    assert [row[-1] for row in slope(960).rows] == ["leaves", "on both sides", "enters"]
    same = slope_chart([SLOPES[1]], left="a", right="b")
    assert same.title == "The funded projects stay the same; 1 change rank"


def test_the_heat_map_says_how_sure_the_order_is() -> None:
    assert heat(960).title == ("A ranks first in 80 in 100 draws; 1 of 3 is sure to be funded, 1 hang on the draw")
    assert heat(960).rows[2] == ("C", "C", "2.9", "0 in 100", "rank 3, 90 in 100", "cannot be")
    assert acceptability_map(HEAT, funded=None).title == "A ranks first in 80 in 100 draws"


def test_strips_name_the_first_change() -> None:
    assert strips(960).title == "The funded projects change first where bankability falls from 25% to 10%"
    assert strips(960).rows[0] == ("Bankability", "25%", "10%", "40%", "A leaves at 10%", "B enters at 40%")
    assert stability_chart(STRIPS[1:]).title == "No single weight changes which projects are funded"


def test_the_ladder_names_what_is_passed_over() -> None:
    assert ladder(960).title == "The programme takes the best value for cost, but passes over B"
    assert [row[1] for row in ladder(960).rows] == ["A", "B", "C"]  # 4, 2 and 1 for one


def test_the_curve_says_what_rank_and_cut_costs() -> None:
    assert curve(960).title == "The best programme is worth 20% more than rank and cut"
    without = budget_curve(CURVE, present=(6, 12), cut=None, unit="USD", value_name="points")
    assert without.title == "Rank and cut breaks a rule here; the best programme keeps them all"


def test_a_broken_cap_is_said_and_hatched() -> None:
    assert years(960).title == "2027 passes its cap by USD 1.0 million"
    assert "hatch-loss" in render_svg(years(960).spec)
    kept = year_stack(YEARS, caps={2027: 9.0}, unit="USD")
    assert kept.title == "No yearly cap is broken; USD 5.0 falls due in 2027, the heaviest year"
    assert year_stack(YEARS, caps={}, unit="USD").title == "USD 5.0 falls due in 2027, the heaviest year"


def test_the_risk_curve_says_what_less_risk_costs() -> None:
    worst = "in the worst 5 in 100 futures"
    assert risks(960).title == f"To lose USD 5.0 million less {worst} costs about 4.0 points"
    assert risks(960, (-3, 8)).title == f"No programme under these rules loses less {worst}"
    assert risks(960, (0, 8)).title == f"A programme worth as much loses USD 3.0 million less {worst}"
    held = risks(960, (-3, 8), capped=True)
    assert held.title == "Holding the chance of a loss to 5% costs 4.0 points"
    assert [row[0] for row in held.rows] == ["\N{MINUS SIGN}3.0", "2.0"]
    assert "strokeDash" in str(held.spec)
    assert "strokeDash" not in str(risks(960).spec)
