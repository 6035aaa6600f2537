"""Journey 5 over HTTP: who may open it, what is kept, reviewed and published, and what each reads afterwards."""

import html
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from uuid import UUID, uuid4

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from appraisal.models import (
    Account,
    Decision,
    PendingDecision,
    Project,
    ProjectState,
    Publication,
    Role,
    ScheduledPublication,
)
from appraisal.models.tables import clock
from appraisal.policy import OPERATOR, Actor
from appraisal.services import appraising, drafting, registration, rounds, timetable
from tests import factories
from tests.web.people import let_in, signed_in_as, token

Sessions = sessionmaker[Session]
RETURN = {"outcome": "returned", "reason": "returned:incomplete", "text": "Say who pays <b>for</b> running it."}
CONDITIONAL = {
    "outcome": "approved-with-conditions",
    "reason": "approved-with-conditions:gate-open",
    "text": "Go ahead.",
    "conditions-0-text": "Finish the DPIA",
    "conditions-0-owner": "Data office",
    "conditions-0-due": "2099-05-31",
}


class Browser:
    """A client that sends forms as the pages write them."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def send(self, path: str, data: dict[str, str] | None = None, *, page: str = "/account/password") -> TestResponse:
        return self.client.post(path, data={**(data or {}), "csrf_token": token(self.client, page)})


@pytest.fixture
def planner(app: Flask, sessions: Sessions) -> tuple[Browser, Account]:
    client, account = signed_in_as(app, sessions, Role.PLANNER)
    return Browser(client), account


@pytest.fixture
def approver(app: Flask, sessions: Sessions) -> Browser:
    return Browser(signed_in_as(app, sessions, Role.APPROVER)[0])


@pytest.fixture
def project(sessions: Sessions, planner: tuple[Browser, Account]) -> Project:
    return appraised(sessions, planner[1])


def appraised(sessions: Sessions, account: Account, case: str = "opal-lakes") -> Project:
    actor = Actor(account.id, Role.PLANNER, account.organisation_id, account.name)
    with sessions() as session:
        project = registration.register_project(session, actor, factories.clear_project(case))
    with sessions() as session:
        registration.submit_project(session, actor, project.id, project.version)
    with sessions() as session:
        appraising.appraise_project(session, OPERATOR, project.id, seed=1, draws=100)
    return project


def hidden(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}"[^>]*value="([^"]*)"', page)


def prepare(browser: Browser, project: Project, data: dict[str, str]) -> TestResponse:
    path = f"/decisions/prepare?project={project.id}"
    (seen,) = hidden(browser.get(path), "seen")
    return browser.send(path, {**data, "seen": seen})


def publish(browser: Browser, **more: str) -> TestResponse:
    page = browser.get("/decisions/review")
    (chosen,), key = set(hidden(page, "chosen")), hidden(page, "key")[0]  # the form beside it publishes at a time
    return browser.send("/decisions/publish", {"chosen": chosen, "key": key, "typed": "publish", **more})


def state(sessions: Sessions, project: Project) -> ProjectState:
    with sessions() as session:
        return session.get_one(Project, project.id).state


@pytest.mark.usefixtures("project")
def test_the_list_sums_what_it_speaks_for_against_the_budget(sessions: Sessions, approver: Browser) -> None:
    assert "of the budget" not in approver.get("/decisions")
    with sessions() as session:
        rounds.open_round(
            session, OPERATOR, name="Round 2027", place="Haneul", budget=Decimal(250_000), currency="AUD", unit=1000,
            price_year=2026,
        )  # fmt: skip
    page = approver.get("/decisions")
    assert re.search(r"together <strong>AUD [0-9.]+ m</strong> of the budget of AUD 250 m", page)


def test_from_the_list_to_the_letter(
    app: Flask, sessions: Sessions, planner: tuple[Browser, Account], approver: Browser, project: Project
) -> None:
    assert "One project waits for a decision" in approver.get("/decisions")
    assert prepare(approver, project, RETURN).status_code == 302
    assert "1 of them pending" in approver.get("/decisions")
    review = approver.get("/decisions/review")
    assert "Say who pays &lt;b&gt;for&lt;/b&gt; running it." in review
    assert state(sessions, project) is ProjectState.SUBMITTED
    answer = publish(approver)
    with sessions() as session:
        decision = session.scalars(select(Decision)).one()
        publication = session.scalars(select(Publication)).one()
    assert answer.headers["Location"] == f"/decisions/publications/{publication.id}"
    receipt = approver.get(answer.headers["Location"])
    assert decision.sha256 in receipt
    assert publication.sha256 in receipt
    browser = planner[0]
    assert "Read the decision" in browser.get("/projects")
    for path in (f"/projects/{project.id}/tasks", f"/projects/{project.id}", f"/decisions/letters/{decision.id}"):
        assert "Say who pays &lt;b&gt;for&lt;/b&gt; running it." in browser.get(path)
    kept = browser.client.get(f"/decisions/letters/{decision.id}/decision.json")
    assert sha256(kept.data).hexdigest() == decision.sha256
    rival = signed_in_as(app, sessions, Role.APPRAISER)[0]
    assert rival.get(f"/decisions/letters/{decision.id}").status_code == 404
    assert rival.get(f"/decisions/letters/{decision.id}/decision.json").status_code == 404


def test_what_is_typed_is_kept_when_a_rule_refuses_it(approver: Browser, project: Project) -> None:
    unconditional = {key: value for key, value in CONDITIONAL.items() if not key.startswith("conditions-")}
    refused = prepare(approver, project, {**unconditional, "text": "Typed with care"})
    assert refused.status_code == 422
    assert "an approval with conditions needs at least one condition" in refused.text
    assert "Typed with care" in refused.text
    for change, message in (
        ({"outcome": "", "text": ""}, "Choose the decision."),
        ({"reason": "returned:incomplete"}, "Choose a reason under"),
        ({"conditions-0-due": "2001-01-01"}, "This day is over"),
        ({"conditions-0-owner": ""}, "Say who sees to it."),
        ({"outcome": "deferred", "reason": "deferred:budget"}, "Conditions belong to"),
        ({"conditions-0-text": "", "conditions-0-owner": "", "conditions-0-due": ""}, "at least one condition"),
    ):
        refused = prepare(approver, project, CONDITIONAL | change)
        assert (refused.status_code, message in refused.text) == (422, True), change


def test_a_row_is_added_without_script_and_nothing_is_kept(
    sessions: Sessions, approver: Browser, project: Project
) -> None:
    answer = prepare(approver, project, CONDITIONAL | {"add": "Add another condition"})
    assert answer.status_code == 200
    assert 'name="conditions-1-text"' in answer.text
    assert "Finish the DPIA" in answer.text
    with sessions() as session:
        assert session.scalars(select(PendingDecision)).all() == []


def test_what_changed_since_it_was_opened_is_a_conflict_with_what_was_typed(
    sessions: Sessions, approver: Browser, project: Project
) -> None:
    path = f"/decisions/prepare?project={project.id}"
    (seen,) = hidden(approver.get(path), "seen")
    with sessions() as session:
        appraising.appraise_project(session, OPERATOR, project.id, seed=2, draws=100)
    answer = approver.send(path, {**RETURN, "seen": seen})
    assert answer.status_code == 409
    assert "Changed or appraised again since you opened it" in answer.text
    assert "Say who pays &lt;b&gt;for&lt;/b&gt; running it." in answer.text
    assert hidden(answer.text, "seen") != [seen]


def test_a_project_withdrawn_after_the_review_is_not_published(
    sessions: Sessions, planner: tuple[Browser, Account], approver: Browser, project: Project
) -> None:
    other = appraised(sessions, planner[1], "zurich-tunnel")
    for each in (project, other):
        prepare(approver, each, RETURN)
    page = approver.get("/decisions/review")
    assert planner[0].send(f"/projects/{other.id}/withdraw").status_code == 302
    data = {"key": hidden(page, "key")[0], "csrf_token": token(approver.client, "/account/password")}
    answer = approver.client.post(
        "/decisions/publish", data={**data, "chosen": hidden(page, "chosen")}, follow_redirects=True
    )
    assert f"Not published: {other.title}. It is withdrawn now." in answer.text
    assert (state(sessions, project), state(sessions, other)) == (ProjectState.DRAFT, ProjectState.WITHDRAWN)
    assert "One pending decision is</strong>" in approver.get("/decisions/review").replace(" left out.", "")


def test_a_large_sum_is_typed(approver: Browser, project: Project, sessions: Sessions) -> None:
    prepare(approver, project, CONDITIONAL)
    assert "more than 10 m" in approver.get("/decisions/review")
    refused = publish(approver, typed="yes")
    assert refused.status_code == 422
    assert "type “publish” to confirm" in refused.text
    assert publish(approver).status_code == 302
    assert state(sessions, project) is ProjectState.APPROVED_WITH_CONDITIONS


def test_a_form_sent_twice_publishes_once(sessions: Sessions, approver: Browser, project: Project) -> None:
    prepare(approver, project, RETURN)
    page = approver.get("/decisions/review")
    data = {"chosen": hidden(page, "chosen")[0], "key": hidden(page, "key")[0]}
    places = {approver.send("/decisions/publish", data).headers["Location"] for _ in range(2)}
    assert len(places) == 1
    with sessions() as session:
        assert len(session.scalars(select(Decision)).all()) == 1


def test_conditions_are_listed_filtered_and_met(
    planner: tuple[Browser, Account], approver: Browser, project: Project
) -> None:
    prepare(approver, project, CONDITIONAL)
    publish(approver)
    page = approver.get("/decisions/conditions?state=due")
    assert "1 of 1 conditions is still to be met, none is overdue" in page
    (path,) = re.findall(r'href="(/decisions/conditions/[0-9a-f-]{36})"', page)
    assert "No condition fits this filter" in approver.get("/decisions/conditions?state=overdue")
    assert approver.send(path, {"evidence": ""}).status_code == 422
    assert approver.send(path, {"evidence": "Report <i>7</i>"}).status_code == 302
    assert "Every condition is met" in approver.get("/decisions/conditions")
    again = approver.send(path, {"evidence": "again"})
    assert (again.status_code, "as met already" in again.text) == (422, True)
    assert "Report &lt;i&gt;7&lt;/i&gt;" in planner[0].get("/decisions/conditions")


@pytest.mark.parametrize("role", [Role.PLANNER, Role.APPRAISER, Role.ANALYST, Role.ADMIN])
@pytest.mark.asvs("8.2.1")
def test_only_approvers_change_anything(
    app: Flask,
    sessions: Sessions,
    planner: tuple[Browser, Account],
    approver: Browser,
    project: Project,
    role: Role,
) -> None:
    prepare(approver, project, CONDITIONAL)
    page = approver.get("/decisions/review")
    other = planner[0] if role is Role.PLANNER else Browser(signed_in_as(app, sessions, role)[0])
    data = {"chosen": hidden(page, "chosen")[0], "key": hidden(page, "key")[0]}
    reads = role in (Role.ANALYST, Role.ADMIN)
    for path in ("/decisions", "/decisions/published"):
        assert other.client.get(path).status_code == (200 if reads else 403), path
    assert ("Decisions</a>" in other.get("/portfolio")) is reads
    assert other.client.get(f"/decisions/prepare?project={project.id}").status_code == 403
    assert other.client.get("/decisions/review").status_code == 403
    for path in ("/decisions/publish", f"/decisions/{project.id}/drop"):
        assert other.send(path, data).status_code == 403, path
    unknown = other.send(f"/decisions/conditions/{uuid4()}", data)
    assert unknown.status_code == (404 if role is Role.PLANNER else 403)  # a planner records what the own side owes
    assert other.client.get(f"/decisions/publications/{uuid4()}").status_code == (404 if reads else 403)
    assert other.client.get("/decisions/conditions").status_code == 200
    assert state(sessions, project) is ProjectState.SUBMITTED


def test_an_approver_who_sent_it_finds_no_way_to_decide(sessions: Sessions, app: Flask) -> None:
    client, account = signed_in_as(app, sessions, Role.PLANNER)
    project = appraised(sessions, account)
    with sessions.begin() as session:
        session.get_one(Account, account.id).role = Role.APPROVER
    browser = Browser(client)
    page = browser.get("/decisions")
    assert "someone else decides" in page
    assert f"prepare?project={project.id}" not in page
    refused = prepare(browser, project, RETURN)
    assert (refused.status_code, "so someone else decides" in refused.text) == (422, True)


@pytest.mark.asvs("2.3.1")
def test_a_decided_project_is_neither_edited_nor_taken_back_nor_appraised(
    app: Flask, sessions: Sessions, planner: tuple[Browser, Account], approver: Browser, project: Project
) -> None:
    prepare(approver, project, {"outcome": "rejected", "reason": "rejected:risk", "text": "Too large a risk."})
    publish(approver)
    browser = planner[0]
    assert "The project is rejected" in browser.client.get(f"/projects/{project.id}/tasks").text
    for path in ("take-back", "withdraw", "submit", "project", "money/typed"):
        assert browser.send(f"/projects/{project.id}/{path}", {"version": "3"}).status_code == 403, path
    admin = Browser(signed_in_as(app, sessions, Role.ADMIN)[0])
    for path in ("appraise", "assign"):
        data = {"account": str(uuid4())}
        assert admin.send(f"/projects/{project.id}/{path}", data).status_code == 403, path
    assert state(sessions, project) is ProjectState.REJECTED
    assert "Decided: rejected" in browser.get(f"/projects/{project.id}")
    assert "No project is appraised yet" in admin.get("/portfolio")  # it is out of the rank


BAD = (
    "",
    "\x00",
    "\u202e",
    "9" * 500,
    "<script>",
    "{{7*7}}",
    "１２",
    "😀",
    "x:1:1",
    f"{UUID(int=1)}:²:1",
    f"{UUID(int=1)}:1",
)


def test_no_text_in_any_field_is_a_fault(approver: Browser, project: Project) -> None:
    path = f"/decisions/prepare?project={project.id}"
    sent = {"csrf_token": token(approver.client, "/account/password")}
    for text in BAD:
        for name in (*CONDITIONAL, "seen"):
            answer = approver.client.post(path, data={**sent, **CONDITIONAL, name: text})
            assert answer.status_code < 500, (name, text)
        for name in ("chosen", "key", "typed"):
            data = {**sent, "key": str(uuid4()), "chosen": f"{uuid4()}:1", name: text}
            assert approver.client.post("/decisions/publish", data=data).status_code < 500, (name, text)
        for page, name in (("prepare", "project"), ("conditions", "state"), ("published", "outcome")):
            answer = approver.client.get(f"/decisions/{page}", query_string={name: text})
            assert answer.status_code < 500, (name, text)


def test_withdrawn_and_taken_back_again(
    sessions: Sessions, planner: tuple[Browser, Account], approver: Browser, project: Project
) -> None:
    browser = planner[0]
    assert "Withdraw it" in browser.get(f"/projects/{project.id}")
    browser.send(f"/projects/{project.id}/withdraw")
    assert "withdrawn by you" in browser.get("/projects")
    assert "Nothing waits for a decision" in approver.get("/decisions")
    assert approver.client.get(f"/decisions/prepare?project={project.id}").status_code == 403
    assert browser.send(f"/projects/{project.id}/take-back").status_code == 302
    assert state(sessions, project) is ProjectState.DRAFT


def words(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages))


def letter_on(page: str) -> list[str]:
    """The paragraphs and conditions of the letter on a page, as they are read there."""
    (found,) = re.findall(r'<div class="letter">(.*?)</div>', page, re.DOTALL)
    texts = [html.unescape(re.sub(r"<[^>]+>", "", part)) for part in re.findall(r"<(?:p|li)>(.*?)</(?:p|li)>", found)]
    return [re.sub(r"\s+", " ", part).strip() for part in texts]


def test_the_letter_is_a_pdf_with_the_same_words_before_and_after(
    app: Flask, sessions: Sessions, planner: tuple[Browser, Account], approver: Browser, project: Project
) -> None:
    path = f"/decisions/review/{project.id}/letter.pdf"
    assert approver.client.get(path).status_code == 404
    assert prepare(approver, project, CONDITIONAL).status_code == 302
    review = approver.get("/decisions/review")
    assert path in review
    answer = approver.client.get(path)
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{project.reference}-letter.pdf"'
    said, shown = words(answer.data), letter_on(review)
    assert any("Finish the DPIA Data office, by 31 May 2099" in part for part in shown)
    for part in shown:
        assert part in said
    assert "Not published yet" in said
    assert answer.data == approver.client.get(path).data
    other = app.test_client()
    let_in(other, sessions, factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Elsewhere")))
    assert other.get(path).status_code == 404  # another's pending decision is nobody else's to read
    assert planner[0].client.get(path).status_code == 403
    publish(approver)
    with sessions() as session:
        decision = session.scalars(select(Decision)).one()
    after = words(planner[0].client.get(f"/decisions/letters/{decision.id}/letter.pdf").data)
    for part in shown:
        assert part in after
    assert f"Decision {decision.number}" in after


def at_a_time(browser: Browser, **more: str) -> TestResponse:
    page = browser.get("/decisions/review")
    chosen = {"chosen": hidden(page, "chosen")[0]} if hidden(page, "chosen") else {}
    (key,) = hidden(page, "at-key") or [str(uuid4())]
    return browser.send("/decisions/schedule", {"at-key": key, **chosen, **more})


SEOUL = {"at-day": "2027-12-03", "at-clock": "09:00", "at-zone": "Asia/Seoul"}
WHEN = "3 Dec 2027, 09:00 Asia/Seoul (UTC+09:00)"


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
