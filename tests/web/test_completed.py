"""Completed projects in a browser without script: recorded, corrected, withdrawn, taken in as a table, exported."""

import csv
import io
import random
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from appraisal.demo import completed_projects
from appraisal.models import CompletedProject, Role
from appraisal.policy import OPERATOR
from appraisal.reading.completed_table import read_completed
from appraisal.services import completing
from tests.web.people import signed_in_as, token
from tests.web.test_hostile_posts import BAD

ROAD = {
    "name": "Ring road <b>",
    "city": "Haneul",
    "asset_class": "road",
    "currency": "usd",
    "price_year": "2020",
    "planned_cost": "1 000 000",
    "actual_cost": "1250000",
    "started_on": "2015-01-01",
    "planned_opening": "2017-01-01",
    "actual_opening": "2018-01-01",
    "use_unit": "vehicles a day",
    "planned_use": "20000",
    "actual_use": "15000",
    "source": "Final account, p. 3",
}
CITY = "Haneul (fictional city)"


@pytest.fixture
def analyst(app: Flask, sessions: sessionmaker[Session]) -> FlaskClient:
    return signed_in_as(app, sessions, Role.ANALYST)[0]


@pytest.fixture
def demo(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        completing.import_projects(session, OPERATOR, read_completed(completed_projects()))


def send(client: FlaskClient, path: str, data: dict[str, Any]) -> TestResponse:
    return client.post(path, data={"csrf_token": token(client, "/completed/import"), **data})


def recorded(sessions: sessionmaker[Session]) -> list[CompletedProject]:
    with sessions() as session:
        return list(session.scalars(select(CompletedProject).order_by(CompletedProject.name)))


def test_an_empty_list_says_what_it_is_for(app: Flask, sessions: sessionmaker[Session], analyst: FlaskClient) -> None:
    page = analyst.get("/completed").text
    assert "Once 10 of a class are recorded here" in page
    assert "/completed/new" in page
    planner, _ = signed_in_as(app, sessions, Role.PLANNER)
    page = planner.get("/completed").text
    assert "An analyst or an administrator records them." in page
    assert "/completed/new" not in page


def test_a_project_is_recorded_corrected_withdrawn_and_put_back(
    analyst: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    key = str(uuid4())
    for _ in range(2):
        assert send(analyst, "/completed/new", {**ROAD, "key": key}).status_code == 302
    (row,) = recorded(sessions)
    assert (row.id, row.currency, row.planned_cost) == (UUID(key), "USD", 1_000_000)
    page = analyst.get("/completed").text
    assert "1 of 10 recorded for roads: 9 more and Haneul’s own record replaces the library’s" in page
    for shown in ("Ring road &lt;b&gt;", "+25%", "+50%", "−25%"):
        assert shown in page
    path = f"/completed/{key}"
    assert 'value="1000000"' in analyst.get(path).text
    assert send(analyst, path, {**ROAD, "actual_cost": "2000000", "version": "1"}).status_code == 302
    late = send(analyst, path, {**ROAD, "actual_cost": "3000000", "version": "1"})
    assert late.status_code == 409
    assert "<dt>Actual cost</dt><dd>2000000</dd>" in late.text
    assert 'value="3000000"' in late.text
    assert send(analyst, f"{path}/withdraw", {"version": "2", "because": ""}).status_code == 422
    assert send(analyst, f"{path}/withdraw", {"version": "1", "because": "late"}).status_code == 409
    assert send(analyst, f"{path}/withdraw", {"version": "2", "because": "not ours"}).status_code == 302
    page = analyst.get("/completed").text
    assert "Every project of Haneul is withdrawn" in page
    assert "not ours" in page
    assert send(analyst, f"{path}/put-back", {"version": "3"}).status_code == 302
    assert recorded(sessions)[0].withdrawn_at is None
    assert analyst.get(f"/completed/{uuid4()}").status_code == 404


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"planned_cost": ""}, "planned_cost", "Enter the planned cost, above zero."),
        ({"asset_class": "castle"}, "asset_class", "Not a valid choice"),
        ({"actual_opening": ""}, "actual_opening", "Enter all three days, or none"),
        ({"reference": "NO-1"}, "reference", "No project is registered as NO-1"),
        ({"name": "bus lanes on the river  AVENUE", "city": CITY}, "name", "is recorded for"),
    ],
)
@pytest.mark.usefixtures("demo")
def test_what_cannot_be_is_refused_at_its_field(
    analyst: FlaskClient, sessions: sessionmaker[Session], change: dict[str, str], field: str, said: str
) -> None:
    response = send(analyst, "/completed/new", {**ROAD, **change, "key": str(uuid4())})
    assert response.status_code == 422
    assert said in response.text
    assert f'href="#{field}"' in response.text
    assert 'value="Final account, p. 3"' in response.text
    assert len(recorded(sessions)) == 19


