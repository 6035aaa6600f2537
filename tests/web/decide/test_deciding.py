"""Journey 5 over HTTP: who may open it, what is kept, reviewed and published, and what each reads afterwards."""

import re
from decimal import Decimal
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from appraisal.models import (
    Account,
    Decision,
    PendingDecision,
    Project,
    ProjectState,
    Publication,
    Role,
)
from appraisal.policy import OPERATOR
from appraisal.services import appraising, rounds
from tests.web.decide.browser import CONDITIONAL, RETURN, Browser, Sessions, appraised, hidden, prepare, publish, state
from tests.web.people import signed_in_as, token


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
    again = browser.send(f"/projects/{project.id}/withdraw")
    assert (again.status_code, "is withdrawn already" in again.text) == (422, True)
    assert "withdrawn by you" in browser.get("/projects")
    assert "Nothing waits for a decision" in approver.get("/decisions")
    assert approver.client.get(f"/decisions/prepare?project={project.id}").status_code == 403
    assert browser.send(f"/projects/{project.id}/take-back").status_code == 302
    assert state(sessions, project) is ProjectState.DRAFT
    again = browser.send(f"/projects/{project.id}/take-back")
    assert again.status_code == 422
    assert "is taken back already" in again.text


def test_who_sees_to_a_condition_is_chosen_or_written(
    sessions: Sessions, planner: tuple[Browser, Account], approver: Browser, project: Project
) -> None:
    browser, account = planner
    person = {"conditions-0-person": str(account.id), "conditions-0-owner": ""}
    for change, message in (
        ({"conditions-0-owner": ""}, "Say who sees to it."),
        ({"conditions-0-person": str(account.id)}, "You chose a person above"),
        ({"conditions-0-person": str(uuid4()), "conditions-0-owner": ""}, "This person can no longer be chosen"),
    ):
        refused = prepare(approver, project, CONDITIONAL | change)
        assert (refused.status_code, message in refused.text) == (422, True), change
    more = prepare(approver, project, CONDITIONAL | person | {"add": "Add another condition"}).text
    chosen, fresh = (re.search(rf'name="conditions-{n}-person".*?</select>', more, re.DOTALL) for n in (0, 1))
    assert chosen is not None
    assert fresh is not None
    assert f'value="{account.id}" selected' in chosen[0]
    assert f"{account.name}, Office of the planner, {account.email}" in fresh[0]
    assert " selected" not in fresh[0].replace('value="" selected', "")
    assert prepare(approver, project, CONDITIONAL | person).status_code == 302
    again = approver.get(f"/decisions/prepare?project={project.id}")
    assert f'value="{account.id}" selected' in again
    publish(approver)
    assert f"{account.name}, Office of the planner (you)" in browser.get("/decisions/conditions?state=yours")
    assert "No condition fits this filter" in approver.get("/decisions/conditions?state=yours")
    with sessions() as session:
        decision = session.scalars(select(Decision)).one()
    assert f"{account.name}, Office of the planner, by 31 May 2099" in browser.get(f"/decisions/letters/{decision.id}")
