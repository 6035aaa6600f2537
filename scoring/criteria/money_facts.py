"""Facts of a project's cash flows, prices and financing (METHOD 1-3)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from statistics import median

from scoring.criteria.computed import IT_CLASSES, it_share
from scoring.criteria.facts import Fact, money, percentage, stated, year
from scoring.project_file import Amounts, CashFlowLine, EconomicRole, FlowKind, ProjectFile

Lines = Sequence[tuple[str, CashFlowLine]]
"""Lines with something in them, each with the path of its amounts."""
SERVICE_KINDS = (FlowKind.REVENUE, FlowKind.BENEFIT)
LEAST_AMOUNTS = 4
"""Fewer amounts in a row are no pattern of growth."""
SAME_GROWTH = 0.0005
"""Growth that differs by no more than this from year to year, as a fraction, is one rate that was applied."""


def money_facts(project: ProjectFile) -> Mapping[str, Fact]:
    """Totals, years, prices and loans; money undiscounted, in single units of the project's currency."""
    lines = [
        (f"cash_flows.lines[{at}].{'tonnes' if line.tonnes else 'amounts'}", line)
        for at, line in enumerate(project.cash_flows.lines)
        if any(line.amounts) or any(line.tonnes)
    ]
    return {**_totals(project, lines), **_years(project, lines), **_prices(project, lines), **_financing(project)}


def _of(lines: Lines, *kinds: FlowKind) -> Lines:
    return [(path, line) for path, line in lines if line.kind in kinds]


def _paths(lines: Lines) -> tuple[str, ...]:
    return tuple(path for path, _ in lines) or ("cash_flows.lines",)


def _sum(lines: Lines) -> Decimal:
    return sum((sum(line.amounts, Decimal(0)) for _, line in lines), Decimal(0))


def _totals(project: ProjectFile, lines: Lines) -> Mapping[str, Fact]:
    by_kind = {kind: _of(lines, kind) for kind in FlowKind}
    opex, income = _sum(by_kind[FlowKind.OPEX]), _of(lines, FlowKind.SUBSIDY, *SERVICE_KINDS)
    benefits = [*by_kind[FlowKind.BENEFIT], *by_kind[FlowKind.EXTERNALITY]]
    fares = [(path, line) for path, line in by_kind[FlowKind.REVENUE] if line.economic is EconomicRole.BENEFIT]
    return {
        **{
            f"{kind.value}_total": money(_sum(chosen), project.unit, project.currency, *_paths(chosen))
            for kind, chosen in by_kind.items()
        },
        "it_share": percentage(it_share(project), *_paths(by_kind[FlowKind.CAPEX])),
        "income_over_running_cost": percentage(
            float(_sum(income) / opex) if opex > 0 else None, *_paths([*income, *by_kind[FlowKind.OPEX]])
        ),
        "benefit_lines": stated(float(len(benefits)), *_paths(benefits)),
        "fare_benefit_lines": stated(
            float(len(fares)), *(path.replace(".amounts", ".economic") for path in _paths(fares))
        ),
    }


def _years(project: ProjectFile, lines: Lines) -> Mapping[str, Fact]:
    first_year = project.cash_flows.first_year
    capex, service = _of(lines, FlowKind.CAPEX), _of(lines, *SERVICE_KINDS)
    it = [(path, line) for path, line in capex if line.line_class in (*IT_CLASSES, "renewal")]
    output = [("output.amounts", project.output.amounts)] if project.output and any(project.output.amounts) else []
    facts = {
        "capex_first_year": _first(capex, first_year),
        "capex_last_year": _last(capex, first_year),
        "service_first_year": _first(service, first_year),
        "service_last_year": _last(service, first_year),
        "output_first_year": year(first_year + _filled(output[0][1])[0] if output else None, "output.amounts"),
        "first_year": year(first_year, "cash_flows.first_year"),
    }
    begins, ends, renewed = facts["service_first_year"], facts["service_last_year"], _last(it, first_year)
    return {
        **facts,
        "service_years": _span(begins, ends, 1),
        "years_after_it_capex": _span(renewed, ends, 0),
    }


