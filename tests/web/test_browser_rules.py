"""What browsers and other programs are told, and what they are not given."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Project, ProjectState, Role, Scope
from appraisal.web.downloads import attachment
from forms.passwords import read_password
from tests.web.people import person, sign_in, signed_in_as, token, token_for
from tests.web.planner_browser import KEY, PROJECT, Browser


@pytest.mark.asvs("3.4.2")
@pytest.mark.parametrize("path", ["/portfolio.csv", "/projects.json", "/sign-in"])
def test_no_other_origin_may_read_anything(app: Flask, sessions: sessionmaker[Session], path: str) -> None:
    client, account = signed_in_as(app, sessions, Role.ANALYST)
    sent = {"Origin": "https://evil.example", "Authorization": f"Bearer {token_for(sessions, account, *Scope)}"}
    answer = client.get(path, headers=sent)
    assert [name for name, _ in answer.headers if name.lower().startswith("access-control")] == []


@pytest.mark.asvs("13.4.4")
def test_requests_are_not_sent_back(client: FlaskClient) -> None:
    assert client.open("/sign-in", method="TRACE").status_code == 405


@pytest.mark.asvs("13.4.1", "13.4.3")
@pytest.mark.parametrize(
    "path",
    ["/.git/config", "/static/../config.py", "/static/%2e%2e/config.py", "/static/", "/static/css/", "/config.py"],
)
def test_only_the_files_of_pages_are_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.asvs("13.4.2")
def test_nothing_is_debugged_on_a_server(app: Flask) -> None:
    assert not app.debug


@pytest.mark.asvs("4.1.1")
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/portfolio", "text/html; charset=utf-8"),
        ("/portfolio.csv", "text/csv; charset=utf-8"),
        ("/health", "text/plain; charset=utf-8"),
        ("/account/data.json", "application/json"),
        ("/static/css/tokens.css", "text/css; charset=utf-8"),
    ],
)
def test_answers_say_what_they_are(app: Flask, sessions: sessionmaker[Session], path: str, kind: str) -> None:
    client, _ = signed_in_as(app, sessions, Role.ANALYST)
    with client.get(path) as answer:
        assert answer.headers["Content-Type"] == kind


@pytest.mark.asvs("3.2.1", "5.4.1", "5.4.2")
def test_downloads_are_saved_and_never_shown_under_a_harmless_name(app: Flask) -> None:
    with app.test_request_context():
        headers = attachment(b"x", 'a"\r\nX-Header: 1/../é.csv', "text/csv").headers
    assert re.fullmatch(r'attachment; filename="[A-Za-z0-9._-]+"', headers["Content-Disposition"])


@pytest.mark.asvs("6.2.6", "6.2.7")
def test_passwords_are_hidden_and_left_to_password_managers(client: FlaskClient) -> None:
    page = client.get("/sign-in").text
    field = re.search(r'<input[^>]*name="password"[^>]*>', page)
    assert field is not None
    assert 'type="password"' in field[0]
    assert 'autocomplete="current-password"' in field[0]
    assert "onpaste" not in page


@pytest.mark.asvs("6.2.5", "6.2.9")
@pytest.mark.parametrize(
    "password", ["zq!&*+-/()^%", "비밀번호는열두글자이상입니다", "x1" * 32, "x" * 200, " spaces both ends "]
)
def test_passwords_may_be_long_and_of_any_letters(password: str) -> None:
    assert read_password(password) == password


@pytest.mark.asvs("6.2.8")
def test_passwords_are_compared_to_the_letter(client: FlaskClient, sessions: sessionmaker[Session]) -> None:
    email = person(sessions, Role.ANALYST)
    for other in ("Correct horse battery", "correct horse battery ", "correct horse batter"):
        assert sign_in(client, email, other).status_code == 422


@pytest.mark.asvs("11.4.2")
def test_passwords_are_kept_by_a_hash_that_is_slow_on_purpose(hasher_in_use: Callable[[], PasswordHasher]) -> None:
    """The least that OWASP's cheat sheet of password storage asks of Argon2id: 19 MiB and two rounds."""
    found = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$", hasher_in_use().hash("a password of some length"))
    assert found is not None
    assert int(found[1]) >= 19 * 1024
    assert int(found[2]) >= 2


@pytest.mark.asvs("15.3.3", "8.2.3")
def test_only_declared_fields_are_set(app: Flask, sessions: sessionmaker[Session]) -> None:
    client, account = signed_in_as(app, sessions, Role.PLANNER)
    browser = Browser(client)
    asked = {**PROJECT, "state": "approved", "organisation_id": str(uuid4()), "version": "7", "score": "99"}
    assert browser.send("/projects/new", asked).status_code == 302
    with sessions() as session:
        made = session.get_one(Project, UUID(KEY))
    assert (made.state, made.organisation_id, made.version) == (ProjectState.DRAFT, account.organisation_id, 1)


@pytest.mark.asvs("15.3.7")
def test_of_a_parameter_that_comes_twice_the_first_counts(app: Flask, sessions: sessionmaker[Session]) -> None:
    """Whichever comes first is checked and used; what comes after it is neither, and what is in the address is no
    field of a form."""
    email = person(sessions, Role.PLANNER)
    for address, leads in (
        ("next=/projects&next=//evil.example", "/projects"),
        ("next=//evil.example&next=/projects", "/"),
    ):
        assert sign_in(app.test_client(), email, target=f"/sign-in?{address}").headers["Location"] == leads
    client = app.test_client()
    sign_in(client, email)
    browser = Browser(client)
    twice = {**PROJECT, "title": ["First", "Second"], "organisation_id": [str(uuid4()), str(uuid4())]}
    assert browser.send("/projects/new", twice).status_code == 302
    with sessions() as session:
        made = session.get_one(Project, UUID(KEY))
    assert made.title == "First"
    assert client.post("/projects/new?csrf_token=" + token(client, "/projects/new"), data=PROJECT).status_code == 400
    assert client.get("/portfolio?sort=cost&sort=%00").status_code == 200


@pytest.mark.asvs("15.3.7")
def test_no_page_mixes_the_address_and_the_form() -> None:
    assert [path.name for path in Path("appraisal").rglob("*.py") if "request.values" in path.read_text("utf-8")] == []


@pytest.mark.asvs("15.3.6")
def test_no_script_writes_to_a_name_that_it_was_given() -> None:
    """Arrays are written by position, in two scripts that take numbers; whatever has names of people is a Map, an
    element or FormData, so that no name reaches a prototype."""
    written = re.compile(
        r"[\w)\]]\[(?!\d+\]|[\"'])[^\]\n]+\]\s*(?:[-+*/|&?]{0,2}=(?![=>]))|__proto__|fromEntries|\bin\s+JSON"
    )
    found = {path.name for path in Path("appraisal/static/js").glob("*.js") if written.search(path.read_text("utf-8"))}
    assert written.search("state[name] = value") is not None
    assert found == {"ranking.js", "ranked_rows.js"}


@pytest.mark.asvs("1.1.2", "1.2.1", "1.3.7", "3.2.2")
def test_text_of_people_is_text_in_every_page_that_shows_it(app: Flask, sessions: sessionmaker[Session]) -> None:
    client, _ = signed_in_as(app, sessions, Role.PLANNER)
    browser = Browser(client)
    hostile = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'{{7*7}}"
    assert browser.send("/projects/new", {**PROJECT, "title": hostile}).status_code == 302
    for path in ("/projects", f"/projects/{KEY}/tasks", f"/projects/{KEY}/project"):
        page = client.get(path, follow_redirects=True).text
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
        assert "{{7*7}}" in page, path
