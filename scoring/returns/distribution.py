"""Who gains: income groups and welfare weights (METHOD 5)."""

import numpy as np
from numpy.typing import NDArray

from scoring.frameworks.framework import Economics
from scoring.result import Figure, GroupValue, Missing
from scoring.returns.arrays import FloatArray
from scoring.returns.discounting import present_value, valued
from scoring.returns.figures import OVERFLOW, figure, ratio
from scoring.returns.flows import Flows

NO_SHARES = "no-shares"
LOWEST_GROUPS = 2
UNALLOCATED = "unallocated"
"""The group of what is split over none, with weight 1 (PROJECT-FILE)."""


def welfare_weight(income: float, reference_income: float, epsilon: float) -> float:
    """(reference income / group's income)^epsilon: what one unit of money is worth to a group (METHOD 5)."""
    return float((reference_income / income) ** epsilon)


def welfare_weights(flows: Flows, economics: Economics) -> FloatArray:
    """Welfare weight of each group, (groups,); the reference is the mean of the groups' incomes (METHOD 5)."""
    incomes = [economics.income_groups[group] for group in flows.group_names]
    reference = float(np.mean(incomes)) if incomes else 1.0
    return np.array([welfare_weight(income, reference, economics.welfare_epsilon) for income in incomes])


def value_by_group(flows: Flows, factors: FloatArray, lines: NDArray[np.bool_] | None = None) -> FloatArray:
    """Economic present value of the lines' parts that fall to each group, (groups,); costs are negative.

    lines: a mask (lines,) of those that count; all where None.
    """
    weights = flows.economic_weights if lines is None else flows.economic_weights * lines
    values: FloatArray = valued((weights[:, np.newaxis] * flows.shares).T @ flows.amounts, factors).sum(axis=1)
    return values


def group_values(
    flows: Flows, factors: FloatArray, costs: NDArray[np.bool_], economics: Economics
) -> tuple[GroupValue, ...]:
    """Benefits, costs and what is left for each group and for what is unallocated; empty without shares (METHOD 5).

    costs: a mask (lines,) of capital and operating cost; every other line is a benefit, as in the benefit-cost ratio.
    """
    if not flows.shares.any():
        return ()
    paid, gained = (_with_unallocated(flows, factors, lines) for lines in (costs, ~costs))
    weights = np.append(welfare_weights(flows, economics), 1.0)
    rows = zip((*flows.group_names, UNALLOCATED), gained, paid, weights, strict=True)
    return tuple(
        GroupValue(
            group=group,
            pv_benefits=figure(benefits),
            pv_costs=figure(0.0 - cost),
            net=figure(benefits + cost),
            weight=float(weight),
        )
        for group, benefits, cost, weight in rows
    )


def _with_unallocated(flows: Flows, factors: FloatArray, lines: NDArray[np.bool_]) -> FloatArray:
    """`value_by_group`, and after it what no group is named for, (groups + 1,)."""
    left = flows.economic_weights * lines * (1.0 - flows.shares.sum(axis=1))
    return np.append(value_by_group(flows, factors, lines), present_value(left @ flows.amounts, factors))


def weighted_value(flows: Flows, value: float, by_group: FloatArray, economics: Economics) -> Figure:
    """The economic net present value with each group's part at its welfare weight (METHOD 5).

    What is allocated to no group keeps the weight 1.
    """
    if not flows.shares.any():
        return Missing(NO_SHARES)
    if not np.isfinite(by_group).all():
        return Missing(OVERFLOW)
    return figure(value + float((welfare_weights(flows, economics) - 1) @ by_group))


def bottom_share(flows: Flows, by_group: FloatArray, value: float) -> Figure:
    """Part of the economic net present value that reaches the two lowest groups; unallocated is a group too (METHOD 5).

    Above 1 where the others together lose. Missing("no-net-benefit") where nothing is gained over all.
    """
    if not flows.shares.any():
        return Missing(NO_SHARES)
    if not np.isfinite(by_group).all():
        return Missing(OVERFLOW)
    return ratio(float(by_group[:LOWEST_GROUPS].sum()), value, "no-net-benefit")


def losing_groups(flows: Flows, by_group: FloatArray) -> tuple[str, ...]:
    """Groups to which more cost than benefit is allocated; what is unallocated is nobody's loss (METHOD 5)."""
    return tuple(group for group, value in zip(flows.group_names, by_group, strict=True) if value < 0)
