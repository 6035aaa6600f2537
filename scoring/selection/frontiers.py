"""Value against budget and against risk (METHOD 11)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scoring.selection.capped import PLAIN, Chooser
from scoring.selection.infeasibility import Clash, InfeasibleProgramme
from scoring.selection.problem import Problem
from scoring.selection.programme import NoProgrammeFound, Selection

MULTIPLIERS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5)


@dataclass(frozen=True, slots=True, eq=False)
class FrontierPoint:
    at: float
    """The multiplier of the budgets, or the cap on risk."""
    selection: Selection | None
    """None where no programme keeps the rules, or none was found in time."""
    clash: Clash | None = None
    """Why none does."""


def frontier(
    problem: Problem,
    multipliers: Sequence[float] = MULTIPLIERS,
    *,
    gap: float = 1e-3,
    time_limit: float = 60.0,
    chooser: Chooser = PLAIN,
) -> tuple[FrontierPoint, ...]:
    """The best programme at each multiple of all budgets, in increasing order; values never fall (METHOD 11).

    multipliers: 0 or more. time_limit: in seconds, for each point. chooser: how programmes are found. Raises
    ValueError where a multiplier is below 0 or not finite, and as `choose` on a gap or time_limit out of range.
    """
    _check(multipliers, least=0.0)
    # Infinity times 0 has no value; a budget without limit stays without.
    problems = ((at, replace(problem, budgets=_times(problem, at))) for at in sorted(multipliers))
    return _points(problems, gap, time_limit, chooser)


def risk_frontier(
    problem: Problem, caps: Sequence[float], *, gap: float = 1e-3, time_limit: float = 60.0
) -> tuple[FrontierPoint, ...]:
    """The best programme under each cap on the programme's risk, in increasing order; values never fall (METHOD 11).

    caps: in the unit of the problem's risk. Raises ValueError where the problem has no risk or a cap is not finite, and
    as `frontier`.
    """
    if problem.risk is None:
        raise ValueError("the problem must have a risk of each alternative")
    _check(caps, least=-np.inf)
    return _points(((cap, replace(problem, risk_cap=float(cap))) for cap in sorted(caps)), gap, time_limit, PLAIN)


def _times(problem: Problem, multiplier: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.where(np.isfinite(problem.budgets), np.nan_to_num(problem.budgets) * multiplier, np.inf)


def _check(points: Sequence[float], least: float) -> None:
    if not all(np.isfinite(point) and point >= least for point in points):
        raise ValueError(f"points of a frontier must be finite and at least {least:g}")


def _points(
    problems: Iterable[tuple[float, Problem]], gap: float, time_limit: float, chooser: Chooser
) -> tuple[FrontierPoint, ...]:
    points: list[FrontierPoint] = []
    last = None
    for at, problem in problems:
        try:
            # What was feasible with less is feasible with more, so values cannot fall by the gap.
            start = None if last is None else last.chosen
            found = chooser.choose(problem, gap=gap, time_limit=time_limit, start=start)
        except InfeasibleProgramme as error:
            points.append(FrontierPoint(float(at), None, error.clash))
        except NoProgrammeFound:
            points.append(FrontierPoint(float(at), None))
        else:
            points.append(FrontierPoint(float(at), found))
            last = found
    return tuple(points)
