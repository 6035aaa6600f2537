"""Rounds at the browser: administrators set their times, planners and appraisers read them with their zone."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.demo import example_project
from appraisal.models import Account, LiveSession, Project, ProjectState, Role, Round
from appraisal.models.tables import now
from appraisal.policy import Actor
from appraisal.reading.project_file import read_project
from appraisal.services import drafting
from tests.panel import panel
from tests.rounds import BEFORE, LAST, TIMES, TOO_LATE, WHILE_OPEN, at, held
from tests.web.people import let_in, signed_in_as, token

ROUND = {
    "name": "Round 2027",
    "budget": "118",
    "currency": "usd",
    "unit": "1000000",
    "price_year": "2026",
    "framework": "thematic-core@1",
    "zone": "Asia/Seoul",
    "opens_on": "2027-03-01",
    "opens_time": "09:00",
    "closes_on": "2027-03-31",
    "closes_time": "",
    "scoring_on": "2027-04-30",
    "scoring_time": "17:00",
    "returned_days": "30",
}
DEADLINE = "31 Mar 2027, 24:00 Asia/Seoul (UTC+09:00)"


def test_an_administrator_makes_changes_and_extends_a_round(app: Flask, sessions: sessionmaker[Session]) -> None:
    client, _ = signed_in_as(app, sessions, Role.ADMIN)
    assert "There is no round yet" in client.get("/admin/rounds").text
    page = client.get("/admin/rounds/new").text
    framework = re.search(r'<option value="([^"]+@\d+)"', page)
    key = re.search(r'name="key"[^>]*value="([^"]+)"', page)
    assert framework is not None
    assert key is not None
    sent = {**ROUND, "framework": framework[1], "key": key[1]}
    post(client, "/admin/rounds/new", sent, 302)
    post(client, "/admin/rounds/new", sent, 302)
    listed = client.get("/admin/rounds").text
    assert listed.count("Round 2027</th>") + listed.count("Round 2027 <span") == 1
    for shown in (DEADLINE, "1 Mar 2027, 09:00 Asia/Seoul", "30 Apr 2027, 17:00 Asia/Seoul"):
        assert shown in listed
    with sessions() as session:
        path = f"/admin/rounds/{session.scalars(select(Round.id)).one()}"
    changed = {**sent, "version": "1", "name": "Call 2027"}
    assert 'value="24:00"' in client.get(path).text
    post(client, path, changed, 302)
    again = post(client, path, {**changed, "place": "Haneul"}, 409)
    assert "City or programme (optional): nothing" in again
    assert 'value="Haneul"' in again
    ahead = {"version": "2", "closes_on": "2127-03-31", "closes_time": "12:00", "reason": ""}
    assert "Say why" in post(client, f"{path}/extend", ahead, 422)
    post(client, f"{path}/extend", {**ahead, "reason": "A storm."}, 302)
    assert "31 Mar 2127, 12:00 Asia/Seoul" in client.get("/admin/rounds").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"zone": "Nowhere"}, "IANA name"),
        ({"closes_on": "2027-02-01"}, "The deadline comes after the opening."),
        ({"closes_on": "", "closes_time": "12:00"}, "Enter the day as well."),
        ({"zone": "Europe/Paris", "closes_on": "2027-03-28", "closes_time": "02:30"}, "does not exist on 28 Mar 2027"),
        ({"closes_time": "25:00"}, "hours and minutes"),
        ({"budget": "-3"}, "The budget is above zero."),
        ({"currency": "XYZ"}, "ISO 4217"),
        ({"opens_on": "1 March"}, "Write the day year-month-day"),
        ({"returned_days": "-1"}, "whole number from 0"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    app: Flask, sessions: sessionmaker[Session], wrong: dict[str, str], said: str
) -> None:
    client, _ = signed_in_as(app, sessions, Role.ADMIN)
    page = client.get("/admin/rounds/new").text
    framework = re.search(r'<option value="([^"]+@\d+)"', page)
    assert framework is not None
    text = post(client, "/admin/rounds/new", {**ROUND, "framework": framework[1], **wrong}, 422)
    assert said in text
    with sessions() as session:
        assert session.scalars(select(Round)).all() == []


def test_the_deadline_stands_with_its_zone_wherever_a_planner_goes(app: Flask, sessions: sessionmaker[Session]) -> None:
    client, account = planner_in(app, sessions)
    held(sessions)
    with at(WHILE_OPEN):
        awake(sessions)
        project = registered(sessions, account)
        for path in ("/projects/start", f"/projects/{project}/tasks", f"/projects/{project}/check"):
            assert DEADLINE in client.get(path).text, path
        post(client, f"/projects/{project}/submit", {"version": "1"}, 302)
        sent = client.get(f"/projects/{project}/sent").text
        assert sent.count(DEADLINE) == 2
        assert "The appraisers hand in by 30 Apr 2027, 17:00 Asia/Seoul" in sent
    with at(TOO_LATE):
        awake(sessions)
        assert "can no longer be taken back" in client.get(f"/projects/{project}/sent").text
        post(client, f"/projects/{project}/take-back", {}, 422)


def test_a_project_that_comes_too_late_is_kept_as_a_draft(app: Flask, sessions: sessionmaker[Session]) -> None:
    client, account = planner_in(app, sessions)
    signed_in_as(app, sessions, Role.ADMIN)
    held(sessions)
    with at(LAST):
        awake(sessions)
        project = registered(sessions, account)
        page = client.get(f"/projects/{project}/check").text
        assert "Send the project" in page
    with at(TOO_LATE):
        refused = post(client, f"/projects/{project}/submit", {"version": "1"}, 422)
        assert f"Round 2027 closed on {DEADLINE}. It is" in refused
        assert "Only an administrator can extend the round: A admin." in refused
        assert "Send the project" not in client.get(f"/projects/{project}/check").text
        start = client.get("/projects/start").text
        assert f"Round 2027 closed on {DEADLINE}. No date is set for the next one." in start
        assert "Register the project as an idea anyway" in start
    with sessions() as session:
        assert session.get_one(Project, project).state is ProjectState.DRAFT
    with at(BEFORE):
        assert (
            "Round 2027 opens on <strong>1 Mar 2027, 09:00 Asia/Seoul (UTC+09:00)" in client.get("/projects/start").text
        )


def test_an_appraiser_reads_until_when_to_hand_in(app: Flask, sessions: sessionmaker[Session]) -> None:
    made = held(sessions, times=TIMES)
    with at(WHILE_OPEN):
        sent = panel(sessions)
        appraiser = sent.appraiser("assigned")
    with sessions() as session:
        assert session.get_one(Project, sent.project_id).round_id == made.id
    client = app.test_client()
    let_in(client, sessions, appraiser)
    awake(sessions)
    for moment, said in ((WHILE_OPEN, "Hand in by"), (WHILE_OPEN + timedelta(days=90), "It was to be handed in by")):
        with at(moment):
            awake(sessions)
            assert f"{said} 30 Apr 2027, 17:00 Asia/Seoul (UTC+09:00)." in client.get("/assess").text


def planner_in(app: Flask, sessions: sessionmaker[Session]) -> tuple[FlaskClient, UUID]:
    client, account = signed_in_as(app, sessions, Role.PLANNER)
    return client, account.id


def awake(sessions: sessionmaker[Session]) -> None:
    """Every session was used just now, whatever the clocks say."""

    with sessions.begin() as session:
        for row in session.scalars(select(LiveSession)):
            row.created_at = row.seen_at = now()


def registered(sessions: sessionmaker[Session], account_id: UUID) -> UUID:

    with sessions() as session:
        actor = Actor.of(session.get_one(Account, account_id))
    with sessions() as session:
        return drafting.start_project(session, actor, uuid4(), read_project(example_project()), years=2).id


def post(client: FlaskClient, path: str, data: dict[str, str], status: int) -> str:
    answer = client.post(path, data={**data, "csrf_token": token(client, "/sign-in")})
    assert answer.status_code == status, answer.text[:3000]
    return answer.text
