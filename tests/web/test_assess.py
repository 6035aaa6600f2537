"""The appraiser's journey as a browser without script walks it."""

import html
import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from appraisal.models import Role
from appraisal.policy import OPERATOR, Actor
from appraisal.services import appraising, drafting, registration
from scoring.project_file import Safeguards
from tests import factories
from tests.panel import REASON, Panel, level, panel
from tests.web.people import let_in, token

CLAIM = {"level": "2", "evidence": "E0", "document": "", "page": "", "reason": REASON}


class Desk:
    """An appraiser's browser."""

    def __init__(self, app: Flask, held: Panel, actor: Actor) -> None:
        self.client: FlaskClient = app.test_client()
        let_in(self.client, held.sessions, actor)
        self.path = f"/assess/{held.project_id}"

    def get(self, page: str = "") -> TestResponse:
        return self.client.get(f"{self.path}{page}")

    def send(self, page: str, data: dict[str, Any], form: str | None = None) -> TestResponse:
        hidden = re.findall(
            r'name="(csrf_token|version)"[^>]*value="([^"]*)"', self.get(page if form is None else form).text
        )
        return self.client.post(f"{self.path}{page}", data={**dict(hidden), **data})

    def post_from(self, form: str, page: str, prefix: str, data: dict[str, Any]) -> TestResponse:
        """Send one of several forms on a page, with its own token and version."""
        text = self.get(form).text
        hidden = dict(re.findall(rf'name="({prefix}-csrf_token|{prefix}-version)"[^>]*value="([^"]*)"', text))
        return self.client.post(f"{self.path}{page}", data={**hidden, **data})


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
    office = factories.organisation(haneul.sessions, "Office")
    admin = Desk(app, haneul, factories.actor(haneul.sessions, Role.ADMIN, office))
    assert "conflict: work I wrote the bid." in text_of(admin.client.get(f"/projects/{haneul.project_id}/record"))


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
    assert "Counted as 3, not 4: an own document (E1) carries level 3 at most." in desk.get("/score/DS2").text


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
    assert answer["coverage"] == "1/32"
    assert answer["capped"].startswith("Counted as 2, not ")
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


def handed_in(held: Panel, name: str, number: int) -> Actor:
    actor = held.appraiser(name)
    held.fill(actor, {"DS1": level(number), "DS2": level(2)})
    held.submit(actor)
    return actor


def test_compared_changed_and_agreed(app: Flask, haneul: Panel) -> None:
    desk = Desk(app, haneul, haneul.appraiser("Late"))
    one = Desk(app, haneul, handed_in(haneul, "A", 1))
    assert desk.get("/compare").headers["Location"].endswith(desk.path)
    assert desk.get("/compare/DS1").headers["Location"].endswith(desk.path)
    assert "Only one appraiser has handed in" in one.get("/compare").text
    handed_in(haneul, "B", 4)
    page = one.get("/compare")
    assert "The panel differs on 1 of 32 indicators" in text_of(page)
    assert "Krippendorff’s α is" in text_of(page)
    assert page.text.index(">DS1<") < page.text.index(">BK3<"), "the most disputed first"
    detail = one.get("/compare/DS1")
    assert "3 levels apart" in text_of(detail)
    assert detail.text.count(REASON) >= 2
    own = {"own-level": "3", "own-evidence": "E2", "own-document": "Tender", "own-reason": REASON}
    short = one.post_from("/compare/DS1", "/compare/DS1/own", "own", {**own, "own-reason": "Short."})
    assert short.status_code == 422
    assert "The reason has 1 words" in short.text
    assert one.post_from("/compare/DS1", "/compare/DS1/own", "own", own).status_code == 302
    assert "after comparing" in one.get("/compare/DS1").text
    agreed = {"agreed-level": "2", "agreed-evidence": "E2", "agreed-reason": REASON}
    assert one.post_from("/compare/DS1", "/compare/DS1/agreed", "agreed", agreed).status_code == 302
    assert "Agreed by the panel" in one.get("/compare/DS1").text
    late = one.post_from("/compare/DS2", "/compare/DS1/agreed", "agreed", agreed)
    assert late.status_code == 409


