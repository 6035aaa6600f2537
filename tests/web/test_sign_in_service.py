"""Signing in by the office's own service, from the button to the page one wanted."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from appraisal.models import Account, Role, SecondStep, ServiceIdentity
from appraisal.models.tables import now
from appraisal.policy import OPERATOR, Actor
from appraisal.services import personal_data, vouching
from appraisal.services.sealing import Seal
from appraisal.services.sign_in_service import SignInService
from config import Oidc
from tests import factories
from tests.sign_in_service import CLIENT, SECRET, Provider, provider
from tests.web.people import token


@pytest.fixture(scope="module")
def _running() -> Iterator[Provider]:
    with provider() as held:
        yield held


@pytest.fixture
def other(_running: Provider, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Provider:
    """The service, and the application set to it."""
    _running.__dict__.update(Provider(address=_running.address, key=_running.key).__dict__)
    oidc = Oidc(
        issuer=_running.address,
        client_id=CLIENT,
        client_secret=SECRET,
        name="City <login>",
        address="https://appraisal.example.org",
    )
    monkeypatch.setitem(app.extensions, "sign_in_service", SignInService(oidc))
    return _running


@pytest.fixture
def ana(sessions: sessionmaker[Session]) -> Actor:
    """Invited, and without a password so far."""
    office = factories.organisation(sessions, "Council")
    return factories.actor(sessions, Role.ANALYST, office, email="ana@example.org")


def asked_second(app: Flask, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    held = app.extensions["sign_in_service"]
    monkeypatch.setitem(app.extensions, "sign_in_service", SignInService(replace(held.settings, second_step=how)))


def through(client: FlaskClient, other: Provider, target: str = "/sign-in/service", **change: str) -> TestResponse:
    sent = client.get(target)
    answer = other.approve(sent.headers["Location"]) | change
    return client.get(f"/sign-in/service/back?{urlencode(answer)}")


def said(client: FlaskClient) -> str:
    return client.get("/sign-in").text


@pytest.mark.asvs("10.5.2")
def test_an_invited_person_signs_in_and_is_known_by_the_services_key_from_then_on(
    app: Flask, other: Provider, ana: Actor, sessions: sessionmaker[Session]
) -> None:
    client = app.test_client()
    page = client.get("/sign-in?next=/portfolio").text
    assert "Sign in with City &lt;login&gt;" in page
    done = through(client, other, "/sign-in/service?next=/portfolio?sort%3Dcost")
    assert (done.status_code, done.headers["Location"]) == (302, "/portfolio?sort=cost")
    assert client.get("/portfolio").status_code == 200
    other.claims = {"email": "new.name@example.org"}
    again = app.test_client()
    assert through(again, other).headers["Location"] == "/"
    assert "ana@example.org" in again.get("/account").text
    other.claims = {"email": "ana@example.org", "sub": "person-2"}
    stranger = app.test_client()
    assert through(stranger, other).headers["Location"] == "/sign-in"
    assert "belongs to another person of the sign-in service" in said(stranger)
    with sessions() as session:
        assert ana.account_id is not None
        assert vouching.forget(session, OPERATOR, ana.account_id)
    assert through(stranger, other).headers["Location"] == "/"


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"email": "nobody@example.org"}, "There is no open account for nobody@example.org"),
        ({"email_verified": False}, "gave no verified e-mail address"),
        ({"nonce": "another"}, "did not say for certain who you are"),
    ],
)
@pytest.mark.usefixtures("ana")
def test_whoever_cannot_be_let_in_reads_why_and_no_account_is_made(
    app: Flask, other: Provider, sessions: sessionmaker[Session], claims: dict[str, object], words: str
) -> None:
    client = app.test_client()
    other.claims = claims
    assert through(client, other).headers["Location"] == "/sign-in"
    assert words in said(client)
    assert client.get("/portfolio").status_code == 302
    with sessions() as session:
        assert len(session.scalars(select(Account)).all()) == 1
        assert session.scalars(select(ServiceIdentity)).all() == []


@pytest.mark.asvs("10.1.2", "10.2.1", "10.2.2")
@pytest.mark.usefixtures("ana")
def test_an_answer_counts_once_in_the_browser_that_asked(app: Flask, other: Provider) -> None:
    client, victim = app.test_client(), app.test_client()
    answer = other.approve(client.get("/sign-in/service").headers["Location"])
    back = f"/sign-in/service/back?{urlencode(answer)}"
    assert victim.get(back).headers["Location"] == "/sign-in"  # an answer that somebody else asked for
    assert "did not say for certain" in said(victim)
    assert client.get(back).headers["Location"] == "/"
    assert client.get(back).headers["Location"] == "/sign-in"
    for change in ({"state": "made up"}, {"iss": "https://elsewhere.example"}, {"code": ""}, {"code": "made up"}):
        assert through(app.test_client(), other, **change).headers["Location"] == "/sign-in", change
    late = app.test_client()
    answer = other.approve(late.get("/sign-in/service").headers["Location"])
    with late.session_transaction() as cookie:
        cookie["service"] = [*cookie["service"][:3], cookie["service"][3] - 601, "/"]
    assert late.get(f"/sign-in/service/back?{urlencode(answer)}").headers["Location"] == "/sign-in"


@pytest.mark.usefixtures("ana")
def test_it_leads_to_this_site_only_and_says_what_stopped_it(app: Flask, other: Provider) -> None:
    assert through(app.test_client(), other, "/sign-in/service?next=//evil.example").headers["Location"] == "/"
    client = app.test_client()
    other.approve(client.get("/sign-in/service").headers["Location"])
    with client.session_transaction() as cookie:
        state = cookie["service"][0]
    client.get(f"/sign-in/service/back?error=access_denied&state={state}")
    assert "You were not signed in at the sign-in service." in said(client)
    other.document = {"issuer": "https://elsewhere.example"}
    app.extensions["sign_in_service"]._known_at = float("-inf")
    assert client.get("/sign-in/service").headers["Location"] == "/sign-in"
    assert "cannot be reached just now" in said(client)


def test_a_closed_account_stays_closed(
    app: Flask, other: Provider, ana: Actor, sessions: sessionmaker[Session]
) -> None:
    assert through(app.test_client(), other).headers["Location"] == "/"
    with sessions.begin() as session:
        session.get_one(Account, ana.account_id).disabled = True
    client = app.test_client()
    assert through(client, other).headers["Location"] == "/sign-in"
    assert "no open account for you here" in said(client)


def test_the_second_step_is_asked_here_unless_the_service_is_trusted_with_it(
    app: Flask, other: Provider, ana: Actor, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = pyotp.random_base32()
    with sessions.begin() as session:
        sealed = Seal("k" * 40).close(key)
        session.add(SecondStep(account_id=ana.account_id, sealed_key=sealed, confirmed_at=now()))
    moment = now()
    monkeypatch.setattr("appraisal.services.second_steps.now", lambda: moment)
    client = app.test_client()
    asked = through(client, other, "/sign-in/service?next=/portfolio")
    assert asked.headers["Location"] == "/sign-in/code?next=/portfolio"
    path = asked.headers["Location"]
    sent = {"code": pyotp.TOTP(key).at(moment), "csrf_token": token(client, path)}
    assert client.post(path, data=sent).headers["Location"] == "/portfolio"
    other.claims = {"amr": ["pwd", "mfa"]}
    assert through(app.test_client(), other).headers["Location"] == "/sign-in/code?next=/"
    asked_second(app, monkeypatch, "amr")
    assert through(app.test_client(), other).headers["Location"] == "/"
    other.claims = {}
    assert through(app.test_client(), other).headers["Location"] == "/sign-in/code?next=/"
    asked_second(app, monkeypatch, "trusted")
    assert through(app.test_client(), other).headers["Location"] == "/"


@pytest.mark.asvs("6.3.3")
@pytest.mark.usefixtures("ana")
def test_a_second_step_at_the_service_is_one_where_the_office_asks_for_it(
    app: Flask, other: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], second_step_for="office"))
    asked_second(app, monkeypatch, "amr")
    client = app.test_client()
    through(client, other)
    assert client.get("/portfolio").headers["Location"] == "/account/second-step"
    other.claims = {"amr": ["mfa"]}
    through(client, other)
    assert client.get("/portfolio").status_code == 200


@pytest.mark.usefixtures("ana")
def test_after_signing_out_the_session_at_the_service_can_be_ended_too(app: Flask, other: Provider) -> None:
    client = app.test_client()
    through(client, other)
    client.post("/sign-out", data={"csrf_token": token(client, "/account")})
    assert client.get("/portfolio").status_code == 302
    page = said(client)
    assert (
        f'href="{other.address}/leave?client_id=appraisal&amp;post_logout_redirect_uri=https%3A%2F%2Fappraisal' in page
    )
    assert "End that session too" not in said(client)


def test_what_the_service_knows_a_person_as_is_theirs_and_goes_with_them(
    app: Flask, other: Provider, ana: Actor, sessions: sessionmaker[Session]
) -> None:
    through(app.test_client(), other)
    assert ana.account_id is not None
    with sessions() as session:
        assert personal_data.about(session, ana, ana.account_id)["service_identity"][0]["subject"] == "person-1"
    with sessions() as session:
        personal_data.erase(session, OPERATOR, ana.account_id)
    with sessions() as session:
        assert session.scalars(select(ServiceIdentity)).all() == []


def test_without_a_service_there_is_no_way_to_one(client: FlaskClient) -> None:
    assert "Sign in with" not in said(client)
    assert client.get("/sign-in/service").status_code == 404
    assert client.get("/sign-in/service/back?code=x&state=y").status_code == 404


@pytest.mark.usefixtures("ana")
def test_a_page_with_a_very_long_address_does_not_keep_anyone_from_signing_in(app: Flask, other: Provider) -> None:
    client = app.test_client()
    assert through(client, other, f"/sign-in/service?next=/portfolio?pins%3D{'P' * 4000}").headers["Location"] == "/"
