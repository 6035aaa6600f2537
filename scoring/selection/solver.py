"""HiGHS behind one door: linear and binary programmes in, plain arrays out; one thread and one seed, so repeatable."""

import time
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from scoring.selection.problem import BoolArray, FloatArray
from scoring.selection.rows import Rows

if TYPE_CHECKING:
    from highspy._core import _Highs

INTEGRAL, CONTINUOUS = 1, 0
SEED = 20_211
STRICT = 1e-9
ROUNDING = 1e-9
"""What two sums of the same values may differ by, of them."""
TOP = 10
"""Rows and the objective are scaled, by powers of two so that no digit changes, to a largest number of about 2^10:
the solver's absolute tolerance of 1e-6 is then 1e-9 of a budget, and of the best project's value."""


class Status(StrEnum):
    SOLVED = "solved"
    """Optimal, within the gap or at the target asked for."""
    INFEASIBLE = "infeasible"
    STOPPED = "stopped"
    """By the limit of time or nodes, or by numbers the solver could not handle."""


@dataclass(frozen=True, slots=True, eq=False)
class Programme:
    """Maximise offset + objective @ x, subject to the rows and lower <= x <= upper, all of which are 0 or 1."""

    objective: FloatArray
    rows: Rows
    lower: FloatArray
    upper: FloatArray
    offset: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    status: Status
    x: FloatArray | None
    """(n,), the best found; None where none was."""
    bound: float
    """No x is worth more, as far as the solver knows."""
    duals: FloatArray | None = None
    """(rows,), of a linear programme: what one more unit of each limit is worth, 0 or more."""


def solve_linear(programme: Programme, seconds: float) -> Answer:
    """The programme with x anywhere between its bounds."""
    highs, factors, unit = _model(programme, seconds, integral=False)
    # At these shapes (few rows per column) presolve costs more than it saves.
    highs.setOptionValue("presolve", "off")
    highs.run()
    status = _status(highs)
    if status is not Status.SOLVED:
        return Answer(status, None, np.inf)
    solution = highs.getSolution()
    duals = np.maximum(np.asarray(solution.row_dual, dtype=np.float64), 0) * factors / unit
    value = highs.getInfo().objective_function_value / unit
    return Answer(status, np.asarray(solution.col_value, dtype=np.float64), value, duals)


def solve_binary(
    programme: Programme,
    seconds: float,
    gap: float,
    *,
    start: BoolArray | None = None,
    target: float | None = None,
    nodes: int | None = None,
    strict: bool = False,
) -> Answer:
    """The programme with x 0 or 1, until the relative gap, a value of `target`, or a limit is reached.

    start: (n,), a solution to begin with. nodes: the most to search, which unlike time repeats on every machine.
    strict: limits may be passed by 1e-12 of them only, which takes longer.
    """
    began = time.monotonic()
    options = _options(gap, nodes, strict=strict)
    answer = _binary(programme, seconds, options, target, start)
    if start is not None and _contradicts(programme, answer, gap, target):
        answer = _binary(programme, seconds - (time.monotonic() - began), options, target, None)
    return answer


def _options(gap: float, nodes: int | None, *, strict: bool) -> dict[str, float | int]:
    # Three times the default effort: over 12 programmes of 200 projects a fifth less time, and longer for none of them.
    options: dict[str, float | int] = {"mip_rel_gap": gap, "mip_abs_gap": 0.0, "mip_heuristic_effort": 0.15}
    if strict:
        options |= {"mip_feasibility_tolerance": STRICT, "primal_feasibility_tolerance": STRICT}
    if nodes is not None:
        options["mip_max_nodes"] = nodes
    return options


def _binary(
    programme: Programme,
    seconds: float,
    options: dict[str, float | int],
    target: float | None,
    start: BoolArray | None,
) -> Answer:
    highs, _, unit = _model(programme, seconds, integral=True)
    for option, setting in options.items():
        highs.setOptionValue(option, setting)
    if target is not None:
        highs.setOptionValue("objective_target", target * unit)
    if start is not None:
        highs.setSolution(len(start), np.arange(len(start), dtype=np.int32), start.astype(np.float64))
    highs.run()
    status, info = _status(highs), highs.getInfo()
    found = status is not Status.INFEASIBLE and np.isfinite(info.objective_function_value)
    found = found and info.primal_solution_status == _feasible_solution()
    x = np.asarray(highs.getSolution().col_value, dtype=np.float64) if found else None
    return Answer(status, x, info.mip_dual_bound / unit)


