"""Central weights, wins in pairs and P(funded) against exact figures and by properties (METHOD 10)."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.ranking import (
    WeightLimits,
    acceptability,
    central_weights,
    drawn_scores,
    funded_share,
    pairwise_wins,
    sample_weights,
)
from scoring.ranking.acceptability import rank_shares
from scoring.result import Missing
from tests.mcda_vectors import VECTORS


@pytest.mark.parametrize(
    ("name", "limits"),
    [("smaa_rank_acceptability-037", None), ("smaa_rank_acceptability-040", WeightLimits(order=(0, 1, 2)))],
)
def test_exact_central_weights(name: str, limits: WeightLimits | None) -> None:
    vector = VECTORS[name]
    weights = sample_weights(3, 100_000, limits=limits)
    scores = drawn_scores(np.array(vector["inputs"]["utilities"]), weights)
    for found, exact in zip(central_weights(scores, weights), vector["expected"]["central_weights"], strict=True):
        if exact is None:
            assert found == Missing("never-first")
        else:
            assert found == pytest.approx(exact, abs=2 * vector["tol_abs"])
    shares = np.array(vector["expected"]["rank_acceptability"])
    assert rank_shares(scores) == pytest.approx(shares, abs=vector["tol_abs"])


def test_wins_by_hand() -> None:
    # first against second: won, tied, lost, won; against the third always won
    scores = np.array([[3.0, 1, 0], [2, 2, 0], [1, 2, 0], [5, 4, 0]])
    assert pairwise_wins(scores).tolist() == [[0.5, 0.625, 1], [0.375, 0.5, 1], [0, 0, 0.5]]


def test_a_tie_at_the_top_counts_for_each_by_its_part() -> None:
    weights = np.array([[1.0, 0.0], [0.5, 0.5]])
    scores = drawn_scores(np.array([[4.0, 0.0], [0.0, 4.0], [0.0, 0.0]]), weights)
    first, second, third = central_weights(scores, weights)
    assert first == pytest.approx([1.25 / 1.5, 0.25 / 1.5])
    assert second == pytest.approx([0.5, 0.5])
    assert third == Missing("never-first")


def test_funded_by_hand() -> None:
    # the budget funds two of cost 10; the first is worst in one of four draws, the second in two, the third in one
    scores = np.array([[3.0, 2, 1], [3, 1, 2], [2, 1, 3], [1, 3, 2]])
    costs = np.full(3, 10.0)
    assert funded_share(scores, costs, 20.0).tolist() == [0.75, 0.5, 0.75]
    assert funded_share(scores, costs, 20.0, eligible=np.array([True, True, False])).tolist() == [1, 1, 0]
    assert funded_share(scores, costs, 5.0).tolist() == [0, 0, 0]


def test_scores_of_known_values_of_draws_and_of_intervals() -> None:
    weights = np.array([[0.5, 0.5], [0.25, 0.75]])
    table = np.array([[80.0, 40.0], [0.0, 100.0]])
    assert drawn_scores(table, weights) == pytest.approx(np.array([[60, 50], [50, 75]]))
    draws = np.stack([table, table / 2])
    assert drawn_scores(draws, weights) == pytest.approx(np.array([[60, 50], [25, 37.5]]))
    many = sample_weights(2, 20_000)
    between = drawn_scores(table, many, high=table + np.array([[0, 20.0], [0, 0]]))
    known = drawn_scores(table, many)
    assert (between[:, 1] == known[:, 1]).all()
    # uniform from 0 to 20, times a uniform weight: 10 x 1/2 on average
    assert (between - known)[:, 0].mean() == pytest.approx(5, abs=0.15)


@given(st.integers(1, 6), st.integers(0, 1000))
@settings(deadline=None)
def test_shares_hang_together(count: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    weights = sample_weights(3, 50, seed=seed)
    values = random.integers(0, 4, (count, 3)).astype(float)
    scores = drawn_scores(values, weights)
    wins = pairwise_wins(scores)
    assert wins + wins.T == pytest.approx(np.ones((count, count)))
    # the mean rank is one more than the expected number of better ones
    ranks = acceptability(values, weights) @ np.arange(1, count + 1)
    assert ranks == pytest.approx(1 + (1 - wins).sum(axis=1) - 0.5)
    first = acceptability(values, weights)[:, 0]
    central = central_weights(scores, weights)
    mixed = sum(share * row for share, row in zip(first, central, strict=True) if not isinstance(row, Missing))
    assert mixed == pytest.approx(weights.mean(axis=0))
    costs = random.integers(1, 5, count).astype(float)
    assert costs @ funded_share(scores, costs, 6.0) <= 6 + 1e-9


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        (drawn_scores, (np.ones((2, 3)), np.ones((5, 2)))),
        (drawn_scores, (np.ones((4, 2, 3)), np.ones((5, 3)))),
        (drawn_scores, (np.ones((2, 3)), np.full((5, 3), np.nan))),
        (central_weights, (np.ones((4, 2)), np.ones((5, 3)))),
        (pairwise_wins, (np.ones(3),)),
        (pairwise_wins, (np.full((2, 2), np.inf),)),
        (funded_share, (np.ones((4, 2)), np.ones(3), 1.0)),
        (funded_share, (np.ones((4, 2)), np.ones(2), -1.0)),
    ],
)
def test_what_does_not_fit_is_refused(call: Any, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match=r"needed|must"):
        call(*arguments)


def test_bounds_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(ValueError, match="high"):
        drawn_scores(np.ones((2, 3)), np.ones((5, 3)), high=np.zeros((2, 3)))
