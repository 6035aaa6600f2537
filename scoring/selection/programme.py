"""The best programme, with the certificate of how good it is (METHOD 11).

The linear relaxation bounds every programme. Most of its alternatives are clearly in or clearly out; a search over the
others (the core) mostly comes within the gap at once. Where it does not, what the bound itself excludes is fixed and
all the rest is searched (reduced-cost fixing; Balas & Zemel 1980, Pisinger 1999), so that nothing better is missed.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import fsum, gcd
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.selection.check import TOLERANCE, violations
from scoring.selection.infeasibility import Clash, InfeasibleProgramme, clashes
from scoring.selection.naive import rank_and_cut
from scoring.selection.problem import BoolArray, FloatArray, IntArray, MinimumShare, Problem, problem_of
from scoring.selection.relaxation import Relaxation, programme_of, relax
from scoring.selection.solver import Answer, Programme, Status, restricted, solve_binary

PROVEN = 1e-9
"""A relative gap that is rounding only."""
SOLVED_TO = 1e-4
"""Of a step between two values: far more than the solver's tolerances, so that no bound falls short of the next."""
LARGEST_WHOLE = 2.0**50
"""Up to here whole numbers add up exactly."""
TELLABLE = 1e-4
"""A smaller gap has no digit in the two decimals of a per cent that a message shows."""
SMALL = 400
"""Up to here a core saves nothing: the whole is searched."""
CORES = (64, 320, 1_600)
CORE_NODES = 2_000


class NoProgrammeFound(RuntimeError):
    """The search was stopped before it met any programme that keeps all rules; there may be one."""


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """A programme that keeps all rules, and how good it is."""

    chosen: BoolArray
    """(n,)"""
    value: float
    bound: float
    """No programme that keeps the rules is worth more."""
    gap: float
    """(bound - value) / |value|; infinity where the value is 0 and the bound is not."""
    proven: bool
    """The optimum: the gap is rounding only."""
    spent: FloatArray
    """(m,), of each budget."""
    stopped: str | None = None
    """Why the search ended before the gap asked for; None where it was reached."""

    def __iter__(self) -> Iterator[Any]:
        """So that `chosen, value, bound, gap = select(...)`."""
        return iter((self.chosen, self.value, self.bound, self.gap))


def select(
    values: npt.ArrayLike,
    costs: npt.ArrayLike,
    budgets: npt.ArrayLike,
    *,
    projects: Sequence[int] | IntArray | None = None,
    exclusive: Iterable[Sequence[int]] = (),
    requires: Iterable[tuple[int, int | Sequence[int]]] = (),
    must: Iterable[int | Sequence[int]] = (),
    must_not: Iterable[int] = (),
    minimum_shares: Iterable[MinimumShare | tuple[Sequence[int], float]] = (),
    risk: npt.ArrayLike | None = None,
    risk_cap: float | None = None,
    gap: float = 0.0,
    time_limit: float = 60.0,
) -> Selection:
    """The alternatives of most total value that keep the budgets and the rules (METHOD 11).

    values: (n,). costs: (n, m). budgets: (m,). The rules are those of `problem_of`, `gap` and `time_limit` those of
    `choose`; so are the errors. Unless a gap is asked for, the programme is the optimum and proven so, or says why not.
    """
    problem = problem_of(
        values,
        costs,
        budgets,
        projects=projects,
        exclusive=exclusive,
        requires=requires,
        must=must,
        must_not=must_not,
        minimum_shares=minimum_shares,
        risk=risk,
        risk_cap=risk_cap,
    )
    return choose(problem, gap=gap, time_limit=time_limit)


def choose(
    problem: Problem, *, gap: float = 1e-3, time_limit: float = 60.0, start: BoolArray | None = None
) -> Selection:
    """The best programme of a problem, within a relative gap of the best possible (METHOD 11).

    gap: 0 asks for a proven optimum. time_limit: in seconds; what is found by then is returned and says so. start:
    (n,), a programme known already; nothing worse is returned if it keeps the rules. The same problem gives the same
    programme, of equals the same one, unless time ran out.

    Raises InfeasibleProgramme (with the rules that clash), NoProgrammeFound where time ran out before any programme was
    found, and ValueError on a gap or a time_limit out of range.
    """
    search = _searched(problem, gap, time_limit, start)
    if search.infeasible:
        unexplained = Clash((), "no programme keeps all rules; which of them clash was not found in time", False)
        raise InfeasibleProgramme(clashes(problem, time_limit=time_limit) or unexplained)
    if (found := _selection(search)) is None:
        raise NoProgrammeFound(f"stopped after {time_limit:g} s before any programme that keeps all rules was found")
    return found


