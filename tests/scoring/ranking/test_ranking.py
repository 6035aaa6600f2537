"""Ranks, ties and how sure a rank is (METHOD 10)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ranking import acceptability, competition_ranks, rank_intervals

WEIGHTS = np.full(4, 0.25)


def test_ties_are_ties() -> None:
    assert competition_ranks(np.array([70.0, 80.0, 70.0, 60.0])).tolist() == [2, 1, 2, 4]


def test_a_dominating_alternative_is_always_first() -> None:
    draws = np.random.default_rng(1).dirichlet(np.ones(3), size=200)
    shares = acceptability(np.array([[0.9, 0.9, 0.9], [0.1, 0.2, 0.3]]), draws)
    assert shares.tolist() == [[1, 0], [0, 1]]


def test_tied_alternatives_share_their_ranks() -> None:
    shares = acceptability(np.array([[1.0, 1.0], [1.0, 1.0], [0.0, 0.0]]), np.array([[0.5, 0.5]]))
    assert shares.tolist() == [[0.5, 0.5, 0], [0.5, 0.5, 0], [0, 0, 1]]


def test_two_alternatives_split_the_weights_where_they_cross() -> None:
    # (1, 0) beats (0, 1) when the first weight is above 1/2: half of the uniform simplex
    draws = np.random.default_rng(2).dirichlet(np.ones(2), size=20_000)
    assert acceptability(np.eye(2), draws)[0, 0] == pytest.approx(0.5, abs=0.015)


@given(st.integers(1, 8), st.integers(0, 1000))
def test_acceptability_is_doubly_stochastic(count: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    shares = acceptability(random.integers(0, 3, (count, 3)).astype(float), random.dirichlet(np.ones(3), size=20))
    assert shares.sum(axis=0) == pytest.approx(np.ones(count))
    assert shares.sum(axis=1) == pytest.approx(np.ones(count))


def test_what_is_certain_has_a_certain_rank() -> None:
    scores = np.array([[90.0] * 4, [50.0] * 4, [10.0] * 4])
    intervals = rank_intervals(scores, scores[:, 0], scores, WEIGHTS)
    assert [(i.rank, i.low, i.high) for i in intervals] == [(1, 1, 1), (2, 2, 2), (3, 3, 3)]


def test_what_is_unknown_widens_the_rank() -> None:
    low = np.array([[40.0] * 4, [0.0] * 4, [45.0] * 4])
    high = np.array([[40.0] * 4, [100.0] * 4, [45.0] * 4])
    intervals = rank_intervals(low, np.array([40.0, 50.0, 45.0]), high, WEIGHTS)
    assert (intervals[1].low, intervals[1].high) == (1, 3)


def test_rank_intervals_repeat_for_a_seed_and_stand_empty() -> None:
    low, high = np.zeros((5, 4)), np.full((5, 4), 80.0)
    point = np.arange(5.0)
    assert rank_intervals(low, point, high, WEIGHTS) == rank_intervals(low, point, high, WEIGHTS)
    assert rank_intervals(np.zeros((0, 4)), np.zeros(0), np.zeros((0, 4)), WEIGHTS) == ()
