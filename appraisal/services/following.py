"""An approved project after its decision: the plan it was approved on beside what was reported, one or all of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import simplejson
from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, joinedload

from appraisal import policy
from appraisal.models import (
    APPROVED,
    AppraisalRun,
    CompletedProject,
    Decision,
    Delivery,
    Project,
    ProjectState,
    RegisteredBenefit,
    Round,
    YearReport,
)
from appraisal.models.tables import now
from appraisal.policy import Action, Actor
from appraisal.reading.project_file import read_project
from appraisal.services.candidates import APPROVALS
from appraisal.services.forecasts import Forecast, Reported, Standing, forecast_of, overdue, standing_of, years_over
from appraisal.services.own_records import city_key, city_of, counts, speaks_since
from appraisal.services.registration import visible_project
from appraisal.transactions import reading
from scoring.parameters import Measure, load_parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """`version` 0: neither is recorded yet."""

    version: int = 0
    started_on: date | None = None
    opened_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    name: str
    version: int = 0
    answers_for: str = ""
    measured_by: str = ""
    baseline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CityClass:
    """What the project would add to: the city's record of its class (ADR 7)."""

    city: str
    asset_class: str
    title: str
    recorded: int
    since: datetime | None
    """When the last was recorded that the city's own class needed; None while the library's is used."""
    row: UUID | None
    """This project's own row, once it is in the record."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A quantile of the capital cost over the draws of a run, in single units of the currency."""

    name: str
    """P50 or P80."""
    value: Decimal
    se: Decimal | None
    """Its Monte Carlo standard error; None for runs that did not tell it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """One project; `forecast` is None where it was never approved."""

    project_id: UUID
    title: str
    reference: str
    state: ProjectState
    decision: int | None = None
    decision_id: UUID | None = None
    run: int | None = None
    forecast: Forecast | None = None
    estimates: tuple[Estimate, ...] = ()
    """The run's P50 and P80 of the capital cost; without those that are not known or not asked for."""
    dates: Dates = field(default_factory=Dates)
    reports: tuple[Reported, ...] = ()
    registered: Mapping[str, Registered] = field(default_factory=dict)
    today: date

    @property
    def standing(self) -> Standing | None:
        return None if self.forecast is None else standing_of(self.forecast, self.reports, self.dates.opened_on)

    @property
    def overdue(self) -> tuple[int, ...]:
        if self.forecast is None or self.state not in APPROVED:
            return ()
        return overdue(self.forecast, self.reports, self.dates.started_on, self.today)

    @property
    def missing(self) -> tuple[int, ...]:
        """Years that are over and not reported."""
        if self.forecast is None:
            return ()
        there = {report.year for report in self.reports}
        last = self.forecast.years[-1] if self.forecast.years else 0
        over = years_over(self.forecast, self.dates.started_on, self.today)
        return tuple(year for year in over if year not in there and year <= last)

    def report_of(self, year: int) -> Reported:
        """What is reported of the year; version 0 where nothing is."""
        return next((report for report in self.reports if report.year == year), Reported(year=year))


def followed(session: Session, actor: Actor, project_id: UUID, *, today: date | None = None) -> Followed:
    """One project with its plan, its reports and its register; raises NotFound."""
    with reading(session):
        policy.require(actor, Action.READ_PROJECT)
        project = visible_project(session, actor, project_id)
        (found,) = _followed(session, [project], today or now().date())
        if found.run is None:
            return found
        result = session.scalar(
            select(AppraisalRun.result).where(AppraisalRun.number == found.run, policy.visible_runs(actor))
        )
        return found if result is None else _with_estimates(found, result)


def is_followed(session: Session, project_id: UUID, state: ProjectState) -> bool:
    """Whether there is anything to follow: an approval, or reports from when there was one."""
    if state in APPROVED:
        return True
    with reading(session):
        return session.scalar(select(YearReport.id).where(YearReport.project_id == project_id).limit(1)) is not None


def all_followed(session: Session, actor: Actor, *, today: date | None = None) -> tuple[Followed, ...]:
    """Every approved project, those with overdue reports first; raises NotAllowed."""
    with reading(session):
        policy.require(actor, Action.READ_DECISIONS)
        query = select(Project).where(Project.state.in_(APPROVED), policy.visible_projects(actor))
        found = _followed(session, list(session.scalars(query)), today or now().date())
    return tuple(sorted(found, key=lambda each: (-len(each.overdue), each.reference)))


