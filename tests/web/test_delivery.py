"""Delivery over HTTP: what the page finds, how a year is reported and corrected, the register, the list of all."""

import csv
import io
import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Account, CompletedProject, Role, YearReport
from appraisal.policy import Actor
from forms.delivery import benefit_field
from tests import delivery, factories
from tests.delivery import FIRST, SAVED
from tests.web.decide.browser import Browser, appraised
from tests.web.people import signed_in_as

Sessions = sessionmaker[Session]


@pytest.fixture
def planner(app: Flask, sessions: Sessions) -> tuple[Browser, Account]:
    client, account = signed_in_as(app, sessions, Role.PLANNER)
    return Browser(client), account


@pytest.fixture
def analyst(app: Flask, sessions: Sessions) -> Browser:
    return Browser(signed_in_as(app, sessions, Role.ANALYST)[0])


@pytest.fixture
def project(sessions: Sessions, planner: tuple[Browser, Account]) -> UUID:
    account = planner[1]
    approver = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Council"))
    actor = Actor(account.id, Role.PLANNER, account.organisation_id, account.name)
    return delivery.approved(sessions, actor, approver)


def title(page: str) -> str:
    (found,) = re.findall(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    return " ".join(found.split())


def report(browser: Browser, project: UUID, year: int, cost: str, **more: str) -> int:
    data = {"capital_cost": cost, "source": "Annual accounts, p. 3", "version": "0", **more}
    return browser.send(f"/projects/{project}/delivery/years/{year}", data).status_code


def test_reported_year_by_year_until_the_city_learns_from_it(
    planner: tuple[Browser, Account], analyst: Browser, sessions: Sessions, project: UUID
) -> None:
    browser, path = planner[0], f"/projects/{project}/delivery"
    page = browser.get(path)
    assert title(page) == f"Nothing is reported yet: the first year was {FIRST}"
    assert f'href="{path}/years/{FIRST}"' in page
    assert "The reports of 2021, 2022, 2023, 2024, 2025 are overdue" in page
    saved, carbon = benefit_field(SAVED), benefit_field("CO2")
    assert report(browser, project, FIRST, "60.5") == 302
    assert (
        title(browser.get(path))
        == f"On plan: AUD 60.5 k of AUD 90 k spent by {FIRST}, no opening recorded, planned for 2023"
    )
    assert report(browser, project, FIRST + 1, "40", note="Rock.") == 302
    more = {"running_cost": "6", "use": "90", saved: "18.5", carbon: "-4"}
    assert report(browser, project, FIRST + 2, "0", **more) == 302
    assert report(browser, project, FIRST + 3, "", use="110") == 302, "capital cost is left unknown"
    dates = {"started_on": "2021-02-01", "opened_on": "2024-05-02", "version": "0"}
    assert browser.send(f"{path}/dates", dates).status_code == 302
    who = {"answers_for": "Transport office", "measured_by": "Counted at the gates.", "version": "0"}
    assert browser.client.get(f"{path}/benefit?line=Joy").status_code == 404
    line = "Time+saved+%3Cdaily%3E"
    assert browser.send(f"{path}/benefit?line={line}", who).status_code == 302
    page = browser.get(path)
    assert title(page) == f"AUD 10.5 k over the plan by {FIRST + 2}, opened a year late"
    register = ("Transport office", "Counted at the gates.", "20 planned for 2023", "18.5", "Time saved &lt;daily&gt;")
    for said in (*register, "Rock.", "P80 of the appraisal", "0 of 10 completed projects of rail"):
        assert said in page, said
    assert "Add it to the city" not in page, "an analyst does"
    form = analyst.get(re.findall(r'href="([^"]*/completed/new[^"]*)"', analyst.get(path))[0])
    known = {"planned_cost": "90000", "actual_cost": "100500", "planned_use": "110", "actual_use": "100"}
    known |= {"actual_opening": "2024-05-02", "reference": "TRAM-1", "price_year": "2020"}
    for name, value in known.items():
        assert re.search(rf'name="{name}"[^>]*value="{value}"', form), name
    assert re.search(r'<option[^>]*selected[^>]*value="rail"|<option value="rail" selected', form)
    facts = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form))
    facts |= {"asset_class": "rail", "planned_opening": "2023-06-30"}
    assert analyst.send("/completed/new", facts).status_code == 302
    with sessions() as session:
        assert session.scalars(select(CompletedProject)).one().project_id == project
    page = analyst.get(path)
    assert "This project is in it." in page
    assert "1 of 10 completed projects of rail" in page
    nine_more(sessions)
    page = analyst.get(path)
    assert "has 10 completed projects of rail on record" in page
    assert "in place of the library’s since 9 Mar 2031, when project 10 of them was recorded" in page


