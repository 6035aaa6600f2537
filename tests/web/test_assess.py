"""The appraiser's journey as a browser without script walks it."""

import html
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from appraisal.policy import Actor
from appraisal.services import drafting, registration
from tests.panel import REASON, Panel, level, panel

CLAIM = {"level": "2", "evidence": "E0", "document": "", "page": "", "reason": REASON}


class Desk:
    """An appraiser's browser."""

    def __init__(self, app: Flask, held: Panel, actor: Actor) -> None:
        self.client: FlaskClient = app.test_client()
        with self.client.session_transaction() as cookie:
            cookie["account"], cookie["epoch"] = str(actor.account_id), 0
        self.path = f"/assess/{held.project_id}"

    def get(self, page: str = "") -> TestResponse:
        return self.client.get(f"{self.path}{page}")

    def send(self, page: str, data: dict[str, Any], form: str | None = None) -> TestResponse:
        hidden = re.findall(
            r'name="(csrf_token|version)"[^>]*value="([^"]*)"', self.get(page if form is None else form).text
        )
        return self.client.post(f"{self.path}{page}", data={**dict(hidden), **data})


@pytest.fixture
def haneul(sessions: sessionmaker[Session]) -> Panel:
    return panel(sessions)


@pytest.fixture
def desk(app: Flask, haneul: Panel) -> Desk:
    return Desk(app, haneul, haneul.appraiser("A"))


def text_of(response: TestResponse) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text)))


def test_from_the_queue_over_the_declaration_to_the_first_score(app: Flask, haneul: Panel) -> None:
    desk = Desk(app, haneul, haneul.appraiser("A", declared=False))
    queue = desk.client.get("/assess")
    assert "Declare first whether anything ties you to it." in text_of(queue)
    for page in ("", "/score/DS1"):
        assert desk.get(page).headers["Location"].endswith("/declare")
    asked = desk.get("/declare")
    assert "Haneul" in asked.text
    assert "BK3" not in asked.text
    assert desk.send("/declare", {}).status_code == 422
    assert "Say which kind of conflict" in desk.send("/declare", {"interest": "conflict"}).text
    assert desk.send("/declare", {"interest": "none"}).headers["Location"].endswith(desk.path)
    page = desk.get("/score/BK3")
    assert "At least 80% of running costs" in page.text
    assert "What was sent" in page.text


def test_a_conflict_closes_the_project(app: Flask, haneul: Panel) -> None:
    desk = Desk(app, haneul, haneul.appraiser("A", declared=False))
    sent = desk.send("/declare", {"interest": "conflict", "kind": "work", "text": "I wrote the bid."})
    assert sent.headers["Location"].endswith("/assess")
    assert "You declared that you should not judge it." in text_of(desk.client.get("/assess"))
    assert desk.get().headers["Location"].endswith("/declare")
    assert desk.client.get(f"/projects/{haneul.project_id}").status_code == 404


def test_an_incomplete_score_is_kept_and_said_at_its_field(desk: Desk) -> None:
    refused = desk.send("/score/DS2", {**CLAIM, "reason": "Too short."})
    assert refused.status_code == 422
    assert "The reason has 2 words; 20 to 300 are asked." in refused.text
    assert "Too short." in desk.get("/score/DS2").text
    saved = desk.send("/score/DS2", CLAIM)
    assert saved.headers["Location"].endswith("/score/DS3")
    assert "1/32" in desk.get("/score/DS3").text


def test_a_level_its_evidence_cannot_carry_is_shown_capped(desk: Desk) -> None:
    desk.send("/score/DS2", {**CLAIM, "level": "4", "evidence": "E1", "document": "Notice"})
    assert "Level 4 needs evidence E2; counted as 3." in desk.get("/score/DS2").text


