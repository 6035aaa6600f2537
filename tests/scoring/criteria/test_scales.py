"""Levels, numbers and what evidence can carry (METHOD 9, CRITERIA)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.criteria.scales import answered_level, interpolated, with_evidence
from scoring.project_file import Answer, EvidenceGrade
from scoring.result import Missing
from tests.scoring.criteria.factories import indicator


@pytest.mark.parametrize(
    ("stated", "grade", "counted"),
    [
        (4, None, 2),
        (4, "E0", 2),
        (4, "E1", 3),
        (4, "E2", 4),
        (4, "E3", 4),
        (3, "E0", 2),
        (3, "E1", 3),
        (2, "E0", 2),
        (3.5, "E1", 3),
        (2.8, "E0", 2),
    ],
)
def test_level_3_needs_e1_and_level_4_needs_e2(stated: float, grade: str | None, counted: float) -> None:
    level = with_evidence(stated, EvidenceGrade(grade) if grade else None)
    assert level.counted == counted
    assert level.stated == stated
    assert level.capped == (counted != stated)


@pytest.mark.parametrize(
    ("name", "value", "level"),
    [
        ("IN2", 0.4, 1),
        ("IN2", 0.72, 2.8),
        ("IN2", 0.95, 4),
        ("NE1", 0.9, 0.9),
        ("NE1", 10, 2.5),
        ("NE1", -5, 0),
        ("NE2", 0, 0),
        ("NE2", 1, 1),
        ("NE2", 9.9, 1 + 8.9 / 9),
        ("NE2", 10, 2),
        ("NE2", 45, 3.5),
        ("NE6", 80, 4),
        ("BK7", 0.5, 4),
        ("BK7", 15, 1),
        ("BK7", 11, 1.5),
        ("BK7", 99, 0),
    ],
)
def test_numbers_map_to_the_bands_of_the_criteria(name: str, value: float, level: float) -> None:
    answer = Answer(value=value, evidence=EvidenceGrade.THIRD_PARTY)
    assert answered_level(indicator(name), answer).counted == pytest.approx(level)


@pytest.mark.parametrize("answer", [None, Answer(unknown=True), Answer(level=0, unknown=True), Answer()])
def test_unknown_is_not_zero(answer: Answer | None) -> None:
    assert answered_level(indicator("DS2"), answer).counted == Missing("unanswered")


@given(st.floats(-10, 200), st.floats(0, 50))
def test_more_is_never_worse_on_a_rising_scale(number: float, more: float) -> None:
    points = indicator("NE6").points
    assert interpolated(points, number) <= interpolated(points, number + more) + 1e-12
    assert 0 <= interpolated(points, number) <= 4


BANDS = {
    "IN2": (0.4, 0.6, 0.75, 0.9),
    "NE1": (1, 5, 15, 30),
    "NE2": (1, 10, 30, 60),
    "NE6": (20, 40, 60, 80),
}


@pytest.mark.parametrize("name", BANDS)
@given(part=st.floats(0, 1))
def test_the_whole_part_of_a_level_is_its_band(name: str, part: float) -> None:
    starts = BANDS[name]
    number = part * starts[-1] * 1.1
    assert int(interpolated(indicator(name).points, number)) == sum(number >= start for start in starts)


@given(part=st.floats(0, 1))
def test_the_whole_part_of_a_level_is_its_band_where_less_is_better(part: float) -> None:
    number = part * 40
    assert int(interpolated(indicator("BK7").points, number)) == sum(number <= end for end in (1, 3, 7, 15))
