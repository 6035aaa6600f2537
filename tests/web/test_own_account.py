"""One's own account in the browser: sessions, the second step, tokens."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from appraisal.models import Account, ApiToken, LiveSession, Role, SecondStep
from appraisal.services import accounts, second_steps
from appraisal.services.sealing import Seal
from appraisal.web.account.devices import device_name
from tests.web.people import PASSWORD, again, let_in, person, sign_in, signed_in_as, token

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile "
    "Safari/537.36"
)


NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _codes_of_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """No code of these tests runs out while they run."""
    monkeypatch.setattr(second_steps, "now", lambda: NOON)


def post(client: FlaskClient, path: str, data: dict[str, object] | None = None, *, form: str = "") -> TestResponse:
    return client.post(path, data={**(data or {}), "csrf_token": token(client, form or path)})


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (PHONE, "Chrome on Android"),
        (PHONE + " SamsungBrowser/28.0", "Samsung Internet on Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari on macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140.0 Safari/604.1", "Chrome on iPhone"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", "A browser that does not say what it is"),
    ],
)
def test_a_browser_has_the_name_its_owner_knows(said: str, name: str) -> None:
    assert device_name(said) == name


@pytest.mark.asvs("7.5.2")
def test_sessions_are_listed_and_each_can_be_ended(app: Flask, sessions: sessionmaker[Session]) -> None:
    email = person(sessions, Role.ANALYST)
    here, phone, third = app.test_client(), app.test_client(), app.test_client()
    for client, agent in ((here, FIREFOX), (phone, PHONE), (third, "<b>odd</b>")):
        client.environ_base["HTTP_USER_AGENT"] = agent
        sign_in(client, email)
    page = here.get("/account").text
    assert "You are signed in on 3 browsers" in page
    for shown in ("Firefox on Linux", "Chrome on Android", "&lt;b&gt;odd&lt;/b&gt;", "127.0.0.1", "this one"):
        assert shown in page
    with sessions() as session:
        phones = session.scalars(select(LiveSession.id).where(LiveSession.device == PHONE)).one()
    stranger, _ = signed_in_as(app, sessions, Role.PLANNER)
    path, confirmed = f"/account/sessions/{phones}/end", {"current": PASSWORD}
    assert stranger.get(path).status_code == 404
    assert post(stranger, path, confirmed, form="/account").status_code == 404
    assert "End the session of Chrome on Android" in here.get(path).text
    for wrong in ("", "a guess"):
        refused = post(here, path, {"current": wrong})
        assert (refused.status_code, 'href="#current"' in refused.text) == (422, True)
    assert phone.get("/portfolio").status_code == 200
    assert post(here, path, confirmed).status_code == 302
    assert phone.get("/portfolio").status_code == 302
    assert post(here, "/account/sessions/end-others", {"current": "a guess"}).status_code == 422
    assert third.get("/portfolio").status_code == 200
    post(here, "/account/sessions/end-others", confirmed)
    assert "1 other session has ended." in here.get("/account").text
    assert third.get("/portfolio").status_code == 302
    assert "signed in on this browser only" in here.get("/account").text


def test_signing_out_here_leaves_other_browsers_alone(app: Flask, sessions: sessionmaker[Session]) -> None:
    here, account = signed_in_as(app, sessions, Role.ANALYST)
    other = app.test_client()
    let_in(other, sessions, accounts.Actor.of(account))
    post(here, "/sign-out", form="/portfolio")
    assert here.get("/portfolio").status_code == 302
    assert other.get("/portfolio").status_code == 200


@pytest.mark.asvs("14.3.1")
def test_signing_out_empties_the_browser_and_a_session_that_ends_by_itself_does_not(
    app: Flask, sessions: sessionmaker[Session]
) -> None:
    """Whoever signs out is done; whoever is signed out gets back what was typed (docs/adr/0016)."""
    here, account = signed_in_as(app, sessions, Role.ANALYST)
    assert post(here, "/sign-out", form="/portfolio").headers["Clear-Site-Data"] == '"storage"'
    let_in(here, sessions, accounts.Actor.of(account))
    with sessions.begin() as session:
        session.get_one(Account, account.id).session_epoch += 1
    assert "Clear-Site-Data" not in here.get("/portfolio").headers


@pytest.mark.asvs("7.2.2", "7.2.3")
def test_each_sign_in_has_a_key_of_its_own(client: FlaskClient, sessions: sessionmaker[Session]) -> None:
    email, keys = person(sessions, Role.ANALYST), []
    for _ in range(2):
        sign_in(client, email)
        with client.session_transaction() as cookie:
            keys.append(cookie["key"])
    assert keys[0] != keys[1]
    with client.session_transaction() as cookie:
        cookie["key"] = keys[0]
    assert client.get("/portfolio").status_code == 302  # the one before has ended


def set_up(client: FlaskClient) -> tuple[str, list[str]]:
    """Turn the second step on; the key and the recovery codes."""
    assert post(client, "/account/second-step", {"current": "a guess"}).status_code == 422
    assert post(client, "/account/second-step", {"current": PASSWORD}).headers["Location"].endswith("/confirm")
    page = client.get("/account/second-step/confirm").text
    assert '<svg viewBox="0 0 ' in page
    found = re.search(r'class="once">([A-Z2-7 ]{32,})<', page)
    assert found is not None
    key = found[1].replace(" ", "")
    wrong = post(client, "/account/second-step/confirm", {"code": "000000x"})
    assert (wrong.status_code, 'href="#code"' in wrong.text) == (422, True)
    shown = post(client, "/account/second-step/confirm", {"code": pyotp.TOTP(key).at(NOON)})
    codes = re.findall(r'class="once">([a-z2-9-]{29})<', shown.text)
    assert len(codes) == 10
    return key, codes


@pytest.mark.asvs("6.3.4", "7.5.1")
def test_the_second_step_is_asked_for_once_it_is_set_up(app: Flask, sessions: sessionmaker[Session]) -> None:
    email = person(sessions, Role.ANALYST)
    here, there = app.test_client(), app.test_client()
    sign_in(here, email)
    key, codes = set_up(here)
    assert "the second step is on" in here.get("/account").text
    asked = sign_in(there, email, target="/sign-in?next=/portfolio?sort%3Dcost")
    assert asked.headers["Location"].startswith("/sign-in/code?next=")
    assert there.get("/portfolio").status_code == 302  # the password alone opens nothing
    path = asked.headers["Location"]
    used = post(there, path, {"code": pyotp.TOTP(key).at(NOON)})  # the code that turned it on
    assert (used.status_code, "it was used" in used.text) == (422, True)
    assert post(there, path, {"code": codes[0]}).headers["Location"] == "/portfolio?sort=cost"
    assert "That recovery code is used up." in there.get("/portfolio").text
    assert "9 of 10 recovery codes left" in there.get("/account").text
    off = {"current": PASSWORD, "code": codes[1]}
    assert post(there, "/account/second-step/off", {**off, "code": codes[0]}).status_code == 422
    assert post(there, "/account/second-step/off", off).headers["Location"] == "/account"
    assert sign_in(app.test_client(), email).headers["Location"] == "/"


@pytest.mark.asvs("7.2.4")
def test_signing_in_with_a_code_ends_the_session_that_the_browser_had(
    client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    email = person(sessions, Role.ANALYST)
    sign_in(client, email)
    _, codes = set_up(client)
    with client.session_transaction() as cookie:
        before = cookie["key"]
    path = sign_in(client, email).headers["Location"]
    assert post(client, path, {"code": codes[0]}).status_code == 302
    with client.session_transaction() as cookie:
        assert cookie["key"] != before
        cookie["key"] = before
    assert client.get("/portfolio").headers["Location"].startswith("/sign-in")


def test_a_set_up_begun_under_another_key_of_the_server_begins_anew(
    app: Flask, sessions: sessionmaker[Session]
) -> None:
    here = app.test_client()
    sign_in(here, person(sessions, Role.ANALYST))
    post(here, "/account/second-step", {"current": PASSWORD})
    with sessions.begin() as session:
        session.scalars(select(SecondStep)).one().sealed_key = Seal("z" * 40).close("GEZDGNBVGY3TQOJQ")
    assert here.get("/account/second-step/confirm").headers["Location"] == "/account/second-step"
    assert "Set the second step up anew." in here.get("/account/second-step").text
    set_up(here)


@pytest.mark.asvs("6.3.3")
def test_where_the_office_asks_for_a_second_step_nothing_opens_before_it_is_set_up(
    app: Flask, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    office = replace(app.extensions["settings"], second_step_for="office")
    monkeypatch.setitem(app.extensions, "settings", office)
    email = person(sessions, Role.ANALYST)
    here, (planner, _) = app.test_client(), signed_in_as(app, sessions, Role.PLANNER)
    sign_in(here, email)
    for path in ("/portfolio", "/account", "/portfolio.csv", "/account/tokens/new"):
        assert here.get(path).headers["Location"] == "/account/second-step", path
    sent = {"name": "x", "csrf_token": token(here, "/account/second-step")}
    refused = here.post("/account/tokens/new", data=sent)
    assert (refused.status_code, "Set up the second step first" in refused.text) == (403, True)
    assert "Your office asks for a second step" in here.get("/account/second-step").text
    set_up(here)
    assert here.get("/portfolio").status_code == 200
    assert planner.get("/portfolio").status_code == 200
    monkeypatch.setitem(app.extensions, "settings", replace(office, second_step_for="everyone"))
    assert planner.get("/portfolio").headers["Location"] == "/account/second-step"


@pytest.mark.asvs("6.3.1")
def test_codes_cannot_be_guessed_at_leisure(app: Flask, sessions: sessionmaker[Session]) -> None:
    email = person(sessions, Role.ANALYST)
    here, there = app.test_client(), app.test_client()
    sign_in(here, email)
    set_up(here)
    sign_in(there, email)
    sent = {"code": "x", "csrf_token": token(there, "/sign-in/code")}
    statuses = [there.post("/sign-in/code", data=sent).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_a_code_is_awaited_only_after_the_password_and_not_for_long(
    app: Flask, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    email = person(sessions, Role.ANALYST)
    here, there = app.test_client(), app.test_client()
    assert there.get("/sign-in/code").headers["Location"] == "/sign-in"
    sign_in(here, email)
    _, codes = set_up(here)
    sign_in(there, email)
    sent = {"code": codes[0], "csrf_token": token(there, "/sign-in/code")}
    with there.session_transaction() as cookie:
        at = cookie["pending"][2]
    with monkeypatch.context() as later:
        later.setattr("appraisal.web.account.signing_in.time", lambda: at + 601)
        assert there.post("/sign-in/code", data=sent).headers["Location"] == "/sign-in"
    sign_in(there, email)
    sent["csrf_token"] = token(there, "/sign-in/code")
    with sessions.begin() as session:
        session.scalars(select(Account).where(Account.email == email)).one().session_epoch += 1
    assert there.post("/sign-in/code", data=sent).headers["Location"] == "/sign-in"
    assert "changed meanwhile" in there.get("/sign-in").text


def test_an_administrator_resets_a_lost_second_step(app: Flask, sessions: sessionmaker[Session]) -> None:
    email = person(sessions, Role.ANALYST)
    here = app.test_client()
    sign_in(here, email)
    set_up(here)
    admin, own = signed_in_as(app, sessions, Role.ADMIN)
    with sessions() as session:
        account = session.scalars(select(Account).where(Account.email == email)).one()
    path = f"/admin/accounts/{account.id}"
    assert "Reset the second step" in admin.get(path).text
    done = admin.post(f"{path}/second-step/reset", data={"csrf_token": token(admin, path)}, follow_redirects=True)
    assert "signs in with the password alone" in done.text
    assert "Reset the second step" not in done.text
    assert here.get("/portfolio").status_code == 302
    assert sign_in(here, email).headers["Location"] == "/"
    sent = {"csrf_token": token(admin, path)}
    assert admin.post(f"/admin/accounts/{own.id}/second-step/reset", data=sent).status_code == 422


def test_a_token_is_shown_once_and_revoked(app: Flask, sessions: sessionmaker[Session]) -> None:
    email = person(sessions, Role.ANALYST)
    here, program = app.test_client(), app.test_client()
    sign_in(here, email)
    wish = {"name": "Nightly <export>", "scopes": ["read-portfolio"], "days": "7", "current": PASSWORD}
    for field, value, said in (
        ("name", "", "Enter a name."),
        ("name", "\x00", "U+0000"),
        ("scopes", [], "Choose at least one."),
        ("scopes", ["everything"], "not a valid choice"),
        ("days", "9999", "Not a valid choice"),
        ("current", "a guess", "current password is not right"),
    ):
        refused = post(here, "/account/tokens/new", {**wish, field: value})
        assert (refused.status_code, said in refused.text) == (422, True), field
        assert f'href="#{field}' in refused.text
    made = post(here, "/account/tokens/new", wish)
    found = re.search(r'class="once">(apt_[\w-]{43})<', made.text)
    assert found is not None
    page = here.get("/account").text
    assert found[1] not in page
    assert found[1][:12] in page
    assert "Nightly &lt;export&gt;" in page
    headers = {"Authorization": f"Bearer {found[1]}"}
    assert program.get("/portfolio.csv", headers=headers).status_code == 200
    with sessions() as session:
        key = session.scalars(select(ApiToken.id)).one()
    stranger, _ = signed_in_as(app, sessions, Role.PLANNER)
    assert post(stranger, f"/account/tokens/{key}/revoke", form="/account").status_code == 404
    assert post(here, f"/account/tokens/{key}/revoke", form="/account").status_code == 302
    assert program.get("/portfolio.csv", headers=headers).status_code == 401


@pytest.mark.asvs("7.4.3")
def test_a_reset_password_ends_sessions_and_tokens(app: Flask, sessions: sessionmaker[Session]) -> None:
    admin, _ = signed_in_as(app, sessions, Role.ADMIN)
    here, account = signed_in_as(app, sessions, Role.ANALYST)
    path = f"/admin/accounts/{account.id}"
    shown = admin.post(f"{path}/link", data={"csrf_token": token(admin, path)}).text
    found = re.search(r"http://localhost(/join/[\w-]+)<", shown)
    assert found is not None
    fresh = {"new": "quite another password", "repeated": "quite another password"}
    stranger = app.test_client()
    stranger.get(found[1])
    assert post(stranger, "/join", fresh).headers["Location"] == "/sign-in"
    assert here.get("/portfolio").status_code == 302
    assert again(sessions, account).session_epoch == 1