def attempt(problem: Problem, *, gap: float, time_limit: float) -> Selection | None:
    """As `choose`, but None where no programme keeps the rules or none was found, and no search for why."""
    search = _searched(problem, gap, time_limit, None)
    return None if search.infeasible else _selection(search)


@dataclass(eq=False)
class _Search:
    """What is known so far: the best programme met, and what none can exceed."""

    problem: Problem
    gap: float
    time_limit: float
    started: float = field(default_factory=time.monotonic)
    best: BoolArray | None = None
    value: float = -np.inf
    bound: float = np.inf
    infeasible: bool = False

    @property
    def seconds(self) -> float:
        return self.started + self.time_limit - time.monotonic()

    @property
    def enough(self) -> float:
        """A bound that the best programme is within the gap of, or that no better programme can come under."""
        return self.value + max(self.gap * abs(self.value), self.between) if self.best is not None else -np.inf

    @cached_property
    def step(self) -> float:
        """What the values of two programmes differ by at least, where they differ; 0 where that is not known."""
        whole = np.round(self.problem.values)
        if not len(whole) or (whole != self.problem.values).any() or np.abs(whole).sum() > LARGEST_WHOLE:
            return 0.0
        return float(gcd(*(int(value) for value in whole)))

    @property
    def between(self) -> float:
        """The same less what a bound may be out by, where that leaves anything sure of it."""
        rounding = 10 * PROVEN * abs(self.value) + SOLVED_TO * self.step
        return self.step - rounding if self.step > 10 * rounding else 0.0

    @property
    def done(self) -> bool:
        return self.infeasible or self.bound <= self.enough or self.seconds <= 0

    def offer(self, chosen: BoolArray) -> bool:
        """Whether a programme keeps all rules, by our own check; it is kept if it is the best so far."""
        if violations(self.problem, chosen):
            return False
        value = fsum(self.problem.values[chosen])
        if value > self.value or self.best is None:
            self.best, self.value = chosen.copy(), value
        return True


def _searched(problem: Problem, gap: float, time_limit: float, start: BoolArray | None) -> _Search:
    if not 0 <= gap < np.inf or not time_limit > 0:
        raise ValueError(f"gap must be 0 or more and time_limit above 0, not {gap} and {time_limit}")
    search = _Search(problem, max(gap, PROVEN), time_limit)
    if start is not None:
        search.offer(np.asarray(start, dtype=np.bool_))
    if not len(problem.values):
        search.infeasible, search.bound = not search.offer(np.zeros(0, dtype=np.bool_)), 0.0
    else:
        _run(search)
    return search


def _run(search: _Search) -> None:
    programme, _, used = programme_of(search.problem)
    relaxed = relax(programme, used, search.seconds)
    if isinstance(relaxed, Status):
        search.infeasible = relaxed is Status.INFEASIBLE
        search.bound = fsum(np.maximum(search.problem.values, 0))
        if not search.done:
            _search_whole(search, programme)
        return
    search.bound = relaxed.bound
    if len(search.problem.values) > SMALL:
        for size in CORES:
            if search.done or _open(search, relaxed).sum() <= size:
                break
            _search_core(search, programme, relaxed, size)
    if not search.done:
        _search_open(search, programme, relaxed)


def _search_core(search: _Search, programme: Programme, relaxed: Relaxation, size: int) -> None:
    """Search the alternatives closest to being worth their price; the others stay as the relaxation has them."""
    free = np.zeros(len(relaxed.x), dtype=np.bool_)
    free[np.argsort(_margins(relaxed), kind="stable")[:size]] = True
    least = search.bound / (1 + search.gap) if search.bound > 0 else search.bound
    _search(search, programme, free, np.round(relaxed.x), gap=max(search.gap / 2, 1e-4), target=least, nodes=CORE_NODES)


def _search_open(search: _Search, programme: Programme, relaxed: Relaxation) -> None:
    """Search everything that a programme better than the best, by more than the gap, could have otherwise."""
    free = _open(search, relaxed)
    answer = _search(search, programme, free, np.round(relaxed.x), gap=search.gap if search.gap > PROVEN else 0.0)
    if answer is None or (answer.status is Status.INFEASIBLE and search.best is None):
        search.infeasible = _refuted(search, free)
        return
    # Whatever differs in a fixed alternative is worth at most `enough` of the time when it was fixed.
    fixed = float((relaxed.bound - _margins(relaxed)[~free]).max(initial=-np.inf))
    bound = fixed if answer.status is Status.INFEASIBLE else max(answer.bound, fixed)
    search.bound = max(min(search.bound, bound), search.value)


