"""What the programme hangs on: the price of each budget, what more money buys, and what just misses (METHOD 11)."""

import time
from dataclasses import dataclass, replace
from math import fsum

import numpy as np

from scoring.selection.capped import PLAIN, Chooser
from scoring.selection.infeasibility import InfeasibleProgramme, clashes
from scoring.selection.problem import FloatArray, IntArray, Problem
from scoring.selection.programme import NoProgrammeFound, Selection
from scoring.selection.relaxation import Relaxation, programme_of, relax
from scoring.selection.solver import Status


@dataclass(frozen=True, slots=True, eq=False)
class NextMoney:
    """What more of one budget buys."""

    selection: Selection
    entering: IntArray
    """Alternatives that the larger budget adds."""
    leaving: IntArray
    """Alternatives that make room for them."""
    gain: float
    """Value of the programme with the larger budget less that without; never below 0."""
    gain_at_most: float
    """The same where neither is proven the best: no gain can be larger; `gain` itself where both are."""


@dataclass(frozen=True, slots=True, eq=False)
class FirstOut:
    """The project that just misses."""

    project: int
    selection: Selection
    """The best programme that has it."""
    leaving: IntArray
    """Alternatives that would make room."""
    loss: float
    """What having it would cost in value."""
    certain: bool
    """Whether no other project is shown to be able to miss by less."""


def shadow_prices(problem: Problem, *, time_limit: float = 60.0) -> FloatArray:
    """Value of one more unit of each budget, (m,), from the linear relaxation (METHOD 11).

    In value per unit of money, 0 or more; 0 for a budget that is not used up. The relaxation may take parts of
    projects, so the price is that of a programme of many small ones: a small sum may buy nothing in whole projects and
    a larger one more than its price; `next_money` gives that figure. Where several sets of prices are right, one of
    them is given. Raises InfeasibleProgramme, and NoProgrammeFound where time_limit, in seconds, ran out.
    """
    return _relaxed(problem, time_limit).prices[: len(problem.budgets)]


def next_money(
    problem: Problem,
    budget: int,
    extra: float,
    *,
    base: Selection | None = None,
    gap: float = 0.0,
    time_limit: float = 60.0,
    chooser: Chooser = PLAIN,
) -> NextMoney:
    """What `extra` more money in one budget buys, in whole projects (METHOD 11).

    budget: its index. extra: above 0, in the budgets' money. base: the programme without it, where it is known; else it
    is chosen first, within `gap`. time_limit: in seconds, for each programme. chooser: how programmes are found. Raises
    as `choose`, and ValueError where there is no such budget or extra is not above 0.
    """
    if not 0 <= budget < len(problem.budgets) or not 0 < extra < np.inf:
        raise ValueError(f"a budget from 0 to {len(problem.budgets) - 1} and more than 0 extra are needed")
    before = base or chooser.choose(problem, gap=gap, time_limit=time_limit)
    budgets = problem.budgets.copy()
    budgets[budget] += extra
    after = chooser.choose(replace(problem, budgets=budgets), gap=gap, time_limit=time_limit, start=before.chosen)
    entering, leaving = np.flatnonzero(after.chosen & ~before.chosen), np.flatnonzero(before.chosen & ~after.chosen)
    gain = max(0.0, after.value - before.value)
    both = before.proven and after.proven
    return NextMoney(after, entering, leaving, gain, gain if both else max(gain, after.bound - before.value))


def first_out(
    problem: Problem,
    *,
    base: Selection | None = None,
    gap: float = 0.0,
    time_limit: float = 60.0,
    tries: int = 25,
    chooser: Chooser = PLAIN,
) -> FirstOut | None:
    """The project outside the programme whose inclusion would cost the least value (METHOD 11).

    Each project is forced in and the best programme that has it is chosen. The relaxation says what having a project
    costs at least; projects are tried in that order until no other can cost less than the best tried, `tries` are
    spent, or time_limit, in seconds, for all of them. gap: for each programme; with a gap above 0 losses are known to
    within it only. chooser: how programmes are found. None where
    every project is in, pinned out or cannot be had. Raises as `choose`.
    """
    deadline = time.monotonic() + time_limit
    before = base or chooser.choose(problem, gap=gap, time_limit=time_limit)
    least = _least_losses(problem, before, _relaxed(problem, time_limit))
    best: FirstOut | None = None
    for tried, project in enumerate(sorted(least, key=lambda project: (least[project], project))):
        seconds = deadline - time.monotonic()
        if best is not None and least[project] >= best.loss:
            return best
        if tried >= tries or seconds <= 0:
            return None if best is None else replace(best, certain=False)
        found = _forced(problem, project, before, gap, seconds, chooser)
        if found is not None and (best is None or found.loss < best.loss):
            best = found
    return best


def _relaxed(problem: Problem, seconds: float) -> Relaxation:
    programme, _, used = programme_of(problem)
    relaxed = relax(programme, used, seconds)
    if isinstance(relaxed, Relaxation):
        return relaxed
    if relaxed is Status.INFEASIBLE and (clash := clashes(problem)) is not None:
        raise InfeasibleProgramme(clash)
    raise NoProgrammeFound(f"stopped after {seconds:g} s before the relaxation was solved")


def _least_losses(problem: Problem, base: Selection, relaxed: Relaxation) -> dict[int, float]:
    """What having each project that is out must cost at least."""
    possible = np.ones(len(problem.values), dtype=np.bool_)
    possible[list(problem.must_not)] = False
    possible &= ~np.isin(problem.projects, problem.projects[base.chosen])
    least: dict[int, float] = {}
    for alternative in np.flatnonzero(possible).tolist():
        loss = max(0.0, base.value - relaxed.bound - min(0.0, float(relaxed.reduced[alternative])))
        project = int(problem.projects[alternative])
        least[project] = min(loss, least.get(project, np.inf))
    return least


def _forced(
    problem: Problem, project: int, base: Selection, gap: float, seconds: float, chooser: Chooser
) -> FirstOut | None:
    """The best programme that has a project; None where there is none, or none was found in time."""
    members = tuple(np.flatnonzero(problem.projects == project).tolist())
    found = chooser.attempt(replace(problem, must=(*problem.must, members)), gap=gap, time_limit=seconds)
    if found is None:
        return None
    leaving = np.flatnonzero(base.chosen & ~found.chosen)
    loss = max(0.0, base.value - fsum(problem.values[found.chosen]))
    return FirstOut(project, found, leaving, loss, certain=found.stopped is None)
