"""What an appraiser sees of a framework that changed while they scored: what, why, and nothing of theirs lost."""

import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Role
from appraisal.services import drafting
from tests import factories
from tests.framework_moves import NUMBER, Held, handed_in, moving, other_criteria, other_words
from tests.panel import REASON, level
from tests.web.people import token
from tests.web.test_assess import CLAIM, Desk, text_of


@pytest.fixture
def held(sessions: sessionmaker[Session]) -> Held:
    return moving(sessions)


def test_who_must_score_again_is_told_what_and_why(app: Flask, held: Held) -> None:
    desk = Desk(app, held.panel, handed_in(held, "A", 2))
    admin = Desk(
        app, held.panel, factories.actor(held.sessions, Role.ADMIN, factories.organisation(held.sessions, "O"))
    )
    version = held.published(other_criteria)
    path = f"/frameworks/rounds/{held.round_id}/{version}"
    plan = text_of(admin.client.get(path))
    assert "Criteria this move" in plan
    assert "30 scores survive, 2 are set aside, 2 to give by 1 appraiser" in plan
    assert "A appraiser: 2 scores of 1 project" in plan
    form = {"csrf_token": token(admin.client, path), "expected": str(held.planned(version).before.id)}
    assert admin.client.post(path, data=form).status_code == 302
    queue = text_of(desk.client.get("/assess"))
    assert "NE4, NE11 are to be scored, since NE4 is asked otherwise. Your other scores go on counting." in queue
    sheet = text_of(desk.get())
    assert "2 scores of" in sheet
    assert "NE5 . What you gave stays on record and counts no more." in sheet
    page = text_of(desk.get("/score/NE4"))
    assert "To the former question you gave level 2; it stays on record and counts no more:" in page
    assert REASON in page
    assert "NE5 is asked no more" in text_of(desk.get("/score/NE5"))
    assert REASON in text_of(desk.get("/score/NE5"))
    assert "Save and next" not in desk.get("/score/NE3").text  # it counts on, and is handed in
    number = {"value": "40", "evidence": "E0", "reason": REASON}
    assert desk.send("/score/NE4", number).status_code == 302
    assert desk.send("/submit", {}, form="").status_code == 422  # NE11 is still missing
    assert desk.send("/score/NE11", CLAIM).status_code == 302
    assert desk.send("/submit", {}, form="").status_code == 302
    assert "handed in" in text_of(desk.client.get("/assess"))
    assert desk.get("/compare").status_code == 200


def test_the_anatomy_of_an_older_run_leads_to_no_page_of_what_is_asked_no_more(app: Flask, held: Held) -> None:
    desk = Desk(app, held.panel, handed_in(held, "A", 2))
    desk.client.post(f"/projects/{held.panel.project_id}/appraise", data={"csrf_token": token(desk.client, "/assess")})
    panel_of = f"{desk.path}/compare/%s"
    assert panel_of % "NE5" in desk.get("/why").text
    held.move(other_criteria)
    page = desk.get("/why").text
    assert panel_of % "NE3" in page
    assert panel_of % "NE5" not in page
    assert text_of(desk.get("/why")).count("The framework asks it no more.") == 1


def test_a_page_that_was_open_keeps_what_was_typed(app: Flask, held: Held) -> None:
    actor = held.panel.appraiser("A")
    desk = Desk(app, held.panel, actor)
    held.panel.save(actor, "NE4", level(2))
    forms = {name: held.panel.sheet(actor).version for name in ("NE4", "NE5")}
    csrf = token(desk.client, f"{desk.path}/score/NE4")
    held.move(other_criteria)
    typed = {**CLAIM, "reason": "A page of typing that must not be lost.", "csrf_token": csrf}
    other = desk.client.post(f"{desk.path}/score/NE4", data={**typed, "version": str(forms["NE4"])})
    assert other.status_code == 409
    gone = desk.client.post(f"{desk.path}/score/NE5", data={**typed, "version": str(forms["NE5"])})
    assert gone.status_code == 409
    assert "NE5 is asked no more" in gone.text
    for page in (other, gone):
        assert "A page of typing that must not be lost." in page.text
        assert "smart-city-brief-2021@3" in page.text
    kept = desk.client.post(f"{desk.path}/score/NE5/draft", data={**typed, "version": "1"})
    assert kept.status_code == 409
    assert "What you typed stays here." in kept.json["problem"]  # type: ignore[index]
    held.panel.save(actor, "NE4", NUMBER)


def test_words_that_changed_leave_a_draft_as_it_is_and_say_so(app: Flask, held: Held) -> None:
    actor = held.panel.appraiser("A")
    desk = Desk(app, held.panel, actor)
    held.panel.save(actor, "NE4", level(2))
    held.move(other_words)
    assert "your draft is kept" in text_of(desk.client.get("/assess"))
    assert "Only words differ: your scores mean what they meant." in text_of(desk.get())
    assert "this question is asked as before" in text_of(desk.get("/score/NE4"))
    assert desk.send("/score/NE4", CLAIM).status_code == 302


CLOSINGS = {"taken back": "The planner has taken this project back", "withdrawn": "This project is withdrawn"}


@pytest.mark.parametrize("how", CLOSINGS)
def test_a_score_for_a_project_that_is_closed_is_refused_and_shown(app: Flask, held: Held, how: str) -> None:
    actor = held.panel.appraiser("A")
    desk = Desk(app, held.panel, actor)
    held.panel.save(actor, "DS2", level(3))
    csrf, version = token(desk.client, f"{desk.path}/score/DS2"), held.panel.sheet(actor).version
    with held.sessions() as session:
        move = drafting.withdraw if how == "withdrawn" else drafting.take_back
        move(session, held.panel.planner, held.panel.project_id)
    typed = {**CLAIM, "reason": "Typed while it was closed.", "csrf_token": csrf, "version": str(version)}
    refused = desk.client.post(f"{desk.path}/score/DS2", data=typed)
    assert refused.status_code == 409
    assert CLOSINGS[how] in refused.text
    assert "Typed while it was closed." in refused.text
    drafted = desk.client.post(f"{desk.path}/score/DS2/draft", data=typed)
    assert drafted.status_code == 409
    assert CLOSINGS[how] in drafted.json["problem"]  # type: ignore[index]
    assert CLOSINGS[how] in desk.client.get("/assess").text or how == "taken back"
    assert held.panel.sheet(actor).entries["DS2"] == level(3)  # the draft is kept, and can be read
    assert desk.get("/score/DS2").status_code == 200


def test_a_reason_typed_after_comparing_is_not_lost_with_the_project(app: Flask, held: Held) -> None:
    actor = handed_in(held, "A", 2)
    desk = Desk(app, held.panel, actor)
    page = "/compare/NE4"
    text = desk.get(page).text
    assert "own-version" in text
    sent = {"own-level": "3", "own-evidence": "E0", "own-reason": REASON}
    hidden = dict(re.findall(r'name="(own-csrf_token|own-version)"[^>]*value="([^"]*)"', text))
    stale = desk.client.post(f"{desk.path}{page}/own", data={**hidden, **sent, "own-version": "1"})
    assert stale.status_code == 409
    assert REASON in stale.text
    with held.sessions() as session:
        drafting.withdraw(session, held.panel.planner, held.panel.project_id)
    refused = desk.client.post(f"{desk.path}{page}/own", data={**hidden, **sent})
    assert refused.status_code == 409
    assert "What you typed is not stored." in refused.text
    assert REASON in refused.text
