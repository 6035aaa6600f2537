"""A project and a framework under a scenario: pure, and the very same objects under the base (METHOD 11)."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal

from scoring.errors import InputError
from scoring.frameworks import Criterion, Economics, Framework, Indicator
from scoring.limits import MAX_AMOUNT_DECIMALS, MAX_PERIODS
from scoring.parameters import Parameters
from scoring.project_file import (
    Amounts,
    CashFlowLine,
    DebtTranche,
    Financing,
    FlowKind,
    Obsolescence,
    ProjectFile,
    Rate,
    Rates,
    Uncertainty,
)
from scoring.project_options import AbandonOption, DelayOption, Option, StageOption
from scoring.returns.flows import to_arrays
from scoring.risk.timeline import USE_KINDS, Timeline, planned
from scoring.scenarios.changes import Changes, check_criteria

DATA_CONDITIONS = ("impact-triggers", "public-space-analytics")
"""The conditions of the gates that tighter data rules make stricter."""
HIGHEST_LEVEL = 4
_CENT = Decimal(1).scaleb(-MAX_AMOUNT_DECIMALS)


def under(
    changes: Changes, project: ProjectFile, framework: Framework, parameters: Parameters
) -> tuple[ProjectFile, Framework]:
    """The project and the framework it is appraised with, under a scenario (METHOD 11).

    Amounts are multiplied exactly and rounded half-even to six decimals, as they are entered. The sources of money
    follow the capital cost they pay. Under the base both are given back as they are, so that the result is the same
    to the last bit. The budget is the round's and touches no project. Raises InputError where the weights are not for
    the framework's criteria, where the delay leads past the longest table, or where the table cannot be read.
    """
    check_criteria(changes, tuple(criterion.id for criterion in framework.criteria))
    if not changes.of_projects:
        return project, framework
    changed = project
    if changes.delay:
        changed = _delayed(project, changes.delay, planned(to_arrays(project, framework)), parameters)
    changed = _rated(_stranding(_multiplied(changed, changes), changes), changes)
    return changed, _framework(framework, changes)


def _multiplied(project: ProjectFile, changes: Changes) -> ProjectFile:
    data = changes.data_running_cost if project.safeguards.personal_data is not False else 1.0
    factors: Mapping[FlowKind, Decimal] = {
        **dict.fromkeys(USE_KINDS, _exact(changes.use)),
        **dict.fromkeys((FlowKind.CAPEX, FlowKind.GRANT), _exact(changes.capital_cost)),
        FlowKind.OPEX: _exact(changes.running_cost) * _exact(data),
    }
    lines = tuple(_line_times(line, factors.get(line.kind, Decimal(1))) for line in project.cash_flows.lines)
    output = project.output and replace(project.output, amounts=_times(project.output.amounts, _exact(changes.use)))
    financing = project.financing and _financing_times(project.financing, _exact(changes.capital_cost))
    return replace(project, cash_flows=replace(project.cash_flows, lines=lines), output=output, financing=financing)


def _exact(factor: float) -> Decimal:
    """The number as it is written, not its binary neighbour: 1.1 is 1.1."""
    return Decimal(repr(factor))


def _line_times(line: CashFlowLine, factor: Decimal) -> CashFlowLine:
    return replace(line, amounts=_times(line.amounts, factor), tonnes=_times(line.tonnes, factor))


def _times(amounts: Amounts, factor: Decimal, before: int | None = None) -> Amounts:
    """Amounts times a factor, only those of the periods `before` where it is given."""
    if factor == 1:
        return amounts
    end = len(amounts) if before is None else before
    grown = tuple((amount * factor).quantize(_CENT, rounding=ROUND_HALF_EVEN) for amount in amounts[:end])
    return (*grown, *amounts[end:])


def _financing_times(financing: Financing, factor: Decimal, before: int | None = None) -> Financing:
    return replace(
        financing,
        equity=_times(financing.equity, factor, before),
        grants=_times(financing.grants, factor, before),
        debt=tuple(replace(loan, amounts=_times(loan.amounts, factor, before)) for loan in financing.debt),
    )


def _delayed(project: ProjectFile, years: int, timeline: Timeline, parameters: Parameters) -> ProjectFile:
    """Use begins `years` later; what is built before the opening is built when planned, dearer by its overheads.

    A year of delay raises the construction cost by PARAMETERS' overhead shared out over the build, as in METHOD 6.
    Renewals, and the money that pays them, move with the use.
    """
    if project.cash_flows.periods + years > MAX_PERIODS:
        message = f"A delay of {years} years leads past the {MAX_PERIODS} periods that a table may have."
        raise InputError.at("cash_flows.lines", message)
    opening, build = timeline.opening, timeline.build_periods
    overhead = 1 + _exact(parameters.delay_overhead.value) * years / build
    lines = tuple(_line_delayed(line, years, opening, build, overhead) for line in project.cash_flows.lines)
    financing = project.financing and _financing_times(project.financing, overhead, build)
    return replace(
        project,
        cash_flows=replace(project.cash_flows, lines=lines),
        output=project.output and replace(project.output, amounts=_later(project.output.amounts, opening, years)),
        financing=financing and _financing_later(financing, build, years),
        uncertainty=project.uncertainty
        and _options_later(project.uncertainty, project.cash_flows.first_year + opening, opening, years),
    )


def _line_delayed(line: CashFlowLine, years: int, opening: int, build: int, overhead: Decimal) -> CashFlowLine:
    if line.kind in (FlowKind.CAPEX, FlowKind.GRANT):
        return replace(line, amounts=_later(_times(line.amounts, overhead, build), build, years))
    return replace(line, amounts=_later(line.amounts, opening, years), tonnes=_later(line.tonnes, opening, years))


def _later(amounts: Amounts, start: int, years: int) -> Amounts:
    """What falls in `start` or after it falls that many years later."""
    if len(amounts) <= start:
        return amounts
    return (*amounts[:start], *([Decimal(0)] * years), *amounts[start:])


def _financing_later(financing: Financing, start: int, years: int) -> Financing:
    return replace(
        financing,
        equity=_later(financing.equity, start, years),
        grants=_later(financing.grants, start, years),
        debt=tuple(_loan_later(loan, start, years) for loan in financing.debt),
    )


def _loan_later(loan: DebtTranche, start: int, years: int) -> DebtTranche:
    """A loan is drawn with what it pays for; it is repaid from its own first drawing on, whoever is late."""
    return replace(loan, amounts=_later(loan.amounts, start, years))


def _options_later(uncertainty: Uncertainty, opening_year: int, opening: int, years: int) -> Uncertainty:
    options = tuple(_option_later(option, opening_year, opening, years) for option in uncertainty.options)
    return replace(uncertainty, options=options)


def _option_later(option: Option, opening_year: int, opening: int, years: int) -> Option:
    if isinstance(option, AbandonOption):
        start = option.from_year
        moved = start + years if start is not None and start >= opening_year else start
        return replace(option, from_year=moved, recovery=_later(option.recovery, opening, years))
    if isinstance(option, StageOption) and option.decision_year >= opening_year:
        return replace(option, decision_year=option.decision_year + years)
    assert isinstance(option, DelayOption | StageOption)
    return option


def _stranding(project: ProjectFile, changes: Changes) -> ProjectFile:
    """Either of two independent causes strands it: 1 - (1 - own) (1 - the scenario's)."""
    if not changes.hazard:
        return project
    uncertainty = project.uncertainty or Uncertainty()
    own = uncertainty.obsolescence or Obsolescence(hazard=0.0)
    hazard = own.hazard + changes.hazard - own.hazard * changes.hazard
    return replace(project, uncertainty=replace(uncertainty, obsolescence=replace(own, hazard=hazard)))


def _rated(project: ProjectFile, changes: Changes) -> ProjectFile:
    finance, social = changes.finance_points, changes.social_points
    own, money = project.rates, project.financing
    rates = Rates(
        financial=_schedule(own.financial, finance),
        social=_schedule(own.social, social),
        finance=None if own.finance is None else _rate(own.finance, finance),
        reinvestment=own.reinvestment,
        hurdles=own.hurdles,
    )
    if money is not None and finance:
        debt = tuple(replace(loan, rate=_rate(loan.rate, finance)) for loan in money.debt)
        money = replace(money, debt=debt)
    return replace(project, rates=rates, financing=money)


def _rate(rate: float, points: float) -> float:
    """Not below 0 by the points alone."""
    return max(rate + points, min(rate, 0.0)) if points else rate


def _schedule(rate: Rate | None, points: float) -> Rate | None:
    if rate is None or not points:
        return rate
    if isinstance(rate, int | float):
        return _rate(rate, points)
    return tuple((start, _rate(part, points)) for start, part in rate)


def _framework(framework: Framework, changes: Changes) -> Framework:
    criteria = tuple(_criterion(item, changes) for item in framework.criteria)
    places = () if changes.weights else framework.places
    return replace(framework, criteria=criteria, places=places, economics=_economics(framework.economics, changes))


def _criterion(criterion: Criterion, changes: Changes) -> Criterion:
    indicators = tuple(_stricter(item, changes.data_gate_levels) for item in criterion.indicators)
    weight = changes.weights.get(criterion.id, criterion.weight)
    return replace(criterion, weight=weight, indicators=indicators)


def _stricter(indicator: Indicator, levels: int, conditions: Collection[str] = DATA_CONDITIONS) -> Indicator:
    gate = indicator.gate
    if gate is None or not levels or gate.applies_when not in conditions:
        return indicator
    passes_at = min(gate.passes_at + levels, HIGHEST_LEVEL)
    return replace(indicator, gate=replace(gate, passes_at=passes_at))


def _economics(economics: Economics, changes: Changes) -> Economics:
    finance = changes.finance_points
    return replace(
        economics,
        financial_rate=_rate(economics.financial_rate, finance),
        finance_rate=_rate(economics.finance_rate, finance),
        risk_free_rate=_rate(economics.risk_free_rate, finance),
        social_rate=_rate(economics.social_rate, changes.social_points),
    )
