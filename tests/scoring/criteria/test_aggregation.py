"""Aggregation against published figures and by properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.criteria import weighted_geometric_mean, weighted_sum


def test_weighted_sum_vector() -> None:
    # mcda vectors, weighted_sum-001: [[1, 0, 3], [0, 5, 6]] with weights 1 gives 4 and 11
    table = np.array([[1.0, 0, 3], [0, 5, 6]])
    assert weighted_sum(table, np.ones(3)) == pytest.approx([4, 11])


def test_geometric_mean_by_hand_and_zero_is_not_bought_off() -> None:
    table = np.array([[4.0, 1.0], [0.0, 100.0]])
    assert weighted_geometric_mean(table, np.array([0.5, 0.5])) == pytest.approx([2, 0])


@given(st.lists(st.floats(0.01, 1), min_size=3, max_size=3), st.lists(st.floats(0.01, 1), min_size=3, max_size=3))
def test_the_geometric_mean_never_exceeds_the_weighted_mean(values: list[float], weights: list[float]) -> None:
    shares = np.array(weights) / sum(weights)
    table = np.array([values])
    assert weighted_geometric_mean(table, shares)[0] <= weighted_sum(table, shares)[0] + 1e-12


@pytest.mark.parametrize("weights", [[1.0], [-1.0, 2.0]])
def test_weights_that_do_not_fit_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="weight"):
        weighted_sum(np.ones((2, 2)), np.array(weights))
