"""Weights from pairwise comparison against a published matrix and by properties (METHOD 9)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.criteria import ahp_priorities
from tests.mcda_vectors import VECTORS


def test_the_published_school_selection() -> None:
    vector = VECTORS["ahp_eigenvector-031"]
    weights, ratio = ahp_priorities(np.array(vector["inputs"]["matrix"]))
    assert weights == pytest.approx(vector["expected"]["weights"], abs=vector["tol_abs"])
    assert ratio == pytest.approx(vector["expected"]["CR_saaty_RI_1_24"], abs=1e-9)
    assert ratio > 0.10


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=10))
def test_consistent_judgements_give_back_their_weights(given_weights: list[float]) -> None:
    stated = np.array(given_weights) / sum(given_weights)
    weights, ratio = ahp_priorities(stated[:, np.newaxis] / stated)
    assert weights == pytest.approx(stated)
    assert ratio == pytest.approx(0, abs=1e-9)


def test_a_published_choice_with_its_ratio() -> None:
    # the textbook triple 1, 3, 5 / 1, 3 / 1: principal value 3.0385, index 0.0193 and, with Saaty's 0.58, ratio 0.033
    weights, ratio = ahp_priorities(np.array([[1, 3, 5], [1 / 3, 1, 3], [1 / 5, 1 / 3, 1]]))
    assert weights == pytest.approx([0.6370, 0.2583, 0.1047], abs=5e-5)
    assert ratio == pytest.approx(0.0385 / 2 / 0.58, abs=1e-3)


@given(st.lists(st.sampled_from([1 / 9, 1 / 5, 1 / 2, 1.0, 3.0, 7.0]), min_size=3, max_size=3))
def test_of_three_the_eigenvector_is_the_geometric_mean(judgements: list[float]) -> None:
    # Crawford & Williams (1985): for three things both ways of reading judgements agree, and with
    # s = a_12 a_23 / a_13 the principal value is 1 + s^(1/3) + s^(-1/3)
    a, b, c = judgements
    matrix = np.array([[1, a, b], [1 / a, 1, c], [1 / b, 1 / c, 1]])
    means = matrix.prod(axis=1) ** (1 / 3)
    weights, ratio = ahp_priorities(matrix)
    assert weights == pytest.approx(means / means.sum())
    slip = (a * c / b) ** (1 / 3)
    assert ratio == pytest.approx((slip + 1 / slip - 2) / 2 / 0.58, abs=1e-9)


def test_decimals_typed_for_thirds_are_taken() -> None:
    weights, _ = ahp_priorities(np.array([[1, 3], [0.33, 1]]))
    assert weights == pytest.approx([0.75, 0.25], abs=0.002)


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (np.ones((2, 3)), "square"),
        (np.ones((0, 0)), "square"),
        (np.ones((11, 11)), "groups"),
        (np.zeros((2, 2)), "above 0"),
        (np.full((2, 2), np.inf), "above 0"),
        (np.array([[1.0, 2.0, 3.0], [0.5, 1.0, np.nan], [1 / 3, np.nan, 1.0]]), "2 with 3 is missing"),
        (np.array([[1.0, 3.0], [3.0, 1.0]]), "reciprocal"),
        (np.array([[2.0, 1.0], [1.0, 1.0]]), "reciprocal"),
    ],
)
def test_judgements_that_cannot_be_are_refused(matrix: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ahp_priorities(matrix)
