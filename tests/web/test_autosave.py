"""A page of the journey saves itself: what reads is stored, what does not is kept as typed, and nobody overwrites."""

import json
import re
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from appraisal.models import Account, AuditEntry, KeptText, Project, Role
from tests import factories
from tests.web.people import PASSWORD, let_in, person, sign_in, signed_in_as, token
from tests.web.planner_browser import KEY, PASTE, PROJECT, Browser, problems, stored

DRAFT = f"/projects/{KEY}"
FRAME = ("csrf_token", "version", "seen", "owner")


class Tab:
    """One page as a browser holds it: its hidden fields follow what the answers to its saving say."""

    def __init__(self, browser: Browser, path: str) -> None:
        self.browser, self.path, self.page = browser, path, browser.get(path).text
        self.frame = {name: self._hidden(name) for name in FRAME}

    def _hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', self.page)
        assert found is not None, name
        return found[1]

    def save(self, data: dict[str, Any], *, to: str = "", step: str = "autosave") -> TestResponse:
        response = self.browser.client.post(to or self.path, data={**data, **self.frame, "step": step})
        if response.is_json and response.status_code == 200:
            self.frame |= {name: str(response.json[name]) for name in ("version", "seen")}  # type: ignore[index]
        return response


@pytest.fixture
def planner(app: Flask, sessions: sessionmaker[Session]) -> Browser:
    browser = Browser(signed_in_as(app, sessions, Role.PLANNER)[0])
    assert browser.send("/projects/new", PROJECT).status_code == 302
    return browser


def kept(sessions: sessionmaker[Session]) -> dict[str, dict[str, str]]:
    with sessions() as session:
        return {row.part: dict(row.fields) for row in session.scalars(select(KeptText))}


def trail(sessions: sessionmaker[Session]) -> list[str]:
    with sessions() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)))


def test_what_reads_is_stored_as_the_button_would_and_what_does_not_is_kept(
    planner: Browser, sessions: sessionmaker[Session]
) -> None:
    tab = Tab(planner, f"{DRAFT}/project")
    assert tab.save({**PROJECT, "city": "Suwon"}).json["reads"] is True  # type: ignore[index]
    assert stored(sessions).city == "Suwon"
    before = trail(sessions)
    assert tab.save({**PROJECT, "city": "Suwon"}).status_code == 200
    assert trail(sessions) == before, "nothing changed, so nothing is recorded"
    half = {**PROJECT, "city": "", "years": "about <ten>", "status": "approved"}
    assert tab.save(half).json["reads"] is False  # type: ignore[index]
    assert tab.save({**half, "summary": "Signals at"}).json["reads"] is False  # type: ignore[index]
    assert stored(sessions).city == "Suwon"
    assert kept(sessions)["project"]["years"] == "about <ten>"
    assert "status" not in kept(sessions)["project"], "no field but the form's own"
    assert trail(sessions)[len(before) :] == ["project.text-kept"]
    opened = planner.get(tab.path)
    assert 'value="about &lt;ten&gt;"' in opened.text
    assert [link for link, _ in problems(opened)] == ["#city", "#years"]
    check = planner.get(f"{DRAFT}/check")
    assert "Something typed under “The project” is not part of the project yet: open it." in check.text
    assert tab.save({**PROJECT, "city": "Busan"}).json["reads"] is True  # type: ignore[index]
    assert (stored(sessions).city, kept(sessions)) == ("Busan", {})


def test_a_refused_form_and_a_draft_with_anything_empty_are_kept_without_script(
    planner: Browser, sessions: sessionmaker[Session]
) -> None:
    assert planner.send(f"{DRAFT}/answers/inclusiveness", {"IN2-value": "most"}).status_code == 422
    assert 'value="most"' in planner.get(f"{DRAFT}/answers/inclusiveness").text
    page = Tab(planner, f"{DRAFT}/uncertainty")
    response = page.save({"capex-chosen": "own", "capex-low": "90"}, step="keep")
    assert response.location == f"{DRAFT}/tasks"
    assert kept(sessions)["uncertainty"]["capex-low"] == "90"
    new = Tab(planner, "/projects/new")
    key = "2bc7b2d2-4336-4796-a56e-f9f037352473"
    for _ in range(2):
        begun = new.save({"key": key, "title": "Only a name", "years": "?"}, step="keep")
        assert begun.location == f"/projects/{key}/tasks"
    assert 'value="?"' in planner.get(f"/projects/{key}/project").text
    with sessions() as session:
        assert session.get_one(Project, UUID(key)).title == "Only a name"
    gone = re.search(r'name="text" value="([^"]+)"', planner.get(f"{DRAFT}/uncertainty").text)
    assert gone is not None
    send = f"{DRAFT}/kept/uncertainty/discard"
    assert planner.send(send, {"text": "another"}, form=f"{DRAFT}/tasks").status_code == 409
    assert planner.send(send, {"text": gone[1]}, form=f"{DRAFT}/tasks").location == f"{DRAFT}/uncertainty"
    assert set(kept(sessions)) == {"inclusiveness", "project"}


