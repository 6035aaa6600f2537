"""Weights stated directly, by swings and in pairs (METHOD 9)."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.criteria.weighting import (
    SCALE,
    compared_weights,
    direct_weights,
    effective_weights,
    swing_weights,
)
from scoring.frameworks import Framework, load_framework

# Saaty, Decision-making with the AHP: why is the principal eigenvector necessary (2003): what matters in a house
HOUSE = (
    (5, 3, 7, 6, 6, 1 / 3, 1 / 4),
    (1 / 3, 5, 3, 3, 1 / 5, 1 / 7),
    (6, 3, 4, 6, 1 / 5),
    (1 / 3, 1 / 4, 1 / 7, 1 / 8),
    (1 / 2, 1 / 5, 1 / 6),
    (1 / 5, 1 / 6),
    (1 / 2,),
)
NEIGHBOURHOOD, CONDITION = 2, 6


def reciprocal(upper: tuple[tuple[float, ...], ...]) -> np.ndarray:
    matrix = np.eye(len(upper) + 1)
    for row, given_row in enumerate(upper):
        for column, judgement in enumerate(given_row, start=row + 1):
            matrix[row, column], matrix[column, row] = judgement, 1 / judgement
    return matrix


def test_the_published_judgement_is_named_and_mended() -> None:
    found = compared_weights(reciprocal(HOUSE))
    assert found.weights == pytest.approx([0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333], abs=6e-4)
    assert found.ratio == pytest.approx((9.669 - 8) / 7 / 1.41, abs=1e-4)
    assert not found.consistent
    assert found.worst is not None
    assert (found.worst.first, found.worst.second) == (NEIGHBOURHOOD, CONDITION)
    assert found.worst.stated == 6
    assert found.worst.offered == Fraction(1, 2)
    assert found.worst.ratio_after == pytest.approx((8.811 - 8) / 7 / 1.41, abs=1e-4)


def test_one_slip_in_consistent_judgements_is_found_and_undone() -> None:
    stated = np.array([8.0, 4, 2, 1])
    matrix = stated[:, np.newaxis] / stated
    matrix[0, 3], matrix[3, 0] = 1 / 8, 8
    found = compared_weights(matrix)
    assert found.worst is not None
    assert (found.worst.first, found.worst.second, found.worst.offered) == (0, 3, 8)
    assert found.worst.implied == pytest.approx(8)
    assert found.worst.ratio_after == pytest.approx(0, abs=1e-9)
    assert found.triple is not None
    assert {0, 3} < set(found.triple)


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=8))
def test_nothing_is_offered_where_judgements_agree(given_weights: list[float]) -> None:
    stated = np.array(given_weights) / sum(given_weights)
    found = compared_weights(stated[:, np.newaxis] / stated)
    assert found.weights == pytest.approx(stated)
    assert found.consistent
    assert found.worst is None
    assert found.triple is None


@given(st.lists(st.sampled_from(SCALE), min_size=6, max_size=6))
def test_an_offer_always_helps_and_stays_on_the_scale(judgements: list[Fraction]) -> None:
    numbers = [float(judgement) for judgement in judgements]
    found = compared_weights(reciprocal((tuple(numbers[:3]), tuple(numbers[3:5]), tuple(numbers[5:]))))
    if found.worst is not None:
        assert found.worst.offered in SCALE
        assert found.worst.ratio_after < found.ratio


def test_swings_by_hand() -> None:
    assert swing_weights([100, 60, 40, 0]) == pytest.approx([0.5, 0.3, 0.2, 0])


def test_direct_weights_must_sum_to_100() -> None:
    assert direct_weights([25, 25, 30, 20]) == pytest.approx([0.25, 0.25, 0.3, 0.2])
    assert direct_weights([33.33, 33.33, 33.33]).sum() == pytest.approx(1)
    with pytest.raises(ValueError, match="they sum to 95"):
        direct_weights([25, 25, 25, 20])


@given(
    st.lists(st.floats(0, 100), min_size=1, max_size=9).filter(lambda points: sum(points) > 1e-6), st.floats(0.1, 10)
)
def test_only_the_proportion_of_points_matters(points: list[float], factor: float) -> None:
    weights = swing_weights(points)
    assert weights.sum() == pytest.approx(1)
    assert swing_weights([point * factor for point in points]) == pytest.approx(weights)


def split(framework: Framework, at: int, parts: int) -> Framework:
    """One indicator of the first criterion in several that share its weight."""
    criterion = framework.criteria[0]
    one = criterion.indicators[at]
    pieces = tuple(replace(one, id=f"{one.id}-{part}", weight=one.weight / parts) for part in range(parts))
    indicators = (*criterion.indicators[:at], *pieces, *criterion.indicators[at + 1 :])
    return replace(framework, criteria=(replace(criterion, indicators=indicators), *framework.criteria[1:]))


@given(st.integers(0, 9), st.integers(2, 6))
def test_more_siblings_change_no_weight_but_that_of_the_one_split(at: int, parts: int) -> None:
    framework = load_framework()
    before, after = effective_weights(framework), effective_weights(split(framework, at, parts))
    assert sum(before.values()) == pytest.approx(1)
    divided = framework.criteria[0].indicators[at].id
    assert {name: weight for name, weight in before.items() if name != divided}.items() <= after.items()
    assert sum(weight for name, weight in after.items() if name.startswith(f"{divided}-")) == pytest.approx(
        before[divided]
    )


def test_effective_weights_by_hand() -> None:
    # ten indicators share the quarter of bankability, nine that of the safeguards
    weights = effective_weights(load_framework())
    assert weights["BK1"] == pytest.approx(0.25 / 10)
    assert weights["DS1"] == pytest.approx(0.25 / 9)


def test_what_cannot_be_weights_is_refused() -> None:
    with pytest.raises(ValueError, match="in groups"):
        compared_weights(np.ones((9, 9)))
    with pytest.raises(ValueError, match="must have points"):
        swing_weights([0, 0])
    with pytest.raises(ValueError, match="percentages"):
        direct_weights([])
    with pytest.raises(ValueError, match="points"):
        swing_weights([-1, 2])