def test_computed_indicators_are_locked_with_their_formula(desk: Desk) -> None:
    page = desk.get("/score/BK10")
    assert "The plan contains:" in page.text
    assert 'name="level"' not in page.text
    assert desk.send("/score/BK10", CLAIM, form="").status_code == 200
    assert desk.get("/score/nothing").status_code == 404


def test_a_number_is_asked_where_the_scale_is_one(desk: Desk) -> None:
    data = {"value": "4.5", "evidence": "E0", "reason": REASON}
    assert desk.send("/score/BK7", {**data, "value": "a lot"}).status_code == 422
    assert desk.send("/score/BK7", {**data, "unknown": "y"}).status_code == 422
    assert desk.send("/score/BK7", data).status_code == 302
    assert 'value="4.5"' in desk.get("/score/BK7").text


def test_what_is_typed_is_kept_at_once_and_its_total_said(desk: Desk) -> None:
    kept = desk.send("/score/DS2/draft", {**CLAIM, "level": "4", "reason": "Not ready"}, form="/score/DS2")
    answer = kept.get_json()
    assert re.fullmatch(r"Saved \d\d:\d\d UTC", answer["saved"])
    assert (answer["coverage"], answer["capped"]) == ("1/32", "Level 3 needs evidence E1; counted as 2.")
    assert re.fullmatch(r"\d+–\d+", answer["total"])
    late = desk.send("/score/DS2/draft", {**CLAIM, "version": "1"}, form="/score/DS2")
    assert late.status_code == 409
    assert "another window" in late.get_json()["problem"]
    wrong = desk.send("/score/BK7/draft", {"value": "a lot"}, form="/score/BK7")
    assert (wrong.status_code, wrong.get_json()["problem"][:14]) == (422, "Not saved yet:")


def test_the_other_window_is_shown_beside_what_was_typed(desk: Desk) -> None:
    desk.send("/score/DS2", CLAIM)
    late = desk.send("/score/DS2", {**CLAIM, "level": "3", "version": "1"})
    assert late.status_code == 409
    assert "changed in another window" in late.text
    assert REASON in late.text


def test_handing_in_says_what_is_missing_and_then_does(app: Flask, haneul: Panel) -> None:
    appraiser = haneul.appraiser("A")
    desk = Desk(app, haneul, appraiser)
    refused = desk.send("/submit", {}, form="")
    assert refused.status_code == 422
    assert "32 indicators are not complete yet" in text_of(refused)
    haneul.fill(appraiser, {"DS1": level(3)})
    assert desk.send("/submit", {}, form="").status_code == 302
    assert "are handed in" in desk.get().text
    assert 'name="level"' not in desk.get("/score/DS1").text
    assert "1 of 1 handed in" in text_of(desk.client.get("/assess")).replace("All 1", "1 of 1")
    assert desk.send("/reopen", {}, form="").status_code == 302
    assert 'name="level"' in desk.get("/score/DS1").text


def test_taken_back_and_sent_again(app: Flask, haneul: Panel) -> None:
    appraiser = haneul.appraiser("A")
    haneul.save(appraiser, "DS1", level(3))
    desk = Desk(app, haneul, appraiser)
    with haneul.sessions() as session:
        drafting.take_back(session, haneul.planner, haneul.project_id)
    assert "has taken this project back" in desk.get("/score/DS1").text
    assert "taken back" in desk.client.get("/assess").text
    with haneul.sessions() as session:
        version = drafting.draft_of(session, haneul.planner, haneul.project_id).version
    with haneul.sessions() as session:
        registration.submit_project(session, haneul.planner, haneul.project_id, version)
    assert "Carry my scores over" in desk.get().text
    assert desk.send("/start", {}, form="").status_code == 302
    assert 'name="level"' in desk.get("/score/DS1").text


def test_only_appraisers_have_a_queue(app: Flask, haneul: Panel) -> None:
    desk = Desk(app, haneul, haneul.planner)
    assert desk.client.get("/assess").status_code == 403
    assert desk.get().status_code == 403
