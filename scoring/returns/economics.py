"""Return to society (METHOD 4)."""

import numpy as np
from numpy.typing import NDArray

from scoring.frameworks.framework import Framework
from scoring.project_file import FlowKind, ProjectFile
from scoring.result import EconomicReturn, Missing
from scoring.returns.arrays import FloatArray
from scoring.returns.discounting import present_value
from scoring.returns.distribution import bottom_share, group_values, losing_groups, value_by_group, weighted_value
from scoring.returns.figures import NO_FLOWS, figure, ratio
from scoring.returns.financial import internal_rates
from scoring.returns.flows import Flows
from scoring.returns.rates import resolve_rates

COST_KINDS = (FlowKind.CAPEX, FlowKind.OPEX)
NO_COSTS = "no-costs"


def economic_return(flows: Flows, project: ProjectFile, framework: Framework) -> EconomicReturn:
    """Every measure of METHOD 4 and 5 at the social rate, in the project's currency and unit.

    A harm (a negative externality) lowers the benefits and does not raise the costs; the residual value is a benefit.
    Raises InputError as `resolve_rates`.
    """
    if not flows.economic_weights.any():
        return _nothing(flows)
    rates = resolve_rates(project, framework)
    factors = rates.factors(rates.social, flows.periods)
    flow = flows.economic
    value = rates.npv(flow, rates.social)
    rate, every_rate, rate_note = internal_rates(flow)
    capex, opex = (0.0 - _value(flows, flows.mask(kind), factors) for kind in COST_KINDS)
    benefits = _value(flows, ~flows.mask(*COST_KINDS), factors)
    by_group = value_by_group(flows, factors)
    return EconomicReturn(
        npv=figure(value),
        irr=rate,
        irr_all=every_rate,
        irr_note=rate_note,
        bcr=ratio(benefits, capex + opex, NO_COSTS),
        bcr_capex_only=ratio(benefits - opex, capex, NO_COSTS),
        pv_benefits=figure(benefits),
        pv_costs=figure(capex + opex),
        weighted_npv=weighted_value(flows, value, by_group, framework.economics),
        bottom_share=bottom_share(flows, by_group, value),
        by_group=group_values(flows, factors, flows.mask(*COST_KINDS), framework.economics),
        losing_groups=losing_groups(flows, by_group),
        revenue_role=flows.revenue_role,
        by_hurdle=rates.by_hurdle(flow),
        net_flow=tuple(flow.tolist()),
    )


def _value(flows: Flows, lines: NDArray[np.bool_], factors: FloatArray) -> float:
    """Economic present value of the lines chosen by a mask (lines,)."""
    return present_value((flows.economic_weights * lines) @ flows.amounts, factors)


def _nothing(flows: Flows) -> EconomicReturn:
    missing = Missing(NO_FLOWS)
    return EconomicReturn(
        npv=missing,
        irr=missing,
        irr_all=(),
        irr_note=None,
        bcr=missing,
        bcr_capex_only=missing,
        pv_benefits=missing,
        pv_costs=missing,
        weighted_npv=missing,
        bottom_share=missing,
        revenue_role=flows.revenue_role,
        by_hurdle=(),
        net_flow=tuple(flows.economic.tolist()),
    )
