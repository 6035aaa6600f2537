"""The option to give a project up (METHOD 8)."""

import numpy as np

from scoring.project_file import FlowKind
from scoring.project_options import AbandonOption
from scoring.returns.arrays import padded
from scoring.returns.discounting import valued
from scoring.returns.flows import Flows
from scoring.risk.normal import FloatArray
from scoring.risk.options.stopping import Problem
from scoring.risk.timeline import Timeline


def abandoning(
    option: AbandonOption, flows: Flows, timeline: Timeline, net: FloatArray, ends: FloatArray, discount: FloatArray
) -> Problem:
    """The choice at the end of each year to go on or to take the recovery, less the exit cost, and have no flow after.

    net: (n, H) flows of the deciding view; ends: (n,) period in which service ends or is stranded, after which there
    is nothing to give up; discount: (H,). What is observed are the flow of the year and the flow to date: what is not
    yet known is what they do not tell. Recovery falls at the end of the year and is discounted as its flow.
    """
    periods = net.shape[1]
    received = recovery(option, flows, timeline, periods) - option.exit_cost
    first = 0 if option.from_year is None else option.from_year - flows.first_year
    at = np.arange(periods)
    yearly = np.ascontiguousarray(net.T)
    to_date = np.cumsum(yearly, axis=0)
    return Problem(
        running=valued(net, discount),
        payoff=np.broadcast_to(valued(received, discount), net.shape),
        may=(at >= first) & (ends[:, np.newaxis] > at + 1.0),
        observed=lambda date: np.stack((yearly[date], to_date[date]), axis=1),
    )


def recovery(option: AbandonOption, flows: Flows, timeline: Timeline, periods: int) -> FloatArray:
    """What is received if given up at the end of each period, (periods,), before the exit cost.

    By share: of the capital cost as planned and spent by then, each part of it depreciated in a straight line from its
    year, or from opening where that is later, to the planned end of service.
    """
    if option.recovery_share is None:
        return padded(option.recovery[:periods], periods)
    spent = flows.total(FlowKind.CAPEX)
    paid = np.arange(len(spent))
    start = np.maximum(paid, timeline.opening)
    years = np.maximum(timeline.end - start, 1)
    at = np.arange(periods)[:, np.newaxis]
    used = np.clip((at + 1 - start) / years, 0.0, 1.0)
    book: FloatArray = np.where(at >= paid, spent * (1.0 - used), 0.0).sum(axis=1)
    return option.recovery_share * book
