"""Choosing a programme against plain highspy on the same model, both asked for 0.1%, on one thread.

Answers are asserted first: the gap is certified, and every rule holds by our own check. What a plain search had not
finished within its limit of time counts with that limit.
"""

import time

import highspy
import numpy as np
from highspy._core import _Highs

from scoring.selection import Problem, choose, violations
from scoring.selection.rules import rules_of
from tests.bench.timing import ratio
from tests.scoring.selection.factories import city

GAP = 1e-3
LIMIT = 60.0
SIZES = ((200, 1.0), (2_000, 10.0), (20_000, 2.0))
"""Projects, and how many times faster choosing must be."""
SEEDS = (1, 2, 3, 4, 5)


def main() -> None:
    choose(city(20))  # loads the solver
    for count, target in SIZES:
        own, plain, stopped, gaps = 0.0, 0.0, 0, []
        for seed in SEEDS:
            problem = city(count, seed)
            start = time.perf_counter()
            found = choose(problem, gap=GAP, time_limit=LIMIT)
            took = time.perf_counter() - start
            assert violations(problem, found.chosen) == ()
            assert found.gap <= GAP or found.stopped is not None
            slow, value = _plainly(problem)
            assert value <= found.bound * (1 + 1e-9), "no programme exceeds the bound"
            gaps.append(found.gap)
            own, plain, stopped = own + took, plain + slow, stopped + (slow >= LIMIT)
            print(f"    {count:>6,} projects, seed {seed}: {took:7.3f} s, gap {found.gap:.4%}; plain {slow:7.3f} s")
        mean = own / len(SEEDS)
        if stopped:
            print(f"    plain highspy was stopped at {LIMIT:.0f} s in {stopped} of {len(SEEDS)}, and counts with that")
        ratio(f"{count:,} projects to 0.1% in {mean:.3f} s, worst gap {max(gaps):.3%}", plain, own, target)


def _plainly(problem: Problem) -> tuple[float, float]:
    """Seconds that plain highspy takes for the same rules, and the value that it found."""
    start = time.perf_counter()
    rows, count = rules_of(problem).rows, len(problem.values)
    highs = _Highs()  # what the public class is made of: that one prints a banner before it can be told not to
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("mip_rel_gap", GAP)
    highs.setOptionValue("time_limit", LIMIT)
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = count, len(rows)
    programme.sense_ = highspy.ObjSense.kMaximize
    programme.col_cost_ = problem.values
    programme.col_lower_, programme.col_upper_ = np.zeros(count), np.ones(count)
    programme.row_lower_, programme.row_upper_ = np.full(len(rows), -np.inf), rows.limit
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_, programme.a_matrix_.index_ = rows.start, rows.column
    programme.a_matrix_.value_ = rows.coefficient
    programme.integrality_ = [highspy.HighsVarType.kInteger] * count
    highs.passModel(programme)
    highs.run()
    return time.perf_counter() - start, highs.getInfo().objective_function_value


if __name__ == "__main__":
    main()
