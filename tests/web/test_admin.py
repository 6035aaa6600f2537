"""Accounts and the trail in the browser."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from appraisal.models import Account, Role
from appraisal.policy import OPERATOR
from appraisal.services import auditing
from tests.web.people import again, sign_in, signed_in_as, token

NEW = {
    "name": "김하늘 <b>",
    "email": "Ha.Neul@Example.org",
    "organisation": "Haneul",
    "role": "planner",
}
PASSWORD = "a first password"


def test_who_is_invited_sets_an_own_password_and_signs_in(app: Flask, sessions: sessionmaker[Session]) -> None:
    admin, _ = signed_in_as(app, sessions, Role.ADMIN)
    sent = {**NEW, "csrf_token": token(admin, "/admin/accounts/new")}
    made = admin.post("/admin/accounts/new", data=sent)
    assert made.status_code == 200
    path = link_in(made)
    assert "Pass this link on to 김하늘 &lt;b&gt;: it is not shown again" in made.text
    again_sent = admin.post("/admin/accounts/new", data=sent)
    assert again_sent.status_code == 422
    assert "already an account" in again_sent.text
    listed = admin.get("/admin/accounts").text
    assert listed.count(">invited<") == 2  # the test's administrator has no password either
    assert path not in listed
    person = app.test_client()
    assert "You sign in as ha.neul@example.org" in person.get(path, follow_redirects=True).text
    short = person.post("/join", data={"new": "short", "repeated": "short", "csrf_token": token(person, "/join")})
    assert (short.status_code, 'href="#new"' in short.text, "12 to 200" in short.text) == (422, True, True)
    joined = person.post("/join", data={"new": PASSWORD, "repeated": PASSWORD, "csrf_token": token(person, "/join")})
    assert joined.headers["Location"] == "/sign-in"
    assert sign_in(person, "ha.neul@example.org", PASSWORD).status_code == 302
    over = person.get(path, follow_redirects=True)
    assert (over.status_code, "This link was used." in over.text) == (410, True)
    assert admin.get("/admin/accounts").text.count(">invited<") == 1


def link_in(response: TestResponse) -> str:
    """The path of the link that the page shows once."""
    found = re.search(r"http://localhost(/join/[\w-]{43})<", response.text)
    assert found is not None
    return found[1]


def test_a_link_is_made_anew_withdrawn_and_says_what_became_of_it(app: Flask, sessions: sessionmaker[Session]) -> None:
    admin, _ = signed_in_as(app, sessions, Role.ADMIN)
    _, account = signed_in_as(app, sessions, Role.ANALYST)
    path, stranger = f"/admin/accounts/{account.id}", app.test_client()
    sent = {"csrf_token": token(admin, path)}
    first = link_in(admin.post(f"{path}/link", data=sent))
    second = link_in(admin.post(f"{path}/link", data=sent))
    replaced = stranger.get(first, follow_redirects=True)
    assert (replaced.status_code, "newer one took its place" in replaced.text) == (410, True)
    assert "A link made" in admin.get(path).text
    gone = admin.post(f"{path}/link/withdraw", data=sent, follow_redirects=True)
    assert "The link no longer works." in gone.text
    assert "withdrawn" in stranger.get(second, follow_redirects=True).text
    unknown = stranger.get("/join/nothing-like-it", follow_redirects=True)
    assert (unknown.status_code, "There is no such link" in unknown.text) == (404, True)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Enter the name."),
        ("name", "Ana\u202eanA", "U+202E"),
        ("name", "x" * 201, "1 to 200 characters"),
        ("email", "nowhere", "not an e-mail address"),
        ("email", "a b@example.org", "not an e-mail address"),
        ("email", f"{'a' * 250}@example.org", "at most 254"),
        ("organisation", "\x00", "U+0000"),
        ("role", "root", "Not a valid choice"),
    ],
)
def test_an_account_that_cannot_be_is_refused_with_what_was_typed(
    app: Flask, sessions: sessionmaker[Session], field: str, value: str, said: str
) -> None:
    admin, _ = signed_in_as(app, sessions, Role.ADMIN)
    sent = {**NEW, field: value, "csrf_token": token(admin, "/admin/accounts/new")}
    response = admin.post("/admin/accounts/new", data=sent)
    assert response.status_code == 422
    assert said in response.text
    assert f'href="#{field}"' in response.text
    assert ("Ha.Neul@Example.org" in response.text) is (field != "email")
    with sessions() as session:
        assert len(session.scalars(select(Account)).all()) == 1


def test_a_changed_role_ends_the_session_and_is_in_the_trail(app: Flask, sessions: sessionmaker[Session]) -> None:
    admin, _ = signed_in_as(app, sessions, Role.ADMIN)
    person, account = signed_in_as(app, sessions, Role.ANALYST)
    path = f"/admin/accounts/{account.id}"
    sent = {"role": "approver", "csrf_token": token(admin, path)}
    assert admin.post(f"{path}/role", data={**sent, "role": "root"}).status_code == 422
    assert admin.post(f"{path}/role", data=sent).status_code == 302
    assert again(sessions, account).role is Role.APPROVER
    assert person.get("/portfolio").status_code == 302
    trail = admin.get("/admin/audit").text
    assert "account.role-changed" in trail
    assert "before: analyst, role: approver" in trail


def test_a_closed_account_is_out_until_it_is_opened_again(app: Flask, sessions: sessionmaker[Session]) -> None:
    admin, _ = signed_in_as(app, sessions, Role.ADMIN)
    person, account = signed_in_as(app, sessions, Role.ANALYST)
    path = f"/admin/accounts/{account.id}"
    sent = {"csrf_token": token(admin, path)}
    admin.post(f"{path}/disable", data=sent)
    assert person.get("/portfolio").status_code == 302
    assert "closed" in admin.get("/admin/accounts").text
    admin.post(f"{path}/enable", data=sent)
    assert again(sessions, account).disabled is False
    assert person.get("/portfolio").status_code == 302  # the old session stays dead


def test_administrators_leave_their_own_account_alone(app: Flask, sessions: sessionmaker[Session]) -> None:
    admin, account = signed_in_as(app, sessions, Role.ADMIN)
    path = f"/admin/accounts/{account.id}"
    assert "This is your own account" in admin.get(path).text
    for what, more in (("role", {"role": "analyst"}), ("disable", {})):
        response = admin.post(f"{path}/{what}", data={**more, "csrf_token": token(admin, path)})
        assert response.status_code == 422
        assert "Ask another administrator" in response.text
    kept = again(sessions, account)
    assert (kept.role, kept.disabled) == (Role.ADMIN, False)


def test_an_unknown_account_is_not_there(app: Flask, sessions: sessionmaker[Session]) -> None:
    admin, _ = signed_in_as(app, sessions, Role.ADMIN)
    for path in ("/admin/accounts/00000000-0000-0000-0000-000000000001", "/admin/accounts/1"):
        assert admin.get(path).status_code == 404


def test_the_trail_is_paged_to_its_beginning(app: Flask, sessions: sessionmaker[Session]) -> None:
    admin, _ = signed_in_as(app, sessions, Role.ADMIN)
    with sessions.begin() as session:
        for number in range(120):
            auditing.record(session, OPERATOR, f"test.{number}", "test", number, note="<script>")
    seen: list[str] = []
    path: str | None = "/admin/audit"
    while path:
        page = admin.get(path).text
        assert "<script>alert" not in page
        assert "note: &lt;script&gt;" in page
        seen += re.findall(r">(test\.\d+)<", page)
        older = re.search(r'href="(/admin/audit\?before=\d+)">Older', page)
        path = older[1] if older else None
    assert seen == [f"test.{number}" for number in reversed(range(120))]


@pytest.mark.parametrize("before", ["0", "-1", "x", "9" * 40, ""])
def test_an_odd_page_of_the_trail_is_the_newest(app: Flask, sessions: sessionmaker[Session], before: str) -> None:
    admin, _ = signed_in_as(app, sessions, Role.ADMIN)
    with sessions.begin() as session:
        for number in range(4):
            auditing.record(session, OPERATOR, f"test.{number}", "test", number)
    response = admin.get("/admin/audit", query_string={"before": before})
    assert response.status_code == 200
    assert "test.3" in response.text


def test_a_person_is_erased_once_the_address_is_typed(app: Flask, sessions: sessionmaker[Session]) -> None:
    admin, _ = signed_in_as(app, sessions, Role.ADMIN)
    planner, account = signed_in_as(app, sessions, Role.PLANNER)
    path = f"/admin/accounts/{account.id}"
    handed = admin.get(f"{path}/data.json")
    assert handed.json["account"][0]["email"] == account.email
    assert handed.headers["Content-Disposition"].startswith("attachment")
    sent = {"email": "another@example.org", "csrf_token": token(admin, path)}
    refused = admin.post(f"{path}/erase", data=sent)
    assert refused.status_code == 422
    assert "so that no other is erased by mistake" in refused.text
    assert again(sessions, account).email == account.email
    assert admin.post(f"{path}/erase", data=sent | {"email": account.email.upper()}).status_code == 302
    assert again(sessions, account).name == "Former colleague"
    assert account.email not in admin.get("/admin/accounts").text
    page = admin.get(path).text
    assert "data are erased" in page
    assert '<form method="post" action="/admin' not in page
    assert planner.get("/projects").status_code == 302, "signed out at once"


def test_ones_own_data_and_what_is_said_of_it(app: Flask, sessions: sessionmaker[Session]) -> None:
    planner, account = signed_in_as(app, sessions, Role.PLANNER)
    assert planner.get("/account/data.json").json["account"][0]["id"] == str(account.id)
    assert "/account/data.json" in planner.get("/account").text
    for path in ("/privacy", "/help"):
        page = app.test_client().get(path)
        assert page.status_code == 200
        assert 'href="/help"' in page.text
