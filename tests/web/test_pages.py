"""The pages as a browser asks for them: sign-in, the ranked portfolio, exports, errors, headers."""

import csv
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from appraisal import create_app
from appraisal.database import create_engine_for, migrate, sessions_on
from appraisal.models import Role
from appraisal.policy import OPERATOR
from appraisal.services import accounts, appraising, registration, rounds
from config import Settings
from tests import factories

PASSWORD = "correct horse battery"
PUBLIC = {"/sign-in", "/health", "/"}


@pytest.fixture
def sessions(tmp_path: Path) -> Iterator[sessionmaker[Session]]:
    engine = create_engine_for(f"sqlite:///{tmp_path / 'web.db'}")
    migrate(engine)
    yield sessions_on(engine)
    engine.dispose()


@pytest.fixture
def app(sessions: sessionmaker[Session]) -> Flask:
    settings = Settings(environment="testing", secret_key="k" * 40, database_url="sqlite://")
    return create_app(settings, sessions.kw["bind"])


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def person(sessions: sessionmaker[Session], role: Role, organisation: str = "Haneul") -> str:
    email = f"{role.value}.{organisation.lower()}@example.org"
    with sessions() as session:
        accounts.create_account(
            session, OPERATOR, email=email, name="Ana", password=PASSWORD, role=role, organisation=organisation
        )
    return email


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, target: str = "/sign-in") -> TestResponse:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/sign-in").text)
    assert token is not None
    return client.post(target, data={"email": email, "password": password, "csrf_token": token[1]})


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


def test_nothing_is_shown_without_signing_in(app: Flask, client: FlaskClient) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static" or rule.rule in PUBLIC:
            continue
        path = rule.rule.replace("<int:number>", "1")
        methods = (rule.methods or set()) & {"GET", "POST"}
        for method in methods:
            response = client.open(path, method=method)
            refused = response.status_code == 302 and "/sign-in" in response.headers["Location"]
            assert refused or response.status_code == 400, (method, path)  # 400: the form carries no token


def test_sign_in_goes_where_one_wanted_but_never_elsewhere(
    client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    email = person(sessions, Role.ANALYST)
    assert sign_in(client, email, target="/sign-in?next=/portfolio.csv").headers["Location"] == "/portfolio.csv"
    for elsewhere in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        assert sign_in(client, email, target=f"/sign-in?next={elsewhere}").headers["Location"] == "/"


def test_a_wrong_password_keeps_the_address_and_is_limited(
    client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    email = person(sessions, Role.ANALYST)
    refused = sign_in(client, email, "wrong password !")
    assert refused.status_code == 422
    assert email in refused.text
    assert "do not match" in refused.text
    statuses = [sign_in(client, email, "wrong password !").status_code for _ in range(10)]
    assert statuses[-1] == 429


def test_signing_out_ends_copies_of_the_session(app: Flask, sessions: sessionmaker[Session]) -> None:
    email = person(sessions, Role.ANALYST)
    client, copy = app.test_client(), app.test_client()
    sign_in(client, email)
    cookie = client.get_cookie("session")
    assert cookie is not None
    copy.set_cookie("session", cookie.value)
    assert copy.get("/portfolio").status_code == 200
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/portfolio").text)
    assert token is not None
    client.post("/sign-out", data={"csrf_token": token[1]})
    assert copy.get("/portfolio").status_code == 302


def test_the_portfolio_and_its_csv_say_the_same(client: FlaskClient, sessions: sessionmaker[Session]) -> None:
    ranked(sessions, "opal-lakes", "opal-lakes-3-percent")
    sign_in(client, person(sessions, Role.ANALYST, "Bank"))
    page = client.get("/portfolio?sort=loss&order=down").text
    assert re.findall(r'class="sub">(NSW-[A-Z0-9-]+)', page) == ["NSW-OPAL", "NSW-OPAL-3"]
    assert "gates: BK7" in page
    text = client.get("/portfolio.csv?sort=loss&order=down").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Reference"] for row in rows] == ["NSW-OPAL", "NSW-OPAL-3"]
    assert client.get("/portfolio?text=nothing+like+it").text.count("No project fits these filters") == 1


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


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nowhere", 404), ("DELETE", "/portfolio", 405), ("POST", "/sign-in", 400)]
)
def test_failures_are_pages(client: FlaskClient, method: str, path: str, status: int) -> None:
    response = client.open(path, method=method)
    assert response.status_code == status
    assert "<h1" in response.text
    assert "Traceback" not in response.text


def test_another_host_is_refused(client: FlaskClient) -> None:
    assert client.get("/sign-in", headers={"Host": "evil.example"}).status_code == 400


def test_every_answer_carries_the_headers(client: FlaskClient) -> None:
    for path in ("/sign-in", "/nowhere", "/health", "/static/css/tokens.css"):
        with client.get(path) as response:
            headers = response.headers
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
