"""The option to wait before building (METHOD 8)."""

import numpy as np

from scoring.project_options import DelayOption
from scoring.returns.discounting import valued
from scoring.risk.normal import FloatArray
from scoring.risk.options.stopping import Problem
from scoring.risk.quantile_tables import QuantileTable

_NODES = 16
_LEAST_TOLD = 1e-9
"""Share of the variance below which a signal is noise alone."""


def waiting(
    option: DelayOption,
    years: int,
    net: FloatArray,
    discount: FloatArray,
    price_growth: float,
    forecasts: list[FloatArray],
) -> Problem:
    """The choice in each year up to the last to build, to wait on, or to leave it.

    net: (n, H) flows of the deciding view if built at once; built later, the same flows come later, in nominal prices
    grown by `price_growth` a year. discount: (H + years,). forecasts: by year of waiting, (n, S), what is expected of
    each driver that waiting tells of.
    """
    periods = net.shape[1]
    built = np.stack(
        [_worth(net, discount[wait : wait + periods]) * (1.0 + price_growth) ** wait for wait in range(years + 1)],
        axis=1,
    )
    cost = -option.waiting_cost * discount[: years + 1]
    cost[0] = 0.0
    return Problem(
        running=np.broadcast_to(cost, built.shape),
        payoff=built,
        may=np.ones(built.shape, dtype=np.bool_),
        observed=lambda wait: forecasts[wait],
        may_leave=True,
    )


def forecasts_while_waiting(
    option: DelayOption,
    years: int,
    scores: FloatArray,
    tables: list[QuantileTable],
    random: np.random.Generator,
) -> list[FloatArray]:
    """What is expected of the drivers after 0, 1, … years of waiting, each (n, S); after 0 nothing is told.

    scores: (n, S) normal scores of the drivers, tables: their values. After w of W years a signal is known that
    explains the share `known` x w/W of a score's variance: the score with normal noise, of which each year takes some
    away, so that a later signal tells all that an earlier one did.
    """
    told = [option.known * wait / years for wait in range(years + 1)]
    noise, found = np.zeros_like(scores), 0.0
    forecasts: list[FloatArray] = []
    for share in reversed(told):
        if share <= _LEAST_TOLD:
            forecasts.append(np.empty((len(scores), 0)))
            continue
        variance = (1.0 - share) / share
        noise = noise + np.sqrt(max(variance - found, 0.0)) * random.standard_normal(scores.shape)
        found = variance
        means = share * (scores + noise)
        columns = [_expected(table, means[:, at], 1.0 - share) for at, table in enumerate(tables)]
        forecasts.append(np.stack(columns, axis=1))
    return forecasts[::-1]


def _expected(table: QuantileTable, mean: FloatArray, variance: float) -> FloatArray:
    """Mean of a driver whose score is normal with these means (n,) and this variance, by Gauss-Hermite quadrature."""
    if variance <= 0.0:
        return table.at(mean)
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    parts = [weight * table.at(mean + np.sqrt(variance) * node) for node, weight in zip(nodes, weights, strict=True)]
    expected: FloatArray = np.sum(parts, axis=0) / weights.sum()
    return expected


def _worth(net: FloatArray, discount: FloatArray) -> FloatArray:
    """Present value of each row, (n,)."""
    worth: FloatArray = valued(net, discount).sum(axis=1)
    return worth
