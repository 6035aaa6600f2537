"""What an answer would narrow, by hand and on a whole project (METHOD 9, 10)."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.criteria.value_of_information import rank_interval, value_of_answers
from scoring.frameworks import Aggregation, Method, ScaleKind, load_framework
from scoring.project_file import Answer
from scoring.result import CriteriaResult, Missing
from tests.scoring.criteria.factories import assessed, best

ANSWERABLE = [i.id for i in load_framework().indicators if i.scale is not ScaleKind.COMPUTED]
LEVELLED = [i.id for i in load_framework().indicators if i.scale is ScaleKind.LEVEL]


def all_but(*names: str) -> CriteriaResult:
    return assessed({name: best(2) for name in ANSWERABLE if name not in names})[0]


def width(result: CriteriaResult) -> float:
    low, high = result.interval
    return high - low


def test_an_indicator_narrows_by_its_weight() -> None:
    # a ninth of a quarter for the impact assessment; without debt BK3 carries BK2, together two tenths of a quarter
    funding, assessment = value_of_answers(all_but("DS1", "BK3"))
    assert (funding.indicator, funding.settles) == ("BK3", ("BK2",))
    assert funding.narrows == pytest.approx(2 * 100 * 0.25 / 10)
    assert (assessment.indicator, assessment.settles) == ("DS1", ())
    assert assessment.narrows == pytest.approx(100 * 0.25 / 9)
    assert funding.width_after == pytest.approx(width(all_but("DS1")))
    assert assessment.opens_gate
    assert not funding.opens_gate


def test_ranks_by_hand() -> None:
    others = [(80.0, 90.0), (50.0, 60.0), (10.0, 20.0)]
    assert rank_interval((40.0, 70.0), others) == (2, 3)
    assert rank_interval((0.0, 100.0), others) == (1, 4)
    assert rank_interval((60.0, 60.0), [(60.0, 60.0)]) == (1, 1)


def test_what_an_answer_does_to_the_rank_by_hand() -> None:
    result = all_but("DS1", "NE5")
    low, high = result.interval
    # one point above the worst score: each weighs a ninth of 25 points, level 1 gives 0.69 and level 2 1.39
    just_above = value_of_answers(result, others=[(low + 1, low + 1)])
    assert [value.indicator for value in just_above] == ["DS1", "NE5"]
    # levels 0 and 1 leave it open, since the other answer may still pass it; levels 2 to 4 pass it
    assert [value.ranks_narrowed for value in just_above] == pytest.approx([0.6, 0.6])
    just_below = value_of_answers(result, others=[(high - 1, high - 1)])
    assert [value.ranks_narrowed for value in just_below] == pytest.approx([0.6, 0.6])
    assert [value.ranks_narrowed for value in value_of_answers(result, others=[(high + 1, high + 2)])] == [0, 0]
    assert [value.ranks_narrowed for value in value_of_answers(result)] == [None, None]


def test_the_heavier_answer_comes_first_by_the_score_alone() -> None:
    # a ninth of a quarter against a tenth
    result = all_but("DS1", "BK5")
    assert [value.indicator for value in value_of_answers(result)] == ["DS1", "BK5"]


@given(st.sets(st.sampled_from(LEVELLED), min_size=1, max_size=6), st.data())
@settings(max_examples=40, deadline=None)
def test_answering_narrows_the_interval_by_what_was_said(unknown: set[str], data: st.DataObject) -> None:
    before = all_but(*unknown)
    value = data.draw(st.sampled_from(value_of_answers(before)))
    answers = {name: best(2) for name in ANSWERABLE if name not in unknown}
    after, _ = assessed({**answers, value.indicator: best(data.draw(st.integers(0, 4)))})
    assert width(after) == pytest.approx(width(before) - value.narrows)
    assert width(after) == pytest.approx(value.width_after)


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)).map(lambda pair: tuple(sorted(pair))), max_size=6),
    st.sets(st.sampled_from(LEVELLED), min_size=1, max_size=5),
)
@settings(max_examples=40, deadline=None)
def test_what_narrows_the_score_more_narrows_the_rank_no_less(
    others: list[tuple[float, float]], unknown: set[str]
) -> None:
    places = [value.ranks_narrowed or 0.0 for value in value_of_answers(all_but(*unknown), others=others)]
    assert all(0 <= narrowed <= len(others) for narrowed in places)
    assert all(first >= second - 1e-9 for first, second in pairwise(places))


def test_what_is_declared_unknown_is_worth_asking_and_what_is_answered_is_not() -> None:
    result, _ = assessed({**{name: best(2) for name in ANSWERABLE}, "NE3": Answer(unknown=True)})
    assert [value.indicator for value in value_of_answers(result)] == ["NE3"]


def test_what_computed_indicators_wait_for_can_be_stated() -> None:
    result = all_but("DS1", "BK3")
    assert all(value.settles == () for value in value_of_answers(result, waiting={}))


def test_intervals_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(ValueError, match="low above"):
        value_of_answers(all_but("DS1"), others=[(2.0, 1.0)])


def test_a_figure_that_could_not_be_computed_is_no_question() -> None:
    result = all_but("DS1")
    broken = tuple(
        replace(item, level=Missing("no-shares")) if item.id == "IN4" else item for item in result.indicators
    )
    assert [value.indicator for value in value_of_answers(replace(result, indicators=broken))] == ["DS1"]


@given(st.sets(st.sampled_from([name for name in LEVELLED if name != "BK3"]), min_size=1, max_size=4))
@settings(max_examples=8)
def test_under_a_geometric_mean_an_answer_narrows_by_the_mean_of_its_levels(unknown: set[str]) -> None:
    """Against the assessment itself with each of the five levels given; BK3 apart, which a computed one follows."""
    framework = replace(load_framework(), aggregation=Aggregation(method=Method.WEIGHTED_GEOMETRIC_MEAN))
    known = {name: best(2) for name in LEVELLED if name not in unknown}
    before, _ = assessed(known, framework=framework)
    for found in value_of_answers(before, waiting={}):
        if found.indicator not in unknown:
            continue
        widths = []
        for level in range(5):
            after, _ = assessed({**known, found.indicator: best(level)}, framework=framework)
            widths.append(width(after))
        assert found.narrows == pytest.approx(width(before) - sum(widths) / 5, abs=1e-6)
