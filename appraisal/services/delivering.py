"""What is recorded of an approved project: a year as it was, its dates, and who answers for which benefit."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import Delivery, Project, RegisteredBenefit, ReportedBenefit, YearReport
from appraisal.models.tables import now
from appraisal.policy import Action, Actor, NotFound
from appraisal.services import auditing
from appraisal.services.errors import DomainError, StaleVersion, flush_new
from appraisal.services.following import Dates, Registered, as_registered, as_reported, plan_of
from appraisal.services.forecasts import Forecast, Reported
from appraisal.services.registration import visible_project

FASTER = "Someone has just recorded the same. Open it again."
STALE = "Someone changed this since you opened the page."
EARLIEST = 10
"""So many years before the plan's first a report may be about; earlier is a slip of the keyboard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearEntry:
    """What is said of a year: money in single units of the currency, None where it is not known."""

    capital_cost: Decimal | None = None
    running_cost: Decimal | None = None
    revenue: Decimal | None = None
    use: Decimal | None = None
    benefits: Mapping[str, Decimal | None] = field(default_factory=dict)
    """By the name of the benefit line."""
    note: str = ""
    source: str


FIGURES = ("capital_cost", "running_cost", "revenue", "use")


def report_year(
    session: Session,
    actor: Actor,
    project_id: UUID,
    year: int,
    expected_version: int,
    entry: YearEntry,
    *,
    today: date | None = None,
) -> Reported:
    """Report a year, or correct its report; a first report sent twice is stored once.

    What was reported of a benefit that an earlier plan had stays.
    expected_version: 0 where nothing was reported yet. Raises NotFound, NotAllowed, StaleVersion, and DomainError for
    a year that is not over or far from the plan, or a benefit that the plan does not have.
    """
    with session.begin():
        project, plan = _approved(session, actor, project_id)
        named = {benefit.name for benefit in plan.benefits}
        if unknown := set(entry.benefits) - named:
            raise DomainError(f"The plan that was approved has no benefit {min(unknown)}.")
        row = session.scalar(select(YearReport).where(YearReport.project_id == project.id, YearReport.year == year))
        if row is None:
            _require_over(plan, year, today or now().date())
        else:
            gone = {each.name: each.amount for each in row.benefits if each.name not in named}
            entry = replace(entry, benefits={**gone, **entry.benefits})
        said = _said(entry)
        before = _said(as_reported(row)) if row else {}
        if row is None:
            row = YearReport(project_id=project.id, year=year)
            session.add(row)
        elif before == said:
            return as_reported(row)
        _require_version(expected_version, row.version if before else 0)
        _write(row, entry, actor)
        flush_new(session, FASTER)
        if before:
            _record(session, actor, "delivery.year-changed", project, before, said, year=year)
        else:
            _record(session, actor, "delivery.year-reported", project, before, said, year=year)
        session.refresh(row)
        return as_reported(row)


def record_dates(
    session: Session, actor: Actor, project_id: UUID, expected_version: int, *, started_on: date | None,
    opened_on: date | None, today: date | None = None,
) -> Dates:  # fmt: skip
    """Record when building started and when it opened; raises as `report_year`, DomainError for a day to come."""
    with session.begin():
        project, _ = _approved(session, actor, project_id)
        row, latest = session.get(Delivery, project.id), today or now().date()
        kept = {row.started_on, row.opened_on} if row else set()
        if any(day is not None and day > latest for day in {started_on, opened_on} - kept):
            raise DomainError("A day that is still to come cannot be recorded.")
        if started_on and opened_on and opened_on <= started_on:
            raise DomainError("It cannot open before building starts.")
        before = {"started_on": _day(row.started_on), "opened_on": _day(row.opened_on)} if row else {}
        said = {"started_on": _day(started_on), "opened_on": _day(opened_on)}
        if row is None:
            _require_version(expected_version, 0)
            row = Delivery(project_id=project.id)
            session.add(row)
        elif before != said:
            _require_version(expected_version, row.version)
        if before != said:
            row.started_on, row.opened_on = started_on, opened_on
            flush_new(session, FASTER)
            _record(session, actor, "delivery.dates-recorded", project, before, said)
        return Dates(version=row.version, started_on=row.started_on, opened_on=row.opened_on)


