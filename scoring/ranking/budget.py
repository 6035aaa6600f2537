"""What a budget funds when projects are taken in order of rank (METHOD 10)."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from scoring.ranking.ties import Places

FloatArray = npt.NDArray[np.float64]


def budget_line(values: Sequence[float], costs: Sequence[float], budget: float) -> float | None:
    """The value of the last project inside the budget when this index alone orders the projects.

    values, costs: (n,), the costs 0 or more in the budget's money. The best are taken in order until the next does not
    fit. None where not even the first fits. Raises ValueError where lengths differ.
    """
    if len(values) != len(costs):
        raise ValueError("one cost for each value is needed")
    line, left = None, budget
    for value, cost in sorted(zip(values, costs, strict=True), key=lambda pair: (-pair[0], pair[1])):
        if cost > left:
            break
        line, left = value, left - cost
    return line


def funded_shares(found: Places, paid: FloatArray, budget: float | FloatArray) -> FloatArray:
    """Share of draws in which each project is funded, (n,); NaN in `paid` marks one that cannot be.

    paid: (n,), or (n, m) where each of m budgets, (m,), must hold.
    """
    taken = np.ones(found.order.shape, dtype=np.bool_)
    columns = paid[:, np.newaxis] if paid.ndim == 1 else paid
    for column, limit in zip(columns.T, np.atleast_1d(np.asarray(budget, dtype=np.float64)), strict=True):
        asked = column[found.order]
        spent = np.nancumsum(asked, axis=1)
        taken &= (spent <= limit * (1 + 1e-12)) & ~np.isnan(asked)
    return np.bincount(found.order.ravel(), taken.ravel(), len(paid)) / len(found.order)


def payable(
    costs: FloatArray | None,
    budget: float | FloatArray | None,
    eligible: npt.NDArray[np.bool_] | None,
    count: int,
) -> FloatArray | None:
    """Costs with NaN for what cannot be funded; None where no budget is asked about.

    Raises ValueError where costs come without a budget or a budget without costs, where one is negative, and where
    there is not one cost for each budget, or one eligibility, for each of `count` projects.
    """
    if costs is None and budget is None:
        return None
    if costs is None or budget is None:
        raise ValueError("costs and a budget are needed together")
    given, limits = np.asarray(costs, dtype=np.float64), np.asarray(budget, dtype=np.float64)
    if (
        given.shape != (count, *limits.shape)
        or not (np.isfinite(given) & (given >= 0)).all()
        or not (limits >= 0).all()
    ):
        raise ValueError("one cost of 0 or more for each project, and a budget of 0 or more, are needed")
    allowed = np.ones(count, dtype=np.bool_) if eligible is None else np.asarray(eligible, dtype=np.bool_)
    if allowed.shape != (count,):
        raise ValueError("one eligibility for each project is needed")
    return np.where(allowed if given.ndim == 1 else allowed[:, np.newaxis], given, np.nan)
