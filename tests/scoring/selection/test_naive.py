"""Rank and cut, by hand."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from scoring.selection import RuleKind, choose, problem_of, rank_and_cut
from tests.examples import examples
from tests.scoring.selection.factories import city
from tests.scoring.selection.oracle import feasible, problems


def chosen(*args: Any, stop: bool = True, order: np.ndarray | None = None, **rules: Any) -> list[int]:
    found = rank_and_cut(problem_of(*args, **rules), stop=stop, order=order)
    return np.flatnonzero(found.chosen).tolist()


VALUES, COSTS, BUDGET = [9.0, 8.0, 7.0, 6.0], [[40.0], [50.0], [20.0], [5.0]], [100.0]


def test_the_list_ends_at_the_first_that_does_not_fit_or_passes_over_it() -> None:
    assert chosen(VALUES, COSTS, BUDGET) == [0, 1]
    assert chosen(VALUES, COSTS, BUDGET, stop=False) == [0, 1, 3]


def test_rules_that_a_list_can_see() -> None:
    assert chosen(VALUES, COSTS, BUDGET, must_not=[0]) == [1, 2, 3]
    assert chosen(VALUES, COSTS, BUDGET, must=[3]) == [0, 1, 3]
    assert chosen(VALUES, COSTS, BUDGET, must=[(2, 3)]) == [0, 2]
    assert chosen(VALUES, COSTS, BUDGET, exclusive=[(0, 1)]) == [0, 2, 3]
    assert chosen(VALUES, COSTS, BUDGET, projects=[0, 0, 1, 2]) == [0, 2, 3]
    assert chosen(VALUES, COSTS, BUDGET, requires=[(0, 3)]) == [1, 2, 3]
    assert chosen(VALUES, COSTS, BUDGET, risk=[1.0, 5.0, 1.0, 1.0], risk_cap=3.0, stop=False) == [0, 2, 3]
    assert chosen([1.0, 0.0, -1.0], [[1.0]] * 3, [9.0]) == [0]


def test_another_order_and_equals_in_theirs() -> None:
    assert chosen(VALUES, COSTS, BUDGET, order=np.array([0.0, 0, 1, 1])) == [0, 2, 3]
    with pytest.raises(ValueError, match="one number for each of 4"):
        chosen(VALUES, COSTS, BUDGET, order=np.array([1.0]))


def test_what_a_list_cannot_see_is_said() -> None:
    found = rank_and_cut(problem_of(VALUES, COSTS, BUDGET, minimum_shares=[((2, 3), 0.5)]))
    assert [rule.kind for rule in found.violations] == [RuleKind.SHARE]
    assert found.value == 17.0


def test_the_optimum_is_worth_more_than_a_list_that_keeps_the_rules() -> None:
    problem = city(500)
    listed, best = rank_and_cut(problem, stop=False), choose(problem)
    assert best.value > listed.value or listed.violations


@given(problems())
@settings(max_examples=examples(150), deadline=None)
def test_the_violations_said_are_all_there_are(rules: dict[str, Any]) -> None:
    problem = problem_of(**rules)
    for stop in (True, False):
        found = rank_and_cut(problem, stop=stop)
        assert (found.violations == ()) == feasible(problem, found.chosen)
        assert found.value == pytest.approx(problem.values[found.chosen].sum())
