"""Prices of budgets, what more money buys, what just misses."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from scoring.selection import (
    InfeasibleProgramme,
    NoProgrammeFound,
    choose,
    first_out,
    next_money,
    problem_of,
    shadow_prices,
    violations,
)
from tests.examples import examples
from tests.scoring.selection.factories import city
from tests.scoring.selection.oracle import best_value, problems


def test_the_price_of_a_budget_is_the_worth_of_its_last_unit() -> None:
    # by hand: 10 buys the first (4 for 10) and three fifths of the second (6 for 12), whose worth is 2 a unit
    problem = problem_of([10.0, 12.0, 3.0], [[4.0, 1.0], [6.0, 1.0], [6.0, 1.0]], [7.0, 50.0])
    assert shadow_prices(problem) == pytest.approx([2.0, 0.0])
    assert shadow_prices(replace(problem, budgets=np.array([100.0, np.inf]))) == pytest.approx([0.0, 0.0])


def test_a_price_says_how_the_relaxation_changes_whatever_the_unit() -> None:
    problem = city(300)
    prices = shadow_prices(problem)
    assert (prices > 0).all()
    millions = replace(problem, costs=problem.costs * 1e6, budgets=problem.budgets * 1e6)
    assert shadow_prices(millions) == pytest.approx(prices / 1e6, rel=1e-6)
    # more money can be worth no more than its price, and whole projects no more than parts
    more = replace(problem, budgets=problem.budgets + np.array([5.0, 0, 0, 0, 0]))
    bound = choose(problem, gap=0.05).bound
    assert choose(more, gap=0.05).value <= bound + 5 * prices[0] + 1e-6


def test_prices_where_the_rules_clash_or_time_is_out() -> None:
    problem = problem_of([1.0], [[5.0]], [1.0], must=[0])
    with pytest.raises(InfeasibleProgramme, match="cost 5, budget 0 is 1"):
        shadow_prices(problem)
    with pytest.raises(NoProgrammeFound, match="relaxation"):
        shadow_prices(city(2_000), time_limit=1e-6)


def test_what_the_next_money_buys_by_hand() -> None:
    # 10 funds the first and second (16); with 2 more, the first and third (17)
    problem = problem_of([10.0, 6.0, 7.0], [[6.0], [4.0], [6.0]], [10.0])
    more = next_money(problem, 0, 2.0)
    assert (more.entering.tolist(), more.leaving.tolist()) == ([2], [1])
    assert (more.gain, more.gain_at_most) == (1.0, 1.0)
    nothing = next_money(problem, 0, 1.0)
    assert (nothing.entering.size, nothing.leaving.size, nothing.gain) == (0, 0, 0.0)


@pytest.mark.parametrize(("budget", "extra"), [(1, 1.0), (-1, 1.0), (0, 0.0), (0, float("nan"))])
def test_next_money_needs_a_budget_and_money(budget: int, extra: float) -> None:
    with pytest.raises(ValueError, match="are needed"):
        next_money(problem_of([1.0], [[1.0]], [1.0]), budget, extra)


def test_gains_within_a_gap_are_bounded() -> None:
    problem = city(150)
    more = next_money(problem, 2, 20.0, gap=0.01)
    assert 0 <= more.gain <= more.gain_at_most
    assert (
        violations(replace(problem, budgets=problem.budgets + np.array([0, 0, 20.0, 0, 0])), more.selection.chosen)
        == ()
    )


def test_the_project_that_just_misses_by_hand() -> None:
    # 10 funds the first two (16). With the third: first and third cost 12, so third and second: 13, a loss of 3.
    # With the fourth: first and fourth: 15, a loss of 1, although its own value is the least.
    problem = problem_of([10.0, 6.0, 7.0, 5.0], [[6.0], [4.0], [6.0], [4.0]], [10.0])
    missed = first_out(problem)
    assert missed is not None
    assert (missed.project, missed.loss, missed.leaving.tolist(), missed.certain) == (3, 1.0, [1], True)


def test_another_year_of_a_chosen_project_and_what_is_pinned_out_do_not_count_as_missing() -> None:
    problem = problem_of([10.0, 9.0, 5.0], [[4.0], [4.0], [4.0]], [4.0], projects=[0, 0, 1], must_not=[2])
    assert first_out(problem) is None
    assert first_out(problem_of([1.0, 1.0], [[1.0], [9.0]], [2.0])) is None


@given(problems(most=6))
@settings(max_examples=examples(80), deadline=None)
def test_no_project_misses_by_less(rules: dict[str, Any]) -> None:
    problem = problem_of(**rules)
    best = best_value(problem)
    if best is None:
        return
    base = choose(problem, gap=0)
    outside = set(problem.projects.tolist()) - set(problem.projects[base.chosen].tolist())
    losses = []
    for project in outside:
        members = tuple(np.flatnonzero(problem.projects == project).tolist())
        if (value := best_value(replace(problem, must=(*problem.must, members)))) is not None:
            losses.append(best - value)
    missed = first_out(problem, base=base)
    assert (missed is None) == (not losses)
    if missed is not None:
        assert missed.certain
        assert missed.loss == pytest.approx(min(losses), abs=1e-7)


def test_few_tries_are_said() -> None:
    problem = city(120)
    base = choose(problem, gap=0.02)
    missed = first_out(problem, base=base, gap=0.02, tries=1)
    assert missed is not None
    assert not missed.certain
    assert violations(problem, missed.selection.chosen) == ()
