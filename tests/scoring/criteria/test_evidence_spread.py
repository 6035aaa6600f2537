"""What evidence leaves open of a criterion: against closed forms, and never wider for better evidence (METHOD 9)."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.criteria.evidence_spread import KNOTS, Doubt, evidence_spread, level_quantile

STEP = 0.03
"""Quantiles are kept to hundredths, and an end that holds many draws to half a step of the sum."""
PROBABILITIES = [(1 + math.erf(score / math.sqrt(2))) / 2 for score in KNOTS]


def test_a_level_by_hand() -> None:
    # a triangle on 2 +- 1: a quarter of it is to be passed at each half-width times 1 - sqrt(1/2)
    assert level_quantile(2, 1, 0.25) == pytest.approx(1 + math.sqrt(0.5))
    assert level_quantile(2, 1, 0.5) == 2
    assert level_quantile(2, 1, 0.875) == pytest.approx(2.5)
    # at the top of the scale half of the draws stay there
    assert [level_quantile(4, 0.5, p) for p in (0.5, 0.9, 1)] == [4, 4, 4]
    assert level_quantile(4, 0.5, 0.125) == pytest.approx(3.75)
    assert level_quantile(0.25, 2, 0.0) == 0


def test_one_answer_is_its_triangle() -> None:
    found = evidence_spread([Doubt(level=3.5, half_width=1, points=25)])
    expected = [25 * (level_quantile(3.5, 1, p) - 3.5) for p in PROBABILITIES]
    assert found == pytest.approx(expected, abs=STEP)


def test_two_answers_alike_are_a_sum_of_four_uniforms() -> None:
    # Irwin-Hall: P(sum of four <= x) = x^4 / 24 up to 1, and a symmetric triangle is two uniforms less 1
    found = dict(zip(KNOTS, evidence_spread([Doubt(2, 1, 10)] * 2), strict=True))
    at = (24 * PROBABILITIES[KNOTS.index(-2.0)]) ** 0.25
    assert found[-2.0] == pytest.approx(10 * (at - 2), abs=STEP)
    assert found[2.0] == pytest.approx(-found[-2.0], abs=STEP)
    assert found[0.0] == 0


def test_many_answers_have_the_variance_of_their_sum() -> None:
    found = dict(zip(KNOTS, evidence_spread([Doubt(2, 2, 100 / 4 / 9)] * 9), strict=True))
    assert found[1.0] == pytest.approx(100 / 4 / 9 * 2 / math.sqrt(6) * 3, rel=0.01)  # near to normal: one deviation


@pytest.mark.parametrize("doubts", [[], [Doubt(2, 0, 25)], [Doubt(2, 1, 0)]])
def test_where_nothing_is_open_there_is_no_spread(doubts: list[Doubt]) -> None:
    assert evidence_spread(doubts) == ()


LEVELS, WIDTHS = st.floats(0, 4), st.tuples(st.floats(0.05, 3), st.floats(0.05, 3)).map(sorted)


@given(LEVELS, WIDTHS, st.floats(0, 1))
def test_a_wider_grade_moves_no_quantile_inwards(level: float, widths: list[float], probability: float) -> None:
    narrow, wide = (level_quantile(level, width, probability) - level for width in widths)
    assert abs(wide) >= abs(narrow)
    assert narrow * wide >= 0
    assert level_quantile(level, widths[1], 0.5) == level


@given(st.lists(st.tuples(LEVELS, st.floats(0.5, 5)), min_size=1, max_size=6), WIDTHS)
def test_a_wider_grade_never_narrows_a_sum(answers: list[tuple[float, float]], widths: list[float]) -> None:
    spans = []
    for width in widths:
        found = evidence_spread([Doubt(level, width, points) for level, points in answers]) or (0.0,) * len(KNOTS)
        assert list(found) == sorted(found)
        assert all(-sum(points for _, points in answers) * 4 <= value for value in found)
        spans.append(found[-1] - found[0])
    assert spans[1] >= spans[0] - 4 * STEP
