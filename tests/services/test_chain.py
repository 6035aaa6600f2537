"""Registered, submitted, appraised, ranked, replayed and reported, on both databases."""

from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AppraisalRun, AuditEntry, Project, ProjectState, Role
from appraisal.policy import OPERATOR, Actor, NotAllowed, NotFound
from appraisal.services import appraising, ranking, registration, reporting, rounds
from appraisal.services.errors import AlreadyThere, DomainError, StaleVersion
from tests import factories


@pytest.fixture
def planner(sessions: sessionmaker[Session]) -> Actor:
    with sessions() as session:
        rounds.open_round(
            session,
            OPERATOR,
            name="Round 2027",
            place="Haneul (fictional city)",
            budget=Decimal(250_000),
            currency="AUD",
            unit=1000,
            price_year=2026,
        )
    return factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))


def submitted(sessions: sessionmaker[Session], planner: Actor, case: str) -> Project:
    with sessions() as session:
        project = registration.register_project(session, planner, factories.published_project(case))
    with sessions() as session:
        registration.submit_project(session, planner, project.id, project.version)
    return project


def appraised(sessions: sessionmaker[Session], planner: Actor, case: str) -> int:
    project = submitted(sessions, planner, case)
    with sessions() as session:
        return appraising.appraise_project(session, OPERATOR, project.id, seed=1, draws=200).number


def actions(sessions: sessionmaker[Session]) -> list[str]:
    with sessions() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)))


def test_the_whole_chain(sessions: sessionmaker[Session], planner: Actor) -> None:
    first = appraised(sessions, planner, "opal-lakes")
    second = appraised(sessions, planner, "opal-lakes-3-percent")
    with sessions() as session:
        portfolio = ranking.ranked_portfolio(session, OPERATOR)
    assert {row.reference for row in portfolio.rows} == {"NSW-OPAL-3", "NSW-OPAL"}
    assert [row.rank for row in portfolio.rows] == sorted(row.rank for row in portfolio.rows)
    assert all(row.rank_low <= row.rank <= row.rank_high for row in portfolio.rows)
    assert portfolio.asked == 2 * 160_840 * 1000
    assert portfolio.funded == 0  # every gate of the unanswered questions is open
    with sessions() as session:
        assert appraising.replay(session, OPERATOR, first) == appraising.Replay(first, True, None)
    with sessions() as session:
        report = reporting.report_of(session, OPERATOR, second)
    assert report.rank is not None
    assert (report.rank.rank, report.rank.of) == (1, 2)
    assert actions(sessions) == [
        "framework.published",
        "round.opened",
        *["project.registered", "project.submitted", "project.appraised"] * 2,
    ]


def test_a_changed_result_is_found_at_its_key(sessions: sessionmaker[Session], planner: Actor) -> None:
    number = appraised(sessions, planner, "opal-lakes")
    with sessions() as session:
        sqlite = session.get_bind().dialect.name == "sqlite"
        trigger = "appraisal_run_no_update" if sqlite else "appraisal_run_guard ON appraisal_run"
        session.execute(text(f"DROP TRIGGER {trigger}"))
        run = session.scalars(select(AppraisalRun)).one()
        run.result = run.result.replace('"bcr":', '"bcr":1', 1)
        session.commit()
    with sessions() as session:
        found = appraising.replay(session, OPERATOR, number)
    assert (found.equal, found.difference) == (False, "economic.bcr")


@pytest.mark.asvs("8.4.1")
def test_a_rival_does_not_learn_that_a_project_exists(sessions: sessionmaker[Session], planner: Actor) -> None:
    project = submitted(sessions, planner, "opal-lakes")
    rival = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Elsewhere"))
    with sessions() as session, pytest.raises(NotFound):
        registration.submit_project(session, rival, project.id, 1)
    with sessions() as session, pytest.raises(NotFound):
        registration.project_document(session, rival, "NSW-OPAL")
    with sessions() as session:
        assert ranking.ranked_portfolio(session, rival).waiting == ()


def test_a_draft_is_seen_by_its_own_organisation_only(sessions: sessionmaker[Session], planner: Actor) -> None:
    with sessions() as session:
        registration.register_project(session, planner, factories.published_project())
    analyst = factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Bank"))
    with sessions() as session:
        assert ranking.ranked_portfolio(session, analyst).waiting == ()
    with sessions() as session:
        assert [item.state for item in ranking.ranked_portfolio(session, planner).waiting] == [ProjectState.DRAFT]


@pytest.mark.asvs("2.3.1")
def test_what_cannot_be_done_changes_nothing(sessions: sessionmaker[Session], planner: Actor) -> None:
    with sessions() as session:
        project = registration.register_project(session, planner, factories.published_project())
    before = actions(sessions)
    with sessions() as session, pytest.raises(AlreadyThere):
        registration.register_project(session, planner, factories.published_project())
    with sessions() as session, pytest.raises(StaleVersion):
        registration.submit_project(session, planner, project.id, 99)
    with sessions() as session, pytest.raises(DomainError, match="not submitted"):
        appraising.appraise_project(session, OPERATOR, project.id, seed=1, draws=200)
    with sessions() as session, pytest.raises(NotAllowed):
        appraising.appraise_project(session, planner, project.id, seed=1, draws=200)
    assert actions(sessions) == before
    with sessions() as session:
        assert session.get_one(Project, project.id).state is ProjectState.DRAFT


def test_views_filter_and_sort(sessions: sessionmaker[Session], planner: Actor) -> None:
    for case in ("opal-lakes", "opal-lakes-3-percent"):
        appraised(sessions, planner, case)

    def shown(**view: object) -> list[str]:
        with sessions() as session:
            portfolio = ranking.ranked_portfolio(session, OPERATOR, ranking.PortfolioView(**view))  # type: ignore[arg-type]
        return [row.reference for row in portfolio.rows]

    assert shown(sort="loss", descending=True) == ["NSW-OPAL", "NSW-OPAL-3"]
    assert shown(text="3%") == ["NSW-OPAL-3"]
    assert shown(gate="clear") == []
    assert shown(area="water") == []
