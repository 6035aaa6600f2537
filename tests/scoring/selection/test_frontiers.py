"""Value against budget and against risk."""

from dataclasses import replace

import numpy as np
import pytest

from scoring.selection import RuleKind, frontier, problem_of, risk_frontier, violations
from tests.scoring.selection.factories import city


def test_value_against_budget_by_hand() -> None:
    problem = problem_of([10.0, 6.0, 7.0], [[6.0], [4.0], [6.0]], [10.0])
    points = frontier(problem, [1.6, 0.4, 1.0, 0.0, 1.2], gap=0)
    assert [(point.at, point.selection and point.selection.value) for point in points] == [
        (0.0, 0.0),
        (0.4, 6.0),
        (1.0, 16.0),
        (1.2, 17.0),
        (1.6, 23.0),
    ]


def test_values_never_fall_although_each_is_within_a_gap_only() -> None:
    problem = city(250)
    points = frontier(problem, np.linspace(0.9, 1.1, 9), gap=0.03)
    values = [point.selection.value for point in points if point.selection]
    assert len(values) == 9
    assert values == sorted(values)
    for point in points:
        assert point.selection is not None
        wider = replace(problem, budgets=problem.budgets * point.at)
        assert violations(wider, point.selection.chosen) == ()


def test_budgets_too_small_for_what_must_be_done_say_why() -> None:
    problem = problem_of([1.0, 1.0], [[8.0], [2.0]], [10.0], must=[0])
    low, high = frontier(problem, [0.5, 1.0], gap=0)
    assert low.selection is None
    assert low.clash is not None
    assert low.clash.message == "must-do projects cost 8, budget 0 is 5"
    assert high.selection is not None
    assert high.selection.value == 2.0


def test_a_budget_without_limit_stays_without() -> None:
    (point,) = frontier(problem_of([1.0], [[8.0]], [np.inf]), [0.0])
    assert point.selection is not None
    assert point.selection.value == 1.0


def test_value_against_risk_by_hand() -> None:
    problem = problem_of([10.0, 6.0, 7.0], np.ones((3, 1)), [3.0], risk=[5.0, 1.0, 2.0], risk_cap=99.0)
    points = risk_frontier(problem, [8.0, 3.0, 0.0, 6.0, -1.0], gap=0)
    assert [point.selection and point.selection.value for point in points] == [None, 0.0, 13.0, 16.0, 23.0]
    assert points[0].clash is not None
    assert [rule.kind for rule in points[0].clash.rules] == [RuleKind.RISK]


def test_what_has_no_frontier_is_refused() -> None:
    problem = problem_of([1.0], [[1.0]], [1.0])
    with pytest.raises(ValueError, match="must have a risk"):
        risk_frontier(problem, [1.0])
    with pytest.raises(ValueError, match="at least 0"):
        frontier(problem, [-0.1])
    with pytest.raises(ValueError, match="must be finite"):
        frontier(problem, [float("nan")])
