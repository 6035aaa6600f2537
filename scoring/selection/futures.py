"""How often each alternative is chosen over the simulated futures: robust core, borderline, never (METHOD 11)."""

import time
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from scoring.selection.capped import PLAIN, Chooser
from scoring.selection.problem import BoolArray, FloatArray, Problem
from scoring.selection.programme import NoProgrammeFound

CORE = 0.9
"""Share of the futures from which on a project belongs to the robust core (Liesiö, Mild & Salo 2007 speak of core,
borderline and exterior projects; theirs is every future)."""


class Standing(StrEnum):
    CORE = "core"
    BORDERLINE = "borderline"
    NEVER = "never"


@dataclass(frozen=True, slots=True, eq=False)
class Robustness:
    shares: FloatArray
    """(n,), the share of the futures in which each alternative is chosen."""
    project_shares: FloatArray
    """(projects,), the share in which any alternative of each project is."""
    standings: tuple[Standing, ...]
    """Of each project, by its share: core from 0.9 on, never at 0, borderline between."""
    values: FloatArray
    """(futures solved,), the value of the best programme of each."""
    futures: int
    """How many futures were solved; fewer than given where time ran out."""
    stopped: str | None = None


def robustness(
    problem: Problem,
    values_by_future: npt.ArrayLike,
    *,
    gap: float = 1e-3,
    time_limit: float = 120.0,
    chooser: Chooser = PLAIN,
) -> Robustness:
    """Choose the best programme of each future, under the same budgets and rules, and count (METHOD 11).

    values_by_future: (futures, n), what each alternative is worth in each; 200 futures give a share of one half with a
    standard error of 3.5 points. gap: of each programme. time_limit: in seconds for all; futures are taken in their
    order, and those that were reached count. chooser: how programmes are found. Raises ValueError where shapes do not
    fit or a value is not finite, InfeasibleProgramme, and NoProgrammeFound where not even one future was solved in
    time.
    """
    worth = np.array(values_by_future, dtype=np.float64)
    if worth.ndim != 2 or worth.shape[1] != len(problem.values) or not len(worth):  # noqa: PLR2004 -- a table
        raise ValueError(f"values_by_future must be (futures, {len(problem.values)}) with a future, not {worth.shape}")
    if not np.isfinite(worth).all():
        raise ValueError("values_by_future must be finite")
    chosen, values, stopped = _each(problem, worth, gap, time_limit, chooser)
    shares = chosen.mean(axis=0)
    # At most one alternative of a project is chosen in a future, so their shares add up.
    project_shares = np.bincount(problem.projects, shares).astype(np.float64)
    standings = tuple(_standing(float(share)) for share in project_shares)
    return Robustness(shares, project_shares, standings, values, len(chosen), stopped)


def _each(
    problem: Problem, worth: FloatArray, gap: float, time_limit: float, chooser: Chooser
) -> tuple[BoolArray, FloatArray, str | None]:
    deadline = time.monotonic() + time_limit
    chosen, values = [], []
    for future in worth:
        seconds = deadline - time.monotonic()
        if seconds <= 0:
            break
        try:
            found = chooser.choose(replace(problem, values=future), gap=gap, time_limit=seconds)
        except NoProgrammeFound:
            break
        if found.stopped is not None:
            break
        chosen.append(found.chosen)
        values.append(found.value)
    if not chosen:
        raise NoProgrammeFound(f"stopped after {time_limit:g} s before the first future was solved")
    stopped = None
    if len(chosen) < len(worth):
        stopped = f"stopped after {time_limit:g} s: {len(chosen)} of {len(worth)} futures were solved"
    return np.array(chosen), np.array(values), stopped


def _standing(share: float) -> Standing:
    if share >= CORE - 1e-12:
        return Standing.CORE
    return Standing.BORDERLINE if share > 0 else Standing.NEVER
