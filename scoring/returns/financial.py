"""Return on the investment before financing (METHOD 2)."""

import numpy as np

from scoring.frameworks.framework import Framework
from scoring.project_file import FlowKind, ProjectFile
from scoring.result import Figure, FinancialReturn, Missing
from scoring.returns.arrays import FloatArray, padded
from scoring.returns.discounting import present_value, valued
from scoring.returns.figures import NO_FLOWS, OVERFLOW, figure, ratio
from scoring.returns.flows import Flows
from scoring.returns.measures import MULTIPLE_ROOTS, NO_ROOT, NO_SIGN_CHANGE, closest_to_zero, irr, mirr, payback
from scoring.returns.rates import ResolvedRates, resolve_rates
from scoring.returns.roots import irr_all, sign_changes, significant

NOT_REACHED, NO_INVESTMENT = "not-reached", "no-investment"


def financial_return(flows: Flows, project: ProjectFile, framework: Framework) -> FinancialReturn:
    """Every measure of METHOD 2 of the net flow revenue - opex - capex - tax + residual.

    Amounts are in the project's currency and unit. Raises InputError as `resolve_rates`.
    """
    rates = resolve_rates(project, framework)
    if not flows.financial_weights.any():
        return _nothing(flows)
    flow, capex = flows.financial, flows.total(FlowKind.CAPEX)
    factors = rates.factors(rates.financial, flows.periods)
    npv, pv_capex = rates.npv(flow, rates.financial), present_value(capex, factors)
    rate, every_rate, rate_note = internal_rates(flow)
    return FinancialReturn(
        npv=figure(npv),
        irr=rate,
        irr_all=every_rate,
        irr_note=rate_note,
        mirr=modified_rate(flow, rates),
        payback=_payback(flow),
        discounted_payback=_payback(valued(flow, factors)),
        profitability_index=ratio(npv + pv_capex, pv_capex, "no-capex"),
        equivalent_annual_value=ratio(npv, float(factors[1:].sum()), "one-period"),
        funding_gap=_funding_gap(pv_capex, npv + pv_capex),
        levelised_cost=_levelised_cost(flows, project, rates),
        by_hurdle=rates.by_hurdle(flow),
        net_flow=tuple(flow.tolist()),
    )


def internal_rates(flow: FloatArray) -> tuple[Figure, tuple[float, ...], str | None]:
    """The reported internal rate of a flow (periods,), all in (-0.99, 10), and a note if several (METHOD 2)."""
    changes = sign_changes(significant(flow[np.newaxis]))[0]
    if changes == 0:
        return Missing(NO_SIGN_CHANGE), (), None
    if changes == 1:
        only = figure(float(np.asarray(irr(flow))))
        return only, () if isinstance(only, Missing) else (only,), None
    rates = tuple(irr_all(flow).tolist())
    return figure(closest_to_zero(np.array(rates)), NO_ROOT), rates, MULTIPLE_ROOTS if len(rates) > 1 else None


def modified_rate(flow: FloatArray, rates: ResolvedRates) -> Figure:
    """MIRR of a flow (periods,) at the project's finance and reinvestment rates (METHOD 2)."""
    return figure(float(np.asarray(mirr(flow, rates.finance, rates.reinvestment))), NO_SIGN_CHANGE)


def _payback(flow: FloatArray) -> Figure:
    if not np.isfinite(flow).all():
        return Missing(OVERFLOW)
    return figure(float(np.asarray(payback(flow))), NOT_REACHED if (flow < 0).any() else NO_INVESTMENT)


def _funding_gap(investment: float, net_revenue: float) -> Figure:
    """(DIC - DNR) / DIC in [0, 1], residual value in the net revenue (EU Guide 2014, annex)."""
    gap = ratio(investment - net_revenue, investment, "no-capex")
    return gap if isinstance(gap, Missing) else min(max(gap, 0.0), 1.0)


def _levelised_cost(flows: Flows, project: ProjectFile, rates: ResolvedRates) -> Figure:
    """The constant price of a unit of output at which the net present value is zero.

    Output may outlive the cash flows, which are zero after their end.
    """
    if project.output is None:
        return Missing("no-output")
    costs = flows.total(FlowKind.REVENUE) - flows.financial
    periods = max(flows.periods, len(project.output.amounts))
    factors = rates.factors(rates.financial, periods)
    output = padded(project.output.amounts, periods)
    return ratio(present_value(costs, factors[: flows.periods]), present_value(output, factors), "no-output")


def _nothing(flows: Flows) -> FinancialReturn:
    missing = Missing(NO_FLOWS)
    return FinancialReturn(
        npv=missing,
        irr=missing,
        irr_all=(),
        irr_note=None,
        mirr=missing,
        payback=missing,
        discounted_payback=missing,
        profitability_index=missing,
        equivalent_annual_value=missing,
        funding_gap=missing,
        levelised_cost=missing,
        by_hurdle=(),
        net_flow=tuple(flows.financial.tolist()),
    )