def _contradicts(programme: Programme, answer: Answer, gap: float, target: float | None) -> bool:
    """Whether an answer called solved is further from its own bound than was asked, and short of the target.

    HiGHS 1.16 can give back the solution it was given to begin with where its presolve alone found a better one.
    """
    if answer.status is not Status.SOLVED or answer.x is None:
        return False
    value = programme.offset + float(programme.objective @ np.round(answer.x))
    enough = value + max(gap, ROUNDING) * abs(value) + ROUNDING * float(np.abs(programme.objective).max(initial=0))
    return answer.bound > enough and (target is None or value < target)


def restricted(programme: Programme, free: BoolArray, fixed: FloatArray) -> Programme | None:
    """The programme over the free columns, the others, (n,), fixed; None where a row without free columns breaks."""
    rows = programme.rows.free(free, fixed)
    empty = np.diff(rows.start) == 0
    if (rows.limit[empty] < -1e-9 * np.maximum(1, np.abs(programme.rows.limit[empty]))).any():
        return None
    return replace(
        programme,
        objective=programme.objective[free],
        rows=rows.only(~empty),
        lower=programme.lower[free],
        upper=programme.upper[free],
        offset=programme.offset + float(programme.objective[~free] @ fixed[~free]),
    )


def _model(programme: Programme, seconds: float, *, integral: bool) -> tuple["_Highs", FloatArray, float]:
    """A loaded solver, the factor of each row and that of the objective."""
    # Imported here, so that pages that choose nothing do not wait for it. The public class prints a banner before it
    # can be told not to; the one under it does not, and everything used here is defined there.
    from highspy import HighsStatus, MatrixFormat, ObjSense  # noqa: PLC0415
    from highspy._core import _Highs  # noqa: PLC0415

    rows, count = programme.rows, len(programme.objective)
    factors, unit = _factors(rows), _power(float(np.abs(programme.objective).max(initial=0)))
    highs = _Highs()
    for option, setting in (
        ("output_flag", False),
        ("threads", 1),
        ("parallel", "off"),
        ("random_seed", SEED),
        ("small_matrix_value", 1e-12),
        ("time_limit", max(seconds, 1e-3)),
    ):
        highs.setOptionValue(option, setting)
    outcome = highs.passModel(
        count,
        len(rows),
        len(rows.column),
        int(MatrixFormat.kRowwise),
        int(ObjSense.kMaximize),
        programme.offset * unit,
        programme.objective * unit,
        programme.lower,
        programme.upper,
        np.full(len(rows), -np.inf),
        rows.limit * factors,
        rows.start.astype(np.int32),
        rows.column.astype(np.int32),
        rows.coefficient * factors[rows.row],
        np.full(count, INTEGRAL if integral else CONTINUOUS, dtype=np.int32),
    )
    if outcome == HighsStatus.kError:
        raise RuntimeError("HiGHS refused the model")
    return highs, factors, unit


def _factors(rows: Rows) -> FloatArray:
    """A power of two for each row; 1 where it counts only, which the solver recognises."""
    sizes = np.abs(rows.coefficient)
    largest = np.zeros(len(rows))
    np.maximum.at(largest, rows.row, sizes)
    counts = np.bincount(rows.row, sizes != 1, len(rows)) == 0
    largest = np.where(np.isfinite(rows.limit), np.maximum(largest, np.abs(rows.limit)), largest)
    exponents = TOP - np.frexp(np.where(largest > 0, largest, 1))[1]
    return np.where(counts | (largest == 0), 1.0, np.ldexp(1.0, exponents))


def _power(largest: float) -> float:
    return float(np.ldexp(1.0, TOP - int(np.frexp(largest)[1]))) if largest > 0 else 1.0


def _status(highs: "_Highs") -> Status:
    from highspy import HighsModelStatus as Ended  # noqa: PLC0415 -- as above

    match highs.getModelStatus():
        case Ended.kOptimal | Ended.kObjectiveTarget | Ended.kModelEmpty:
            return Status.SOLVED
        case Ended.kInfeasible:
            return Status.INFEASIBLE
    return Status.STOPPED


def _feasible_solution() -> int:
    from highspy import kSolutionStatusFeasible  # noqa: PLC0415 -- as above

    return int(kSolutionStatusFeasible)
