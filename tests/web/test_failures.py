"""Failures are pages that say what to do, and every answer carries the headers."""

import logging
import re
import subprocess
import sys

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from appraisal import create_app, policy
from appraisal.models import Role
from appraisal.services.errors import DomainError, StaleVersion
from config import Settings
from tests.applications import application
from tests.web.people import signed_in_as, token

HEADINGS = {
    400: "could not be read",
    403: "may not do this",
    404: "no page here",
    405: "does not work that way",
    409: "Someone else changed this",
    413: "too large",
    415: "kind of file",
    422: "cannot be right",
    429: "wait a little",
    500: "The application failed",
    503: "cannot be reached",
}
RAISED = [
    (policy.NotFound(), 404, "no page here"),
    (policy.NotAllowed(policy.Action.APPRAISE_PROJECT), 403, "for the role admin or analyst or appraiser"),
    (StaleVersion("changed"), 409, "newer version"),
    (DomainError("The <sum> is wrong."), 422, "The &lt;sum&gt; is wrong."),
]


@pytest.fixture
def app(sessions: sessionmaker[Session]) -> Flask:
    """One of the test's own: pages that fail are added to it."""
    return application(sessions.kw["bind"])


def failing(app: Flask, error: Exception) -> FlaskClient:
    def view() -> str:
        raise error

    app.add_url_rule("/fails", "fails", view)
    return app.test_client()


@pytest.fixture
def production(sessions: sessionmaker[Session]) -> Flask:
    settings = Settings(environment="production", secret_key="k" * 40, database_url="sqlite://")
    return create_app(settings, sessions.kw["bind"])


@pytest.mark.parametrize("status", HEADINGS)
def test_each_status_has_its_page(app: Flask, status: int) -> None:
    app.add_url_rule("/fails", "fails", lambda: abort(status))
    response = app.test_client().get("/fails")
    assert response.status_code == status
    assert HEADINGS[status] in re.findall(r"<h1>(.*?)</h1>", response.text)[0]


@pytest.mark.parametrize(("error", "status", "said"), RAISED)
def test_each_refusal_has_its_page(app: Flask, error: Exception, status: int, said: str) -> None:
    response = failing(app, error).get("/fails")
    assert response.status_code == status
    assert said in response.text


@pytest.mark.asvs("16.3.4", "16.5.1")
def test_a_fault_shows_a_reference_that_is_in_the_log(production: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        response = failing(production, ZeroDivisionError("secret detail")).get("/fails")
    assert response.status_code == 500
    assert "secret detail" not in response.text
    reference = re.search(r"<strong>([0-9a-f]{8})</strong>", response.text)
    assert reference is not None
    assert reference[1] in caplog.text
    assert "secret detail" in caplog.text


@pytest.mark.parametrize("path", ["/portfolio", "/fails"])  # it fails while, and before, the account is read
@pytest.mark.asvs("16.5.2")
def test_a_database_that_is_gone_gives_the_page_too(path: str, caplog: pytest.LogCaptureFixture) -> None:
    empty = create_engine("sqlite://")
    app = create_app(Settings(environment="production", secret_key="k" * 40, database_url="sqlite://"), empty)
    client = failing(app, OSError("no such table, or any other"))
    with client.session_transaction(base_url="https://localhost") as cookie:
        cookie["key"] = "a key of a session"
    response = client.get(path, base_url="https://localhost")
    empty.dispose()
    assert response.status_code == 500
    reference = re.search(r"<strong>([0-9a-f]{8})</strong>", response.text)
    assert reference is not None
    assert reference[1] in caplog.text
    assert "no such table" in caplog.text
    assert "no such table" not in response.text


def test_unknown_routes_and_wrong_methods(client: FlaskClient) -> None:
    assert client.get("/nowhere").status_code == 404
    wrong = client.delete("/portfolio")
    assert wrong.status_code == 405
    assert "GET" in wrong.headers["Allow"]
    assert "DELETE" not in wrong.headers["Allow"]


@pytest.mark.asvs("3.5.1")
def test_a_form_without_its_token_says_that_it_expired(client: FlaskClient) -> None:
    response = client.post("/sign-in", data={"email": "a@example.org", "password": "x"})
    assert response.status_code == 400
    assert "The form has expired" in response.text


@pytest.mark.asvs("5.2.1")
def test_too_much_is_refused_before_it_is_read(app: Flask, sessions: sessionmaker[Session]) -> None:
    client, _ = signed_in_as(app, sessions, Role.ADMIN)
    sent = {"name": "x" * 3_000_000, "csrf_token": token(client, "/admin/accounts/new")}
    response = client.post("/admin/accounts/new", data=sent)
    assert response.status_code == 413
    assert "At most 2 MiB can be sent" in response.text


def test_another_host_is_refused(client: FlaskClient) -> None:
    assert client.get("/sign-in", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "path", ["/sign-in", "/nowhere", "/portfolio", "/health", "/", "/fails", "/static/css/tokens.css", "/static/none"]
)
@pytest.mark.asvs("3.4.3", "3.4.4", "3.4.5", "3.4.6", "14.2.2", "14.3.2")
def test_every_answer_carries_the_headers(app: Flask, path: str) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with failing(app, ZeroDivisionError()).get(path) as response:
        headers = response.headers
    directives = headers["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in directives
    assert "frame-ancestors 'none'" in directives
    assert not [directive for directive in directives if "unsafe" in directive or "*" in directive]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers
    assert path == "/static/css/tokens.css" or headers["Cache-Control"] == "no-store"


@pytest.mark.asvs("3.3.1", "3.3.2", "3.3.3", "3.3.4", "3.4.1")
def test_production_insists_on_tls(production: Flask) -> None:
    response = production.test_client().get("/sign-in", base_url="https://localhost")
    assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")  # browsers keep it to this host, and take it by TLS alone
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_health_is_plain_text(client: FlaskClient) -> None:
    response = client.get("/health")
    assert (response.status_code, response.text, response.mimetype) == (200, "ok\n", "text/plain")


def test_the_pages_start_without_the_heavy_libraries() -> None:
    code = (
        "import sys; from appraisal import create_app; from config import Settings;"
        "create_app(Settings(secret_key='k' * 40, database_url='sqlite://'));"
        "print(sorted({'numba', 'scipy', 'highspy', 'pandas', 'typst', 'vl_convert'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
