"""One order by every method: small tables by hand, what must hold of any, and ranges that agree with the sum's own."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scoring.frameworks import Aggregation, Method
from scoring.ranking import rank_intervals
from scoring.ranking.method_reasons import Veto, distances, outrankings
from scoring.ranking.methods import (
    Standing,
    drawn_around,
    drawn_method_scores,
    draws_for,
    method_rank_intervals,
    ranks_of,
    standing,
)

NAMES = ("a", "b", "c")
EVEN = np.full(3, 1 / 3)
TABLE = np.array([[90.0, 90.0, 20.0], [60.0, 60.0, 60.0], [50.0, 50.0, 50.0]])
TABLES = arrays(np.float64, st.tuples(st.integers(2, 6), st.just(3)), elements=st.integers(0, 100).map(float))
WEIGHTS = arrays(np.float64, 3, elements=st.floats(0.05, 1))


def stood(method: Method, values: np.ndarray, weights: np.ndarray = EVEN, **stated: float) -> Standing:
    low, high = np.where(np.isnan(values), 0.0, values), np.where(np.isnan(values), 100.0, values)
    return standing(method, Aggregation(**stated), NAMES, values, low, high, weights)


def test_the_same_projects_by_five_methods_by_hand() -> None:
    """The first has the most points, and is weak on c.

    PROMETHEE with 5 and 25: the first beats the second by 30 twice and loses by 40: (1 + 1 - 1) / 3; so with the third.
    The second beats the third by 10 on each: (10 - 5) / 20 = 1/4. Flows are halved: there are two others.
    """
    assert stood(Method.WEIGHTED_SUM, TABLE).scores == pytest.approx([200 / 3, 60, 50])
    assert stood(Method.WEIGHTED_GEOMETRIC_MEAN, TABLE).scores == pytest.approx([162_000 ** (1 / 3), 60, 50])
    assert stood(Method.WEIGHTED_GEOMETRIC_MEAN, TABLE).ranks.tolist() == [2, 1, 3]
    flows = stood(Method.PROMETHEE_II, TABLE).scores
    assert flows == pytest.approx([(1 / 3 + 1 / 3) / 2, (-1 / 3 + 1 / 4) / 2, (-1 / 3 - 1 / 4) / 2])
    # ELECTRE: for the first speak 2/3, and no discordance on c is above that; for the second over it 1/3, against it
    # (30 - 25) / 25 = 0.2; for the third 1/3, against it 0.6 on a and on b, which is more than agrees.
    # The third is 10 behind the second: 3/4.
    credible = np.array([[1, 2 / 3, 2 / 3], [1 / 3, 1, 1], [1 / 3 * (1 - 0.6) ** 2 / (1 - 1 / 3) ** 2, 3 / 4, 1]])
    net = (credible.sum(axis=1) - credible.sum(axis=0)) / 2
    assert stood(Method.ELECTRE_III, TABLE).whole == pytest.approx(net)
    # From above, at 3/4, the second outranks the third: it is first, then the first (2/3 over the third against 0.12).
    # From below the third is last, and at 1/3 the first outranks the second: the two are incomparable, and stand alike.
    assert stood(Method.ELECTRE_III, TABLE).scores == pytest.approx([(0 + 1) / 2, (1 + 0) / 2, -1])
    options = Aggregation().options(Method.ELECTRE_III, NAMES)
    first = outrankings(TABLE, EVEN, **options)[0]
    assert (first.descending, first.ascending, first.incomparable) == (2, 1, (1,))
    # TOPSIS: columns of length 1; the first is best on a and b, the second on c.
    scaled = TABLE / np.sqrt((TABLE**2).sum(axis=0)) / 3
    best, worst = scaled.max(axis=0), scaled.min(axis=0)
    to_best, to_worst = (np.sqrt(((scaled - ideal) ** 2).sum(axis=1)) for ideal in (best, worst))
    assert stood(Method.TOPSIS, TABLE).scores == pytest.approx(to_worst / (to_worst + to_best))
    assert distances(TABLE, EVEN)[0] == pytest.approx(to_best)


@pytest.mark.parametrize("method", Method)
@given(values=TABLES, weights=WEIGHTS)
def test_parts_add_up_and_order_does_not_matter(method: Method, values: np.ndarray, weights: np.ndarray) -> None:
    found = stood(method, values, weights / weights.sum())
    assert found.parts.sum(axis=1) == pytest.approx(found.whole, abs=1e-9)
    assert method is Method.ELECTRE_III or found.whole == pytest.approx(found.scores)
    turned = stood(method, values[::-1], weights / weights.sum())
    assert turned.scores[::-1] == pytest.approx(found.scores, abs=1e-9)
    assert turned.ranks[::-1].tolist() == found.ranks.tolist()


@pytest.mark.parametrize("method", [Method.WEIGHTED_SUM, Method.WEIGHTED_GEOMETRIC_MEAN, Method.PROMETHEE_II])
@given(values=TABLES, weights=WEIGHTS, column=st.integers(0, 2), more=st.integers(1, 60))
def test_a_project_that_gains_loses_no_place(
    method: Method, values: np.ndarray, weights: np.ndarray, column: int, more: int
) -> None:
    raised = values.copy()
    raised[0, column] = min(100.0, raised[0, column] + more)
    before, after = stood(method, values, weights / weights.sum()), stood(method, raised, weights / weights.sum())
    assert after.scores[0] >= before.scores[0] - 1e-9
    assert after.ranks[0] <= before.ranks[0]


@pytest.mark.parametrize("method", Method)
@given(values=TABLES)
def test_who_dominates_is_never_behind(method: Method, values: np.ndarray) -> None:
    better = np.vstack([np.minimum(values[0] + 10, 100.0), values])
    found = stood(method, better)
    assert found.ranks[0] <= found.ranks[1]


def test_what_is_not_answered() -> None:
    """For itself, the mean of the others; beside others, the middle; nothing at all: no score and the last rank."""
    values = np.array([[80.0, np.nan, 80.0], [60.0, 60.0, 60.0], [np.nan, np.nan, np.nan]])
    assert stood(Method.WEIGHTED_SUM, values).scores[0] == pytest.approx(80)
    filled = np.array([[80.0, 50.0, 80.0], [60.0, 60.0, 60.0]])
    found = stood(Method.PROMETHEE_II, values)
    assert found.scores[:2] == pytest.approx(stood(Method.PROMETHEE_II, filled).scores)
    assert np.isnan(found.scores[2])
    assert found.ranks[2] == 3
    assert ranks_of(np.array([np.nan, np.nan])).tolist() == [1, 1]


def test_a_weight_set_must_fit() -> None:
    with pytest.raises(ValueError, match="must fit"):
        stood(Method.TOPSIS, TABLE, np.full(2, 0.5))


def test_ranges_of_the_sum_agree_with_its_own() -> None:
    """Other draws of the same weights and unknowns: a rank at 5% or 95% may differ by one."""
    random = np.random.default_rng(5)
    low = random.random((8, 3)) * 60
    high = low + random.random((8, 3)) * 30
    middle = (low + high) / 2
    own = rank_intervals(low, middle @ EVEN, high, EVEN)
    drawn = drawn_method_scores(Method.WEIGHTED_SUM, Aggregation(), NAMES, low, high, drawn_around(EVEN, 2_000))
    for one, other in zip(own, method_rank_intervals(middle @ EVEN, drawn), strict=True):
        assert one.rank == other.rank
        assert abs(one.low - other.low) <= 1
        assert abs(one.high - other.high) <= 1


@settings(max_examples=10)
@given(values=TABLES, method=st.sampled_from(Method))
def test_a_range_holds_its_rank_and_is_the_same_again(values: np.ndarray, method: Method) -> None:
    high = np.minimum(values + 20, 100.0)
    found = standing(method, Aggregation(), NAMES, (values + high) / 2, values, high, EVEN)
    drawn = [drawn_method_scores(method, Aggregation(), NAMES, values, high, drawn_around(EVEN, 30)) for _ in range(2)]
    assert (drawn[0] == drawn[1]).all()
    costs, able = np.ones(len(values)), np.arange(len(values)) > 0
    for one in method_rank_intervals(found.scores, drawn[0], costs=costs, budget=float(len(values)), eligible=able):
        assert 1 <= one.low <= one.rank <= one.high <= len(values)
        assert one.funded in (0.0, 1.0)


def test_projects_weighed_by_place_are_drawn_around_their_own_weights() -> None:
    weights = np.array([[0.8, 0.1, 0.1], [0.1, 0.1, 0.8], [0.8, 0.1, 0.1]])
    drawn = drawn_around(weights, 500)
    assert drawn.mean(axis=0) == pytest.approx(weights, abs=0.02)
    assert (drawn[:, 0] == drawn[:, 2]).all()
    scores = drawn_method_scores(Method.WEIGHTED_GEOMETRIC_MEAN, Aggregation(), NAMES, TABLE, TABLE, drawn)
    assert scores[0, 1] == pytest.approx(60)
    assert drawn_around(np.tile(EVEN, (2, 1)), 5).shape == (5, 3)


def test_many_projects_take_fewer_draws_where_each_is_compared_with_each() -> None:
    assert [draws_for(Method.ELECTRE_III, count) for count in (2, 70, 200, 1_000)] == [400, 400, 50, 10]
    assert draws_for(Method.TOPSIS, 1_000) == 400


def test_who_outranks_whom_and_which_veto_by_hand() -> None:
    """Four fifths of the weight are for x over y, but y is 60 ahead on c; so is z, which is as x elsewhere."""
    values = np.array([[80.0, 80.0, 20.0], [40.0, 40.0, 80.0], [80.0, 80.0, 80.0]])
    weights = np.array([0.4, 0.4, 0.2])
    x, y, z = outrankings(values, weights, indifference=5, preference=25, veto=50)
    assert x.vetoed == (Veto(1, 2), Veto(2, 2))
    assert x.outranks == ()
    assert x.outranked_by == (2,)
    assert z.outranks == (0, 1)
    assert y.outranked_by == (2,)
    assert outrankings(values, weights, indifference=5, preference=25, veto=None)[0].outranks == (1,)
