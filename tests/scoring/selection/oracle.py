"""Small problems with all rules, and their optimum by trying every programme."""

from itertools import product
from typing import Any

import numpy as np
from hypothesis import strategies as st

from scoring.selection import MinimumShare, Problem


def feasible(problem: Problem, chosen: np.ndarray) -> bool:
    """Whether a programme keeps every rule, written from the definition of each."""
    costs, money = problem.costs, problem.costs.sum(axis=1)
    if (costs[chosen].sum(axis=0) > problem.budgets + 1e-7).any():
        return False
    if (
        problem.risk is not None
        and problem.risk_cap is not None
        and problem.risk[chosen].sum() > problem.risk_cap + 1e-7
    ):
        return False
    for share in problem.minimum_shares:
        weights = money if share.of == "money" else problem.values
        got = sum(weights[member] for member in share.group if chosen[member])
        if got < share.share * weights[chosen].sum() - 1e-7:
            return False
    if len(set(problem.projects[chosen])) < chosen.sum():
        return False
    return (
        all(sum(chosen[member] for member in group) <= 1 for group in problem.exclusive)
        and all(not chosen[b] or any(chosen[a] for a in needed) for b, needed in problem.requires)
        and all(any(chosen[member] for member in group) for group in problem.must)
        and not any(chosen[member] for member in problem.must_not)
    )


def best_value(problem: Problem) -> float | None:
    """The optimum over all 2^n programmes; None where none keeps the rules."""
    programmes = (np.array(bits, dtype=bool) for bits in product((False, True), repeat=len(problem.values)))
    return max((float(problem.values[x].sum()) for x in programmes if feasible(problem, x)), default=None)


@st.composite
def problems(draw: st.DrawFn, *, most: int = 8) -> dict[str, Any]:
    """Keywords of `problem_of`; whole numbers, so that no sum is at the mercy of rounding."""
    count = draw(st.integers(1, most))
    alternative = st.integers(0, count - 1)
    group = st.lists(alternative, min_size=1, max_size=4, unique=True)
    whole = st.integers(0, 12).map(float)
    width = draw(st.integers(1, 3))
    given: dict[str, Any] = {
        "values": draw(st.lists(st.integers(-8, 20).map(float), min_size=count, max_size=count)),
        "costs": draw(st.lists(st.lists(whole, min_size=width, max_size=width), min_size=count, max_size=count)),
        "budgets": draw(st.lists(st.integers(0, 30).map(float), min_size=width, max_size=width)),
        "projects": draw(st.none() | st.lists(st.integers(0, 4), min_size=count, max_size=count)),
        "exclusive": draw(st.lists(group, max_size=2)),
        "requires": [
            (b, [a for a in needed if a != b])
            for b, needed in draw(st.lists(st.tuples(alternative, group), max_size=3))
        ],
        "must": draw(st.lists(alternative | group, max_size=2)),
        "must_not": draw(st.lists(alternative, max_size=2)),
        "minimum_shares": draw(
            st.lists(
                st.builds(
                    lambda members, share, of: MinimumShare(tuple(members), share, of),
                    group,
                    st.sampled_from([0.0, 0.25, 0.5, 1.0]),
                    st.sampled_from(["money", "value"]),
                ),
                max_size=2,
            )
        ),
    }
    if draw(st.booleans()):
        given["risk"] = draw(st.lists(st.integers(-3, 9).map(float), min_size=count, max_size=count))
        given["risk_cap"] = float(draw(st.integers(-2, 20)))
    return given
