"""Publishing at a time, as the pages say it: what is refused, what is waited for, what each reads afterwards."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from appraisal.models import (
    Account,
    Project,
    ProjectState,
    Role,
    ScheduledPublication,
)
from appraisal.models.tables import clock
from appraisal.policy import Actor
from appraisal.services import drafting, timetable
from tests import factories
from tests.web.decide.browser import RETURN, Browser, Sessions, hidden, prepare, state
from tests.web.people import let_in

SEOUL = {"at-day": "2027-12-03", "at-clock": "09:00", "at-zone": "Asia/Seoul"}
WHEN = "3 Dec 2027, 09:00 Asia/Seoul (UTC+09:00)"


def at_a_time(browser: Browser, **more: str) -> TestResponse:
    page = browser.get("/decisions/review")
    chosen = {"chosen": hidden(page, "chosen")[0]} if hidden(page, "chosen") else {}
    (key,) = hidden(page, "at-key") or [str(uuid4())]
    return browser.send("/decisions/schedule", {"at-key": key, **chosen, **more})


@pytest.fixture
def in_2027() -> Iterator[None]:
    """No time that these tests name is past, or more than a year away."""
    with clock(lambda: datetime(2027, 3, 1, 12, tzinfo=UTC)):
        yield


@pytest.mark.usefixtures("in_2027")
def test_a_time_that_cannot_be_is_refused_at_its_field(approver: Browser, project: Project) -> None:
    prepare(approver, project, RETURN)
    for change, field, message in (
        ({"at-day": ""}, "at-day", "Enter the day."),
        ({"at-clock": ""}, "at-clock", "Enter the time of day."),
        ({"at-clock": "25:00"}, "at-clock", "Enter the time of day as hours and minutes"),
        ({"at-zone": "Nowhere"}, "at-zone", "Choose a zone of the list"),
        ({"at-day": "2027-03-01"}, "at-day", "is past already: choose a time to come"),
        ({"at-day": "2028-12-03"}, "at-day", "more than a year away"),
        (
            {"at-day": "2027-03-28", "at-clock": "02:30", "at-zone": "Europe/Paris"},
            "at-clock",
            "02:30 does not exist on 28 Mar 2027 in Europe/Paris",
        ),
    ):
        refused = at_a_time(approver, **{**SEOUL, **change})
        assert refused.status_code == 422
        error = re.search(rf'id="{field}-error"[^>]*>(.*?)</p>', refused.text, re.DOTALL)
        assert error is not None, change
        assert message in error.group(1)
        for name, typed in {**SEOUL, **change}.items():  # what was typed stays
            assert typed == "" or f'name="{name}" type="text" value="{typed}"' in refused.text, name


@pytest.mark.usefixtures("in_2027")
def test_from_a_time_to_the_receipt(app: Flask, sessions: Sessions, approver: Browser, project: Project) -> None:
    prepare(approver, project, RETURN)
    answer = at_a_time(approver, **SEOUL)
    assert answer.status_code == 302
    shown = answer.headers["Location"]
    assert f"One decision will be published on {WHEN}" in approver.get(shown)
    assert "Say who pays &lt;b&gt;for&lt;/b&gt; running it." in approver.get(shown)
    listed, review = approver.get("/decisions"), approver.get("/decisions/review")
    for page in (listed, review):
        assert f"Will be published on {WHEN}" in page
    assert "Review and publish" not in listed
    assert hidden(review, "chosen") == []
    other = Browser(app.test_client())
    let_in(other.client, sessions, factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Bank")))
    assert f"Will be published on {WHEN}" in other.get("/decisions")
    assert other.send(f"{shown}/cancel").status_code == 302
    assert f"Cancelled: one decision was to be published on {WHEN}" in approver.get(shown)
    assert state(sessions, project) is ProjectState.SUBMITTED

    shown = at_a_time(approver, **SEOUL).headers["Location"]
    with clock(lambda: datetime(2027, 12, 3, 0, 0, 1, tzinfo=UTC)):
        assert timetable.carry_out(sessions) == 1
        with sessions() as session:
            account = session.scalars(select(Account).where(Account.role == Role.APPROVER)).first()
        let_in(approver.client, sessions, Actor.of(account or pytest.fail("nobody")))  # sessions of March are over
        assert f"One decision was published as scheduled, on {WHEN}" in approver.get(shown)
        receipt = approver.get(shown.replace("scheduled", "publications"))
    with sessions() as session:
        row = session.scalars(select(ScheduledPublication).where(ScheduledPublication.state == "published")).one()
    assert f"for {WHEN}" in receipt
    assert row.sha256 in receipt
    assert state(sessions, project) is ProjectState.DRAFT


@pytest.mark.usefixtures("in_2027")
def test_nothing_is_published_of_what_was_withdrawn_and_the_approver_reads_why(
    sessions: Sessions, planner: tuple[Browser, Account], approver: Browser, project: Project
) -> None:
    prepare(approver, project, RETURN)
    shown = at_a_time(approver, **SEOUL).headers["Location"]
    with sessions() as session:
        drafting.withdraw(session, Actor.of(planner[1]), project.id)
    with sessions.begin() as session:  # the time has come
        session.execute(update(ScheduledPublication).values(local=datetime(2027, 3, 1, 9)))  # noqa: DTZ001 -- on clocks of a zone
    assert timetable.carry_out(sessions) == 1
    for page in ("/decisions", "/decisions/review", shown):
        found = approver.get(page)
        assert "Nothing was published on 1 Mar 2027, 09:00" in found
        assert "It is withdrawn now." in found
    messages = approver.get("/messages")
    assert f"{project.reference} changed since." in messages
    assert f'href="{shown}"' in messages
