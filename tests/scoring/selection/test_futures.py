"""How often each project is chosen over the futures."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest

from scoring.selection import InfeasibleProgramme, NoProgrammeFound, Standing, problem_of, robustness
from tests.scoring.selection.factories import city


def test_core_borderline_and_never_by_hand() -> None:
    # room for two of four; the first always, the second in 9 of 10 futures, the third in the other, the last never
    problem = problem_of(np.zeros(4), np.ones((4, 1)), [2.0])
    futures = np.array([[9.0, 5.0, 4.0, 1.0]] * 9 + [[9.0, 4.0, 5.0, 1.0]])
    found = robustness(problem, futures, gap=0)
    assert found.shares == pytest.approx([1, 0.9, 0.1, 0])
    assert found.standings == (Standing.CORE, Standing.CORE, Standing.BORDERLINE, Standing.NEVER)
    assert found.values == pytest.approx([14.0] * 10)
    assert (found.futures, found.stopped) == (10, None)


def test_years_of_one_project_count_together() -> None:
    problem = problem_of(np.zeros(3), np.ones((3, 1)), [1.0], projects=[0, 0, 1])
    found = robustness(problem, [[3.0, 2.0, 1.0], [2.0, 3.0, 1.0]])
    assert found.shares == pytest.approx([0.5, 0.5, 0])
    assert found.project_shares == pytest.approx([1, 0])
    assert found.standings == (Standing.CORE, Standing.NEVER)


def test_the_rules_hold_in_every_future() -> None:
    problem = problem_of(np.zeros(3), np.ones((3, 1)), [2.0], must=[2], must_not=[0])
    found = robustness(problem, np.random.default_rng(1).normal(size=(20, 3)))
    assert found.shares[[0, 2]].tolist() == [0, 1]
    impossible = problem_of(np.zeros(1), [[3.0]], [2.0], must=[0])
    with pytest.raises(InfeasibleProgramme):
        robustness(impossible, [[1.0]])


def test_stopped_early_says_how_many_futures_count(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = city(60)
    futures = problem.values * np.random.default_rng(2).lognormal(0, 0.3, (20, 60))
    # A clock of its own, a minute from one look to the next: the machine's may be slow.
    clock = SimpleNamespace(monotonic=itertools.count(0, 60).__next__)
    monkeypatch.setattr("scoring.selection.futures.time", clock)
    found = robustness(problem, futures, gap=0.02, time_limit=200)
    monkeypatch.undo()
    assert found.futures == 3
    assert found.stopped == "stopped after 200 s: 3 of 20 futures were solved"
    again = robustness(problem, futures[: found.futures], gap=0.02)
    assert (again.shares == found.shares).all()
    with pytest.raises(NoProgrammeFound, match="first future"):
        robustness(problem, futures, time_limit=1e-9)


@pytest.mark.parametrize("futures", [np.zeros(3), np.zeros((2, 2)), np.zeros((0, 3)), [[np.nan, 1.0, 1.0]]])
def test_what_does_not_fit_is_refused(futures: np.ndarray) -> None:
    with pytest.raises(ValueError, match="values_by_future must be"):
        robustness(problem_of(np.zeros(3), np.ones((3, 1)), [1.0]), futures)
