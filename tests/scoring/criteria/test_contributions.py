"""Parts that add up to the score, for every way of aggregating (METHOD 9)."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from scoring.criteria import net_credibility, promethee_ii, topsis, weighted_geometric_mean, weighted_sum
from scoring.criteria.contributions import Method, contributions, explained
from tests.mcda_vectors import VECTORS

THRESHOLDS: dict[str, Any] = {"indifference": 0.5, "preference": 2.0}
OUTRANKING: dict[str, Any] = {**THRESHOLDS, "veto": 4.0}
SCORES = {
    Method.WEIGHTED_SUM: (weighted_sum, {}),
    Method.WEIGHTED_GEOMETRIC_MEAN: (weighted_geometric_mean, {}),
    Method.TOPSIS: (topsis, {"senses": np.array([1.0, -1, 1])}),
    Method.PROMETHEE_II: (promethee_ii, THRESHOLDS),
    Method.ELECTRE_III: (net_credibility, OUTRANKING),
}
TABLES = arrays.arrays(
    np.float64, st.tuples(st.integers(1, 6), st.just(3)), elements=st.integers(0, 40).map(lambda number: number / 4)
)
WEIGHTS = arrays.arrays(np.float64, 3, elements=st.just(0.0) | st.floats(0.01, 1)).filter(lambda given: given.sum() > 0)


@pytest.mark.parametrize("method", Method)
@given(table=TABLES, weights=WEIGHTS)
def test_parts_add_up_to_the_score(method: Method, table: np.ndarray, weights: np.ndarray) -> None:
    score, options = SCORES[method]
    parts = contributions(method, table, weights, **options)
    assert parts.shape == table.shape
    assert parts.sum(axis=1) == pytest.approx(score(table, weights, **options), abs=1e-9)
    assert (parts[:, weights == 0] == 0).all()


def test_parts_of_the_published_topsis_add_up_to_its_closeness() -> None:
    vector = VECTORS["topsis-004"]
    parts = contributions(Method.TOPSIS, np.array(vector["inputs"]["matrix"]), np.array(vector["inputs"]["weights"]))
    assert parts.sum(axis=1) == pytest.approx(vector["expected"]["closeness"], abs=vector["tol_abs"])
    # the first has the least of the first and the third column, so that its closeness comes from the second alone
    assert parts[0] == pytest.approx([0, 0.5037, 0], abs=1e-4)


def test_parts_of_a_geometric_mean_by_hand() -> None:
    # G = 2; the 4 adds 1/2 x 2 x (1 + ln 2), the 1 adds 1/2 x 2 x (1 - ln 2)
    parts = contributions(Method.WEIGHTED_GEOMETRIC_MEAN, np.array([[4.0, 1.0], [4.0, 0.0]]), np.ones(2))
    assert parts == pytest.approx(np.array([[1 + np.log(2), 1 - np.log(2)], [0, 0]]))


def test_the_indicator_that_vetoes_bears_what_its_veto_takes() -> None:
    # as in the veto by hand of outranking: 0.3 of the credibility of the second is lost, which the first gains
    table = np.array([[1.0, 4.0], [2.0, 0.0]])
    parts = contributions(Method.ELECTRE_III, table, np.ones(2), indifference=1.0, preference=2.0, veto=4.5)
    assert parts == pytest.approx(np.array([[0, 0.8], [0, -0.8]]))


@given(TABLES, WEIGHTS, st.integers(0, 5))
def test_gaps_add_up_to_the_difference(table: np.ndarray, weights: np.ndarray, against: int) -> None:
    parts = contributions(Method.WEIGHTED_SUM, table, weights)
    for other in (None, against % len(table)):
        for row, explanation in zip(parts, explained(parts, against=other), strict=True):
            assert explanation.score == pytest.approx(row.sum())
            assert sum(explanation.gaps) == pytest.approx(explanation.score - explanation.reference, abs=1e-9)
            assert not set(explanation.lifts) & set(explanation.lowers)


def test_what_lifts_and_what_lowers_by_hand() -> None:
    parts = np.array([[5.0, 1.0, 2.0, 0.0], [1.0, 3.0, 2.0, 4.0]])
    first = explained(parts, against=1)[0]
    assert (first.score, first.reference) == (8, 10)
    assert first.gaps == (4, -2, 0, -4)
    assert first.lifts == (0,)
    assert first.lowers == (3, 1)
    assert explained(parts)[0].gaps == (2, -1, 0, -2)


def test_what_a_method_does_not_know_is_refused() -> None:
    with pytest.raises(TypeError, match="veto"):
        contributions(Method.PROMETHEE_II, np.ones((2, 2)), np.ones(2), veto=1.0)
    with pytest.raises(ValueError, match="parts"):
        explained(np.ones(3))