def test_the_meeting_draws_where_appraisers_are_apart_without_their_names(app: Flask, haneul: Panel) -> None:
    handed_in(haneul, "Abelard", 1)
    handed_in(haneul, "Berengar", 4)
    with haneul.sessions() as session:
        appraising.appraise_project(session, OPERATOR, haneul.project_id, seed=1, draws=100)
    chair = factories.actor(haneul.sessions, Role.APPROVER, factories.organisation(haneul.sessions, "City"))
    page = Desk(app, haneul, chair).client.get("/portfolio/meeting")
    assert "Appraisers are 3 levels apart on DS1" in text_of(page)
    assert page.text.count('class="dots"') == 1
    assert 'aria-label="Levels of the appraisers: 1, 4; median 2.5"' in page.text
    assert "Abelard" not in page.text.partition("<main")[2]


def test_why_goes_down_to_the_evidence(app: Flask, haneul: Panel) -> None:
    desk = Desk(app, haneul, handed_in(haneul, "A", 3))
    assert desk.get("/why").status_code == 404
    desk.client.post(f"/projects/{haneul.project_id}/appraise", data={"csrf_token": token(desk.client, "/assess")})
    impossible = re.search(
        r"95 cannot be reached by better answers: all at their best give (\d+)", desk.get("/why?target=95").text
    )
    assert impossible is not None
    within = int(impossible[1]) - 1
    page = text_of(desk.get(f"/why?target={within}"))
    assert re.search(rf"To reach {within}: the biggest lever is \w+ \(\+\d+\.\d\)", page)
    assert "answers of a panel of 1" in page
    assert "One appraiser (level 3)." in page
    assert "Tender, page 3" in page
    assert "What would make it 70" in text_of(desk.get("/why?target=none"))
    shown = desk.client.get(f"/projects/{haneul.project_id}")
    assert f"{desk.path}/why" in shown.text


def test_what_contradicts_itself_is_explained_and_read(app: Flask, haneul: Panel) -> None:
    planner = Desk(app, haneul, haneul.planner)
    with haneul.sessions() as session:
        project = drafting.take_back(session, haneul.planner, haneul.project_id)
    facts = Safeguards(personal_data=False, public_space_analytics=True)
    with haneul.sessions() as session:
        drafting.edit_project(
            session,
            haneul.planner,
            haneul.project_id,
            project.version,
            lambda file: replace(file, safeguards=facts),
            part="data-facts",
        )
    check = f"/projects/{haneul.project_id}/check"
    page = planner.client.get(check).text
    rules = re.findall(r'name="rule" value="([a-z-]+)"', page)
    assert "cameras-without-personal-data" in rules
    assert "/data-facts" in page
    assert "to correct or explain" in page
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    data = {
        "csrf_token": token(planner.client, check),
        "version": version[1],
        "rule": rules[0],
        "text": "The city does.",
    }
    explain = f"/projects/{haneul.project_id}/explain"
    assert planner.client.post(explain, data=data).status_code == 302
    page = planner.client.get(check).text
    assert ("explained</span>" in page, "The city does." in page) == (True, True)
    assert planner.client.post(explain, data=data).status_code == 409
    assert planner.client.post(explain, data={**data, "rule": "nothing"}).status_code == 404
    with haneul.sessions() as session:
        version_now = drafting.draft_of(session, haneul.planner, haneul.project_id).version
    with haneul.sessions() as session:
        registration.submit_project(session, haneul.planner, haneul.project_id, version_now)
    assert "The planner: The city does." in text_of(Desk(app, haneul, haneul.appraiser("A")).get())


