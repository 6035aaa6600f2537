"""The rates a project is appraised with: its own, or the framework's where it gives none (METHOD 1)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.errors import InputError, InputProblem
from scoring.frameworks.framework import Framework
from scoring.project_file import PriceBasis, Prices, ProjectFile, Rate, Timing
from scoring.result import HurdleValue
from scoring.returns.arrays import FloatArray
from scoring.returns.discounting import RateError, discount_factors, forward_rates, npv, present_value


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedRates:
    """Rates a year as fractions, on the price basis of the flows."""

    financial: Rate
    social: Rate
    finance: float
    reinvestment: float
    hurdles: tuple[float, ...]
    cost_of_equity: float
    """Risk-free + beta x equity premium + country premium; for the weighted cost of capital only."""
    timing: Timing
    defaulted: tuple[str, ...]
    """Names of the rates that the framework gave: `financial`, `social`, `finance`, `reinvestment`, `hurdles`."""

    def factors(self, rate: Rate, periods: int) -> FloatArray:
        """Discount factors (periods,) at a rate, with the project's timing."""
        return discount_factors(rate, periods, self.timing)

    def npv(self, flow: FloatArray, rate: Rate) -> float:
        """Net present value of a flow (periods,): numpy-financial's at one rate, else by the schedule's factors."""
        if isinstance(rate, int | float) and self.timing is Timing.END:
            return float(np.asarray(npv(flow, rate)))
        return present_value(flow, self.factors(rate, len(flow)))

    def by_hurdle(self, flow: FloatArray) -> tuple[HurdleValue, ...]:
        """Net present value of a flow (periods,) at each hurdle at which it is finite."""
        values = ((rate, self.npv(flow, rate)) for rate in self.hurdles)
        return tuple(HurdleValue(rate=rate, npv=value) for rate, value in values if math.isfinite(value))


def resolve_rates(project: ProjectFile, framework: Framework) -> ResolvedRates:
    """The project's rates, completed by the framework's (METHOD 1).

    The framework's rates are real; a nominal project takes them with its inflation on top, and InputError is raised
    where it gives none. InputError also for a rate at or below -1 and for a schedule out of order.
    """
    own, economics = project.rates, framework.economics
    given = {
        "financial": own.financial,
        "social": own.social,
        "finance": own.finance,
        "reinvestment": own.reinvestment,
        "hurdles": own.hurdles or None,
    }
    defaulted = tuple(name for name, rate in given.items() if rate is None)
    problems = _rate_problems(project)
    if defaulted and project.prices.basis is PriceBasis.NOMINAL and project.prices.inflation is None:
        message = f"Nominal prices need an inflation rate: {', '.join(defaulted)} come from the framework and are real."
        problems.append(InputProblem("prices.inflation", message))
    if problems:
        raise InputError(*problems)
    equity = economics.risk_free_rate + economics.beta * economics.equity_premium + economics.country_premium
    return ResolvedRates(
        financial=_first(own.financial, economics.financial_rate, project.prices),
        social=_first(own.social, economics.social_rate, project.prices),
        finance=on_basis(economics.finance_rate, project.prices) if own.finance is None else own.finance,
        reinvestment=(
            on_basis(economics.reinvestment_rate, project.prices) if own.reinvestment is None else own.reinvestment
        ),
        hurdles=own.hurdles or tuple(on_basis(rate, project.prices) for rate in economics.hurdles),
        cost_of_equity=on_basis(equity, project.prices),
        timing=project.timing,
        defaulted=defaulted,
    )


def _first(own: Rate | None, default: float, prices: Prices) -> Rate:
    return on_basis(default, prices) if own is None else own


def on_basis(real: float, prices: Prices) -> float:
    """A real rate on the basis of the flows: (1+nominal) = (1+real)(1+inflation)."""
    if prices.basis is PriceBasis.REAL:
        return real
    return (1 + real) * (1 + (prices.inflation or 0.0)) - 1


def _rate_problems(project: ProjectFile) -> list[InputProblem]:
    own = project.rates
    rates: Sequence[tuple[str, Rate | None]] = (
        ("rates.financial", own.financial),
        ("rates.social", own.social),
        ("rates.finance", own.finance),
        ("rates.reinvestment", own.reinvestment),
        *((f"rates.hurdles[{at}]", rate) for at, rate in enumerate(own.hurdles)),
    )
    problems = []
    for path, rate in rates:
        try:
            forward_rates(0.0 if rate is None else rate, 1)
        except RateError as error:
            problems.append(InputProblem(path, f"{str(error).capitalize()}."))
    return problems
