"""What the city's record of completed projects can take from an approved project's plan and reports (METHOD 6)."""

from datetime import date
from decimal import Decimal

from appraisal.services.following import Followed
from appraisal.services.forecasts import Forecast
from scoring.limits import MAX_SOURCE

Fact = str | int | Decimal | date | None
PLACES = Decimal("0.000001")
"""The last place of an exact amount."""


def finished_facts(found: Followed, city: str, asset_class: str) -> dict[str, Fact]:
    """Fields of the completed project that are known; what is not known is left for the person who records it.

    The actual cost is known where every year until the last is reported; in nominal prices neither cost is comparable.
    The plan names the year of its opening, no day, so that no planned day is given.
    """
    plan, standing = found.forecast, found.standing
    if plan is None or standing is None:
        return {}
    facts: dict[str, Fact] = {
        "name": found.title,
        "city": city,
        "asset_class": asset_class,
        "reference": found.reference,
        "currency": plan.file.currency,
        "started_on": found.dates.started_on,
        "actual_opening": found.dates.opened_on,
        "source": _source(found),
    }
    if not plan.nominal:
        facts |= {"price_year": str(plan.file.prices.base_year or ""), "planned_cost": plan.total}
        facts["actual_cost"] = None if standing.unknown else standing.spent
    return facts | _use(found, plan)


def _use(found: Followed, plan: Forecast) -> dict[str, Fact]:
    """Mean of the years whose use was counted and planned, both over the same years."""
    planned = plan.use or {}
    pairs = [
        (planned[report.year], report.use)
        for report in found.reports
        if report.use is not None and planned.get(report.year)
    ]
    if not pairs or plan.file.output is None:
        return {}
    return {
        "use_unit": plan.file.output.unit,
        "planned_use": _mean([each for each, _ in pairs]),
        "actual_use": _mean([each for _, each in pairs]),
    }


def _mean(values: list[Decimal]) -> Decimal:
    return (sum(values, Decimal(0)) / len(values)).quantize(PLACES)


def _source(found: Followed) -> str:
    named = dict.fromkeys(report.source for report in found.reports)
    return "; ".join(named)[:MAX_SOURCE]