def test_a_condition_is_accepted_and_met(app: Flask, haneul: Panel) -> None:
    approver = factories.actor(haneul.sessions, Role.APPROVER, factories.organisation(haneul.sessions, "Ministry"))
    with haneul.sessions() as session:
        appraising.appraise_project(session, OPERATOR, haneul.project_id, seed=1, draws=100)
    desk = Desk(app, haneul, approver)
    assert desk.client.get("/assess/obligations").headers["Location"].endswith("/decisions/conditions")
    assert "Nothing is owed" in desk.client.get("/decisions/conditions").text
    assert "Accept a condition in its place" in desk.client.get(f"/projects/{haneul.project_id}").text
    assert desk.send("/conditions/NE3", {"due": ""}).status_code == 422
    assert "lies in the future" in desk.send("/conditions/NE3", {"owner": owner_of(haneul), "due": "2020-01-01"}).text
    sent = desk.send("/conditions/NE3", {"owner": owner_of(haneul), "due": "2099-01-01"})
    assert sent.headers["Location"].endswith("/decisions/conditions")
    shown = text_of(desk.client.get(f"/projects/{haneul.project_id}"))
    assert "Accepted as a condition by A approver: A planner owes it by" in shown
    assert f"{desk.path}/conditions/NE3" not in desk.client.get(f"/projects/{haneul.project_id}").text
    planner = Desk(app, haneul, haneul.planner)
    page = planner.client.get("/decisions/conditions").text
    met = re.search(r'href="(/decisions/conditions/[0-9a-f-]{36})"', page)
    assert met is not None
    data = {"csrf_token": token(planner.client, met[1]), "version": "1", "evidence": ""}
    assert "Say what shows that it is met." in planner.client.post(met[1], data=data).text
    stale = planner.client.post(met[1], data={**data, "version": "7", "evidence": "Contract"})
    assert (stale.status_code, "Contract" in stale.text) == (409, True)
    assert planner.client.post(met[1], data={**data, "evidence": "Contract"}).status_code == 302
    assert "Every condition is met" in planner.client.get("/decisions/conditions").text
    assert "Said to be met" in text_of(desk.client.get(f"/projects/{haneul.project_id}"))


def owner_of(held: Panel) -> str:
    return str(held.planner.account_id)


def test_an_administrator_is_proposed_a_balanced_panel(app: Flask, haneul: Panel) -> None:
    office = factories.organisation(haneul.sessions, "Office")
    factories.actor(haneul.sessions, Role.APPRAISER, office)
    desk = Desk(app, haneul, factories.actor(haneul.sessions, Role.ADMIN, office))
    page = desk.client.get("/assess/assignments?each=1").text
    pair = re.search(r'name="pair" value="([^"]+)"', page)
    assert pair is not None
    data = {"csrf_token": token(desk.client, "/assess/assignments?each=1"), "pair": [pair[1], "x/y", "z"]}
    sent = desk.client.post("/assess/assignments", data=data, follow_redirects=True)
    assert "1 assignment made." in sent.text
    assert "Every project has its appraisers" in desk.client.get("/assess/assignments?each=1").text
    assert "Too few appraisers are free" in desk.client.get("/assess/assignments?each=9").text
    assert Desk(app, haneul, haneul.planner).client.get("/assess/assignments").status_code == 403


@pytest.mark.parametrize("text", ["", "\x00", "9" * 500, "٣", "<script>", "nan", "é" * 5000, "{{7*7}}"])
@pytest.mark.asvs("1.2.4", "2.2.2")
def test_no_text_in_any_field_is_a_fault(desk: Desk, text: str) -> None:
    for page, fields in (
        ("/score/DS1", ("level", "evidence", "document", "page", "reason", "version")),
        ("/score/BK7", ("value", "unknown")),
        ("/declare", ("interest", "kind", "text")),
    ):
        for field in fields:
            assert desk.send(page, {**CLAIM, field: text}).status_code < 500, (page, field)


def test_what_a_panel_gave_is_in_no_list_and_no_export_before_ones_own(app: Flask, haneul: Panel) -> None:
    late = haneul.appraiser("Late")
    handed_in(haneul, "A", 3)
    with haneul.sessions() as session:
        appraising.appraise_project(session, OPERATOR, haneul.project_id, seed=1, draws=100)
    desk = Desk(app, haneul, late)
    exports = ("/runs/1/report.pdf", "/runs/1/report.xlsx")
    assert {desk.client.get(path).status_code for path in exports} == {404}
    assert desk.get("/why").headers["Location"].endswith(desk.path)
    overview = text_of(desk.client.get(f"/projects/{haneul.project_id}"))
    assert "Appraised by the panel; open to you once your own scores are in" in overview
    assert "Not appraised yet" not in overview
    for path in ("/portfolio?sort=score", "/portfolio.csv?sort=score", f"/projects/{haneul.project_id}", "/assess"):
        page = desk.client.get(path)
        assert page.status_code == 200
        assert "report.pdf" not in page.text
        assert "NSW-OPAL,Opal" not in page.text
    assert "One project waits" in text_of(desk.client.get("/portfolio"))
    haneul.fill(late)
    haneul.submit(late)
    assert {desk.client.get(path).status_code for path in exports} == {200}
    assert "NSW-OPAL" in desk.client.get("/portfolio.csv").text
