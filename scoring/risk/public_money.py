"""What a project asks of the public, and how averse the programme is to losing it (METHOD 7)."""

from scoring.frameworks.framework import Framework
from scoring.project_file import FlowKind, ProjectFile
from scoring.result import Figure, Missing, Note
from scoring.returns.arrays import padded
from scoring.returns.currency import per_unit
from scoring.returns.discounting import present_value
from scoring.returns.figures import figure
from scoring.returns.flows import Flows
from scoring.returns.rates import ResolvedRates

PRIVATE = "private"
NO_EXCHANGE_RATE = "no-exchange-rate"


def public_money(project: ProjectFile, flows: Flows, rates: ResolvedRates) -> tuple[Figure, tuple[Note, ...]]:
    """Present value, at the social rate, of the public money a project asks; with a note where it is assumed.

    Grants and subsidies, as lines or under financing, and equity unless a private partner is named. Where none is
    stated, the present value of capital cost. Missing("no-public-money") where there is none of that either,
    Missing("overflow") beyond float64.
    """
    factors = rates.factors(rates.social, flows.periods)
    stated = flows.total(FlowKind.GRANT, FlowKind.SUBSIDY)
    if project.financing is not None:
        stated = stated + padded(project.financing.grants, flows.periods)
        if not privately_owned(project):
            stated = stated + padded(project.financing.equity, flows.periods)
    asked = present_value(stated, factors)
    if asked > 0:
        return figure(asked), ()
    cost = present_value(flows.total(FlowKind.CAPEX), factors)
    if cost <= 0:
        return Missing("no-public-money"), ()
    note = Note(
        code="public-money-assumed",
        message="No grant, subsidy or public equity is stated: all capital cost is taken as public money.",
        path="financing",
    )
    return figure(cost), (note,)


def privately_owned(project: ProjectFile) -> bool:
    """Whether a private partner is named: then equity and shortfalls are not the public's."""
    return any(partner.sector == PRIVATE for partner in project.partners)


def absolute_aversion(project: ProjectFile, framework: Framework, money: Figure) -> Figure:
    """Aversion per unit of the project's money: the framework's, over the programme's budget (METHOD 7).

    Without a programme budget, over the project's own public money. Missing("no-exchange-rate") where the budget
    cannot be converted.
    """
    economics = framework.economics
    if economics.aversion <= 0:
        return 0.0
    if economics.programme_budget is None:
        return money if isinstance(money, Missing) else economics.aversion / money
    rate = per_unit(framework, project.currency)
    if rate is None:
        return Missing(NO_EXCHANGE_RATE)
    return economics.aversion / (economics.programme_budget / rate / project.unit)


def aversion_notes(project: ProjectFile, framework: Framework, aversion: Figure) -> tuple[Note, ...]:
    """That the framework knows no rate for the project's currency, and what the result lacks for it (METHOD 7)."""
    if aversion != Missing(NO_EXCHANGE_RATE):
        return ()
    message = (
        f"{framework.name} has no exchange rate for {project.currency}, so that its aversion to risk, stated for a "
        f"budget in {framework.currency}, cannot be applied: certainty equivalent and risk-adjusted return are missing."
    )
    return (Note(code=NO_EXCHANGE_RATE, message=message, path="currency"),)
