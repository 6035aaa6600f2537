"""A followed project in words and rows: what the page of its delivery, and the list of all, say of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from appraisal.services.following import Followed, Registered
from appraisal.services.forecasts import ON_PLAN, Forecast, PlannedBenefit, Standing, planned_by
from appraisal.web.charts import FULL, DrawnChart, drawn
from appraisal.web.formatting import amount, money
from forms.delivery import Asked

if TYPE_CHECKING:
    from appraisal.reports.charts import Chart

NONE = "not reported"


@dataclass(frozen=True, slots=True)
class YearRow:
    """A year of the plan beside what was reported, as texts in the project's unit."""

    year: int
    planned: str
    reported: str
    planned_in_all: str
    reported_in_all: str
    pairs: tuple[tuple[str, str], ...]
    """Running cost, revenue and use: planned and reported."""
    source: str
    note: str
    by: str
    is_reported: bool


@dataclass(frozen=True, slots=True)
class BenefitRow:
    entry: Registered
    unit: str
    planned: str
    """What the plan says of a year, from its least to its most."""
    so_far: str
    of: str
    """What was planned for the same years."""


def finding(found: Followed) -> str:
    """The page's title."""
    plan, standing = found.forecast, found.standing
    if plan is None or standing is None:
        return "Not approved yet"
    if not found.reports:
        first = plan.years[0] if plan.years else found.today.year
        return f"Nothing is reported yet: the first year {'was' if first < found.today.year else 'is'} {first}"
    return ", ".join(part for part in (spending(plan, standing), opening(found)) if part)


def spending(plan: Forecast, standing: Standing) -> str:
    """What was spent against the plan, in words."""
    currency = plan.file.currency
    if standing.spent is None or standing.over is None:
        gap = f"the cost of {standing.unknown[0]} is not reported" if standing.unknown else "no cost is reported yet"
        return f"What was spent is not known: {gap}"
    if standing.spent > standing.total * (1 + ON_PLAN):
        text = f"{money(standing.spent - standing.total, currency)} over the plan by {standing.until}"
    elif standing.on_plan:
        spent, total = money(standing.spent, currency), money(standing.total, currency)
        text = f"On plan: {spent} of {total} spent by {standing.until}"
    else:
        word = "more" if standing.over > 0 else "less"
        text = f"{money(abs(standing.over), currency)} {word} spent than planned by {standing.until}"
    return f"{text}, {standing.unknown[0]} is not reported" if standing.unknown else text


def opening(found: Followed) -> str:
    """When it opened against the plan, in words; empty while there is nothing to say."""
    assert found.forecast is not None
    standing, planned = found.standing, found.forecast.opening
    late = standing.late if standing else None
    if late is None:
        waits = planned is not None and found.dates.opened_on is None and found.today.year > planned
        return f"no opening recorded, planned for {planned}" if waits else ""
    if late == 0:
        return "opened in the year planned"
    years = "a year" if abs(late) == 1 else f"{abs(late)} years"
    return f"opened {years} {'late' if late > 0 else 'early'}"


def asked_of(plan: Forecast) -> Asked:
    """What a year's report of this project asks for."""
    from appraisal.reports.figures import MoneyUnit  # noqa: PLC0415 -- with the reports

    year = plan.file.prices.base_year
    constant = f"In the prices of {year}: take out inflation since then." if year else "In the prices of the plan."
    return Asked(
        unit=MoneyUnit.of(plan.file).short,
        scale=plan.file.unit,
        prices="In the prices of the year itself, as it was paid." if plan.nominal else constant,
        use_unit=plan.file.output.unit if plan.file.output else None,
        benefits=[(benefit.name, benefit.tonnes) for benefit in plan.benefits],
    )