def register_benefit(
    session: Session, actor: Actor, project_id: UUID, name: str, expected_version: int, *, answers_for: str,
    measured_by: str, baseline: str,
) -> Registered:  # fmt: skip
    """Say who answers for a benefit and how it is measured; raises as `report_year`, NotFound for another line."""
    with session.begin():
        project, plan = _approved(session, actor, project_id)
        if name not in {benefit.name for benefit in plan.benefits}:
            raise NotFound("The plan that was approved has no such benefit.")
        row = session.scalar(
            select(RegisteredBenefit).where(RegisteredBenefit.project_id == project.id, RegisteredBenefit.name == name)
        )
        said = {"answers_for": answers_for, "measured_by": measured_by, "baseline": baseline}
        before = {key: getattr(row, key) for key in said} if row else {}
        if row is None:
            _require_version(expected_version, 0)
            row = RegisteredBenefit(project_id=project.id, name=name)
            session.add(row)
        elif before != said:
            _require_version(expected_version, row.version)
        if before != said:
            for key, value in said.items():
                setattr(row, key, value)
            flush_new(session, FASTER)
            _record(session, actor, "delivery.benefit-registered", project, before, said, benefit=name)
        return as_registered(row)


def _approved(session: Session, actor: Actor, project_id: UUID) -> tuple[Project, Forecast]:
    """The project, locked, with the plan it was approved on."""
    policy.require_role(actor, Action.REPORT_DELIVERY)
    project = visible_project(session, actor, project_id, lock=True)
    policy.require(actor, Action.REPORT_DELIVERY, project)
    plan = plan_of(session, project)
    if plan is None:
        raise DomainError("Only what was approved is followed.")
    return project, plan


def _require_over(plan: Forecast, year: int, today: date) -> None:
    if year >= today.year:
        raise DomainError(f"{year} is not over yet: a year is reported once its accounts are closed.")
    first = plan.file.cash_flows.first_year
    if year < first - EARLIEST:
        raise DomainError(f"{year} is more than {EARLIEST} years before the plan’s first, {first}.")


def _require_version(expected: int, found: int) -> None:
    if expected != found:
        raise StaleVersion(STALE)


def _write(row: YearReport, entry: YearEntry, actor: Actor) -> None:
    for name in (*FIGURES, "note", "source"):
        setattr(row, name, getattr(entry, name))
    there = {each.name: each for each in row.benefits}
    row.benefits = [there.get(name) or ReportedBenefit(name=name) for name in sorted(entry.benefits)]
    for each in row.benefits:
        each.amount = entry.benefits[each.name]
    row.reported_by_id, row.changed_at = actor.account_id, now()


def _said(entry: YearEntry | Reported) -> dict[str, Any]:
    """What can be corrected, as the trail keeps it; a benefit nobody measured says nothing."""
    figures = {name: _plain(getattr(entry, name)) for name in FIGURES}
    benefits = {name: _plain(amount) for name, amount in sorted(entry.benefits.items()) if amount is not None}
    return figures | {"benefits": benefits, "note": entry.note, "source": entry.source}


def _plain(amount: Decimal | None) -> Decimal | None:
    """Without trailing zeros, which one database keeps and the other adds."""
    return None if amount is None else Decimal(f"{amount.normalize():f}")


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _record(
    session: Session, actor: Actor, action: str, project: Project, before: Mapping[str, Any], said: Mapping[str, Any],
    **about: Any,
) -> None:  # fmt: skip
    """What changed, from what to what."""
    changed = {name: [before.get(name), value] for name, value in said.items() if before.get(name) != value}
    auditing.record(session, actor, action, "project", project.id, **about, **changed)
