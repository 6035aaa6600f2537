"""An approved project followed: reported by year, its dates, its benefits, on both databases; and how it stands."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AuditEntry, Project, ProjectState, ReportedBenefit, Role, YearReport
from appraisal.policy import OPERATOR, Actor, NotAllowed, NotFound, WrongState
from appraisal.services import delivering, following, registration
from appraisal.services.delivering import YearEntry
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.finished import finished_facts
from appraisal.services.following import Followed
from appraisal.services.forecasts import Reported, forecast_of, overdue, standing_of
from tests import delivery, factories
from tests.delivery import FIRST, SAVED

Sessions = sessionmaker[Session]
PLAN = forecast_of(delivery.PROJECT)
LATER = date(FIRST + 3, 6, 1)


@pytest.fixture
def planner(sessions: Sessions) -> Actor:
    return factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))


@pytest.fixture
def approved(sessions: Sessions, planner: Actor) -> UUID:
    approver = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Council"))
    return delivery.approved(sessions, planner, approver)


def entry(cost: str | None = "100", **fields: object) -> YearEntry:
    given: dict[str, object] = {"capital_cost": Decimal(cost) if cost else None, "source": "Accounts, p. 3"}
    return YearEntry(**{**given, **fields})  # type: ignore[arg-type]


def report(sessions: Sessions, actor: Actor, project: UUID, year: int, said: YearEntry, version: int = 0) -> Reported:
    with sessions() as session:
        return delivering.report_year(session, actor, project, year, version, said, today=LATER)


def seen(sessions: Sessions, actor: Actor, project: UUID) -> Followed:
    with sessions() as session:
        return following.followed(session, actor, project, today=LATER)


def trail(sessions: Sessions) -> list[tuple[str, dict[str, object]]]:
    with sessions() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)).all()
    return [(row.action, row.details) for row in rows if row.action.startswith("delivery.")]


def test_a_year_is_reported_once_corrected_and_kept_in_the_trail(
    sessions: Sessions, planner: Actor, approved: UUID
) -> None:
    first = report(sessions, planner, approved, FIRST, entry("100", use=Decimal(0)))
    assert (first.version, first.capital_cost, first.use, first.revenue) == (1, Decimal(100), Decimal(0), None)
    assert report(sessions, planner, approved, FIRST, entry("100.00", use=Decimal(0))).version == 1, "sent twice"
    with pytest.raises(StaleVersion):
        report(sessions, planner, approved, FIRST, entry("120"))
    corrected = report(sessions, planner, approved, FIRST, entry("120"), version=1)
    assert (corrected.version, corrected.capital_cost, corrected.use) == (2, Decimal(120), None)
    assert seen(sessions, planner, approved).report_of(FIRST).capital_cost == Decimal(120)
    (reported, changed) = trail(sessions)
    assert reported[0] == "delivery.year-reported"
    assert changed == (
        "delivery.year-changed",
        {"year": FIRST, "capital_cost": [Decimal(100), Decimal(120)], "use": [Decimal(0), None]},
    )


def test_what_is_reported_can_be_corrected_whatever_the_date(
    sessions: Sessions, planner: Actor, approved: UUID
) -> None:
    report(sessions, planner, approved, FIRST, entry("100"))
    early = date(FIRST, 1, 1)
    with sessions() as session:
        changed = delivering.report_year(session, planner, approved, FIRST, 1, entry("110"), today=early)
    assert (changed.version, changed.capital_cost) == (2, Decimal(110))
    with sessions() as session, pytest.raises(DomainError, match=f"{FIRST + 1} is not over yet"):
        delivering.report_year(session, planner, approved, FIRST + 1, 0, entry("1"), today=early)


def test_only_years_that_are_over_and_benefits_of_the_plan(sessions: Sessions, planner: Actor, approved: UUID) -> None:
    for year, said in ((LATER.year, entry()), (FIRST - 11, entry()), (FIRST, entry(benefits={"Joy": Decimal(1)}))):
        with pytest.raises(DomainError):
            report(sessions, planner, approved, year, said)
    with sessions() as session:
        assert session.scalars(select(YearReport)).all() == []


def test_benefits_are_reported_by_line_and_have_someone_who_answers(
    sessions: Sessions, planner: Actor, approved: UUID
) -> None:
    name = SAVED
    report(sessions, planner, approved, FIRST, entry(benefits={name: Decimal("12.5")}))
    again = report(sessions, planner, approved, FIRST, entry(benefits={name: Decimal("13.5")}), version=1)
    assert (again.version, again.benefits) == (2, {name: Decimal("13.5")})
    with sessions.begin() as session:
        session.add(
            ReportedBenefit(report_id=session.scalars(select(YearReport.id)).one(), name="Gone", amount=Decimal(4))
        )
    corrected = report(sessions, planner, approved, FIRST, entry(benefits={name: None}), version=2)
    assert corrected.benefits == {"Gone": Decimal(4), name: None}, "what an earlier plan promised stays on record"
    said = {"answers_for": "Transport office", "measured_by": "Counted", "baseline": ""}
    for _ in range(2):
        with sessions() as session:
            entered = delivering.register_benefit(session, planner, approved, name, 0, **said)
        assert entered.version == 1
    with sessions() as session, pytest.raises(StaleVersion):
        delivering.register_benefit(session, planner, approved, name, 0, **{**said, "baseline": "None in 2025"})
    with sessions() as session, pytest.raises(NotFound):
        delivering.register_benefit(session, planner, approved, "Joy", 0, **said)
    assert seen(sessions, planner, approved).registered[name].answers_for == "Transport office"


def test_dates_are_recorded_in_order_and_not_ahead(sessions: Sessions, planner: Actor, approved: UUID) -> None:
    def record(version: int, started: date | None, opened: date | None) -> int:
        with sessions() as session:
            return delivering.record_dates(
                session, planner, approved, version, started_on=started, opened_on=opened, today=LATER
            ).version

    started, opened = date(FIRST, 2, 1), date(FIRST + 2, 5, 1)
    assert record(0, started, None) == 1
    assert record(1, started, opened) == 2
    assert record(0, started, opened) == 2, "the same once more"
    for version, days, error in (
        (1, (started, None), StaleVersion),
        (2, (opened, started), DomainError),
        (2, (started, date(2900, 1, 1)), DomainError),
    ):
        with pytest.raises(error):
            record(version, *days)
    assert [action for action, _ in trail(sessions)] == ["delivery.dates-recorded"] * 2


def test_who_may_report_and_when(sessions: Sessions, planner: Actor, approved: UUID) -> None:
    stranger = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Elsewhere"))
    approver = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Other council"))
    with pytest.raises(NotFound):
        report(sessions, stranger, approved, FIRST, entry())
    with pytest.raises(NotAllowed):
        report(sessions, approver, approved, FIRST, entry())
    with sessions() as session, pytest.raises(NotAllowed):
        following.all_followed(session, planner)
    with sessions() as session:
        waiting = registration.register_project(session, planner, factories.published_project("zurich-tunnel"))
    with pytest.raises(WrongState):
        report(sessions, planner, waiting.id, FIRST, entry())
    analyst = factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Office"))
    assert report(sessions, analyst, approved, FIRST, entry()).version == 1


def test_the_plan_is_the_one_decided_on_with_what_the_run_said_of_its_cost(
    sessions: Sessions, planner: Actor, approved: UUID
) -> None:
    with sessions.begin() as session:
        session.get_one(Project, approved).title = "Written again since"
    found = seen(sessions, planner, approved)
    assert found.forecast == PLAN
    assert [each.name for each in found.estimates] == ["P50", "P80"]
    assert found.estimates[0].value < found.estimates[1].value
    assert all(each.se is not None for each in found.estimates)
    assert found.missing == (FIRST, FIRST + 1, FIRST + 2)
    assert found.overdue == found.missing, "in June the year before is overdue too"
    with sessions() as session:
        (listed,) = following.all_followed(session, OPERATOR, today=LATER)
    assert (listed.reference, listed.overdue) == (found.reference, found.overdue)
    with sessions() as session:
        assert following.is_followed(session, approved, found.state)
        assert not following.is_followed(session, uuid4(), ProjectState.SUBMITTED)


def test_the_plan_by_year() -> None:
    """By hand, in single units: 90 thousand to build, use and benefits from the third year."""
    assert (PLAN.total, PLAN.opening, PLAN.asset_class) == (Decimal(90_000), FIRST + 2, "rail")
    assert PLAN.capital[FIRST + 1] == Decimal(30_000)
    assert PLAN.running[FIRST + 2] == Decimal(5_000)
    assert PLAN.use is not None
    assert PLAN.use[FIRST + 3] == Decimal(120)
    saved, carbon = PLAN.benefits
    assert (saved.planned[FIRST + 3], saved.tonnes) == (Decimal(24_000), False)
    assert (carbon.planned[FIRST], carbon.tonnes) == (Decimal(9), True), "tonnes are not money"


def reports_of(*costs: str | None) -> list[Reported]:
    return [
        Reported(year=FIRST + place, version=1, capital_cost=Decimal(cost) if cost else None)
        for place, cost in enumerate(costs)
    ]


def test_a_year_nobody_reported_ends_what_is_known() -> None:
    """By hand: 100 and 50 are known by the second year, the fourth counts once the third is there."""
    standing = standing_of(PLAN, reports_of("100", "50", None, "7"), None)
    assert (standing.until, standing.spent, standing.unknown) == (FIRST + 1, Decimal(150), (FIRST + 2,))
    assert standing.planned == PLAN.capital[FIRST] + PLAN.capital[FIRST + 1]
    late = standing_of(PLAN, reports_of("100", "50", "0", "7"), date((PLAN.opening or 0) + 2, 1, 1))
    assert (late.until, late.spent, late.unknown, late.late) == (FIRST + 3, Decimal(157), (), 2)
    nothing = standing_of(PLAN, (), None)
    assert (nothing.until, nothing.spent, nothing.over, nothing.on_plan) == (None, None, None, False)
    skipped = standing_of(PLAN, reports_of(None, "50"), None)
    assert (skipped.until, skipped.unknown) == (None, (FIRST,))


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=len(PLAN.years)))
def test_what_is_over_is_the_sum_of_what_each_year_is_over(costs: list[int]) -> None:
    standing = standing_of(PLAN, reports_of(*map(str, costs)), None)
    over = sum(cost - PLAN.capital[FIRST + place] for place, cost in enumerate(costs))
    assert (standing.over, standing.unknown) == (over, ())
    assert standing.until == FIRST + len(costs) - 1
    exact = standing_of(PLAN, reports_of(*(str(PLAN.capital[FIRST + place]) for place in range(len(costs)))), None)
    assert exact.over == 0


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(FIRST, 12, 31), ()),
        (date(FIRST + 1, 3, 31), ()),
        (date(FIRST + 1, 4, 1), (FIRST,)),
        (date(FIRST + 2, 3, 31), (FIRST,)),
        (date(FIRST + 2, 4, 1), (FIRST, FIRST + 1)),
    ],
)
def test_a_year_is_overdue_from_april(today: date, due: tuple[int, ...]) -> None:
    assert overdue(PLAN, (), None, today) == due
    assert overdue(PLAN, reports_of("0"), None, today) == due[1:]


def test_the_citys_record_takes_what_is_known(sessions: Sessions, planner: Actor, approved: UUID) -> None:
    report(sessions, planner, approved, FIRST, entry("100"))
    report(sessions, planner, approved, FIRST + 2, entry("50"))
    facts = finished_facts(seen(sessions, planner, approved), "Haneul", "buildings")
    assert facts["actual_cost"] is None, "a year is missing"
    report(sessions, planner, approved, FIRST + 1, entry("30", source="Accounts, p. 9"))
    facts = finished_facts(seen(sessions, planner, approved), "Haneul", "buildings")
    assert (facts["actual_cost"], facts["planned_cost"]) == (Decimal(180), PLAN.total)
    assert facts["source"] == "Accounts, p. 3; Accounts, p. 9"
    assert "planned_opening" not in facts, "the plan names no day"
    with sessions() as session:
        city = following.city_class(session, planner, approved)
    assert city is not None
    assert (city.recorded, city.row) == (0, None)
