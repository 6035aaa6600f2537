"""Rank acceptability against exact shares and by properties (METHOD 10)."""

import importlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ranking import acceptability, rank_shares
from tests.mcda_vectors import VECTORS

acceptability_module = importlib.import_module("scoring.ranking.acceptability")  # the function has the same name

DRAWS = 100_000


def published(name: str) -> tuple[np.ndarray, np.ndarray, float]:
    vector = VECTORS[name]
    utilities, expected = vector["inputs"]["utilities"], vector["expected"]["rank_acceptability"]
    return np.array(utilities), np.array(expected), vector["tol_abs"]


def test_exact_shares_over_all_weights() -> None:
    values, expected, tolerance = published("smaa_rank_acceptability-037")
    draws = np.random.default_rng(3).dirichlet(np.ones(3), size=DRAWS)
    assert acceptability(values, draws) == pytest.approx(expected, abs=tolerance)


def test_exact_shares_over_ordered_weights() -> None:
    values, expected, tolerance = published("smaa_rank_acceptability-040")
    draws = np.sort(np.random.default_rng(4).dirichlet(np.ones(3), size=DRAWS), axis=1)[:, ::-1]
    assert acceptability(values, draws) == pytest.approx(expected, abs=tolerance)


def test_a_dominating_alternative_is_always_first() -> None:
    draws = np.random.default_rng(1).dirichlet(np.ones(3), size=200)
    shares = acceptability(np.array([[0.9, 0.9, 0.9], [0.1, 0.2, 0.3]]), draws)
    assert shares.tolist() == [[1, 0], [0, 1]]


def test_tied_alternatives_share_their_ranks() -> None:
    shares = acceptability(np.array([[1.0, 1.0], [1.0, 1.0], [0.0, 0.0]]), np.array([[0.5, 0.5]]))
    assert shares.tolist() == [[0.5, 0.5, 0], [0.5, 0.5, 0], [0, 0, 1]]


@given(st.integers(1, 8), st.integers(0, 1000))
def test_rows_and_columns_sum_to_one(count: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    shares = acceptability(random.integers(0, 3, (count, 3)).astype(float), random.dirichlet(np.ones(3), size=20))
    assert (shares >= 0).all()
    assert shares.sum(axis=0) == pytest.approx(np.ones(count))
    assert shares.sum(axis=1) == pytest.approx(np.ones(count))


@pytest.mark.parametrize(("kinds", "levels"), [(1, 1), (2, 3), (40, 3), (40, 10**6)])
def test_many_are_counted_as_few_are(kinds: int, levels: int, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(kinds)
    values = np.repeat(random.integers(-levels, levels, (kinds, 3)), 2, axis=0) / levels  # every one has a twin
    values[0, 0] += 0.25
    weights = random.dirichlet(np.ones(3), 301)
    few = acceptability(values, weights)
    for setting in ("SORTED", "SMALL"):
        monkeypatch.setattr(acceptability_module, setting, 2_000)
    monkeypatch.setattr(acceptability_module, "STANDING", 4_000)
    monkeypatch.setattr(acceptability_module, "MANY", 0)
    many = acceptability(values, weights)
    assert many == pytest.approx(few, abs=1e-12)
    assert rank_shares(weights @ values.T) == pytest.approx(few, abs=1e-12)
    assert many.sum(axis=0) == pytest.approx(np.ones(len(values)))


def test_one_draw_and_one_alternative_may_be_counted_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acceptability_module, "MANY", 0)
    assert acceptability(np.array([[0.2], [0.7]]), np.ones((1, 1))).tolist() == [[0, 1], [1, 0]]
    assert acceptability(np.ones((1, 2)), np.ones((5, 2))).tolist() == [[1]]


@pytest.mark.parametrize(
    ("values", "weights"),
    [
        (np.ones((2, 2)), np.ones((1, 3))),
        (np.ones(2), np.ones((1, 2))),
        (np.ones((2, 2)), np.ones((0, 2))),
        (np.full((2, 2), np.nan), np.ones((1, 2))),
    ],
)
def test_what_does_not_fit_is_refused(values: np.ndarray, weights: np.ndarray) -> None:
    with pytest.raises(ValueError, match="must"):
        acceptability(values, weights)