def city_class(session: Session, actor: Actor, project_id: UUID) -> CityClass | None:
    """The city's record of the class that most of the project's money goes to; None where it was never approved.

    Raises NotFound.
    """
    with reading(session):
        policy.require(actor, Action.READ_COMPLETED)
        project = visible_project(session, actor, project_id)
        (found,) = _followed(session, [project], now().date())
        if found.forecast is None:
            return None
        held = session.get(Round, project.round_id) if project.round_id else None
        city = city_of(found.forecast.file.city, held)
        parameters = load_parameters()
        asset_class = parameters.class_of(found.forecast.asset_class).cost
        rows = session.scalars(
            select(CompletedProject).where(
                CompletedProject.city_key == city_key(city), CompletedProject.asset_class == asset_class
            )
        ).all()
        return CityClass(
            city=city,
            asset_class=asset_class,
            title=parameters.asset_classes[asset_class],
            recorded=sum(counts(row, asset_class, Measure.COST) for row in rows),
            since=speaks_since(rows, asset_class, Measure.COST),
            row=session.scalar(select(CompletedProject.id).where(CompletedProject.project_id == project_id).limit(1)),
        )


def plan_of(session: Session, project: Project) -> Forecast | None:
    """The plan that the latest approval rests on. Inside the caller's transaction."""
    decision = _approvals(session, [project.id]).get(project.id)
    return None if decision is None else _forecast(decision)


def _followed(session: Session, projects: Sequence[Project], today: date) -> list[Followed]:
    keys = [project.id for project in projects]
    approvals, reports = _approvals(session, keys), _reports(session, keys)
    dates = {row.project_id: row for row in session.scalars(select(Delivery).where(Delivery.project_id.in_(keys)))}
    benefits = session.scalars(select(RegisteredBenefit).where(RegisteredBenefit.project_id.in_(keys))).all()
    found = []
    for project in projects:
        decision, times = approvals.get(project.id), dates.get(project.id)
        found.append(
            Followed(
                project_id=project.id,
                title=project.title,
                reference=project.reference,
                state=project.state,
                decision=decision.number if decision else None,
                decision_id=decision.id if decision else None,
                run=decision.run.number if decision else None,
                forecast=_forecast(decision) if decision else None,
                dates=Dates(version=times.version, started_on=times.started_on, opened_on=times.opened_on)
                if times
                else Dates(),
                reports=tuple(reports.get(project.id, ())),
                registered={row.name: as_registered(row) for row in benefits if row.project_id == project.id},
                today=today,
            )
        )
    return found


def _forecast(decision: Decision) -> Forecast:
    return forecast_of(read_project(decision.run.submission.document))


def _approvals(session: Session, keys: Collection[UUID]) -> dict[UUID, Decision]:
    """The latest approval of each project that ever had one, with the submission it was computed from."""
    newest = select(func.max(Decision.number)).where(Decision.outcome.in_(APPROVALS)).group_by(Decision.project_id)
    query = (
        select(Decision)
        .where(Decision.number.in_(newest), Decision.project_id.in_(keys))
        .options(
            joinedload(Decision.run).options(
                defer(AppraisalRun.snapshot), defer(AppraisalRun.result), joinedload(AppraisalRun.submission)
            )
        )
    )
    return {decision.project_id: decision for decision in session.scalars(query)}


def _reports(session: Session, keys: Collection[UUID]) -> dict[UUID, list[Reported]]:
    found: dict[UUID, list[Reported]] = {}
    query = select(YearReport).where(YearReport.project_id.in_(keys)).order_by(YearReport.year)
    for row in session.scalars(query):
        found.setdefault(row.project_id, []).append(as_reported(row))
    return found


def as_reported(row: YearReport) -> Reported:
    """What a row says."""
    return Reported(
        year=row.year,
        version=row.version,
        capital_cost=row.capital_cost,
        running_cost=row.running_cost,
        revenue=row.revenue,
        use=row.use,
        benefits={each.name: each.amount for each in row.benefits},
        note=row.note,
        source=row.source,
        by=row.reported_by.name if row.reported_by else "",
        at=row.changed_at,
    )


def as_registered(row: RegisteredBenefit) -> Registered:
    """What a row says."""
    return Registered(
        name=row.name,
        version=row.version,
        answers_for=row.answers_for,
        measured_by=row.measured_by,
        baseline=row.baseline,
    )


def _with_estimates(found: Followed, result: str) -> Followed:
    assert found.forecast is not None
    risk, unit = simplejson.loads(result, use_decimal=True)["risk"], found.forecast.file.unit
    estimates = []
    for name in ("p50", "p80"):
        value, se = risk.get(f"capex_{name}"), risk.get(f"capex_{name}_se")
        if value is not None:
            estimates.append(Estimate(name.upper(), Decimal(value) * unit, None if se is None else Decimal(se) * unit))
    return replace(found, estimates=tuple(estimates))