def year_rows(found: Followed) -> tuple[YearRow, ...]:
    """The years in which anything is to be built, and those that are over or reported."""
    plan = found.forecast
    standing = found.standing
    if plan is None or standing is None or not plan.years:
        return ()
    reported = {report.year: report for report in found.reports}
    building = [year for year, planned in plan.capital.items() if planned]
    over = [year for year in plan.years if year < found.today.year]
    years = sorted({*building, *over, *reported})
    unit, in_all = plan.file.unit, Decimal(0)
    rows = []
    for year in years:
        report = found.report_of(year)
        known = standing.until is not None and year <= standing.until
        in_all += report.capital_cost or 0
        pairs = [
            (plan.running.get(year, Decimal(0)), report.running_cost, unit),
            (plan.revenue.get(year, Decimal(0)), report.revenue, unit),
        ]
        if plan.use is not None:
            pairs.append((plan.use.get(year, Decimal(0)), report.use, 1))
        rows.append(
            YearRow(
                year,
                _text(plan.capital.get(year, Decimal(0)), unit),
                _text(report.capital_cost, unit),
                _text(planned_by(plan, year), unit),
                _text(in_all if known else None, unit),
                tuple((_text(planned, scale), _text(value, scale)) for planned, value, scale in pairs),
                report.source,
                report.note,
                report.by,
                report.version > 0,
            )
        )
    return tuple(rows)


def benefit_rows(found: Followed) -> tuple[BenefitRow, ...]:
    """The register: every benefit of the plan, with what was said and reported of it."""
    plan = found.forecast
    return () if plan is None else tuple(_benefit(found, plan, benefit) for benefit in plan.benefits)


def _benefit(found: Followed, plan: Forecast, benefit: PlannedBenefit) -> BenefitRow:
    scale = 1 if benefit.tonnes else plan.file.unit
    given = {report.year: report.benefits.get(benefit.name) for report in found.reports}
    measured = {year: value for year, value in given.items() if value is not None}
    a_year = [planned for planned in benefit.planned.values() if planned]
    ends = list(dict.fromkeys(_text(end, scale) for end in (min(a_year), max(a_year)))) if a_year else ["nothing"]
    return BenefitRow(
        entry=found.registered.get(benefit.name, Registered(name=benefit.name)),
        unit="tonnes of CO2" if benefit.tonnes else asked_of(plan).unit,
        planned=" to ".join(ends),
        so_far=_text(sum(measured.values(), Decimal(0)) if measured else None, scale),
        of=f"{_text(sum((benefit.planned.get(year, Decimal(0)) for year in measured), Decimal(0)), scale)} planned for "
        f"{_years(measured)}"
        if measured
        else "",
    )


def _years(years: Iterable[int]) -> str:
    return ", ".join(str(year) for year in sorted(years))


def _text(value: Decimal | None, scale: int) -> str:
    return NONE if value is None else amount(value / scale)


def spending_chart(found: Followed) -> DrawnChart | None:
    """The curve of planned and actual capital cost; None where the plan has none and nothing is reported."""
    from appraisal.reports.charts import (  # noqa: PLC0415 -- only where a chart is drawn
        CostEstimate,
        SpendingYear,
        spending_curve,
    )

    plan, standing = found.forecast, found.standing
    if plan is None or standing is None or not (plan.total or standing.spent):
        return None
    unit, title, scale = asked_of(plan).unit, finding(found), plan.file.unit
    building = [year for year, planned in plan.capital.items() if planned]
    costs = {report.year: report.capital_cost for report in found.reports}
    first = min([*building, *(year for year in costs if costs[year])], default=plan.years[0])
    last = max([*building, standing.until or first])
    until = standing.until if standing.until is not None else first - 1
    years = [
        SpendingYear(
            year=year,
            planned=float(planned_by(plan, year) / scale),
            spent=float(sum((costs[each] or Decimal(0) for each in costs if each <= year), Decimal(0)) / scale)
            if year <= until
            else None,
        )
        for year in range(first, last + 1)
    ]
    estimates = [
        CostEstimate(
            name=each.name, value=float(each.value / scale), se=None if each.se is None else float(each.se / scale)
        )
        for each in found.estimates
    ]

    def make(width: int) -> "Chart":
        return spending_curve(years, title=title, unit=unit, estimates=estimates, width=width)

    return drawn(make, FULL)