def _search_whole(search: _Search, programme: Programme) -> None:
    """Search without a relaxation to go by."""
    free = np.ones(len(programme.objective), dtype=np.bool_)
    answer = _search(search, programme, free, np.zeros(len(free)), gap=search.gap if search.gap > PROVEN else 0.0)
    if answer is None or (answer.status is Status.INFEASIBLE and search.best is None):
        search.infeasible = _refuted(search, free)
        return
    search.bound = max(min(search.bound, answer.bound), search.value)


def _refuted(search: _Search, free: BoolArray) -> bool:
    """Whether a search over these alternatives that found nothing says that there is nothing, and not only no time."""
    return search.seconds > 0 and search.best is None and bool(free.all())


def _margins(relaxed: Relaxation) -> FloatArray:
    """How much value taking each alternative otherwise costs at least; below 0 where it is taken in part, (n,)."""
    taken = np.round(relaxed.x)
    split = np.abs(relaxed.x - taken) > 1e-6  # noqa: PLR2004 -- the solver's tolerance
    return np.where(split, -1.0, np.where(taken > 0, relaxed.reduced, -relaxed.reduced))


def _open(search: _Search, relaxed: Relaxation) -> BoolArray:
    """Alternatives that a programme worth more than enough could have otherwise than the relaxation, (n,)."""
    slack = 1e-9 * abs(relaxed.bound)
    return np.asarray(_margins(relaxed) <= relaxed.bound - search.enough + slack)


def _search(
    search: _Search,
    programme: Programme,
    free: BoolArray,
    fixed: FloatArray,
    *,
    gap: float,
    target: float | None = None,
    nodes: int | None = None,
) -> Answer | None:
    """The answer over the free alternatives; what keeps all rules is offered. None where the fixed ones clash.

    The solver may let a limit be passed by a little more than our check does. What our check refuses is asked for again
    with its tolerance and almost none of the solver's, so that both mean the same.
    """
    answer: Answer | None = None
    for strict in (False, True):
        part = restricted(programme, free, fixed)
        if part is None or search.seconds <= 0:
            return answer
        if not free.any():
            # Nothing is left to search, and the solver has no answer to a model without columns.
            search.offer(fixed > 0.5)  # noqa: PLR2004 -- 0 or 1
            return Answer(Status.SOLVED, fixed[free], part.offset)
        start = search.best
        if start is not None and (start[~free] != (fixed[~free] > 0.5)).any():  # noqa: PLR2004 -- 0 or 1
            start = None
        answer = solve_binary(
            part,
            search.seconds,
            gap,
            start=None if start is None else start[free],
            target=target,
            nodes=nodes,
            strict=strict,
        )
        if answer.x is None:
            return answer
        whole = fixed.copy()
        whole[free] = np.round(answer.x)
        if search.offer(whole > 0.5):  # noqa: PLR2004 -- 0 or 1
            return answer
        limit = programme.rows.limit
        programme = replace(programme, rows=replace(programme.rows, limit=limit + TOLERANCE * np.abs(limit)))
    return answer


def _selection(search: _Search) -> Selection | None:
    """The best programme met, or what rank and cut funds if it keeps all rules; None where there is neither."""
    problem = search.problem
    if search.best is None:
        search.offer(rank_and_cut(problem, stop=False).chosen)
    if search.best is None:
        return None
    bound = search.value if search.bound <= search.value + search.between else search.bound
    difference = bound - search.value
    gap = 0.0 if difference <= 0 else difference / abs(search.value) if search.value else np.inf
    proven = difference <= PROVEN * max(abs(search.value), abs(bound))
    stopped = None
    if not proven and gap > search.gap * (1 + PROVEN):
        why = f"after {search.time_limit:g} s" if search.seconds <= 0 else "by the solver"
        asked = f"{search.gap:.2%}" if search.gap > PROVEN else "the optimum"
        left = "less than 0.01%" if gap < TELLABLE else f"{gap:.2%}"
        stopped = f"stopped {why} with a gap of {left}; {asked} was asked for"
    chosen = search.best
    chosen.setflags(write=False)
    return Selection(chosen, search.value, bound, gap, proven, problem.costs[chosen].sum(axis=0), stopped)
