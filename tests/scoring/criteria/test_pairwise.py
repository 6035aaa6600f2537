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
        (np.full((2, 2), np.nan), "above 0"),
        (np.array([[1.0, 3.0], [3.0, 1.0]]), "reciprocal"),
        (np.array([[2.0, 1.0], [1.0, 1.0]]), "reciprocal"),
    ],
)
def test_judgements_that_cannot_be_are_refused(matrix: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ahp_priorities(matrix)