def test_colleagues_on_other_pages_are_in_nobodys_way_and_on_the_same_page_see_both_texts(
    planner: Browser, sessions: sessionmaker[Session]
) -> None:
    mine, theirs = Tab(planner, f"{DRAFT}/project"), Tab(planner, f"{DRAFT}/project")
    elsewhere = Tab(planner, f"{DRAFT}/answers/safeguards")
    assert theirs.save({**PROJECT, "city": "Theirs <i>"}).status_code == 200
    assert elsewhere.save({"DS1-level": "3"}).status_code == 200
    assert stored(sessions).answers["DS1"].level == 3
    lost = mine.save({**PROJECT, "city": "Mine"})
    assert lost.status_code == 409
    assert "<td>Mine</td><td>Theirs &lt;i&gt;</td>" in lost.text
    assert stored(sessions).city == "Theirs <i>"
    assert theirs.save({**PROJECT, "city": "", "years": "x"}).status_code == 200, "kept as typed"
    assert mine.save({**PROJECT, "city": "Mine"}).status_code == 409
    assert mine.save({**PROJECT, "city": "Mine"}, step="").status_code == 409
    assert kept(sessions)["project"]["years"] == "x", "nor is a colleague's kept text overwritten"
    now = json.loads(planner.get(f"{DRAFT}/project?state=1").text)
    mine.frame |= {"version": str(now["version"]), "seen": now["seen"]}
    assert mine.save({**PROJECT, "city": "Mine"}).status_code == 200
    assert (stored(sessions).city, kept(sessions)) == ("Mine", {})


def test_an_answer_that_got_lost_is_not_taken_for_a_colleague(planner: Browser) -> None:
    for data in ({**PROJECT, "city": "Suwon"}, {**PROJECT, "city": ""}):
        tab = Tab(planner, f"{DRAFT}/project")
        before = dict(tab.frame)
        assert tab.save(data).status_code == 200
        tab.frame = before
        assert tab.save(data).status_code == 200, "sent again as it was"


def test_the_grid_is_kept_as_typed_until_it_was_looked_at_and_stored(
    planner: Browser, sessions: sessionmaker[Session]
) -> None:
    tab, other = Tab(planner, f"{DRAFT}/money"), Tab(planner, f"{DRAFT}/money")
    cells = {"lines-0-label": "Signals", "lines-0-kind": "capex-it", "lines-0-amounts-0": "4,5 ?"}
    assert tab.save(cells, to=f"{DRAFT}/money/typed").json["reads"] is False  # type: ignore[index]
    page = planner.get(f"{DRAFT}/money")
    assert 'value="4,5 ?"' in page.text
    assert [link for link, _ in problems(page)] == ["#lines-0-amounts-0"]
    assert other.save({"lines-0-label": "x"}, to=f"{DRAFT}/money/typed").status_code == 409
    kinds = {"lines-0-kind": "capex-it", "lines-1-kind": "opex", "lines-2-kind": "benefit"}
    paste = {"text": PASTE, **kinds}
    assert other.save(paste, to=f"{DRAFT}/money/store", step="store").status_code == 409
    assert stored(sessions).cash_flows.lines == ()
    assert tab.save(paste, to=f"{DRAFT}/money/store", step="store").location == f"{DRAFT}/money"
    assert len(stored(sessions).cash_flows.lines) == 3
    assert kept(sessions) == {}


