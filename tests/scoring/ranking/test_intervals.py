"""How sure a rank and a place in the budget are (METHOD 10)."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.ranking import RankInterval, competition_ranks, rank_intervals
from scoring.ranking.intervals import CONCENTRATION, QUANTILES, _quantiles, draws_for
from scoring.ranking.ties import places
from tests.examples import examples

WEIGHTS = np.full(4, 0.25)


def flat(*scores: float) -> np.ndarray:
    return np.array([[score] * 4 for score in scores])


def test_what_is_certain_has_a_certain_rank() -> None:
    scores = flat(50, 90, 10)
    intervals = rank_intervals(scores, scores[:, 0], scores, WEIGHTS)
    assert intervals == (RankInterval(2, 2, 2, 2), RankInterval(1, 1, 1, 1), RankInterval(3, 3, 3, 3))


def test_what_is_unknown_widens_the_rank_of_that_project_and_of_those_it_may_pass() -> None:
    low, high = flat(40, 0, 45, 95), flat(40, 100, 45, 95)
    intervals = rank_intervals(low, np.array([40.0, 50.0, 45.0, 95.0]), high, WEIGHTS)
    assert [(i.low, i.high) for i in intervals] == [(3, 4), (2, 4), (2, 3), (1, 1)]


def test_likes_have_the_same_interval_whatever_their_order() -> None:
    intervals = rank_intervals(flat(70, 70, 70, 20), np.array([70.0, 70, 70, 20]), flat(70, 70, 70, 20), WEIGHTS)
    assert intervals == (*[RankInterval(1, 1, 1, 1)] * 3, RankInterval(4, 4, 4, 4))


def test_weights_alone_can_turn_a_rank() -> None:
    # one strong on the first criterion only, one level: which is first hangs on the weight of the first criterion,
    # whose mean is 1/4, and 100 w > 25 in about half of the draws
    table = np.array([[100.0, 0, 0, 0], [25.0, 25, 25, 25]])
    intervals = rank_intervals(table, table @ WEIGHTS, table, WEIGHTS)
    assert [(i.low, i.high) for i in intervals] == [(1, 2), (1, 2)]


def test_the_spread_of_the_weights_is_the_stated_one() -> None:
    # beta marginal of the Dirichlet: variance m (1 - m) / (concentration + 1)
    drawn = np.random.default_rng(0).dirichlet(CONCENTRATION * WEIGHTS, size=20_000)[:, 0]
    assert drawn.std() == pytest.approx((0.25 * 0.75 / (CONCENTRATION + 1)) ** 0.5, rel=0.03)
    assert drawn.std() == pytest.approx(0.068, abs=0.002)


def test_rank_and_cut_by_hand() -> None:
    scores = flat(90, 80, 70, 60)
    costs = np.array([40.0, 50.0, 20.0, 5.0])
    # 40 + 50 fit into 100; the third does not, and nothing after the cut is funded although it would fit
    intervals = rank_intervals(scores, scores[:, 0], scores, WEIGHTS, costs=costs, budget=100.0)
    assert [i.funded for i in intervals] == [1, 1, 0, 0]


def test_what_is_not_eligible_takes_no_budget() -> None:
    scores = flat(90, 80, 70)
    costs = np.array([40.0, 50.0, 20.0])
    allowed = np.array([True, False, True])
    intervals = rank_intervals(scores, scores[:, 0], scores, WEIGHTS, costs=costs, budget=60.0, eligible=allowed)
    assert [i.funded for i in intervals] == [1, 0, 1]


def test_chance_decides_which_of_two_likes_is_funded() -> None:
    scores = flat(70, 70)
    intervals = rank_intervals(scores, scores[:, 0], scores, WEIGHTS, costs=np.array([10.0, 10.0]), budget=10.0)
    first, second = (i.funded for i in intervals)
    assert first is not None
    assert second is not None
    assert first + second == pytest.approx(1)
    assert first == pytest.approx(0.5, abs=0.05)


@st.composite
def portfolios(draw: st.DrawFn) -> dict[str, Any]:
    count = draw(st.integers(1, 8))
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    low = random.integers(0, 6, (count, 4)) * 10.0
    high = low + random.integers(0, 2, (count, 4)) * 30.0
    costs = random.integers(0, 5, count) * 10.0
    return {"low": low, "high": high, "costs": costs, "budget": float(random.integers(0, 100))}


@given(portfolios())
@settings(max_examples=examples(60), deadline=None)
def test_intervals_hold_rank_and_median_and_no_draw_spends_more_than_the_budget(given_one: dict[str, Any]) -> None:
    low, high, costs, budget = (given_one[name] for name in ("low", "high", "costs", "budget"))
    point = (low + high).mean(axis=1) / 2
    intervals = rank_intervals(low, point, high, WEIGHTS, costs=costs, budget=budget, draws=200)
    assert [i.rank for i in intervals] == competition_ranks(point).tolist()
    funded = np.array([i.funded for i in intervals])
    assert all(1 <= i.low <= min(i.rank, i.median) <= max(i.rank, i.median) <= i.high <= len(low) for i in intervals)
    assert ((funded >= 0) & (funded <= 1)).all()
    assert costs @ funded <= budget + 1e-9
    without = rank_intervals(low, point, high, WEIGHTS, draws=200)
    assert [(i.low, i.high, i.median) for i in without] == [(i.low, i.high, i.median) for i in intervals]


def test_intervals_repeat_for_a_seed_and_can_be_of_nothing() -> None:
    low, high, point = np.zeros((5, 4)), np.full((5, 4), 80.0), np.arange(5.0)
    assert rank_intervals(low, point, high, WEIGHTS) == rank_intervals(low, point, high, WEIGHTS)
    assert rank_intervals(low, point, high, WEIGHTS) != rank_intervals(low, point, high, WEIGHTS, draws=50, seed=7)
    assert rank_intervals(np.zeros((0, 4)), np.zeros(0), np.zeros((0, 4)), WEIGHTS) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"low": np.zeros((2, 3))},
        {"low": np.full((2, 4), 90.0)},
        {"low": np.full((2, 4), np.nan)},
        {"point": np.zeros(3)},
        {"point": np.array([np.nan, 1.0])},
        {"weights": np.zeros(4)},
        {"weights": np.array([-1.0, 1, 1, 1])},
        {"costs": np.ones(2)},
        {"budget": 1.0},
        {"costs": -np.ones(2), "budget": 1.0},
        {"costs": np.ones(2), "budget": float("nan")},
        {"costs": np.ones(2), "budget": 1.0, "eligible": np.ones(3, dtype=bool)},
    ],
)
def test_what_does_not_fit_is_refused(changes: dict[str, Any]) -> None:
    whole = {"low": np.zeros((2, 4)), "point": np.zeros(2), "high": np.full((2, 4), 80.0), "weights": WEIGHTS}
    with pytest.raises(ValueError, match=r"must|needed"):
        rank_intervals(**{**whole, **changes})


def test_weights_by_project_count_each_project_by_its_own() -> None:
    values = np.array([[100.0, 0.0], [0.0, 100.0], [40.0, 40.0]])
    weights = np.array([[0.9, 0.1], [0.9, 0.1], [0.1, 0.9]])
    point = (values * weights).sum(axis=1)
    found = rank_intervals(values, point, values, weights)
    assert [interval.rank for interval in found] == [1, 3, 2]
    assert found[0].median == 1
    alike = np.tile([0.6, 0.4], (3, 1))
    assert rank_intervals(values, values @ alike[0], values, alike) == rank_intervals(
        values, values @ alike[0], values, alike[0]
    )


@given(seed=st.integers(0, 2**32 - 1), count=st.integers(1, 30), draws=st.integers(1, 60))
def test_quantiles_are_those_of_the_table_of_every_project_by_every_rank(seed: int, count: int, draws: int) -> None:
    """Whichever of the two ways is taken: there are more projects than draws, or fewer."""
    random = np.random.default_rng(seed)
    found = places(random.integers(0, 9, (draws, count)).astype(float), random)
    ranks = np.empty((draws, count))
    np.put_along_axis(ranks, found.order, found.first + 1, axis=1)
    expected = [
        [min(rank for rank in range(1, count + 1) if (column <= rank).mean() >= share - 1e-12) for share in QUANTILES]
        for column in ranks.T
    ]
    assert _quantiles(found, count).tolist() == expected


def test_more_projects_are_told_by_fewer_draws() -> None:
    assert [draws_for(count) for count in (0, 1, 5_000, 10_000, 50_000, 10**6)] == [
        2_000,
        2_000,
        2_000,
        1_000,
        200,
        200,
    ]
