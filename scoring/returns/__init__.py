"""Cash flows and what they return: to the investment, to equity, to society (METHOD 1-5)."""

from scoring.returns.dated import xirr, xirr_all, xnpv
from scoring.returns.discounting import RateError, discount_factors, npv
from scoring.returns.economics import economic_return
from scoring.returns.equity import equity_return
from scoring.returns.financial import financial_return
from scoring.returns.financing import FinancingPlan, financing_plan
from scoring.returns.flows import Flows, to_arrays
from scoring.returns.measures import discounted_payback, irr, irr_all_of_rows, irr_reason, mirr, payback
from scoring.returns.notes import return_notes
from scoring.returns.rates import ResolvedRates, resolve_rates
from scoring.returns.roots import irr_all

__all__ = [
    "FinancingPlan",
    "Flows",
    "RateError",
    "ResolvedRates",
    "discount_factors",
    "discounted_payback",
    "economic_return",
    "equity_return",
    "financial_return",
    "financing_plan",
    "irr",
    "irr_all",
    "irr_all_of_rows",
    "irr_reason",
    "mirr",
    "npv",
    "payback",
    "resolve_rates",
    "return_notes",
    "to_arrays",
    "xirr",
    "xirr_all",
    "xnpv",
]
