"""What became of two approved projects of the demonstration: two years each, reported through the same services."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import APPROVED, Project, YearReport
from appraisal.policy import Actor
from appraisal.services import delivering, following
from appraisal.services.delivering import YearEntry
from appraisal.services.forecasts import Forecast
from appraisal.transactions import reading

COURSES = ((Decimal("1.00"), Decimal("0.99")), (Decimal("1.10"), Decimal("1.35")))
"""Actual over planned capital cost of each year: one on its plan, one over it."""

AHEAD = "Reported as if the year were over: this city is invented, and its calendar runs ahead."


def report_some(sessions: sessionmaker[Session], planner: Actor) -> None:
    """Report the first two years of two approved projects, as if they were over, unless anything is reported."""
    with sessions() as session, reading(session):
        if session.scalar(select(YearReport.id).limit(1)) is not None:
            return
        query = select(Project.id).where(Project.state.in_(APPROVED)).order_by(Project.reference)
        approved = session.scalars(query.limit(len(COURSES))).all()
    for project_id, course in zip(approved, COURSES, strict=False):
        with sessions() as session:
            plan = following.followed(session, planner, project_id).forecast
        if plan is not None:
            _report(sessions, planner, project_id, plan, course)


def _report(
    sessions: sessionmaker[Session], planner: Actor, project_id: UUID, plan: Forecast, course: tuple[Decimal, ...]
) -> None:
    first = plan.years[0]
    today = date(first + len(course), 3, 1)
    for year, ratio in zip(plan.years, course, strict=False):
        entry = YearEntry(
            capital_cost=plan.capital[year] * ratio,
            running_cost=plan.running[year],
            note=AHEAD if ratio <= 1 else f"Ground water was higher than the survey said. {AHEAD}",
            source=f"Annual accounts {year} of Haneul (fictional), p. {year - first + 14}",
        )
        with sessions() as session:
            delivering.report_year(session, planner, project_id, year, 0, entry, today=today)
    with sessions() as session:
        delivering.record_dates(
            session, planner, project_id, 0, started_on=date(first, 3, 15), opened_on=None, today=today
        )
    for benefit in plan.benefits[:1]:
        with sessions() as session:
            delivering.register_benefit(
                session, planner, project_id, benefit.name, 0, answers_for="Transport and data office",
                measured_by="Counted by the office each quarter and valued as in the appraisal.", baseline="",
            )  # fmt: skip
