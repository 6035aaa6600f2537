"""The pictures and tables of a run by name: what they find, and that a file says what the page says."""

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from appraisal.reports import figures
from appraisal.reports.charts import Curve, hundred_dots, render_svg, s_curve
from appraisal.reports.charts.s_curve import dominant
from appraisal.reports.findings import money_headline, page_headline, risk_headline
from appraisal.reports.open_data import table_csv
from appraisal.reports.pictures import PICTURES
from appraisal.reports.run_tables import FURTHER_RISK, TABLES
from scoring.result import Histogram, Missing
from tests.reports import blank, factories

MADE = factories.report()
UNIT = "INR million"


def curve(name: str, draws: list[float]) -> Curve:
    return Curve(name=name, histogram=factories.histogram(draws), measures=MADE.result.risk.economic_npv)


def test_the_curve_gives_the_quantiles_of_an_even_spread() -> None:
    even = Curve(
        name="NPV",
        histogram=Histogram(edges=(-10.0, 0.0, 10.0), counts=(50, 50)),
        measures=MADE.result.risk.economic_npv,
    )
    assert [even.value_at(share) for share in (0, 5, 25, 50, 75, 100)] == [-10, -9, -5, 0, 5, 10]
    assert even.points == [(-10, 0), (0, 50), (10, 100)]


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=60), st.floats(1, 1e6))
def test_what_is_shifted_up_is_above_at_every_level(draws: list[float], shift: float) -> None:
    assume(max(draws) - min(draws) > 1)
    low = curve("Low", draws)
    high = shifted(low, shift)
    values = [low.value_at(share) for share in range(101)]
    assert values == sorted(values)
    assert not dominant(low, low)
    assert dominant(high, low)
    assert not dominant(low, high)


def shifted(made: Curve, shift: float) -> Curve:
    """The same curve further right by this much."""
    edges = tuple(edge + shift for edge in made.histogram.edges)
    return replace(made, histogram=Histogram(edges=edges, counts=made.histogram.counts))


def test_a_curve_says_which_return_is_safer() -> None:
    low, high, wide = (curve(name, [at + i for i in span]) for name, at, span in (
        ("Financial NPV", -50, range(40)), ("Economic NPV", 10, range(40)), ("Financial NPV", 0, range(-90, 90))
    ))  # fmt: skip
    assert s_curve([high, low], unit=UNIT).title == "Economic NPV is above financial NPV at every level of probability"
    assert s_curve([low, high], unit=UNIT).title == "Economic NPV is above financial NPV at every level of probability"
    assert (
        s_curve([high, wide], unit=UNIT).title
        == "Economic NPV and financial NPV cross: neither is higher at every level"
    )
    alone = s_curve([high], unit=UNIT)
    assert alone.title.startswith("Half of the draws stay below 5")
    assert alone.columns == ("Draws in 100 at or below", "Economic NPV")
    assert [row[0] for row in alone.rows] == ["5", "10", "25", "50", "75", "90", "95"]


def test_a_hundred_marks_are_a_hundred_futures() -> None:
    draws = [-1.0] * 31 + [1.0] * 69
    made = hundred_dots(factories.measures(draws), name="the NPV")
    assert made is not None
    assert made.rows == (("Loss", "31"), ("Gain", "69"))
    gains, losses = (layer["data"]["values"] for layer in made.spec["layer"])
    assert (len(losses), len(gains)) == (31, 69)
    assert len({(mark["x"], mark["y"]) for mark in (*gains, *losses)}) == 100
    assert "31 crosses for a loss" in made.description


def test_a_rare_loss_has_no_cross_but_is_not_called_impossible() -> None:
    made = hundred_dots(factories.measures([-1.0] + [1.0] * 999), name="the NPV")
    assert made is not None
    assert "under 1 end in a loss" in made.title
    assert made.rows == (("Loss", "0"), ("Gain", "100"))


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_is_drawn_in_both_widths_or_has_no_figures(name: str) -> None:
    for width in (960, 296):
        made = PICTURES[name](MADE, width)
        if made is None:
            assert name == "debt-cover", "the made-up project has no debt"
        else:
            assert made.rows
            assert render_svg(made.spec).startswith("<svg")
    assert PICTURES[name](blank.empty_report(), 600) is None or name in ("score", "budget")


def test_tables_say_what_the_figures_are_and_why_some_are_not() -> None:
    rows = {row[0]: row[1:] for row in TABLES["distributions"](MADE).rows}
    measures = MADE.result.risk.economic_npv
    assert isinstance(measures.se, float)
    assert rows["Mean"][:2] == (figures.money(measures.mean, measures.se), figures.error(measures.se))
    assert isinstance(measures.p5_se, float)
    assert rows["P5: one draw in twenty is lower"][1] == figures.error(measures.p5_se)
    assert TABLES["equity"](blank.empty_report()).note == "No figure: no cash flows."
    flows = TABLES["cash-flow"](MADE)
    assert [row[0] for row in flows.rows[-flows.totals :]] == ["Net financial flow", "Net economic flow"]
    assert flows.columns[2:4] == (str(MADE.project.cash_flows.first_year), str(MADE.project.cash_flows.first_year + 1))
    assert "1 as the planner said, 1 by reference class" in TABLES["drivers"](MADE).title
    assert "never added" in TABLES["alternatives"](MADE).note


def test_no_row_of_risk_is_shown_twice() -> None:
    shown = [row[0] for name in ("alternatives", *FURTHER_RISK) for row in TABLES[name](MADE).rows]
    assert len(shown) == len(set(shown))


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_whole_with_and_without_figures(name: str) -> None:
    for report in (MADE, blank.empty_report()):
        made = TABLES[name](report)
        assert made.title
        assert {len(row) for row in made.rows} <= {len(made.columns)}


def test_a_file_has_numbers_where_the_page_has_figures() -> None:
    text = table_csv(
        ("Measure", "=Value"), [("NPV", "−1,234.5"), ("=1+1", "none: no sign change"), ("IRR", "13.2%"), ("a", "+3")]
    )
    assert list(csv.reader(io.StringIO(text))) == [
        ["Measure", "'=Value"],
        ["NPV", "-1234.5"],
        ["'=1+1", "none: no sign change"],
        ["IRR", "13.2%"],
        ["a", "+3"],
    ]


def test_headlines_state_the_finding() -> None:
    assert money_headline(MADE) == "It does not pay for itself; society has 1.3 of benefit for each 1 of cost"
    assert risk_headline(MADE).startswith(
        "Society loses in 16 of 100 draws; the worst 5 of 100 average INR −63.5 million"
    )
    assert page_headline(MADE).endswith("gates block it")
    empty = blank.empty_report()
    assert money_headline(empty) == "No financial return: no cash flows; the return to society is not known"
    assert risk_headline(empty) == "The risk is not known: no cash flows"
    assert isinstance(empty.result.economic.bcr, Missing)
