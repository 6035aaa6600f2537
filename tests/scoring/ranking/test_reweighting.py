"""Ranks and funding under other weights against brute force, and the exact weights at which they change."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scoring.ranking import swaps_between
from scoring.ranking.reweighting import (
    AT_ONCE,
    Field,
    along,
    funded_by_rank,
    funding_ranges,
    level_weights,
    needed_budgets,
    next_turn,
    point_scores,
    ranks_by,
)


def field(points: list[list[float]], costs: list[float], budget: float, *, must: tuple[int, ...] = ()) -> Field:
    table = np.array(points)
    return Field(
        points=table,
        costs=np.array(costs)[:, np.newaxis],
        budgets=np.array([budget]),
        eligible=np.ones(len(table), dtype=np.bool_),
        must=np.isin(np.arange(len(table)), must),
    )


@st.composite
def fields(draw: st.DrawFn) -> tuple[Field, np.ndarray]:
    count, criteria = draw(st.integers(2, 7)), draw(st.integers(2, 4))
    score = st.integers(0, 20).map(lambda level: level * 5.0) | st.just(float("nan"))
    points = draw(st.lists(st.lists(score, min_size=criteria, max_size=criteria), min_size=count, max_size=count))
    flags = st.lists(st.booleans(), min_size=count, max_size=count)
    costs = draw(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=count, max_size=count))
    budgets = draw(st.tuples(st.integers(0, 30), st.integers(0, 30)))
    weights = draw(st.lists(st.integers(1, 10), min_size=criteria, max_size=criteria))
    made = Field(
        points=np.array(points),
        costs=np.array(costs, dtype=np.float64),
        budgets=np.array(budgets, dtype=np.float64),
        eligible=np.array(draw(flags)),
        must=np.array([flag and draw(st.integers(0, 3)) == 0 for flag in draw(flags)]),
    )
    return made, np.array(weights, dtype=np.float64)


def funded_one_by_one(case: Field, weights: np.ndarray) -> list[bool]:
    """As the list is read in a meeting: the must-do projects, then down the ranks until one does not fit."""
    ranks = ranks_by(point_scores(case.points, weights)).tolist()
    funded = [bool(must and can) for must, can in zip(case.must, case.eligible, strict=True)]
    left = case.budgets - case.costs[np.array(funded)].sum(axis=0)
    for at in sorted(range(len(ranks)), key=lambda at: (ranks[at], at)):
        if funded[at] or not case.eligible[at]:
            continue
        if (case.costs[at] > left + 1e-9).any():
            break
        funded[at] = True
        left = left - case.costs[at]
    return funded


def test_what_has_no_answer_does_not_count() -> None:
    scores = point_scores(np.array([[80.0, np.nan], [60.0, 40.0], [np.nan, np.nan]]), np.array([1.0, 3.0]))
    assert scores[:2].tolist() == [80.0, 45.0]  # by hand: 80 alone; 60/4 + 3*40/4
    assert np.isnan(scores[2])
    assert ranks_by(scores).tolist() == [1, 2, 3]


def test_a_project_leaves_and_returns_at_the_weight_computed_by_hand() -> None:
    # First by 60 + 20 w, second by 70: level at w = 1/2; the budget pays one of them.
    two = field([[80, 60], [70, 70]], [10, 10], 10)
    assert funding_ranges(two, np.array([1.0, 1.0]), 0, 0) == ((pytest.approx(0.5), 1.0),)
    assert funding_ranges(two, np.array([1.0, 1.0]), 0, 1) == ((0.0, pytest.approx(0.5)),)


def test_a_missing_answer_can_make_two_change_places_twice() -> None:
    points = np.array([[90.0, np.nan, 10.0], [50.0, 60.0, 50.0]])
    levels = level_weights(points, np.array([1.0, 8.0, 1.0]), 0, 0)
    for level in levels:
        first, second = point_scores(points, along(np.array([1.0, 8.0, 1.0]), 0, np.array([level])))[0]
        assert first == pytest.approx(second)
    assert len(levels) >= 1


def test_pins_come_first_and_a_budget_may_be_passed_by_them_alone() -> None:
    three = field([[90, 90], [80, 80], [10, 10]], [6, 6, 8], 10, must=(2,))
    ranks = ranks_by(point_scores(three.points, np.array([1.0, 1.0])))
    assert funded_by_rank(three, ranks).tolist() == [False, False, True]
    assert needed_budgets(three, ranks, 0).tolist() == [14.0]
    assert needed_budgets(three, ranks, 1).tolist() == [20.0]


def test_without_a_budget_nothing_is_funded() -> None:
    ones = np.ones(2, dtype=np.bool_)
    free = Field(np.ones((2, 1)), np.zeros((2, 0)), np.zeros(0), ones, ~ones)
    assert not funded_by_rank(free, np.array([1, 1])).any()
    assert funding_ranges(free, np.ones(1), 0, 0) == ()


def test_one_criterion_alone_has_no_others_to_share() -> None:
    with pytest.raises(ValueError, match="other criteria have no weight"):
        along(np.array([1.0, 0.0]), 0, np.array([0.5]))
    with pytest.raises(ValueError, match="must fit"):
        field([[1.0]], [1.0, 2.0], 1.0)
    with pytest.raises(ValueError, match="weights of 0 or more"):
        point_scores(np.ones((1, 2)), np.array([-1.0, 1.0]))


@given(case=fields())
def test_funding_is_that_of_a_list_read_downwards(case: tuple[Field, np.ndarray]) -> None:
    made, weights = case
    ranks = ranks_by(point_scores(made.points, weights))
    assert funded_by_rank(made, ranks).tolist() == funded_one_by_one(made, weights)


@given(case=fields(), level=st.integers(0, 99))
def test_funding_ranges_are_those_of_brute_force(case: tuple[Field, np.ndarray], level: int) -> None:
    made, weights = case
    at = level / 100 + 0.0003  # beside the round figures at which generated scores draw level
    funded = funded_one_by_one(made, along(weights, 0, np.array([at]))[0])
    for project, inside in enumerate(funded):
        ranges = funding_ranges(made, weights, 0, project)
        if any(abs(at - edge) < 1e-6 for pair in ranges for edge in pair):
            continue
        assert any(low <= at <= high for low, high in ranges) == inside


@given(case=fields(), towards=st.integers(0, 100))
def test_the_next_turn_is_the_nearest_end_of_a_range(case: tuple[Field, np.ndarray], towards: int) -> None:
    made, weights = case
    now, goal = float(weights[0] / weights.sum()), towards / 100 + 0.0003
    for project in range(len(made.points)):
        edges = {edge for pair in funding_ranges(made, weights, 0, project) for edge in pair} - {0.0, 1.0}
        low, high = min(now, goal), max(now, goal)
        if any(abs(edge - now) < 1e-6 for edge in edges):
            continue  # at the edge itself a tie decides
        between = [edge for edge in edges if low < edge < high]
        expected = min(between, key=lambda edge: abs(edge - now), default=None)
        assert next_turn(made, weights, 0, project, min(goal, 1.0)) == (
            None if expected is None else pytest.approx(expected)
        )


@given(case=fields())
def test_where_all_is_answered_levels_are_the_exact_swaps(case: tuple[Field, np.ndarray]) -> None:
    made, weights = case
    points = np.nan_to_num(made.points)
    levels = level_weights(points, weights, 0, 0)
    for other in range(1, len(points)):
        swap = swaps_between(points, weights, 0, other)[0].weight
        if isinstance(swap, float) and 1e-6 < swap < 1 - 1e-6:
            assert np.abs(levels - swap).min() < 1e-9


@given(seed=st.integers(0, 2**32 - 1), unknown=st.sampled_from([0.0, 0.2]), towards=st.sampled_from([0.0, 1.0]))
@example(seed=254, unknown=0.2, towards=0.0)
@settings(max_examples=10)
def test_the_next_turn_among_many_is_that_of_trying_every_stretch(seed: int, unknown: float, towards: float) -> None:
    """Enough projects that the way leads over more levels than are looked at together."""
    random = np.random.default_rng(seed)
    count = 4 * AT_ONCE
    points = random.uniform(0, 100, (count, 3))
    points[random.random(points.shape) < unknown] = np.nan
    costs = random.integers(1, 9, (count, 2)).astype(float)
    made = Field(points, costs, costs.sum(axis=0) * 0.4, random.random(count) < 0.9, random.random(count) < 0.05)
    weights = np.array([0.3, 0.3, 0.4])
    for project in range(0, count, 8):
        edges = [0.3, *level_weights(points, weights, 0, project), towards]
        within = {float(edge) for edge in edges if min(0.3, towards) <= edge <= max(0.3, towards)}
        way = sorted(within, reverse=towards < 0.3)  # each once: no stretch leads from an edge to itself
        found = next_turn(made, weights, 0, project, towards)
        if not made.eligible[project] or made.must[project]:
            assert found is None
            continue
        tried = [
            funded_by_rank(made, ranks_by(point_scores(points, along(weights, 0, np.array([(one + other) / 2]))[0])))
            for one, other in pairwise(way)
        ]
        now = funded_by_rank(made, ranks_by(point_scores(points, weights)))[project]
        first = next((edge for edge, funded in zip(way, tried, strict=False) if funded[project] != now), None)
        assert found == (None if first is None else pytest.approx(first))
