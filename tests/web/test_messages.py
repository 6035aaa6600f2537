"""The page of messages: how many are unread stands on every page, and each leads to what it is about."""

import re
from typing import cast
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Notice, Role
from appraisal.policy import OPERATOR
from appraisal.services import assigning, notifying
from appraisal.web.messages import PLACES
from tests.panel import Panel, panel
from tests.web.people import let_in, signed_in_as, token


@pytest.fixture
def sent(sessions: sessionmaker[Session]) -> Panel:
    return panel(sessions)


def test_nothing_yet(app: Flask, sessions: sessionmaker[Session]) -> None:
    client, _ = signed_in_as(app, sessions, Role.ANALYST)
    page = client.get("/messages").text
    assert "Nothing has happened yet that concerns you" in page
    assert "bar__count" not in page
    assert "No older messages" in client.get("/messages?page=7").text
    assert client.get("/messages?page=x").status_code == 200


def test_unread_is_counted_and_each_leads_to_its_page(app: Flask, sessions: sessionmaker[Session], sent: Panel) -> None:
    appraiser = sent.appraiser("a")
    client = app.test_client()
    let_in(client, sessions, appraiser)
    assert re.search(r'bar__count">1<span class="visually-hidden"> unread', client.get("/portfolio").text)
    page = client.get("/messages").text
    assert "<h1>1 message is unread</h1>" in page
    link = re.search(r'<a href="([^"]+)">“[^<]*is assigned to you to appraise', page)
    assert link is not None
    assert client.get(link[1]).status_code == 200
    read = re.search(r'action="(/messages/[^"]+/read)"', page)
    assert read is not None
    assert client.post(read[1], data={}).status_code == 400  # without the form's token
    assert client.post(read[1], data={"csrf_token": token(client, "/messages")}).status_code == 302
    page = client.get("/messages").text
    assert "Everything is read" in page
    assert "bar__count" not in page


def test_all_are_marked_read_at_once_and_others_stay(app: Flask, sessions: sessionmaker[Session], sent: Panel) -> None:
    clients = []
    for person in (sent.planner, sent.appraiser("a")):
        clients.append(app.test_client())
        let_in(clients[-1], sessions, person)
    first, second = clients
    first.post("/messages/read", data={"csrf_token": token(first, "/messages")})
    assert "Everything is read" in first.get("/messages").text
    assert "1 message is unread" in second.get("/messages").text


def test_a_project_that_is_out_of_sight_takes_its_messages_along(
    app: Flask, sessions: sessionmaker[Session], sent: Panel
) -> None:
    appraiser = sent.appraiser("a")
    client = app.test_client()
    let_in(client, sessions, appraiser)
    with sessions() as session:
        assigning.unassign(session, OPERATOR, sent.project_id, cast("UUID", appraiser.account_id))
    page = client.get("/messages").text
    assert "to appraise" not in page
    assert "bar__count" not in page


def test_every_kind_has_its_words_and_its_page(app: Flask) -> None:
    assert set(PLACES) == set(Notice) == set(notifying.WORDS)
    assert set(PLACES.values()) <= {rule.endpoint for rule in app.url_map.iter_rules()}


def test_a_long_list_comes_page_by_page(app: Flask, sessions: sessionmaker[Session], sent: Panel) -> None:
    client = app.test_client()
    let_in(client, sessions, sent.planner)
    with sessions.begin() as session:
        for number in range(120):
            notifying.tell(session, [sent.planner.account_id], Notice.TRANSFERRED, number, sent.project_id)
    first, last = client.get("/messages").text, client.get("/messages?page=3").text
    assert (first.count("was handed to you.</a>"), last.count("was handed to you.</a>")) == (50, 20)
    assert "121 messages are unread" in first
    assert 'bar__count">99+<' in first
    assert "Older" not in last
