"""Ranks over evidence and simulated returns: by hand, and as before where nothing is off (METHOD 10)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.criteria.evidence_spread import Doubt, evidence_spread
from scoring.criteria.spreads import FUTURES, Spreads, written
from scoring.frameworks import Aggregation, Method
from scoring.ranking import (
    drawn_scores,
    exact_acceptability,
    funded_share,
    pairwise_wins,
    rank_intervals,
    rank_shares,
    sample_weights,
)
from scoring.ranking.methods import drawn_around, drawn_method_scores
from tests.mcda_vectors import VECTORS

EVEN = np.array([0.5, 0.5])
BAD = written((), [-20.0] * 30 + [0.0] * (FUTURES - 30))
DOUBTED = written(evidence_spread([Doubt(2, 2, 25)]), ())
TABLE = np.array([[60.0, 60.0], [50.0, 50.0], [45.0, 45.0]])
WEIGHTS = sample_weights(2, 20_000, around=EVEN)


def test_a_project_is_first_as_often_as_its_futures_let_it_be() -> None:
    # all criteria of the first fall by 20 in thirty of a hundred futures, and together: then it is last
    spreads = Spreads.read([[BAD, BAD], [b"", b""], [b"", b""]], 2)
    scores = drawn_scores(TABLE, WEIGHTS, spreads=spreads)
    shares = rank_shares(scores)
    assert shares[0] == pytest.approx([0.7, 0, 0.3], abs=0.01)
    assert shares.sum(axis=0) == pytest.approx(np.ones(3))
    assert shares.sum(axis=1) == pytest.approx(np.ones(3))
    assert pairwise_wins(scores)[0] == pytest.approx([0.5, 0.7, 0.7], abs=0.01)
    assert funded_share(scores, np.ones(3), 1.0) == pytest.approx([0.7, 0.3, 0], abs=0.01)
    (first, second, third) = rank_intervals(TABLE, TABLE @ EVEN, TABLE, EVEN, spreads=spreads)
    assert [(each.rank, each.low, each.high) for each in (first, second, third)] == [(1, 1, 3), (2, 1, 2), (3, 2, 3)]


def test_futures_of_two_projects_are_drawn_apart() -> None:
    table = np.array([[60.0, 60.0], [60.0, 60.0], [50.0, 50.0]])
    scores = drawn_scores(table, WEIGHTS, spreads=Spreads.read([[BAD, BAD], [BAD, BAD], [b"", b""]], 2))
    # the third is first where both fall: 0.3 x 0.3; the two are level where both fall or neither does
    assert rank_shares(scores)[2] == pytest.approx([0.09, 0.42, 0.49], abs=0.01)
    assert pairwise_wins(scores)[0, 1] == pytest.approx(0.5, abs=0.01)


def test_what_evidence_leaves_open_turns_an_order_as_often_as_its_triangle_says() -> None:
    # one level of half-width 2 on one criterion at weight 1 is a triangle of 50 points to both sides: it falls below
    # 50 from 60 with (1 - 10 / 50)^2 / 2
    table, sure = np.array([[60.0], [50.0]]), np.ones((40_000, 1))
    scores = drawn_scores(table, sure, spreads=Spreads.read([[DOUBTED], [b""]], 1))
    assert rank_shares(scores)[0, 1] == pytest.approx(0.32, abs=0.01)


@given(st.integers(1, 6), st.integers(0, 500))
def test_where_nothing_is_off_every_answer_is_the_one_without(count: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    low = random.integers(0, 50, (count, 3)).astype(float)
    high, nothing = low + random.integers(0, 50, (count, 3)), Spreads.none(count, 3)
    weights = sample_weights(3, 40, seed=seed)
    assert (drawn_scores(low, weights, high=high) == drawn_scores(low, weights, high=high, spreads=nothing)).all()
    even, costs = np.full(3, 1 / 3), np.ones(count)
    given_ = {"costs": costs, "budget": 2.0, "draws": 60, "seed": seed}
    assert rank_intervals(low, low @ even, high, even, **given_) == rank_intervals(
        low, low @ even, high, even, spreads=nothing, **given_
    )
    for method in Method:
        args = (method, Aggregation(), ("a", "b", "c"), low, high, drawn_around(even, 5))
        assert (drawn_method_scores(*args) == drawn_method_scores(*args, spreads=nothing)).all()


def test_exact_shares_still_hold_where_widths_are_zero() -> None:
    values = np.array(VECTORS["smaa_rank_acceptability-037"]["inputs"]["utilities"])
    weights = sample_weights(3, 100_000)
    drawn = rank_shares(drawn_scores(values, weights, spreads=Spreads.none(*values.shape)))
    assert drawn == pytest.approx(exact_acceptability(values).shares, abs=0.01)


@pytest.mark.parametrize("method", list(Method))
def test_every_method_draws_them_and_stays_on_the_scale(method: Method) -> None:
    spreads = Spreads.read([[BAD, BAD], [DOUBTED, b""], [b"", b""]], 2)
    drawn = drawn_around(EVEN, 200)
    args = (method, Aggregation(), ("a", "b"), TABLE, TABLE, drawn)
    with_them, without = drawn_method_scores(*args, spreads=spreads), drawn_method_scores(*args)
    assert np.isfinite(with_them).all()
    assert (with_them != without).any()
    low = np.zeros((3, 2))
    assert np.isfinite(drawn_method_scores(method, Aggregation(), ("a", "b"), low, low, drawn, spreads=spreads)).all()


@given(st.lists(st.floats(0.1, 2), min_size=2, max_size=2).map(sorted))
def test_a_wider_grade_never_gives_a_narrower_range_of_the_rank(widths: list[float]) -> None:
    table = np.linspace(30, 70, 9)[:, np.newaxis]
    spans = []
    for width in widths:
        own = written(evidence_spread([Doubt(2, width, 25)]), ())
        spreads = Spreads.read([[own if at == 4 else b""] for at in range(9)], 1)
        found = rank_intervals(table, table[:, 0], table, np.ones(1), spreads=spreads, draws=1_000)[4]
        spans.append((found.low, found.high))
    assert spans[1][0] <= spans[0][0]
    assert spans[0][1] <= spans[1][1]


def test_places_with_weights_of_their_own_draw_them_too() -> None:
    weights = np.array([[0.5, 0.5], [0.2, 0.8], [0.5, 0.5]])
    point = (TABLE * weights).sum(axis=1)
    spreads = Spreads.read([[BAD, BAD], [BAD, b""], [b"", b""]], 2)
    found = rank_intervals(TABLE, point, TABLE, weights, spreads=spreads)
    assert (found[0].low, found[0].high) == (1, 3)
    assert found == rank_intervals(TABLE, point, TABLE, weights, spreads=spreads)