def _span(begins: Fact, ends: Fact, inclusive: int) -> Fact:
    """Years from one fact to another; None where one of them is not stated."""
    years = None
    if isinstance(begins.value, float) and isinstance(ends.value, float):
        years = ends.value - begins.value + inclusive
    return stated(years, *ends.paths, *begins.paths)


def _filled(amounts: Amounts) -> list[int]:
    return [period for period, amount in enumerate(amounts) if amount]


def _first(lines: Lines, first_year: int) -> Fact:
    starts = [(_filled(line.amounts or line.tonnes)[0], path) for path, line in lines]
    period, path = min(starts, default=(None, "cash_flows.lines"))
    return year(None if period is None else first_year + period, path)


def _last(lines: Lines, first_year: int) -> Fact:
    ends = [(_filled(line.amounts or line.tonnes)[-1], path) for path, line in lines]
    period, path = max(ends, default=(None, "cash_flows.lines"))
    return year(None if period is None else first_year + period, path)


def _prices(project: ProjectFile, lines: Lines) -> Mapping[str, Fact]:
    prices, rate = project.prices, project.rates.financial
    first = rate if rate is None or isinstance(rate, float | int) else rate[0][1]
    grown = [(path, _growth(line.amounts)) for path, line in _of(lines, FlowKind.OPEX, *SERVICE_KINDS)]
    steady = [(path, growth) for path, growth in grown if growth is not None]
    growth = median(rate for _, rate in steady) if steady and len(steady) == len(grown) else None
    gap = None if growth is None or not prices.inflation else abs(growth - prices.inflation)
    away = None if prices.base_year is None else float(abs(project.cash_flows.first_year - prices.base_year))
    return {
        "price_basis": stated(prices.basis.value, "prices.basis"),
        "inflation": percentage(prices.inflation or 0.0, "prices.inflation"),
        "base_year": year(prices.base_year, "prices.base_year"),
        "base_year_distance": stated(away, "prices.base_year", "cash_flows.first_year"),
        "financial_rate": percentage(first, "rates.financial"),
        "steady_growth": percentage(growth, *(path for path, _ in steady)),
        "growth_off_inflation": percentage(gap, *(path for path, _ in steady), "prices.inflation"),
    }


def _growth(amounts: Amounts) -> float | None:
    """The one yearly rate at which a line grows from its first amount to its last; None where there is none."""
    filled = _filled(amounts)
    run = amounts[filled[0] : filled[-1] + 1] if filled else ()
    if len(run) < LEAST_AMOUNTS or any(amount <= 0 for amount in run):
        return None
    rates = [float(after / before) - 1 for before, after in pairwise(run)]
    return median(rates) if max(rates) - min(rates) <= SAME_GROWTH else None


def _financing(project: ProjectFile) -> Mapping[str, Fact]:
    financing = project.financing
    debt = financing.debt if financing else ()
    loans = [(f"financing.debt[{at}]", tranche) for at, tranche in enumerate(debt) if any(tranche.amounts)]
    grants = sum(financing.grants, Decimal(0)) if financing else Decimal(0)
    borrowed = sum((sum(tranche.amounts, Decimal(0)) for _, tranche in loans), Decimal(0))
    lines = [line.amounts for line in project.cash_flows.lines if line.kind is FlowKind.GRANT]
    granted = sum((sum(amounts, Decimal(0)) for amounts in lines), Decimal(0))
    first_year = project.cash_flows.first_year
    ends = [(first_year + _filled(tranche.amounts)[0] + tranche.tenor, f"{path}.tenor") for path, tranche in loans]
    last, path = max(ends, default=(None, "financing.debt"))
    return {
        "financing_grants": money(grants, project.unit, project.currency, "financing.grants"),
        "outside_money": money(grants + granted + borrowed, project.unit, project.currency, "financing"),
        "loan_last_year": year(last, path),
    }
