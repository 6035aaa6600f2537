"""How many requests an account may send."""

import json

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Role, Scope
from appraisal.services.attempts import TooManyAttempts
from appraisal.web import pacing
from appraisal.web.pacing import Pace
from tests.web.people import signed_in_as, token_for


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    at = [100.0]
    monkeypatch.setattr(pacing.time, "monotonic", lambda: at[0])
    return at


@pytest.mark.asvs("2.4.1")
def test_an_allowance_is_used_up_and_fills_again(clock: list[float]) -> None:
    pace = Pace(60)
    for _ in range(60):
        pace.take("ana")
    with pytest.raises(TooManyAttempts) as refused:
        pace.take("ana")
    assert refused.value.seconds == 1
    pace.take("ben")
    clock[0] += 2
    for _ in range(2):
        pace.take("ana")
    with pytest.raises(TooManyAttempts):
        pace.take("ana")


def test_those_with_a_full_allowance_are_forgotten(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "MOST_KNOWN", 3)
    pace = Pace(60)
    for who in ("ana", "ben", "cho"):
        pace.take(who)
    clock[0] += 60
    pace.take("dee")
    assert list(pace._left) == ["dee"]


@pytest.mark.asvs("2.3.2", "2.4.1")
@pytest.mark.usefixtures("clock")
def test_people_and_programs_are_told_when_to_come_back(
    app: Flask, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "pace", Pace(60))
    client, account = signed_in_as(app, sessions, Role.ANALYST)
    headers = {"Authorization": f"Bearer {token_for(sessions, account, Scope.READ_PROJECTS)}"}
    for _ in range(30):
        assert client.get("/messages").status_code == 200
        assert app.test_client().get("/projects.json", headers=headers).status_code == 200
    page = client.get("/messages")
    assert (page.status_code, page.headers["Retry-After"]) == (429, "1")
    program = app.test_client().get("/projects.json", headers=headers)
    assert (program.status_code, "error" in json.loads(program.text)) == (429, True)
    assert client.get("/sign-in").status_code == 200
    other, _ = signed_in_as(app, sessions, Role.PLANNER)
    assert other.get("/messages").status_code == 200
