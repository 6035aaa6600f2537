"""The secret of a link by which somebody sets a password: out of the address at once, and used up by the form alone."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from appraisal.models import AccountLink, Role
from appraisal.policy import OPERATOR
from appraisal.services import invitations
from appraisal.web.account import joining
from tests.web.people import PASSWORD, token


@pytest.fixture
def secret(sessions: sessionmaker[Session]) -> str:
    with sessions() as session:
        return invitations.invite(
            session, OPERATOR, email="new@example.org", name="New", role=Role.ANALYST, organisation="Haneul"
        ).secret


def join(client: FlaskClient, password: str = PASSWORD) -> TestResponse:
    sent = {"new": password, "repeated": password, "csrf_token": token(client)}
    return client.post("/join", data=sent)


@pytest.mark.asvs("14.2.1")
def test_the_secret_leaves_the_address_and_is_told_to_nobody(
    client: FlaskClient, secret: str, sessions: sessionmaker[Session]
) -> None:
    followed = client.get(f"/join/{secret}")
    assert (followed.status_code, followed.headers["Location"]) == (302, "/join")
    page = client.get("/join")
    assert page.status_code == 200
    assert "Welcome, New" in page.text
    for answer in (followed, page, join(client, "short"), client.get("/join/nothing-like-it")):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert secret not in answer.text
        assert secret not in answer.headers.get("Location", "")
    with sessions() as session:
        assert session.scalars(select(AccountLink.used_at)).all() == [None], "looking at it uses nothing up"


def test_a_link_is_followed_by_each_browser_for_itself(
    app: Flask, client: FlaskClient, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get(f"/join/{secret}")
    assert app.test_client().get("/join").status_code == 404, "another browser never had it"
    with monkeypatch.context() as patch:
        patch.setattr(joining, "PATIENCE", 0)
        late = join(client)
        assert (late.status_code, "Open the link that you were given" in late.text) == (404, True)
    assert join(client).headers["Location"] == "/sign-in"
    with client.session_transaction() as cookie:
        assert "joining" not in cookie
    assert client.get(f"/join/{secret}", follow_redirects=True).status_code == 410


def test_a_secret_of_any_length_and_kind_is_no_fault(client: FlaskClient) -> None:
    for text in ("x" * 5000, "%00", "%E2%80%AE", "%ff", "'"):
        answer = client.get(f"/join/{text}", follow_redirects=True)
        assert (answer.status_code, "There is no such link" in answer.text) == (404, True)
