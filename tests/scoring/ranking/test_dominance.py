"""Who dominates whom (METHOD 10)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from scoring.ranking import dominance, dominators

TABLES = arrays.arrays(
    np.float64, st.tuples(st.integers(0, 7), st.integers(1, 3)), elements=st.integers(0, 3).map(float)
)


@st.composite
def intervals(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    low = draw(TABLES)
    return low, low + draw(arrays.arrays(np.float64, low.shape, elements=st.integers(0, 2).map(float)))


def test_dominators_by_hand() -> None:
    # the first beats the third on both; the second is level with it on one and better on the other; the fourth is alone
    table = np.array([[3.0, 2.0], [1.0, 3.0], [1.0, 1.0], [0.0, 9.0]])
    assert dominators(table) == ((), (), (0, 1), ())


def test_likes_do_not_dominate_each_other() -> None:
    assert dominators(np.array([[0.1 + 0.2, 1.0], [0.3, 1.0]])) == ((), ())


def test_what_is_unknown_must_not_matter() -> None:
    # the first reaches at least 50 where the second reaches at most 50; the third could pass it with 60
    low, high = (
        np.array([[50.0, 70.0], [0.0, 10.0], [20.0, 10.0]]),
        np.array([[90.0, 70.0], [50.0, 10.0], [60.0, 10.0]]),
    )
    assert dominators(low, high) == ((), (0,), ())


def test_a_best_that_only_equals_the_worst_is_not_surely_beaten() -> None:
    assert not dominance(np.array([[5.0], [5.0]]), np.array([[7.0], [5.0]])).any()


@given(TABLES)
def test_known_values_follow_the_definition(table: np.ndarray) -> None:
    found = dominance(table)
    for first, own in enumerate(table):
        for second, other in enumerate(table):
            assert found[first, second] == ((own >= other).all() and (own > other).any())


@given(intervals(), st.randoms(use_true_random=False))
def test_dominance_holds_for_every_value_in_the_intervals(
    given_one: tuple[np.ndarray, np.ndarray], random: object
) -> None:
    low, high = given_one
    part = np.array([[random.random() for _ in row] for row in low]).reshape(low.shape)  # type: ignore[attr-defined]
    assert (dominance(low, high) <= dominance(low + part * (high - low))).all()


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (np.ones(3), None),
        (np.ones((2, 2)), np.ones((2, 3))),
        (np.ones((2, 2)), np.zeros((2, 2))),
        (np.full((2, 2), np.nan), None),
    ],
)
def test_what_does_not_fit_is_refused(low: np.ndarray, high: np.ndarray | None) -> None:
    with pytest.raises(ValueError, match="must"):
        dominance(low, high)
