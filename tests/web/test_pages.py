"""The ranked portfolio and its exports as a browser asks for them."""

import csv
import io
import re
from dataclasses import replace
from decimal import Decimal

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Project, ProjectState, Role
from appraisal.policy import OPERATOR
from appraisal.services import accounts, appraising, registration, rounds
from scoring.project_file import Financing
from tests import factories
from tests.web.people import person, sign_in, token


def ranked(sessions: sessionmaker[Session], *cases: str) -> None:
    email = person(sessions, Role.PLANNER)
    with sessions() as session:
        rounds.open_round(
            session,
            OPERATOR,
            name="Round 2027",
            place="Haneul",
            budget=Decimal(250_000),
            currency="AUD",
            unit=1000,
            price_year=2022,
        )
    with sessions() as session:
        planner = accounts.account_of(session, email)
    for case in cases:
        with sessions() as session:
            project = registration.register_project(session, planner, factories.published_project(case))
        with sessions() as session:
            registration.submit_project(session, planner, project.id, project.version)
        with sessions() as session:
            appraising.appraise_project(session, OPERATOR, project.id, seed=1, draws=200)


def test_the_portfolio_and_its_csv_say_the_same(client: FlaskClient, sessions: sessionmaker[Session]) -> None:
    ranked(sessions, "opal-lakes", "opal-lakes-3-percent")
    sign_in(client, person(sessions, Role.ANALYST, "Bank"))
    page = client.get("/portfolio?sort=loss&order=down").text
    assert re.findall(r'class="sub">(NSW-[A-Z0-9-]+)', page) == ["NSW-OPAL", "NSW-OPAL-3"]
    assert "5 open conditions" in page
    text = client.get("/portfolio.csv?sort=loss&order=down").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Reference"] for row in rows] == ["NSW-OPAL", "NSW-OPAL-3"]
    assert client.get("/portfolio?text=nothing+like+it").text.count("No project fits these filters") == 1


def test_more_approved_than_the_budget_holds_is_the_headline(
    client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    ranked(sessions, "opal-lakes")
    with sessions.begin() as session:
        session.scalars(select(Project)).one().state = ProjectState.APPROVED
    sign_in(client, person(sessions, Role.ANALYST, "Bank"))
    assert "1 of 1 projects fit the" in client.get("/portfolio").text
    explored = client.get("/portfolio?budget=0").text
    assert re.search(r"<h1>What is approved costs AUD [\d.,]+ m, more than the AUD 0", explored)
    year = re.findall(r'name="cap-(\d{4})"', explored)[0]
    capped = client.get(f"/portfolio?cap-{year}=0.001").text
    assert re.search(rf"<h1>What is approved costs AUD [\d.,]+ m in {year}, more than the {year} budget of AUD", capped)
    assert "projects fit the" in client.get(f"/portfolio?cap-{year}=999999999").text


def test_a_planner_of_another_organisation_sees_nothing(client: FlaskClient, sessions: sessionmaker[Session]) -> None:
    ranked(sessions, "opal-lakes")
    sign_in(client, person(sessions, Role.PLANNER, "Elsewhere"))
    assert "Opal" not in client.get("/portfolio").text
    for path in ("/runs/1/report.pdf", "/runs/1/report.xlsx"):
        assert client.get(path).status_code == 404


def test_reports_are_files_of_the_run(client: FlaskClient, sessions: sessionmaker[Session]) -> None:
    ranked(sessions, "opal-lakes")
    sign_in(client, person(sessions, Role.ANALYST, "Bank"))
    pdf, xlsx = client.get("/runs/1/report.pdf"), client.get("/runs/1/report.xlsx")
    assert pdf.data.startswith(b"%PDF-")
    assert xlsx.data.startswith(b"PK")
    assert pdf.headers["Content-Disposition"] == 'attachment; filename="NSW-OPAL-run-1.pdf"'


def test_what_waits_is_appraised_together(client: FlaskClient, sessions: sessionmaker[Session]) -> None:
    ranked(sessions, "opal-lakes")
    with sessions() as session:
        planner = accounts.account_of(session, "planner.haneul@example.org")
    for name in ("Fine", "Impossible"):
        file = replace(factories.published_project(), reference=name.upper(), title=name)
        if name == "Impossible":
            file = replace(file, financing=Financing(equity=(Decimal(1),)))
        with sessions() as session:
            project = registration.register_project(session, planner, file)
        with sessions() as session:
            registration.submit_project(session, planner, project.id, project.version)
    sign_in(client, person(sessions, Role.ANALYST, "Bank"))
    assert "2 projects wait for an appraisal" in client.get("/portfolio").text
    sent = client.post("/portfolio/appraise", data={"csrf_token": token(client, "/portfolio")}, follow_redirects=True)
    assert "1 project appraised." in sent.text
    assert "Impossible cannot be appraised" in sent.text
    assert "One project waits" in sent.text
    sign_in(client, person(sessions, Role.APPROVER, "Ministry"))
    assert "One project waits" not in client.get("/portfolio").text
    refused = client.post("/portfolio/appraise", data={"csrf_token": token(client, "/portfolio")})
    assert refused.status_code == 403
