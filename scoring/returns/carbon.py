"""CO2 given in tonnes, priced with the framework's shadow-price path (METHOD 4)."""

from collections.abc import Mapping

import numpy as np

from scoring.errors import InputProblem
from scoring.frameworks.framework import Framework
from scoring.project_file import FlowKind, PriceBasis, ProjectFile
from scoring.returns.arrays import FloatArray
from scoring.returns.currency import per_unit

PRICED_KINDS = (FlowKind.BENEFIT, FlowKind.EXTERNALITY)


def prices_by_period(project: ProjectFile, framework: Framework) -> FloatArray:
    """Price of a tonne in each period, (periods,), in the project's currency and unit (METHOD 4).

    Linear between the years of the path, flat outside them. In a project of nominal prices the path, which is in
    constant prices, grows with the project's inflation from its base year. Call `problems` first: what it names is
    taken as given here.
    """
    path = framework.economics.carbon_prices[framework.economics.carbon_path]
    years = project.cash_flows.first_year + np.arange(project.cash_flows.periods)
    prices = _interpolated(path, years.astype(np.float64)) * _exchange(project, framework) / project.unit
    if project.prices.basis is PriceBasis.NOMINAL and project.prices.inflation is not None:
        base_year = project.prices.base_year or project.cash_flows.first_year
        prices = prices * (1 + project.prices.inflation) ** (years - base_year)
    return prices


def problems(project: ProjectFile, framework: Framework) -> list[InputProblem]:
    """What stops the project's tonnes from being priced: kind, missing path, missing exchange rate or inflation."""
    with_tonnes = [(at, line) for at, line in enumerate(project.cash_flows.lines) if line.tonnes]
    if not with_tonnes:
        return []
    found = [
        InputProblem(f"cash_flows.lines[{at}].kind", "Only a benefit or an externality can be given in tonnes.")
        for at, line in with_tonnes
        if line.kind not in PRICED_KINDS
    ]
    path = f"cash_flows.lines[{with_tonnes[0][0]}].tonnes"
    return found + [InputProblem(path, message) for message in _pricing_messages(project, framework)]


def _pricing_messages(project: ProjectFile, framework: Framework) -> list[str]:
    economics = framework.economics
    messages = []
    if not economics.carbon_prices.get(economics.carbon_path):
        messages.append(
            f"The framework {framework.name} has no carbon price path “{economics.carbon_path}” to price tonnes with."
        )
    messages += [
        f"The framework {framework.name} has no exchange rate for {currency}, needed to price tonnes."
        for currency in dict.fromkeys((economics.carbon_currency, project.currency))
        if per_unit(framework, currency) is None and economics.carbon_currency != project.currency
    ]
    if project.prices.basis is PriceBasis.NOMINAL and project.prices.inflation is None:
        messages.append("Tonnes in a project of nominal prices need prices.inflation: carbon prices are real.")
    return messages


def _interpolated(path: Mapping[int, float], years: FloatArray) -> FloatArray:
    known = sorted(path)
    return np.interp(years, known, [path[year] for year in known])


def _exchange(project: ProjectFile, framework: Framework) -> float:
    """Units of the project's currency for one unit of the carbon path's."""
    if framework.economics.carbon_currency == project.currency:
        return 1.0
    return (per_unit(framework, framework.economics.carbon_currency) or 0.0) / (
        per_unit(framework, project.currency) or 1.0
    )
