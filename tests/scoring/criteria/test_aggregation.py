"""Aggregation against published vectors, by hand and by properties (METHOD 9)."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from scoring.criteria import electre_iii, promethee_ii, topsis, weighted_geometric_mean, weighted_sum
from tests.mcda_vectors import VECTORS

METHODS = (weighted_sum, weighted_geometric_mean, topsis, promethee_ii, electre_iii)
TABLES = arrays.arrays(
    np.float64, st.tuples(st.integers(1, 6), st.just(3)), elements=st.integers(0, 40).map(lambda number: number / 4)
)
WEIGHTS = arrays.arrays(np.float64, 3, elements=st.floats(0.01, 1))


def inputs(vector: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    return np.array(vector["inputs"]["matrix"]), np.array(vector["inputs"]["weights"])


def test_weighted_sum_vector() -> None:
    vector = VECTORS["weighted_sum-001"]
    assert weighted_sum(*inputs(vector)) == pytest.approx(vector["expected"]["score"], abs=vector["tol_abs"])


def test_topsis_vector() -> None:
    vector = VECTORS["topsis-004"]
    assert topsis(*inputs(vector)) == pytest.approx(vector["expected"]["closeness"], abs=vector["tol_abs"])


@pytest.mark.parametrize("name", ["promethee_ii-010", "promethee_ii-013"])
def test_promethee_vectors(name: str) -> None:
    vector = VECTORS[name]
    thresholds = {"preference": np.array(vector["inputs"]["p"])} if "p" in vector["inputs"] else {}
    flow = promethee_ii(*inputs(vector), senses=np.array(vector["inputs"]["types"]), **thresholds)
    assert flow == pytest.approx(vector["expected"]["net_flow"], abs=vector["tol_abs"])


def test_promethee_thresholds_by_hand() -> None:
    # differences of 1, 2 and 3 with indifference 1 and preference 3 count 0, 1/2 and 1
    flow = promethee_ii(np.array([[0.0], [1.0], [3.0]]), np.ones(1), indifference=1.0, preference=3.0)
    assert flow == pytest.approx([-0.5, -0.25, 0.75])


def test_topsis_with_less_is_better_by_hand() -> None:
    table = np.array([[3.0, 1.0], [4.0, 0.0]])
    # lengths 5 and 1: the cost column is 0.6 and 0.8, the gain column 1 and 0; the first is best in both
    assert topsis(table, np.ones(2), senses=np.array([-1, 1])) == pytest.approx([1, 0])


def test_geometric_mean_by_hand_and_zero_is_not_bought_off() -> None:
    table = np.array([[4.0, 1.0], [0.0, 100.0]])
    assert weighted_geometric_mean(table, np.array([0.5, 0.5])) == pytest.approx([2, 0])


@pytest.mark.parametrize("method", METHODS)
def test_alternatives_that_are_alike_score_alike(method: Callable[..., np.ndarray]) -> None:
    scores = method(np.array([[1.0, 2.0], [1.0, 2.0], [1.0, 2.0]]), np.array([0.3, 0.7]))
    assert np.ptp(scores) == 0
    assert np.isfinite(scores).all()


@pytest.mark.parametrize("method", METHODS)
@given(table=TABLES, weights=WEIGHTS, column=st.integers(0, 2), gain=st.floats(0.25, 10))
def test_raising_a_value_never_lowers_the_place(
    method: Callable[..., np.ndarray], table: np.ndarray, weights: np.ndarray, column: int, gain: float
) -> None:
    raised = np.vstack([table, table[0]])
    raised[-1, column] += gain
    scores = method(raised, weights)
    assert scores[-1] >= scores[0] - 1e-12


@given(table=TABLES, weights=WEIGHTS, factor=st.floats(0.1, 10))
def test_only_the_proportion_of_weights_matters(table: np.ndarray, weights: np.ndarray, factor: float) -> None:
    for method in (weighted_geometric_mean, topsis, promethee_ii):
        assert method(table, weights * factor) == pytest.approx(method(table, weights), abs=1e-9)


@given(table=TABLES, weights=WEIGHTS)
def test_bounds_of_the_scores(table: np.ndarray, weights: np.ndarray) -> None:
    assert promethee_ii(table, weights).sum() == pytest.approx(0, abs=1e-9)
    closeness = topsis(table, weights)
    assert ((closeness >= 0) & (closeness <= 1)).all()
    shares = weights / weights.sum()
    assert (weighted_geometric_mean(table, shares) <= weighted_sum(table, shares) + 1e-9).all()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("values", "weights"),
    [
        (np.ones((2, 2)), [1.0]),
        (np.ones((2, 2)), [-1.0, 2.0]),
        (np.ones((2, 2)), [np.nan, 1.0]),
        (np.full((2, 2), np.inf), [1.0, 1.0]),
        (np.ones(2), [1.0, 1.0]),
        (np.ones((0, 2)), [1.0, 1.0]),
    ],
)
def test_what_does_not_fit_is_refused(
    method: Callable[..., np.ndarray], values: np.ndarray, weights: list[float]
) -> None:
    with pytest.raises(ValueError, match="weight"):
        method(values, np.array(weights))


def test_what_a_method_cannot_take_is_refused() -> None:
    table, weights = np.ones((2, 2)), np.ones(2)
    with pytest.raises(ValueError, match="0 or more"):
        weighted_geometric_mean(-table, weights)
    with pytest.raises(ValueError, match="above 0"):
        topsis(table, np.zeros(2))
    with pytest.raises(ValueError, match="senses"):
        topsis(table, weights, senses=np.array([1, 2]))
    with pytest.raises(ValueError, match="thresholds"):
        promethee_ii(table, weights, indifference=2.0, preference=1.0)