@pytest.mark.usefixtures("demo")
def test_the_list_shows_the_switch(analyst: FlaskClient) -> None:
    page = re.sub(r"<[^>]+>|\s+", " ", analyst.get("/completed").text)
    assert f"{CITY}’s own record replaces the library’s for water" in page
    assert "7 of 10 recorded for roads; 3 more and the city’s own record replaces the library’s." in page
    assert page.count("the city’s own ") >= 3
    assert page.count("the city’s own  since ") >= 3
    assert page.count("library’s, until 3 more") == 3


@pytest.mark.usefixtures("demo")
def test_the_export_is_a_table_that_can_be_taken_in_elsewhere(
    analyst: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    key = recorded(sessions)[0].id
    send(analyst, f"/completed/{key}/withdraw", {"version": "1", "because": "twice"})
    text = analyst.get("/completed/record.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert (len(rows), [row["withdrawn"] for row in rows].count("twice")) == (19, 1)
    again = {entry.project.name: entry.project for entry in read_completed(text)}
    assert len(again) == 18
    assert again.items() <= {each.project.name: each.project for each in read_completed(completed_projects())}.items()


def test_a_table_is_shown_before_it_is_stored(analyst: FlaskClient, sessions: sessionmaker[Session]) -> None:
    content = completed_projects().encode("utf-8-sig")
    page = send(analyst, "/completed/import", {"file": (io.BytesIO(content), "works.csv"), "text": ""})
    assert page.status_code == 200
    assert "Store these 19 projects" in page.text
    assert recorded(sessions) == []
    done = send(analyst, "/completed/import/store", {"text": completed_projects()})
    assert done.status_code == 302
    assert len(recorded(sessions)) == 19
    twice = send(analyst, "/completed/import", {"text": completed_projects()})
    assert twice.status_code == 422
    assert "row 2: Eastern trunk main renewal is recorded for" in twice.text
    assert send(analyst, "/completed/import/store", {"text": completed_projects()}).status_code == 422
    assert len(recorded(sessions)) == 19


def test_a_table_with_a_mistake_stores_nothing(analyst: FlaskClient, sessions: sessionmaker[Session]) -> None:
    broken = completed_projects().replace("18400000", "<script>")
    for path in ("/completed/import", "/completed/import/store"):
        response = send(analyst, path, {"text": broken})
        assert response.status_code == 422
        assert "row 2, planned_cost: “&lt;script&gt;” is not a number" in response.text
    assert recorded(sessions) == []


@pytest.mark.parametrize("role", [Role.PLANNER, Role.APPRAISER, Role.APPROVER])
@pytest.mark.usefixtures("demo")
def test_others_read_and_change_nothing(app: Flask, sessions: sessionmaker[Session], role: Role) -> None:
    client, _ = signed_in_as(app, sessions, role)
    key = recorded(sessions)[0].id
    page = client.get("/completed").text
    assert "Bus lanes on the river avenue" in page
    assert f"/completed/{key}" not in page
    assert client.get("/completed/record.csv").status_code == 200
    for path in ("new", f"{key}", "import"):
        assert client.get(f"/completed/{path}").status_code == 403
    sent = {**ROAD, "key": str(uuid4()), "version": "1", "because": "x", "text": completed_projects()}
    sent["csrf_token"] = token(client, "/sign-in")
    for path in ("new", f"{key}", f"{key}/withdraw", f"{key}/put-back", "import", "import/store"):
        assert client.post(f"/completed/{path}", data=sent).status_code == 403
    assert {(row.version, row.withdrawn_at) for row in recorded(sessions)} == {(1, None)}


def test_no_text_in_any_field_is_a_fault(analyst: FlaskClient) -> None:
    chance = random.Random("completed")  # noqa: S311 -- repeatable
    key = str(uuid4())
    assert send(analyst, "/completed/new", {**ROAD, "key": key}).status_code == 302
    sent = {**ROAD, "csrf_token": token(analyst, "/completed/import"), "version": "1"}
    pages = dict.fromkeys((*ROAD, "reference", "version"), (key,)) | {
        "key": ("new",),
        "because": (f"{key}/withdraw", f"{key}/put-back"),
        "text": ("import", "import/store"),
    }
    for field, paths in pages.items():
        for text in chance.sample(BAD, 4):
            other = {chance.choice(list(ROAD)): chance.choice(BAD)}
            for path in paths:
                data = {**sent, "key": str(uuid4()), **other, field: text}
                assert analyst.post(f"/completed/{path}", data=data).status_code < 500, (path, field, text)
    assert analyst.get("/completed", query_string={"city": "\x00'"}).status_code == 200
