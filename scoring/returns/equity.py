"""Return to equity and the cover of debt (METHOD 3)."""

import numpy as np

from scoring.frameworks.framework import Framework
from scoring.project_file import ProjectFile
from scoring.result import EquityReturn, Figure, Missing
from scoring.returns.arrays import FloatArray
from scoring.returns.discounting import discount_factors, present_value
from scoring.returns.figures import figure, ratio
from scoring.returns.financial import internal_rates, modified_rate
from scoring.returns.financing import FinancingPlan, financing_plan
from scoring.returns.flows import Flows
from scoring.returns.rates import ResolvedRates, resolve_rates

NO_DEBT, NO_SERVICE, NO_CAPITAL = "no-debt", "no-debt-service", "no-capital"
DEBT_FIGURES = ("dscr_min", "dscr_min_year", "dscr_average", "llcr", "plcr", "debt_capacity")


def equity_return(flows: Flows, project: ProjectFile, framework: Framework) -> EquityReturn:
    """Every measure of METHOD 3; each is Missing('no-financing') or Missing('no-debt') where there is none.

    FNPV(K) is taken at the financial rate. Raises InputError as `resolve_rates` and `financing_plan`.
    """
    rates = resolve_rates(project, framework)
    plan = financing_plan(flows, project)
    if isinstance(plan, Missing):
        return _nothing(plan, flows.periods)
    flow = flows.equity_weights @ flows.amounts + plan.net
    rate, every_rate, rate_note = internal_rates(flow)
    return EquityReturn(
        npv=figure(rates.npv(flow, rates.financial)),
        irr=rate,
        irr_all=every_rate,
        irr_note=rate_note,
        mirr=modified_rate(flow, rates),
        **_debt_figures(flows, plan, project, framework),
        dscr=tuple(None if np.isnan(value) else float(value) for value in dscr(flows.cfads, plan.service)),
        wacc=_wacc(plan, rates),
    )


def dscr(cfads: FloatArray, service: FloatArray) -> FloatArray:
    """Debt service cover CFADS / debt service, broadcast over draws; NaN in periods without service (METHOD 3)."""
    due = np.broadcast_to(service > 0, np.broadcast_shapes(cfads.shape, service.shape))
    cover = np.full(due.shape, np.nan)
    np.divide(cfads, service, out=cover, where=due)
    return cover


def debt_capacity(cfads: FloatArray, rate: float, target_dscr: float) -> float:
    """The debt that the CFADS of the years after it, (years,), serves: PV of positive CFADS / target (METHOD 3)."""
    return _worth(np.maximum(cfads, 0), rate) / target_dscr


def debt_served(plan: FinancingPlan) -> range | Missing:
    """Periods from the first to the last with debt service; Missing('no-debt') or Missing('no-debt-service')."""
    due = np.flatnonzero(plan.service > 0)
    if len(due):
        return range(int(due[0]), int(due[-1]) + 1)
    return Missing(NO_SERVICE if plan.has_debt else NO_DEBT)


def _debt_figures(flows: Flows, plan: FinancingPlan, project: ProjectFile, framework: Framework) -> dict[str, Figure]:
    served = debt_served(plan)
    if isinstance(served, Missing):
        return dict.fromkeys(DEBT_FIGURES, served)
    cover = dscr(flows.cfads, plan.service)
    # Equal covers differ by rounding: the first of them is the year to name.
    lowest = int(np.flatnonzero(cover <= np.nanmin(cover) + 1e-9 * abs(np.nanmin(cover)))[0])
    return {
        "dscr_min": float(cover[lowest]),
        "dscr_min_year": float(flows.first_year + lowest),
        "dscr_average": float(np.nanmean(cover)),
        "llcr": _life_cover(flows.cfads, plan, served),
        "plcr": _life_cover(flows.cfads, plan, range(served.start, flows.periods)),
        "debt_capacity": _capacity(flows.cfads, plan, served, project, framework),
    }


def _life_cover(cfads: FloatArray, plan: FinancingPlan, years: range) -> Figure:
    """Worth of CFADS over the years, at their start and at the debt's rate, over the debt owed then."""
    worth = _worth(cfads[years.start : years.stop], plan.interest_rate)
    return ratio(worth, float(plan.balance[years.start - 1]), NO_DEBT)


def _capacity(
    cfads: FloatArray, plan: FinancingPlan, years: range, project: ProjectFile, framework: Framework
) -> Figure:
    """Debt that the years from the first service to the end of the tenor carry at the target cover, at most the gearing
    cap x what is invested. A sculpted debt that is repaid early carries no less for that."""
    tranches = project.financing.debt if project.financing else ()
    targets = [tranche.target_dscr for tranche in tranches if tranche.target_dscr]
    capacity = debt_capacity(
        cfads[years.start : max(years.stop, plan.maturity + 1)],
        plan.interest_rate,
        max(targets, default=framework.economics.target_dscr),
    )
    cap = project.financing.gearing_cap if project.financing else None
    invested = float((plan.equity + plan.grants + plan.draws).sum())
    return figure(capacity if cap is None else min(capacity, cap * invested))


def _worth(flow: FloatArray, rate: float) -> float:
    """Present value one period before the first of the flow, (years,)."""
    return present_value(flow, discount_factors(rate, len(flow) + 1)[1:])


def _wacc(plan: FinancingPlan, rates: ResolvedRates) -> Figure:
    """Before tax, over equity and debt as paid in; grants cost nothing and are left out (METHOD 3)."""
    equity, debt = float(plan.equity.sum()), float(plan.draws.sum())
    cost = equity * rates.cost_of_equity + (debt * plan.interest_rate if debt else 0.0)
    return ratio(cost, equity + debt, NO_CAPITAL)


def _nothing(missing: Missing, periods: int) -> EquityReturn:
    return EquityReturn(
        npv=missing,
        irr=missing,
        irr_all=(),
        irr_note=None,
        mirr=missing,
        **dict.fromkeys(DEBT_FIGURES, missing),
        dscr=(None,) * periods,
        wacc=missing,
    )
