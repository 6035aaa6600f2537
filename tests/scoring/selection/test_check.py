"""Our own check names every rule that is broken, with the numbers."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.selection import RuleKind, problem_of, violations
from tests.examples import examples
from tests.scoring.selection.oracle import feasible, problems

PROBLEM = problem_of(
    [5.0, 4.0, 3.0, -2.0],
    [[4.0, 0.0], [4.0, 2.0], [1.0, 3.0], [1.0, 1.0]],
    [8.0, 4.0],
    projects=[0, 0, 1, 2],
    exclusive=[(1, 2)],
    requires=[(2, 0)],
    must=[(0, 1)],
    must_not=[3],
    minimum_shares=[((2,), 0.25)],
    risk=[2.0, 1.0, 1.0, 0.0],
    risk_cap=3.0,
    names=["Tram 2026", "Tram 2027", "Depot", "Tolls"],
    budget_names=["the 2026 budget", "the 2027 budget"],
)


@pytest.mark.parametrize(
    ("chosen", "broken"),
    [
        ([1, 0, 1, 0], []),
        ([1, 0, 0, 0], ["at least 0.25 of the money spent goes to Depot, but it gets 0 of 4"]),
        (
            [0, 0, 1, 0],
            ["broken: Depot needs Tram 2026", "broken: Tram 2026 or Tram 2027 must be done"],
        ),
        (
            [1, 1, 1, 1],
            [
                "the programme takes 10 of the 2026 budget, which is 8",
                "the programme takes 6 of the 2027 budget, which is 4",
                "the programme's risk is 4, its cap 3",
                "broken: at most one alternative of the same project: Tram 2026 and Tram 2027",
                "broken: at most one of Tram 2027 and Depot",
                "broken: Tolls must not be done",
            ],
        ),
    ],
)
def test_every_broken_rule_is_named(chosen: list[int], broken: list[str]) -> None:
    assert [rule.message for rule in violations(PROBLEM, np.array(chosen, dtype=bool))] == broken


@given(problems(), st.integers(0, 2**8 - 1))
@settings(max_examples=examples(300), deadline=None)
def test_what_breaks_nothing_is_feasible_by_definition(rules: dict[str, Any], bits: int) -> None:
    problem = problem_of(**rules)
    chosen = np.array([bits >> place & 1 for place in range(len(problem.values))], dtype=bool)
    assert (violations(problem, chosen) == ()) == feasible(problem, chosen)


def test_decimal_money_that_adds_up_to_the_budget_fits() -> None:
    # 0.1 + 0.2 is above 0.3 in binary, by rounding only
    tenths = problem_of([1.0, 1.0], [[0.1], [0.2]], [0.3])
    assert violations(tenths, np.array([True, True])) == ()
    short = replace(tenths, budgets=np.array([0.3 * (1 - 1e-8)]))
    assert [rule.kind for rule in violations(short, np.array([True, True]))] == [RuleKind.BUDGET]
    none = replace(tenths, budgets=np.array([0.0]))
    assert [rule.kind for rule in violations(none, np.array([True, False]))] == [RuleKind.BUDGET]


def test_the_shape_must_fit() -> None:
    with pytest.raises(ValueError, match="one boolean for each of 4"):
        violations(PROBLEM, np.array([True]))
