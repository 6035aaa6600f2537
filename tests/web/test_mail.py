"""Mail at the browser: how one wants it, a new password on request, and what administrators see of it."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Mail, MailKind, MailState, MailWish, ResetRequest, Role
from appraisal.models.tables import now
from appraisal.services import outbox
from appraisal.services.post import Post
from appraisal.web.mail_links import SiteLinks
from tests.panel import panel
from tests.smtp_sink import Sink, mail_server
from tests.web.people import PASSWORD, again, let_in, person, sign_in, signed_in_as, token


@pytest.fixture
def sink() -> Iterator[Sink]:
    with mail_server() as server:
        yield server


@pytest.fixture
def post(app: Flask, sessions: sessionmaker[Session], sink: Sink) -> Post:
    """The application with a mail server; its post goes round when the test says so."""
    made = Post(sessions, sink.settings, SiteLinks(app, sink.settings.address))
    app.extensions["post"] = made
    return made


def send(client: FlaskClient, path: str, data: dict[str, str], form: str = "") -> tuple[int, str]:
    answer = client.post(path, data={**data, "csrf_token": token(client, form or path)})
    return answer.status_code, answer.text


def test_a_lost_password_is_set_anew_by_mail(
    client: FlaskClient, sessions: sessionmaker[Session], sink: Sink, post: Post
) -> None:
    email = person(sessions, Role.PLANNER)
    assert 'href="/forgotten">Forgot your password?' in client.get("/sign-in").text
    known, unknown = (send(client, "/forgotten", {"email": each}) for each in (email, "nobody@example.org"))
    assert known == unknown
    assert known[0] == 200
    assert "If there is an account for that address" in known[1]
    assert "nobody@example.org" not in unknown[1]
    post.go_round()
    assert sink.recipients == [email]
    link = re.search(r"https://appraisal\.haneul\.example(/join/\S+)", sink.taken[0].get_content())
    assert link is not None
    new = "another good battery"
    client.get(link[1])
    assert send(client, "/join", {"new": new, "repeated": new})[0] == 302
    assert client.get(link[1], follow_redirects=True).status_code == 410
    assert sign_in(client, email, PASSWORD).status_code == 422
    assert sign_in(client, email, new).status_code == 302


@pytest.mark.usefixtures("post")
def test_a_request_does_the_same_work_whoever_it_names(client: FlaskClient, sessions: sessionmaker[Session]) -> None:
    """One row each, and no look at the accounts: there is no time to tell them apart by."""
    email = person(sessions, Role.PLANNER)
    for each in (email, "nobody@example.org"):
        send(client, "/forgotten", {"email": each})
    with sessions() as session:
        assert set(session.scalars(select(ResetRequest.email))) == {email, "nobody@example.org"}
        assert session.scalars(select(Mail)).all() == []
    assert send(client, "/forgotten", {"email": "no address"})[0] == 422


@pytest.mark.usefixtures("post")
def test_requests_are_limited(client: FlaskClient) -> None:
    said = [send(client, "/forgotten", {"email": f"a{number}@example.org"})[0] for number in range(11)]
    assert said == [200] * 10 + [429]


def test_without_a_mail_server_the_page_says_whom_to_ask(
    app: Flask, client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    assert "Ask an administrator of the office" in client.get("/forgotten").text
    admin, _ = signed_in_as(app, sessions, Role.ADMIN)
    page = client.get("/forgotten").text
    assert "Ask A admin, who runs the accounts here" in page
    assert "<form method" not in page.partition("<main")[2]
    sent = client.post("/forgotten", data={"email": "a@example.org", "csrf_token": token(client, "/sign-in")})
    assert "This server sends no mail." in sent.text
    with sessions() as session:
        assert session.scalars(select(ResetRequest)).all() == []
    assert "No mail is sent: no mail server is set" in admin.get("/admin/mail").text


def test_how_one_wants_mail_is_chosen_on_the_account_page(app: Flask, sessions: sessionmaker[Session]) -> None:
    client, account = signed_in_as(app, sessions, Role.PLANNER)
    assert "One mail a day says what is unread, from 08:00 on (UTC)." in client.get("/account").text
    assert "This server sends no mail now" in client.get("/account/mail").text
    chosen = {"wish": "digest", "hour": "17", "zone": "Asia/Seoul"}
    assert send(client, "/account/mail", chosen)[0] == 302
    assert "from 17:00 on (Asia/Seoul)" in client.get("/account").text
    for wrong in ({"hour": "24"}, {"zone": "Mars"}, {"wish": "often"}):
        assert send(client, "/account/mail", chosen | wrong)[0] == 422
    assert send(client, "/account/mail", chosen | {"wish": "immediate"})[0] == 302
    assert "Each message comes by mail at once." in client.get("/account").text
    assert "mail_choice" in client.get("/account/data.json").text
    assert again(sessions, account).email == account.email


@pytest.mark.usefixtures("post")
def test_administrators_see_what_was_not_taken_and_resend_it(app: Flask, sessions: sessionmaker[Session]) -> None:
    client, _ = signed_in_as(app, sessions, Role.ADMIN)
    _, planner = signed_in_as(app, sessions, Role.PLANNER)
    with sessions.begin() as session:
        mail = Mail(account_id=planner.id, kind=MailKind.DIGEST, key="x", state=MailState.FAILED, problem="550: no <b>")
        session.add(mail)
        session.flush()
        key = mail.id
        why = "nothing was sent: the mail server's certificate cannot be trusted"
        session.add(Mail(account_id=planner.id, kind=MailKind.DIGEST, key="y", problem=why))
    page = client.get("/admin/mail").text
    assert "Not taken yet" in page
    assert "certificate cannot be trusted" in page
    assert "1 mail was not taken" not in page  # no mail server by the settings: that is said first
    assert "550: no &lt;b&gt;" in page
    assert send(client, f"/admin/mail/{key}/resend", {}, "/admin/mail")[0] == 302
    with sessions() as session:
        found = session.get_one(Mail, key)
        assert (found.state, found.attempts) == (MailState.WAITING, 0)
        assert found.due_at <= now()


def test_a_message_still_stands_where_mail_fails(
    app: Flask, sessions: sessionmaker[Session], sink: Sink, post: Post
) -> None:
    sent = panel(sessions)
    with sessions() as session:
        outbox.choose(session, sent.planner, outbox.Wish(MailWish.IMMEDIATE))
    sink.refusals += ["550 no"] * 3
    post.go_round()
    client = app.test_client()
    let_in(client, sessions, sent.planner)
    assert "is sent. Your reference is" in client.get("/messages").text
    assert client.get(f"/projects/{sent.project_id}/sent").status_code == 200