def end_sessions(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.execute(update(Account).values(session_epoch=Account.session_epoch + 1))


def drop_cookie(browser: Browser) -> None:
    browser.client.delete_cookie("session")


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found[1].replace("&lt;", "<").replace("&gt;", ">")


@pytest.mark.parametrize("ended", ["by the server", "with the cookie"])
def test_a_session_that_ends_mid_form_gives_the_text_back_to_the_same_account_only(
    app: Flask, sessions: sessionmaker[Session], ended: str
) -> None:
    mine, rivals = person(sessions, Role.PLANNER), person(sessions, Role.PLANNER, "Elsewhere")
    browser = Browser(app.test_client())
    sign_in(browser.client, mine)
    assert browser.send("/projects/new", PROJECT).status_code == 302
    tab = Tab(browser, f"{DRAFT}/project")
    if ended == "with the cookie":
        drop_cookie(browser)
    else:
        end_sessions(sessions)
    typed = {**PROJECT, "city": "Long <typed>", "years": "soon"}
    assert tab.save(typed).status_code in (400, 401)
    asked = tab.save(typed, step="")
    assert asked.status_code == 401
    assert "Sign in again" in asked.text
    given = {"carried": field(asked.text, "carried"), "password": PASSWORD}
    forged = {**given, "carried": given["carried"][:-3] + "abc"}
    for email, carried in ((rivals, given), (mine, forged)):
        stranger = app.test_client()
        answer = stranger.post("/sign-in", data={**carried, "email": email, "csrf_token": token(stranger)})
        assert answer.status_code == 302, "signed in, without the text"
        assert "Long" not in answer.text
    client = browser.client
    wrong = client.post("/sign-in", data={**given, "email": mine, "password": "wrong !", "csrf_token": token(client)})
    assert field(wrong.text, "carried") == given["carried"], "a mistyped password does not lose it"
    back = client.post("/sign-in", data={**given, "email": mine, "csrf_token": token(client)})
    assert back.status_code == 200
    assert f'action="{DRAFT}/project"' in back.text
    resumed = {name: field(back.text, name) for name in (*typed, *FRAME) if name != "areas"}
    again = client.post(f"{DRAFT}/project", data={**resumed, "areas": "mobility", "step": "resume"})
    assert again.status_code == 200
    assert 'value="Long &lt;typed&gt;"' in again.text
    assert 'value="soon"' in again.text
    assert stored(sessions).city == "Haneul", "shown, not stored"
    good = {**resumed, "areas": "mobility", "years": "10", "step": ""}
    assert client.post(f"{DRAFT}/project", data=good).status_code == 302
    assert stored(sessions).city == "Long <typed>"


def test_a_token_that_expired_brings_the_page_back_as_typed(planner: Browser, sessions: sessionmaker[Session]) -> None:
    tab = Tab(planner, f"{DRAFT}/project")
    tab.frame["csrf_token"] = "of yesterday"
    back = tab.save({**PROJECT, "city": "Typed"}, step="")
    assert back.status_code == 400
    assert field(back.text, "city") == "Typed"
    assert field(back.text, "csrf_token") != "of yesterday"
    assert stored(sessions).city == "Haneul"
    tab.frame["owner"] = "forged"
    assert "Typed" not in tab.save({**PROJECT, "city": "Typed"}, step="").text


def test_what_was_typed_under_one_account_is_not_stored_under_another(
    app: Flask, planner: Browser, sessions: sessionmaker[Session]
) -> None:
    tab = Tab(planner, f"{DRAFT}/project")
    with sessions() as session:
        owner = session.get_one(Project, UUID(KEY)).owner_id
        place = session.get_one(Account, owner).organisation_id
        assert place is not None
    colleague = app.test_client()
    let_in(colleague, sessions, factories.actor(sessions, Role.PLANNER, place, email="b@example.org"))
    tab.browser = Browser(colleague)
    tab.frame["csrf_token"] = token(colleague, f"{DRAFT}/project")
    assert tab.save({**PROJECT, "city": "Of the first"}).status_code == 403
    shown = tab.save({**PROJECT, "city": "Of the first"}, step="")
    assert shown.status_code == 409
    assert "This was typed under another account." in shown.text
    assert 'data-typed="here"' in shown.text, "nor does the script store it"
    assert 'value="Of the first"' in shown.text
    assert stored(sessions).city == "Haneul"
