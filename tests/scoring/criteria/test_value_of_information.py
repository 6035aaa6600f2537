"""What an answer would narrow, by hand and on a whole project (METHOD 9, 10)."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.criteria.drawn_score import Rivals
from scoring.criteria.value_of_information import value_of_answers
from scoring.frameworks import Aggregation, Method, ScaleKind, load_framework
from scoring.project_file import Answer, EvidenceGrade
from scoring.result import CriteriaResult, Missing
from tests.examples import examples
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


def rivals(result: CriteriaResult, *totals: float, draws: int = 1_000) -> Rivals:
    """Others whose totals are known, at the framework's own weights."""
    weights = np.array([row.weight for row in result.by_criterion.values()])
    return Rivals(tuple(result.by_criterion), np.tile(weights, (draws, 1)), np.tile(np.array(totals), (draws, 1)))


def known(result: CriteriaResult) -> CriteriaResult:
    """The same with nothing drawn but what is unknown, and IN4, which cannot be computed here, at its worst."""
    rows = {key: replace(row, evidence=(), futures=()) for key, row in result.by_criterion.items()}
    rows["inclusiveness"] = replace(rows["inclusiveness"], high=rows["inclusiveness"].low)
    low, high = (sum(row.weight * getattr(row, end) for row in rows.values()) for end in ("low", "high"))
    return replace(result, by_criterion=rows, interval=(low, high))


def test_the_range_and_what_an_answer_takes_of_it_by_hand() -> None:
    # one unknown: the total is uniform over 100 / 36 points, of which 90% are the range; an answer takes all of it
    (value,) = value_of_answers(known(all_but("DS1")))
    assert value.likely_narrows == pytest.approx(0.9 * 100 / 36, rel=0.05)
    assert (value.low_rises, value.high_falls) == pytest.approx((100 / 36, 100 / 36))


def test_what_an_answer_does_to_the_rank_by_hand() -> None:
    result = known(all_but("DS1"))
    low, high = result.interval
    middle = (low + high) / 2
    # the total is above or below the middle, so that the rank is 1 or 2 until it is answered
    (value,) = value_of_answers(result, rivals=rivals(result, middle))
    assert value.ranks_narrowed == 1
    (value,) = value_of_answers(result, rivals=rivals(result, middle - 0.1, middle + 0.1, high + 1))
    assert value.ranks_narrowed == 2  # the one above the best is always ahead
    for total in (low - 1, high + 1):
        assert [value.ranks_narrowed for value in value_of_answers(result, rivals=rivals(result, total))] == [0]
    assert [value.ranks_narrowed for value in value_of_answers(result)] == [None]
    with pytest.raises(ValueError, match="criteria"):
        value_of_answers(result, rivals=Rivals(("other",), np.ones((3, 1)), np.ones((3, 1))))


def test_weak_evidence_elsewhere_leaves_less_for_an_answer_to_narrow() -> None:
    answers = {name: Answer(level=2, evidence=EvidenceGrade.CLAIM) for name in ANSWERABLE if name != "DS1"}
    doubted, _ = assessed(answers)
    assert value_of_answers(doubted)[0].likely_narrows < value_of_answers(known(doubted))[0].likely_narrows / 2
    assert value_of_answers(doubted)[0].narrows == pytest.approx(value_of_answers(known(doubted))[0].narrows)


def test_the_heavier_answer_comes_first_by_the_score_alone() -> None:
    # a ninth of a quarter against a tenth
    result = all_but("DS1", "BK5")
    assert [value.indicator for value in value_of_answers(result)] == ["DS1", "BK5"]


@given(st.sets(st.sampled_from(LEVELLED), min_size=1, max_size=6), st.data())
@settings(max_examples=examples(40), deadline=None)
def test_answering_narrows_the_interval_by_what_was_said(unknown: set[str], data: st.DataObject) -> None:
    before = all_but(*unknown)
    value = data.draw(st.sampled_from(value_of_answers(before)))
    answers = {name: best(2) for name in ANSWERABLE if name not in unknown}
    after, _ = assessed({**answers, value.indicator: best(data.draw(st.integers(0, 4)))})
    assert width(after) == pytest.approx(width(before) - value.narrows)
    assert width(after) == pytest.approx(value.width_after)


@given(st.sets(st.sampled_from(LEVELLED), min_size=1, max_size=5), st.lists(st.floats(0, 100), min_size=1, max_size=6))
@settings(max_examples=examples(20), deadline=None)
def test_no_answer_takes_more_than_there_is(unknown: set[str], totals: list[float]) -> None:
    result = all_but(*unknown)
    found = value_of_answers(result, rivals=rivals(result, *totals, draws=200))
    for value in found:
        assert value.likely_narrows <= value.narrows + 0.5
        assert max(value.low_rises, value.high_falls) <= width(result) + 1e-9
        assert value.ranks_narrowed is not None
        assert value.ranks_narrowed <= len(totals)
    tenths = [round(value.likely_narrows, 1) for value in found]
    assert tenths == sorted(tenths, reverse=True)


def test_what_is_declared_unknown_is_worth_asking_and_what_is_answered_is_not() -> None:
    result, _ = assessed({**{name: best(2) for name in ANSWERABLE}, "NE3": Answer(unknown=True)})
    assert [value.indicator for value in value_of_answers(result)] == ["NE3"]


def test_what_computed_indicators_wait_for_can_be_stated() -> None:
    result = all_but("DS1", "BK3")
    assert all(value.settles == () for value in value_of_answers(result, waiting={}))


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
    given = {name: best(2) for name in LEVELLED if name not in unknown}
    before, _ = assessed(given, framework=framework)
    for found in value_of_answers(before, waiting={}):
        if found.indicator not in unknown:
            continue
        widths = []
        for level in range(5):
            after, _ = assessed({**given, found.indicator: best(level)}, framework=framework)
            widths.append(width(after))
        assert found.narrows == pytest.approx(width(before) - sum(widths) / 5, abs=1e-6)
