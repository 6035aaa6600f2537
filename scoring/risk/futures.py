"""A hundred futures of a project: what is drawn later follows its simulated distribution (METHOD 10, ADR 20)."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scoring.frameworks.framework import Framework
from scoring.result import Futures
from scoring.returns.distribution import LOWEST_GROUPS
from scoring.returns.economics import COST_KINDS
from scoring.returns.flows import Flows
from scoring.risk.build import Built
from scoring.risk.drivers import Role
from scoring.risk.normal import FloatArray
from scoring.risk.plan import ECONOMIC, FINANCIAL, compile_plan
from scoring.risk.simulation import Draws, Model
from scoring.risk.worth import worth_of

Again = Callable[[Model], Draws]
COUNT = 100
RATIO, POOREST = ("benefit-cost-ratio",), ("benefit-distribution", "benefit-of-the-poorest")
"""Figures and rules of a framework that need the draws once more, with other weights on the lines."""


def futures_of(built: Built, flows: Flows, framework: Framework, drawn: Draws, again: Again) -> Futures | None:
    """One draw from the middle of each hundredth by economic NPV, in that order (METHOD 10).

    Draws with the same economic NPV keep their order. again: simulates another model on the same random numbers. None
    where a draw is not finite. The result depends on the draws alone, to the bit (METHOD 12).
    """
    npv = drawn.npv[:, ECONOMIC]
    if not (np.isfinite(npv).all() and np.isfinite(drawn.capex).all()):
        return None
    middles = ((np.arange(COUNT) + 0.5) / COUNT * len(npv)).astype(np.intp)
    chosen = np.argsort(npv, kind="stable")[middles]
    asked = {item.figure or item.rule for item in framework.indicators}
    cover = drawn.cover[chosen]
    return Futures(
        economic_npv=tuple(npv[chosen].tolist()),
        capital_cost=tuple(drawn.capex[chosen].tolist()),
        delay=tuple(drawn.delay[chosen].tolist()),
        debt_cover=tuple(cover.tolist()) if np.isfinite(cover).all() else (),
        benefit_cost_ratio=_ratios(built, flows, npv, again, chosen) if asked & set(RATIO) else (),
        bottom_share=_shares(built, flows, npv, again, chosen) if asked & set(POOREST) else (),
    )


def _ratios(built: Built, flows: Flows, npv: FloatArray, again: Again, chosen: NDArray[np.intp]) -> tuple[float, ...]:
    costs = flows.economic_weights * flows.mask(*COST_KINDS)
    paid = -_revalued(built, flows, costs, costs, again)[chosen, ECONOMIC]
    return tuple((1.0 + npv[chosen] / paid).tolist()) if (paid > 0).all() else ()


def _shares(
    built: Built, flows: Flows, npv: FloatArray, again: Again, chosen: NDArray[np.intp]
) -> tuple[float | None, ...]:
    if not flows.shares.any():
        return ()
    poorest = flows.economic_weights * flows.shares[:, :LOWEST_GROUPS].sum(axis=1)
    found = _revalued(built, flows, np.zeros_like(poorest), poorest, again)[chosen]
    # What events and mitigation cost falls to no group, and stands in both.
    reaches, gained = found[:, ECONOMIC] - found[:, FINANCIAL], npv[chosen]
    return tuple(
        part / whole if whole > 0 else None for part, whole in zip(reaches.tolist(), gained.tolist(), strict=True)
    )


def _revalued(built: Built, flows: Flows, first: FloatArray, second: FloatArray, again: Again) -> FloatArray:
    """Present value at the social rate of two other sums of the lines in every draw, (n, 2), without salvage."""
    model = built.model
    rows = [ECONOMIC, ECONOMIC]
    calendar = model.calendar._replace(
        discount=model.calendar.discount[rows], fixed=model.calendar.fixed[rows], salvage=0.0
    )
    weighed = replace(flows, financial_weights=first, economic_weights=second)
    factors = [driver for driver in model.drivers if driver.role is Role.FACTOR]
    plan = compile_plan(weighed, built.timeline, factors, 0.0, with_financing=False)
    plan = plan._replace(overhead_per_year=model.plan.overhead_per_year)
    worth = worth_of(plan, calendar.discount, calendar.fixed, calendar.latest_delay)
    return again(replace(model, plan=plan, worth=worth, calendar=calendar)).npv
