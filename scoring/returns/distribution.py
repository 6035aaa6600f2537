"""Who gains: income groups and welfare weights (METHOD 5)."""

import numpy as np

from scoring.frameworks.framework import Economics
from scoring.result import Figure, Missing
from scoring.returns.arrays import FloatArray
from scoring.returns.discounting import valued
from scoring.returns.figures import OVERFLOW, figure, ratio
from scoring.returns.flows import Flows

NO_SHARES = "no-shares"
LOWEST_GROUPS = 2


def welfare_weight(income: float, reference_income: float, epsilon: float) -> float:
    """(reference income / group's income)^epsilon: what one unit of money is worth to a group (METHOD 5)."""
    return float((reference_income / income) ** epsilon)


def value_by_group(flows: Flows, factors: FloatArray) -> FloatArray:
    """Economic present value of the lines' parts that fall to each group, (groups,); costs are negative."""
    parts = (flows.economic_weights[:, np.newaxis] * flows.shares).T @ flows.amounts
    values: FloatArray = valued(parts, factors).sum(axis=1)
    return values


def weighted_value(flows: Flows, value: float, by_group: FloatArray, economics: Economics) -> Figure:
    """The economic net present value with each group's part at its welfare weight (METHOD 5).

    The reference is the mean of the groups' incomes; what is allocated to no group keeps the weight 1.
    """
    if not flows.shares.any():
        return Missing(NO_SHARES)
    if not np.isfinite(by_group).all():
        return Missing(OVERFLOW)
    incomes = [economics.income_groups[group] for group in flows.group_names]
    weights = [welfare_weight(income, float(np.mean(incomes)), economics.welfare_epsilon) for income in incomes]
    return figure(value + float((np.array(weights) - 1) @ by_group))


def bottom_share(flows: Flows, by_group: FloatArray) -> Figure:
    """Part of the net benefit allocated to groups that reaches the two lowest (METHOD 5)."""
    if not flows.shares.any():
        return Missing(NO_SHARES)
    if not np.isfinite(by_group).all():
        return Missing(OVERFLOW)
    return ratio(float(by_group[:LOWEST_GROUPS].sum()), float(by_group.sum()), "no-net-benefit")


def losing_groups(flows: Flows, by_group: FloatArray) -> tuple[str, ...]:
    """Groups to which more cost than benefit is allocated (METHOD 5)."""
    return tuple(group for group, value in zip(flows.group_names, by_group, strict=True) if value < 0)
