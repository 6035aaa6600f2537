"""Signing in and out, and what ends a session."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal import create_app
from appraisal.models import Account, Role
from appraisal.services import accounts, demonstration
from appraisal.services.password_turns import TooManyAtOnce
from config import Settings
from tests.web.people import PASSWORD, again, person, sign_in, signed_in_as, token

ELSEWHERE = (
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/%09/evil.example",
    "/%09%5Cevil.example",
    "/%0D%0AX-Header: 1",
    "javascript:alert(1)",
    "evil.example",
)


@pytest.mark.asvs("1.2.2", "3.7.2")
def test_sign_in_goes_where_one_wanted_but_never_elsewhere(
    client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    email = person(sessions, Role.ANALYST)
    asked = client.get("/portfolio?sort=cost")
    assert asked.headers["Location"] == "/sign-in?next=/portfolio?sort%3Dcost"
    assert sign_in(client, email, target=asked.headers["Location"]).headers["Location"] == "/portfolio?sort=cost"
    for elsewhere in ELSEWHERE:
        assert sign_in(client, email, target=f"/sign-in?next={elsewhere}").headers["Location"] == "/"


@pytest.mark.asvs("7.2.4")
def test_signing_in_starts_a_new_session(client: FlaskClient, sessions: sessionmaker[Session]) -> None:
    email = person(sessions, Role.ANALYST)
    with client.session_transaction() as cookie:
        cookie["planted"] = "by someone else"
    sign_in(client, email)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie


@pytest.mark.asvs("2.4.1", "6.3.1")
def test_a_wrong_password_keeps_the_address_and_is_limited(
    client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    email = person(sessions, Role.ANALYST)
    refused = sign_in(client, email, "wrong password !")
    assert refused.status_code == 422
    assert email in refused.text
    assert "do not match" in refused.text
    statuses = [sign_in(client, email, "wrong password !").status_code for _ in range(10)]
    assert statuses == [422] * 9 + [429]
    assert sign_in(client, email).status_code == 429


@pytest.mark.asvs("6.3.1")
def test_the_limit_says_when_to_come_back_and_keeps_nobody_else_out(
    app: Flask, sessions: sessionmaker[Session]
) -> None:
    email = person(sessions, Role.ANALYST)
    stranger, owner = app.test_client(), app.test_client()
    for _ in range(10):
        sign_in(stranger, email, "wrong password !")
    limited = sign_in(stranger, email, "wrong password !")
    assert limited.status_code == 429
    assert 290 <= int(limited.headers["Retry-After"]) <= 300
    assert "You can go on in 5 minutes" in limited.text
    owner.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    assert sign_in(owner, email).status_code == 302


@pytest.mark.asvs("6.3.1")
def test_guessing_through_many_accounts_is_limited_by_address(
    client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    email = person(sessions, Role.ANALYST)
    statuses = [sign_in(client, f"person{number}@example.org", "a guess").status_code for number in range(11)]
    assert statuses == [422] * 10 + [429]
    assert sign_in(client, email).status_code == 429


@pytest.mark.asvs("4.1.3", "15.3.4")
def test_an_address_that_was_made_up_does_not_start_a_new_count(
    client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    email = person(sessions, Role.ANALYST)
    statuses = []
    for number in range(11):
        client.environ_base["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{number}"
        statuses.append(sign_in(client, email, "a guess").status_code)
    assert statuses == [422] * 10 + [429]


@pytest.mark.asvs("15.2.2")
def test_a_crowd_that_signs_in_is_asked_to_come_again_and_it_counts_against_nobody(
    client: FlaskClient, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    email = person(sessions, Role.ANALYST)

    def full(_digest: str, _password: str) -> bool:
        raise TooManyAtOnce

    with monkeypatch.context() as crowded:
        crowded.setattr(accounts, "matches", full)
        for _ in range(11):
            asked = sign_in(client, email)
            assert asked.status_code == 503
            assert asked.headers["Retry-After"] == "3"
        assert "Very many people are signing in" in asked.text
    assert sign_in(client, email).status_code == 302


def test_signing_in_well_uses_up_no_attempts(client: FlaskClient, sessions: sessionmaker[Session]) -> None:
    email = person(sessions, Role.ANALYST)
    assert {sign_in(client, email).status_code for _ in range(12)} == {302}


@pytest.mark.asvs("7.4.1")
def test_signing_out_ends_copies_of_the_session(app: Flask, sessions: sessionmaker[Session]) -> None:
    client, _ = signed_in_as(app, sessions, Role.ANALYST)
    client.get("/portfolio")
    cookie, copy = client.get_cookie("session"), app.test_client()
    assert cookie is not None
    copy.set_cookie("session", cookie.value)
    assert copy.get("/portfolio").status_code == 200
    client.post("/sign-out", data={"csrf_token": token(client, "/portfolio")})
    assert copy.get("/portfolio").status_code == 302
    assert client.get("/portfolio").status_code == 302


@pytest.mark.parametrize("change", [{"disabled": True}, {"session_epoch": 1}])
@pytest.mark.asvs("7.4.2", "7.2.1")
def test_a_right_taken_away_ends_the_session_at_once(
    app: Flask, sessions: sessionmaker[Session], change: dict[str, object]
) -> None:
    client, account = signed_in_as(app, sessions, Role.ANALYST)
    assert client.get("/portfolio").status_code == 200
    with sessions.begin() as session:
        row = session.get_one(Account, account.id)
        for name, value in change.items():
            setattr(row, name, value)
    assert client.get("/portfolio").status_code == 302


@pytest.mark.asvs("8.3.1")
def test_the_role_is_read_at_each_request(app: Flask, sessions: sessionmaker[Session]) -> None:
    client, account = signed_in_as(app, sessions, Role.ADMIN)
    assert client.get("/admin/accounts").status_code == 200
    with sessions.begin() as session:
        session.get_one(Account, account.id).role = Role.ANALYST
    assert client.get("/admin/accounts").status_code == 403


def test_a_form_sent_after_the_session_ended_does_not_come_back_as_an_address(
    app: Flask, sessions: sessionmaker[Session]
) -> None:
    client, account = signed_in_as(app, sessions, Role.ANALYST)
    sent = {"csrf_token": token(client, "/portfolio")}
    with sessions.begin() as session:
        session.get_one(Account, account.id).session_epoch = 1
    assert client.post("/sign-out", data=sent).headers["Location"] == "/sign-in"


@pytest.mark.asvs("6.2.2", "6.2.3", "7.4.3", "7.5.1")
def test_a_new_password_ends_every_other_session(app: Flask, sessions: sessionmaker[Session]) -> None:
    email = person(sessions, Role.ANALYST)
    here, there = app.test_client(), app.test_client()
    sign_in(here, email)
    sign_in(there, email)
    sent = {"current": PASSWORD, "new": "a longer new password", "repeated": "a longer new password"}
    wrong = here.post(
        "/account/password", data={**sent, "current": "not this one", "csrf_token": token(here, "/account/password")}
    )
    assert wrong.status_code == 422
    assert "current password is not right" in wrong.text
    changed = here.post("/account/password", data={**sent, "csrf_token": token(here, "/account/password")})
    assert changed.status_code == 302
    assert here.get("/portfolio").status_code == 200
    assert there.get("/portfolio").status_code == 302
    assert sign_in(app.test_client(), email).status_code == 422
    assert sign_in(app.test_client(), email, "a longer new password").status_code == 302


@pytest.mark.asvs("6.3.1")
def test_the_current_password_cannot_be_guessed_at_leisure(app: Flask, sessions: sessionmaker[Session]) -> None:
    client, account = signed_in_as(app, sessions, Role.ANALYST)
    guess = {"current": "a guess", "new": "a longer new password", "repeated": "a longer new password"}
    guess["csrf_token"] = token(client, "/account/password")
    assert [client.post("/account/password", data=guess).status_code for _ in range(11)] == [422] * 10 + [429]
    assert again(sessions, account).session_epoch == 0


def test_demonstration_accounts_are_shown_only_in_a_demonstration(
    client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    email = person(sessions, Role.ANALYST)
    with sessions.begin() as session:
        for row in session.scalars(select(Account)):
            row.demo = True
    settings = Settings(environment="testing", secret_key="k" * 40, database_url="sqlite://", demo=True)
    shown = create_app(settings, sessions.kw["bind"]).test_client().get("/sign-in").text
    assert email in shown
    assert demonstration.PASSWORD in shown
    hidden = client.get("/sign-in").text
    assert email not in hidden
    assert demonstration.PASSWORD not in hidden
