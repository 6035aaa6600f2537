"""Exact swap weights by hand and against a scan of weights (METHOD 10)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from scoring.ranking import neighbour_swaps, stable_range, swap_weights, swaps_between
from scoring.result import Missing

TABLES = arrays.arrays(np.float64, st.tuples(st.integers(2, 5), st.just(3)), elements=st.integers(0, 20).map(float))
WEIGHTS = arrays.arrays(np.float64, 3, elements=st.integers(1, 9).map(float))


def moved(weights: np.ndarray, criterion: int, to: float) -> np.ndarray:
    """One weight set, the others rescaled in proportion."""
    others = weights / (weights.sum() - weights[criterion]) * (1 - to)
    others[criterion] = to
    return others


def test_a_swap_by_hand() -> None:
    # at weight t of the first criterion: 80 t + 40 (1 - t) against 20 t + 60 (1 - t): level at 20 / 80
    table = np.array([[80.0, 30.0, 50.0], [20.0, 60.0, 60.0]])
    first, second, _ = swaps_between(table, np.array([0.5, 0.25, 0.25]), 0, 1)
    assert first.weight == pytest.approx(0.25)
    assert first.ahead_above == 0
    # of the second: 30 t + 70 (1 - t) against 60 t + 33.333 (1 - t): level at 36.667 / 66.667
    assert second.weight == pytest.approx(0.55)
    assert second.ahead_above == 1


def test_why_there_is_no_swap() -> None:
    table = np.array([[80.0, 70.0], [20.0, 60.0], [20.0, 60.0]])
    weights = np.array([0.5, 0.5])
    assert {swap.weight for swap in swaps_between(table, weights, 0, 1)} == {Missing("never-change-places")}
    assert {swap.weight for swap in swaps_between(table, weights, 1, 2)} == {Missing("always-level")}
    rounded = np.array([[0.1 + 0.2, 1.0], [0.3, 1.0]])
    assert {swap.weight for swap in swaps_between(rounded, weights, 0, 1)} == {Missing("always-level")}
    alone = swaps_between(table, np.array([1.0, 0.0]), 0, 1)
    assert alone[0].weight == Missing("no-other-weight")
    assert alone[1].weight == Missing("never-change-places")
    assert all(swap.ahead_above is None for swap in alone)


def test_drawing_level_at_an_end() -> None:
    # level on the second criterion: at weight 0 of the first they are level, and at weight 1 of the second
    first, second = swaps_between(np.array([[5.0, 3.0], [1.0, 3.0]]), np.ones(2), 0, 1)
    assert (first.weight, first.ahead_above) == (0, 0)
    assert (second.weight, second.ahead_above) == (1, None)


def test_neighbours_stand_in_the_order_of_the_ranking() -> None:
    table = np.array([[10.0, 10.0], [90.0, 90.0], [40.0, 60.0]])
    swaps = neighbour_swaps(table, np.ones(2))
    assert [(swap.first, swap.second, swap.criterion) for swap in swaps] == [(1, 2, 0), (1, 2, 1), (2, 0, 0), (2, 0, 1)]
    assert neighbour_swaps(table[:1], np.ones(2)) == ()


@given(TABLES, WEIGHTS)
def test_at_the_swap_weight_the_scores_are_level_and_on_both_sides_the_order_differs(
    table: np.ndarray, weights: np.ndarray
) -> None:
    for criterion in range(3):
        swap = swaps_between(table, weights, 0, 1)[criterion]
        if isinstance(swap.weight, Missing):
            leads = [table[:2] @ moved(weights, criterion, to) for to in np.linspace(0, 1, 41)]
            signs = {round(float(np.sign(np.round(lead[0] - lead[1], 9)))) for lead in leads}
            assert signs in ({1}, {-1}, {0})
            continue
        level = table[:2] @ moved(weights, criterion, swap.weight)
        assert level[0] == pytest.approx(level[1])
        assert swap_weights(table, weights)[1, 0, criterion] == pytest.approx(swap.weight)
        if swap.ahead_above is not None:
            above = table[:2] @ moved(weights, criterion, (swap.weight + 1) / 2)
            assert above[swap.ahead_above] == above.max()
            assert above[0] != above[1]


@given(TABLES, WEIGHTS, st.integers(0, 2), st.floats(0, 1))
def test_inside_the_stable_range_the_order_stays(
    table: np.ndarray, weights: np.ndarray, criterion: int, part: float
) -> None:
    low, high = stable_range(table, weights)[criterion]
    shares = weights / weights.sum()
    assert low - 1e-9 <= shares[criterion] <= high + 1e-9
    now, then = table @ shares, table @ moved(weights, criterion, low + part * (high - low))
    for first in range(len(table)):
        for second in range(len(table)):
            assert not (now[first] > now[second] + 1e-9 and then[first] < then[second] - 1e-9)


def test_the_stable_range_by_hand() -> None:
    # 8 t + 4 (1 - t) against 2 t + 6 (1 - t): level at 2 / 8; the third stays behind both at every weight
    table = np.array([[8.0, 4.0], [2.0, 6.0], [1.0, 1.0]])
    assert stable_range(table, np.ones(2)) == pytest.approx(np.array([[0.25, 1.0], [0.0, 0.75]]))


@pytest.mark.parametrize(
    ("values", "weights"),
    [
        (np.ones((2, 2)), np.ones(3)),
        (np.ones((2, 2)), np.zeros(2)),
        (np.ones((2, 2)), np.array([-1.0, 2.0])),
        (np.full((2, 2), np.nan), np.ones(2)),
    ],
)
def test_what_does_not_fit_is_refused(values: np.ndarray, weights: np.ndarray) -> None:
    with pytest.raises(ValueError, match="must"):
        swap_weights(values, weights)
