"""Choosing under a cap that is no sum: what is chosen meets it, and never is anything better missed unsaid."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.selection import CappedChooser, first_out, frontier, next_money, problem_of, robustness, violations
from scoring.selection.problem import BoolArray, Problem
from scoring.selection.programme import choose
from tests.examples import examples

LARGEST = 1.0


def meets(problem: Problem) -> CappedChooser:
    """At most one loss in all; a programme without any loss on the whole is sure to keep that."""

    def kept(mask: BoolArray) -> bool:
        assert problem.risk is not None
        return float(problem.risk[mask].sum()) <= LARGEST

    return CappedChooser(meets=kept)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    count = draw(st.integers(1, 5))
    number = st.integers(0, 9).map(float)
    return problem_of(
        [draw(number) for _ in range(count)],
        [[draw(number)] for _ in range(count)],
        [draw(st.integers(0, 20).map(float))],
        risk=[float(draw(st.integers(-3, 3))) for _ in range(count)],
        risk_cap=np.inf,
    )


def best_by_trying(problem: Problem, cap: float) -> float:
    assert problem.risk is not None
    masks = (np.array(each, dtype=np.bool_) for each in product([False, True], repeat=len(problem.values)))
    return max(
        float(problem.values[mask].sum())
        for mask in masks
        if not violations(problem, mask) and problem.risk[mask].sum() <= cap
    )


@given(problems())
@settings(max_examples=examples(80), deadline=None)
def test_what_is_chosen_meets_the_cap_and_its_bound_holds(problem: Problem) -> None:
    chooser = meets(problem)
    found, best = chooser.choose(problem, gap=0.0, time_limit=5.0), best_by_trying(problem, LARGEST)
    assert chooser.meets(found.chosen)
    assert violations(problem, found.chosen) == ()
    assert best_by_trying(problem, 0.0) - 1e-9 <= found.value <= best + 1e-9 <= found.bound + 2e-9
    assert not found.proven or found.value == pytest.approx(best)


@given(problems())
@settings(max_examples=examples(30), deadline=None)
def test_every_question_about_a_programme_keeps_its_cap(problem: Problem) -> None:
    chooser = meets(problem)
    base = chooser.choose(problem, gap=0.0, time_limit=5.0)
    chooser = CappedChooser(meets=chooser.meets, known=base.chosen)
    more = next_money(problem, 0, 2.0, base=base, time_limit=5.0, chooser=chooser)
    assert chooser.meets(more.selection.chosen)
    assert more.gain >= 0
    missed = first_out(problem, base=base, time_limit=5.0, chooser=chooser)
    assert missed is None or chooser.meets(missed.selection.chosen)
    for point in frontier(problem, (0.5, 1.0, 1.5), gap=0.0, time_limit=5.0, chooser=chooser):
        assert point.selection is None or chooser.meets(point.selection.chosen)
    futures = np.array([problem.values, problem.values[::-1]])
    assert robustness(problem, futures, time_limit=5.0, chooser=chooser).futures == 2


def test_by_hand() -> None:
    # The best two are worth 9 + 8 and lose 2 together; the best that loses nothing on the whole is 9 + 3 with 1 - 1.
    problem = problem_of([9.0, 8.0, 3.0], [[1.0]] * 3, [2.0], risk=[1.0, 1.0, -1.0], risk_cap=np.inf)
    assert choose(problem, gap=0.0).value == 17.0
    found = meets(problem).choose(problem, gap=0.0, time_limit=5.0)
    assert (found.value, found.bound, found.proven) == (12.0, 17.0, False)  # 9 + 3
    known = np.array([True, False, False])
    assert CappedChooser(meets=meets(problem).meets, known=known).choose(problem, gap=0.0, time_limit=5.0).value == 12.0
