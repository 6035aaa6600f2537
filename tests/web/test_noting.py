"""What is put down in the log about who tried what, and what never stands there."""

import json
import logging
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from appraisal.journal import EVENTS, JsonLines
from appraisal.models import Role, Scope
from appraisal.policy import OPERATOR
from appraisal.services import invitations
from tests.web.people import PASSWORD, person, sign_in, signed_in_as, token, token_for


class Log:
    """The lines that the server would write."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self._caplog = caplog
        caplog.set_level(logging.INFO, logger=EVENTS)

    @property
    def text(self) -> str:
        return "\n".join(JsonLines().format(record) for record in self._caplog.records)

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(each) for each in self.text.splitlines()]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Log:
    return Log(caplog)


@pytest.mark.asvs("16.3.1")
def test_signing_in_and_failing_to_are_logged(app: Flask, sessions: sessionmaker[Session], log: Log) -> None:
    email = person(sessions, Role.ANALYST)
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    for _ in range(2):
        assert sign_in(client, email, "not the password").status_code == 422
    assert sign_in(client, "nobody@example.org", "not the password").status_code == 422
    sign_in(client, email)
    client.post("/sign-out", data={"csrf_token": token(client, "/account")})
    first, second, other, entered, left = log.events()
    assert (first["said"], first["status"], first["route"], first["address"]) == (
        "attempt failed",
        422,
        "/sign-in",
        "203.0.113.9",
    )
    assert first["counted"] == second["counted"] != other["counted"]
    assert (entered["said"], entered["by"], left["said"]) == ("signed in", "password", "signed out")
    assert entered["account_in"] == left["account"]


@pytest.mark.asvs("16.3.2", "16.3.3")
def test_refusals_are_logged_with_who_and_where(app: Flask, sessions: sessionmaker[Session], log: Log) -> None:
    planner, account = signed_in_as(app, sessions, Role.PLANNER)
    program, hidden = app.test_client(), uuid4()
    bearer = {"Authorization": f"Bearer {token_for(sessions, account, Scope.READ_PROJECTS)}"}
    assert planner.get("/admin/accounts").status_code == 403
    assert planner.get(f"/projects/{hidden}").status_code == 404
    assert planner.get("/no/such/page").status_code == 404
    assert planner.delete("/portfolio").status_code == 405
    assert planner.post("/projects/new", data={}).status_code == 400
    assert program.get("/projects.json", headers={"Authorization": "Bearer apt_made-up"}).status_code == 401
    assert program.get("/portfolio.csv", headers=bearer).status_code == 403
    assert program.get("/account", headers=bearer).status_code == 403
    assert planner.get("/portfolio", headers={"Host": "elsewhere.example"}).status_code == 400
    found = log.events()
    assert [(each["said"], each["status"]) for each in found] == [
        ("access refused", 403),
        ("access refused", 404),
        ("request refused", 404),
        ("request refused", 405),
        ("form refused", 400),
        ("token refused", 401),
        ("access refused", 403),
        ("access refused", 403),
        ("request refused", 400),
    ]
    assert found[0]["account"] == found[1]["account"] == str(account.id)
    assert (found[1]["route"], found[1]["objects"]) == (
        "/projects/<uuid:project_id>",
        {"project_id": str(hidden)},
    )
    assert found[2].get("route") is None


def test_a_limit_that_is_reached_is_logged(app: Flask, log: Log) -> None:
    client = app.test_client()
    for number in range(11):
        sign_in(client, f"person{number}@example.org", "a guess")
    assert log.events()[-1]["said"] == "limit reached"
    assert log.events()[-1]["status"] == 429


@pytest.mark.asvs("16.2.5")
def test_no_secret_stands_in_the_log(app: Flask, sessions: sessionmaker[Session], log: Log) -> None:
    email = person(sessions, Role.ANALYST)
    client, (_, account) = app.test_client(), signed_in_as(app, sessions, Role.ADMIN)
    with sessions() as session:
        link = invitations.invite(
            session, OPERATOR, email="new@example.org", name="New", role=Role.ANALYST, organisation="Haneul"
        ).secret
    secret = token_for(sessions, account, Scope.READ_PROJECTS)
    form = token(client)
    sign_in(client, email, "not the password")
    client.get(f"/join/{link}")
    client.post("/join", data={"new": "short", "repeated": "short", "csrf_token": form})
    client.get(f"/join/{link}/more")
    client.get(f"/sign-in?password={PASSWORD}&token={secret}", headers={"Host": "elsewhere.example"})
    client.get("/account", headers={"Authorization": f"Bearer {secret}"})
    client.get("/projects.json", headers={"Authorization": f"Bearer {secret}x"})
    sign_in(client, email)
    with client.session_transaction() as cookie:
        key = cookie["key"]
    client.get("/admin/accounts")
    assert len(log.events()) >= 7
    for hidden in (PASSWORD, "not the password", "short", link, secret, form, key, email):
        assert hidden not in log.text