def nine_more(sessions: Sessions) -> None:
    """Nine like the one that is recorded, one a day from 1 March 2031 on, and one that does not count."""
    with sessions.begin() as session:
        row = session.scalars(select(CompletedProject)).one()
        same = {
            name: getattr(row, name)
            for name in vars(row)
            if name in CompletedProject.__table__.columns and name not in ("id", "version")
        }
        for day in range(1, 11):
            at = datetime(2031, 3, day, tzinfo=UTC)
            own = {"name": f"Line {day}", "name_key": f"line {day}", "project_id": None, "recorded_at": at}
            session.add(CompletedProject(**{**same, **own, "withdrawn_at": at if day == 10 else None}))


def test_what_is_wrong_is_said_at_its_field(planner: tuple[Browser, Account], project: UUID) -> None:
    browser, path = planner[0], f"/projects/{project}/delivery"
    for data, said in (
        ({"capital_cost": ""}, "Enter at least one figure"),
        ({"capital_cost": "12", "source": ""}, "Enter where the figures are from."),
        ({"capital_cost": "nine"}, "is not a number"),
        ({"capital_cost": "-3"}, "cannot be less than 0"),
    ):
        answer = browser.send(f"{path}/years/{FIRST}", {"source": "Accounts", "version": "0", **data})
        assert (answer.status_code, said in answer.text) == (422, True), said
    answer = browser.send(f"{path}/years/2100", {"source": "Accounts", "capital_cost": "1", "version": "0"})
    assert (answer.status_code, "2100 is not over yet" in answer.text) == (422, True)
    for data, said in (
        ({"started_on": "2022-05-01", "opened_on": "2022-04-01"}, "must be after the start of building"),
        ({"opened_on": "2199-04-01"}, "still to come"),
    ):
        answer = browser.send(f"{path}/dates", {"version": "0", **data})
        assert (answer.status_code, said in answer.text) == (422, True), said


def test_who_was_slower_sees_both_texts(
    planner: tuple[Browser, Account], analyst: Browser, sessions: Sessions, project: UUID
) -> None:
    assert report(analyst, project, FIRST, "61") == 302
    assert report(analyst, project, FIRST, "61") == 302, "sent twice is stored once"
    data = {"capital_cost": "65", "source": "Annual accounts, p. 4", "version": "0"}
    answer = planner[0].send(f"/projects/{project}/delivery/years/{FIRST}", data)
    assert answer.status_code == 409
    assert "Someone changed this since you opened it." in answer.text
    assert "<dd>61</dd>" in answer.text
    assert 'value="65"' in answer.text
    with sessions() as session:
        row = session.scalars(select(YearReport)).one()
    assert (row.version, row.capital_cost) == (1, 61_000)
    assert report(planner[0], project, FIRST, "65", version="1") == 302


def test_the_list_names_what_is_overdue_and_is_saved_as_data(
    planner: tuple[Browser, Account], analyst: Browser, project: UUID
) -> None:
    page = analyst.get("/decisions/delivery")
    assert title(page) == "Reports are overdue for the one approved project"
    for year in (FIRST, FIRST + 1):
        assert report(planner[0], project, year, "30") == 302
    page = analyst.get("/decisions/delivery")
    assert f"AUD 30 k less spent than planned by {FIRST + 1}" in page
    assert "2023, 2024" in page
    (row,) = csv.DictReader(io.StringIO(analyst.get("/decisions/delivery.csv").lstrip("\ufeff")))
    assert (row["Spent by then"], row["Planned by then"], row["Reported until"]) == ("60000", "90000", "2022")
    assert planner[0].client.get("/decisions/delivery").status_code == 403


def test_a_project_that_is_not_approved_says_so(planner: tuple[Browser, Account], sessions: Sessions) -> None:
    project = appraised(sessions, planner[1])
    assert "/delivery" not in planner[0].get(f"/projects/{project.id}")
    assert title(planner[0].get(f"/projects/{project.id}/delivery")) == "Not approved yet"
    assert report(planner[0], project.id, FIRST, "1") == 403
