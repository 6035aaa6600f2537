"""The Gaussian copula, and correlations that no joint distribution has."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.risk.dependence import copula, nearest_correlation, normal_from_spearman, spearman_from_normal
from scoring.risk.marginals import Normal
from scoring.risk.normal import FloatArray, probability_of, score
from scoring.risk.quantile_tables import drivers_at, tabulate
from scoring.risk.sampling import replicates
from tests.scoring.risk.factories import vectors


def ranks(values: FloatArray) -> FloatArray:
    return np.argsort(np.argsort(values)).astype(np.float64)


def correlated_by(factor: FloatArray, scores: FloatArray) -> FloatArray:
    return drivers_at(factor, [tabulate(Normal(0.0, 1.0))] * len(factor), scores)[0]


def correlated(spearman: float, draws: int = 40_000) -> FloatArray:
    """(draws, 2) scores whose rank correlation is asked for."""
    points = np.concatenate([part.points for part in replicates("R", 1, draws, 2)])
    factor = copula(np.array([[1.0, spearman], [spearman, 1.0]])).factor
    return correlated_by(factor, score(points))


def test_normal_correlations_for_rank_correlations_are_the_closed_form() -> None:
    case = vectors()["copula-spearman-to-normal"]
    result = normal_from_spearman(np.array(case["inputs"]["target_spearman"]))
    assert result == pytest.approx(case["expected"]["normal_rho"], rel=1e-12)


@pytest.mark.parametrize("case", ["gaussian-copula-rho-0.3", "gaussian-copula-rho0.5"])
def test_draws_have_the_dependence_of_the_closed_form(case: str) -> None:
    rho, expected = vectors()[case]["inputs"]["rho"], vectors()[case]["expected"]
    spearman = float(spearman_from_normal(np.array(rho)))
    assert spearman == pytest.approx(expected["spearman"], rel=1e-12)
    scores = correlated(spearman)
    first, second = ranks(scores[:, 0]), ranks(scores[:, 1])
    assert np.corrcoef(first, second)[0, 1] == pytest.approx(expected["spearman"], abs=0.003)
    uniform = probability_of(scores)
    assert np.corrcoef(uniform.T)[0, 1] == pytest.approx(expected["pearson_uniform"], abs=0.003)
    assert np.mean((uniform < 0.5).all(axis=1)) == pytest.approx(expected["P_both_below_median"], abs=0.003)
    some = scores[:3000]
    signs = np.sign(some[:, np.newaxis, :] - some[np.newaxis, :, :]).prod(axis=2)
    assert signs.sum() / (3000 * 2999) == pytest.approx(expected["kendall"], abs=0.02)


def test_a_valid_matrix_is_left_alone() -> None:
    assert copula(np.array([[1.0, 0.4], [0.4, 1.0]])).largest_repair == 0.0


def test_the_repair_is_highams() -> None:
    # Higham (2002), section 5: nearest correlation matrix of [[1,1,0],[1,1,1],[0,1,1]] has 0.7607 and 0.1573.
    repaired = nearest_correlation(np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 1.0]]))
    assert repaired[0, 1] == pytest.approx(0.7607, abs=1e-4)
    assert repaired[0, 2] == pytest.approx(0.1573, abs=1e-4)


def test_an_impossible_matrix_is_repaired_and_the_change_reported() -> None:
    asked = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])
    repaired = copula(asked)
    given_ = repaired.factor @ repaired.factor.T
    assert np.diag(given_) == pytest.approx(1.0)
    assert repaired.largest_repair == pytest.approx(np.abs(given_ - normal_from_spearman(asked))[0, 1], rel=0.2)
    assert repaired.largest_repair > 0.3


def test_perfect_dependence_is_no_repair() -> None:
    perfect = copula(np.ones((2, 2)))
    assert perfect.largest_repair == 0.0
    scores = correlated_by(perfect.factor, np.array([[0.3, -2.0], [1.0, 2.0]]))
    assert scores[:, 1] == pytest.approx(scores[:, 0], abs=1e-4)


@given(entries=st.lists(st.floats(-1, 1), min_size=6, max_size=6))
def test_every_repair_is_a_correlation_matrix(entries: list[float]) -> None:
    matrix = np.eye(4)
    matrix[np.triu_indices(4, 1)] = entries
    matrix = np.triu(matrix) + np.triu(matrix, 1).T
    repaired = nearest_correlation(matrix)
    assert np.diag(repaired) == pytest.approx(1.0)
    assert np.linalg.eigvalsh(repaired)[0] > 0
    assert np.abs(repaired).max() <= 1 + 1e-9
