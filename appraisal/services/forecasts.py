"""What a project was to cost, bring and serve year by year, and how what was reported stands against it.

Money is in single units of the project's currency, in the prices the plan is in; a figure that nobody reported is None.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from scoring.project_file import CashFlowLine, FlowKind, PriceBasis, ProjectFile

ByYear = Mapping[int, Decimal]
DUE_MONTH = 4
"""A year is overdue from the first of this month of the year after it: April, once accounts are closed."""
ON_PLAN = Decimal("0.02")
"""Part of what was planned by then up to which spending counts as on plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedBenefit:
    """A benefit to society as planned: money, or tonnes of CO2 (positive = emitted)."""

    name: str
    tonnes: bool
    planned: ByYear


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The plan that was decided on, by calendar year."""

    file: ProjectFile
    years: range
    capital: ByYear
    running: ByYear
    revenue: ByYear
    use: ByYear | None
    """None where the plan states no output."""
    opening: int | None
    """The first year with revenue, benefit or use; None where the plan has none."""
    benefits: tuple[PlannedBenefit, ...]

    @property
    def total(self) -> Decimal:
        """Undiscounted capital cost."""
        return sum(self.capital.values(), Decimal(0))

    @property
    def asset_class(self) -> str | None:
        """The line class that most of the capital cost is spent on."""
        spent: dict[str, Decimal] = {}
        for line in self.file.cash_flows.lines:
            if line.kind is FlowKind.CAPEX and line.line_class:
                spent[line.line_class] = spent.get(line.line_class, Decimal(0)) + sum(line.amounts, Decimal(0))
        return max(spent, key=lambda name: spent[name]) if spent else None

    @property
    def nominal(self) -> bool:
        return self.file.prices.basis is PriceBasis.NOMINAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One year as it was reported; `version` 0 where it was not yet."""

    year: int
    version: int = 0
    capital_cost: Decimal | None = None
    running_cost: Decimal | None = None
    revenue: Decimal | None = None
    use: Decimal | None = None
    benefits: Mapping[str, Decimal | None] = field(default_factory=dict)
    note: str = ""
    source: str = ""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a project stands against its plan; spending is known up to the first year of which nobody reported it."""

    until: int | None
    """The last year of the unbroken reports of capital cost; None where there are none."""
    spent: Decimal | None
    planned: Decimal | None
    """By the end of the same year."""
    total: Decimal
    unknown: tuple[int, ...]
    """Years without a figure that come before a year with one."""
    late: int | None
    """Years from the opening planned to the one there was; negative is early, None where either is not known."""

    @property
    def over(self) -> Decimal | None:
        """Spent more than planned by then; negative is less."""
        return None if self.spent is None or self.planned is None else self.spent - self.planned

    @property
    def on_plan(self) -> bool:
        return self.over is not None and abs(self.over) <= ON_PLAN * (self.planned or Decimal(0))


def forecast_of(file: ProjectFile) -> Forecast:
    """The project file by calendar year."""
    lines, first = file.cash_flows.lines, file.cash_flows.first_year
    benefits = [line for line in lines if line.kind in (FlowKind.BENEFIT, FlowKind.EXTERNALITY)]
    use = {first + period: amount for period, amount in enumerate(file.output.amounts)} if file.output else None
    brings = [line for line in lines if line.kind in (FlowKind.REVENUE, FlowKind.BENEFIT)]
    serving = [year for line in brings for year, amount in _by_year(file, line).items() if amount]
    serving += [year for year, amount in (use or {}).items() if amount]
    return Forecast(
        file=file,
        years=range(first, first + file.cash_flows.periods),
        capital=_summed(file, FlowKind.CAPEX),
        running=_summed(file, FlowKind.OPEX),
        revenue=_summed(file, FlowKind.REVENUE),
        use=use,
        opening=min(serving, default=None),
        benefits=tuple(
            PlannedBenefit(name=line.name, tonnes=bool(line.tonnes), planned=_by_year(file, line)) for line in benefits
        ),
    )


def _by_year(file: ProjectFile, line: CashFlowLine) -> dict[int, Decimal]:
    scale = 1 if line.tonnes else file.unit
    first = file.cash_flows.first_year
    return {first + period: amount * scale for period, amount in enumerate(line.tonnes or line.amounts)}


def _summed(file: ProjectFile, kind: FlowKind) -> dict[int, Decimal]:
    first = file.cash_flows.first_year
    found = dict.fromkeys(range(first, first + file.cash_flows.periods), Decimal(0))
    for line in file.cash_flows.lines:
        if line.kind is kind:
            for year, amount in _by_year(file, line).items():
                found[year] += amount
    return found


def standing_of(forecast: Forecast, reports: Sequence[Reported], opened_on: date | None) -> Standing:
    """reports: by year."""
    known = {report.year: report.capital_cost for report in reports if report.capital_cost is not None}
    first = min([*forecast.years[:1], *known], default=0)
    until, spent = None, Decimal(0)
    while (year := first if until is None else until + 1) in known:
        until, spent = year, spent + known[year]
    last = max(known, default=first)
    late = None if opened_on is None or forecast.opening is None else opened_on.year - forecast.opening
    return Standing(
        until=until,
        spent=None if until is None else spent,
        planned=None if until is None else planned_by(forecast, until),
        total=forecast.total,
        unknown=tuple(year for year in range(first, last) if year not in known),
        late=late,
    )


def planned_by(forecast: Forecast, year: int) -> Decimal:
    """Capital cost planned up to the end of a year."""
    return sum((amount for each, amount in forecast.capital.items() if each <= year), Decimal(0))


def years_over(forecast: Forecast, started_on: date | None, today: date) -> range:
    """The years that can be reported: from the plan's first, or the start of building, to the last that is over."""
    first = min([*forecast.years[:1], *([started_on.year] if started_on else [])], default=today.year)
    return range(first, today.year)


def overdue(forecast: Forecast, reports: Sequence[Reported], started_on: date | None, today: date) -> tuple[int, ...]:
    """Years of the plan whose report should be in by now and is not."""
    closed = today.year if today.month >= DUE_MONTH else today.year - 1
    last = forecast.years[-1] if forecast.years else 0
    there = {report.year for report in reports}
    due = years_over(forecast, started_on, today)
    return tuple(year for year in due if year < closed and year <= last and year not in there)
