"""What nobody, somebody and an administrator may open: every route is asked, so that a new one is asked too."""

import re
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.routing import Rule

from appraisal.models import Role, Scope
from tests.web.people import signed_in_as, token, token_for

PUBLIC = {
    *(
        "static",
        "account.sign_in",
        "account.join",
        "account.join_link",
        "account.forgotten",
        "probes.health",
        "probes.ready",
    ),
    *("reading.help_page", "reading.privacy", "account.service", "account.service_back"),
}
FOR_PROGRAMS = {("POST", "/projects.json")}
OPEN_TO_TOKENS = {
    "/portfolio.csv": Scope.READ_PORTFOLIO,
    "/projects.json": Scope.READ_PROJECTS,
    f"/projects/{UUID(int=1)}/project.json": Scope.READ_PROJECTS,
    "/runs/1/report.pdf": Scope.READ_PROJECTS,
    "/runs/1/report.xlsx": Scope.READ_PROJECTS,
    "/runs/1/pictures/x.svg": Scope.READ_PROJECTS,
    "/runs/1/tables/x.csv": Scope.READ_PROJECTS,
}
VALUES = {"int": 1, "uuid": UUID(int=1), "default": "x", "path": "x"}
CHANGES = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def requests_of(app: Flask, prefix: str = "/") -> list[tuple[str, str]]:
    """Method and path of every route under the prefix that is not public."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in PUBLIC and rule.rule.startswith(prefix):
            found += [(method, path_of(app, rule)) for method in sorted((rule.methods or set()) & CHANGES)]
    return found


def path_of(app: Flask, rule: Rule) -> str:
    kinds = {name: kind or "default" for kind, name in re.findall(r"<(?:(\w+)[^:>]*:)?(\w+)>", rule.rule)}
    with app.test_request_context():
        return str(app.url_map.bind("localhost").build(rule.endpoint, {name: VALUES[kinds[name]] for name in kinds}))


def send(client: FlaskClient, method: str, path: str) -> tuple[int, str]:
    data = {} if method == "GET" else {"csrf_token": token(client, "/sign-in")}
    response = client.open(path, method=method, data=data)
    return response.status_code, response.headers.get("Location", "")


@pytest.mark.asvs("8.2.1")
def test_nothing_but_the_public_pages_opens_without_signing_in(app: Flask, client: FlaskClient) -> None:
    asked = requests_of(app)
    assert {"/portfolio", "/admin/accounts", "/runs/1/report.pdf"} <= {path for _, path in asked}
    for method, path in asked:
        status, location = send(client, method, path)
        if (method, path) in FOR_PROGRAMS:
            assert status == 401, (method, path)
            continue
        start = path == "/" and location == "/portfolio"  # which asks in turn
        assert status == 302, (method, path)
        assert start or location.startswith("/sign-in"), (method, path)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_administration_is_for_administrators(app: Flask, sessions: sessionmaker[Session], role: Role) -> None:
    client, account = signed_in_as(app, sessions, role)
    for method, path in requests_of(app, "/admin"):
        assert send(client, method, path)[0] == 403, (method, path)
    own = f"/admin/accounts/{account.id}/role"
    assert client.post(own, data={"role": "admin", "csrf_token": token(client, "/sign-in")}).status_code == 403
    page = client.get("/admin/accounts").text
    assert "This is for the role admin." in page
    assert "Administration" not in page


def test_administrators_find_the_way_there(app: Flask, sessions: sessionmaker[Session]) -> None:
    client, _ = signed_in_as(app, sessions, Role.ADMIN)
    assert re.search(r'href="/admin/accounts">Administration', client.get("/portfolio").text)


@pytest.mark.parametrize(
    "path",
    [
        *("/portfolio", "/admin/accounts", "/account/password", "/sign-out"),
        *("/account/sessions/end-others", "/account/tokens/new", "/account/second-step", "/join", "/sign-in/code"),
        f"/projects/{UUID(int=1)}/transfer",
    ],
)
@pytest.mark.asvs("3.5.1")
def test_a_form_without_its_token_changes_nothing(app: Flask, sessions: sessionmaker[Session], path: str) -> None:
    client, _ = signed_in_as(app, sessions, Role.ADMIN)
    response = client.post(path, data={})
    assert response.status_code in (400, 405)
    assert client.get("/portfolio").status_code == 200


@pytest.mark.parametrize("scope", Scope)
def test_a_token_opens_what_its_scope_names_and_no_form(
    app: Flask, sessions: sessionmaker[Session], scope: Scope
) -> None:
    """Every route is asked with a token of an administrator, which has every right but the scopes it lacks."""
    _, account = signed_in_as(app, sessions, Role.ADMIN)
    headers = {"Authorization": f"Bearer {token_for(sessions, account, scope)}"}
    client = app.test_client()
    assert set(OPEN_TO_TOKENS) <= {path for _, path in requests_of(app)}
    for method, path in requests_of(app):
        if path in ("/", "/sign-in/code"):
            continue  # they only say where to go, and that page asks in turn
        response = client.open(path, method=method, headers=headers)
        if method == "GET" and OPEN_TO_TOKENS.get(path) is scope:
            assert response.status_code in (200, 404), (method, path)
        elif (method, path) in FOR_PROGRAMS and scope is Scope.REGISTER:
            assert response.status_code == 422, (method, path)  # an empty project file
        else:
            assert response.status_code in (400, 403), (method, path)  # 400: a form without its token
        if response.status_code != 200:
            assert response.get_json()["error"], (method, path)
        assert "Set-Cookie" not in response.headers, (method, path)
