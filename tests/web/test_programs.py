"""What programs get with a token: the same as their account would, as files and JSON, and clear refusals."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from appraisal.models import Account, ApiToken, Project, Role, Scope
from tests.factories import PROJECTS
from tests.web.people import signed_in_as, token_for

OPAL = (PROJECTS / "opal-lakes.json").read_bytes()


class Program:
    """A client without cookies that sends a token."""

    def __init__(self, app: Flask, secret: str) -> None:
        self.client: FlaskClient = app.test_client(use_cookies=False)
        self.headers = {"Authorization": f"Bearer {secret}"}

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, headers=self.headers)

    def post(self, path: str, body: bytes) -> TestResponse:
        return self.client.post(path, data=body, headers=self.headers, content_type="application/json")


def made(app: Flask, sessions: sessionmaker[Session], role: Role, *scopes: Scope) -> tuple[Program, Account]:
    _, account = signed_in_as(app, sessions, role)
    return Program(app, token_for(sessions, account, *(scopes or tuple(Scope)))), account


def test_a_program_registers_a_project_and_reads_it_back(app: Flask, sessions: sessionmaker[Session]) -> None:
    program, account = made(app, sessions, Role.PLANNER)
    sent = program.post("/projects.json", OPAL)
    assert (sent.status_code, sent.get_json()["state"]) == (201, "draft")
    (listed,) = program.get("/projects.json").get_json()["projects"]
    assert (listed["id"], listed["reference"], listed["run"]) == (sent.get_json()["id"], "NSW-OPAL", None)
    assert json.loads(program.get(listed["file"]).data)["reference"] == "NSW-OPAL"
    with sessions() as session:
        assert session.scalars(select(Project.owner_id)).one() == account.id
    twice = program.post("/projects.json", OPAL)
    assert (twice.status_code, "already a project" in twice.get_json()["error"]) == (422, True)
    stranger, _ = made(app, sessions, Role.ANALYST)  # a draft is its organisation's own
    assert stranger.get("/projects.json").get_json() == {"projects": []}
    missing = stranger.get(listed["file"])
    assert (missing.status_code, missing.get_json()) == (404, {"error": "Not Found"})


def test_a_file_with_problems_is_refused_with_their_places(app: Flask, sessions: sessionmaker[Session]) -> None:
    program, _ = made(app, sessions, Role.PLANNER)
    for body in (b"", b"{", b"[]", b"\xff\xfe", b'{"schema": "appraisal-project/1", "colour": NaN}'):
        answer = program.post("/projects.json", body)
        assert answer.status_code == 422, body
        assert answer.get_json()["problems"][0]["message"], body
    large = program.post("/projects.json", b" " * 3_000_000)
    assert (large.status_code, large.is_json) == (413, True)
    with sessions() as session:
        assert session.scalars(select(Project)).all() == []


FIGURES = (
    *(
        "NaN",
        "Infinity",
        "-Infinity",
        "1e400",
        "-1e400",
        "1" + "0" * 5000,
        "1_000",
        "0x10",
        "１２",
        "+1",
        "01",
        "[" * 5000,
    ),
    *('"NaN"', '"Infinity"', '"1e400"', '"１２"', '"1_000"', '"0x10"', "true", "null", "{}", '{"a": 1, "a": 2}'),
)
WORDS = ("a\\u0000b", "a\\ud800b", "a\\u202eb", "a\\u2066", "a\\ufffe", "\u202e", "\ufdd0", "\x1b", "x" * 1_000_000)


def test_no_figure_and_no_text_of_a_program_is_a_fault_or_kept_wrong(
    app: Flask, sessions: sessionmaker[Session]
) -> None:
    program, _ = made(app, sessions, Role.PLANNER)
    whole = OPAL.decode()
    document = json.loads(whole)
    title = json.dumps(document["title"], ensure_ascii=False)
    assert title in whole
    bodies = [whole.replace(title, f'"{word}"') for word in WORDS]
    document["cash_flows"]["lines"][0]["amounts"][0] = "@"
    bodies += [json.dumps(document).replace('"@"', figure) for figure in FIGURES]
    for body in bodies:
        answer = program.post("/projects.json", body.encode("utf-8", "surrogatepass"))
        assert (answer.status_code, bool(answer.get_json()["problems"])) == (422, True), body[:200]
    with sessions() as session:
        assert session.scalars(select(Project)).all() == []


def test_a_role_that_may_not_register_is_told_so(app: Flask, sessions: sessionmaker[Session]) -> None:
    program, _ = made(app, sessions, Role.ANALYST)
    answer = program.post("/projects.json", OPAL)
    assert (answer.status_code, answer.get_json()) == (403, {"error": "This is for the role planner."})


@pytest.mark.parametrize("sent", ["Bearer", "Bearer ", "Bearer nothing", "bearer apt_x y", "Bearer \udcff"])
def test_a_token_that_is_none_is_refused_in_json(app: Flask, sent: str) -> None:
    client = app.test_client(use_cookies=False)
    for method, path in (("GET", "/portfolio.csv"), ("POST", "/projects.json"), ("GET", "/runs/1/report.pdf")):
        header = sent.encode("utf-8", "surrogateescape").decode("latin-1")
        answer = client.open(path, method=method, headers={"Authorization": header})
        assert answer.status_code in (302, 401), path  # 302: not a token at all, so a person without a session
        if answer.status_code == 401:
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            assert "not known, has expired or was revoked" in answer.get_json()["error"]


def test_it_ends_with_its_account_or_its_time_at_once(app: Flask, sessions: sessionmaker[Session]) -> None:
    program, account = made(app, sessions, Role.ANALYST)
    other, second = made(app, sessions, Role.APPROVER)
    assert {each.get("/portfolio.csv").status_code for each in (program, other)} == {200}
    with sessions.begin() as session:
        session.get_one(Account, account.id).disabled = True
        for row in session.scalars(select(ApiToken).where(ApiToken.account_id == second.id)):
            row.expires_at -= timedelta(days=2)
    assert {each.get("/portfolio.csv").status_code for each in (program, other)} == {401}


def test_a_token_out_of_scope_says_which_it_lacks(app: Flask, sessions: sessionmaker[Session]) -> None:
    program, _ = made(app, sessions, Role.PLANNER, Scope.READ_PORTFOLIO)
    answer = program.post("/projects.json", OPAL)
    assert answer.status_code == 403
    assert answer.get_json() == {"error": "The token lacks the scope register.", "scope": "register"}


def test_a_session_registers_nothing_as_a_program(app: Flask, sessions: sessionmaker[Session]) -> None:
    """Another site could make a browser send it: without a token it is refused, whoever is signed in."""
    client, _ = signed_in_as(app, sessions, Role.PLANNER)
    assert client.post("/projects.json", data=OPAL).status_code == 401
    assert client.get("/projects.json").get_json() == {"projects": []}


def test_a_token_counts_and_not_the_session_it_comes_with(app: Flask, sessions: sessionmaker[Session]) -> None:
    client, _ = signed_in_as(app, sessions, Role.ADMIN)
    _, planner = signed_in_as(app, sessions, Role.PLANNER)
    headers = {"Authorization": f"Bearer {token_for(sessions, planner, Scope.REGISTER)}"}
    assert client.get("/projects.json", headers=headers).status_code == 403
    assert client.get("/admin/accounts", headers=headers).status_code == 403
    assert client.post("/projects.json", headers=headers, data=OPAL).status_code == 201
    with sessions() as session:
        assert session.scalars(select(Project.owner_id)).one() == planner.id


def test_every_failure_is_json_for_programs(
    app: Flask, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    program, _ = made(app, sessions, Role.PLANNER)
    wrong = program.client.delete("/projects.json", headers=program.headers)
    assert (wrong.status_code, wrong.get_json()["error"]) == (405, "Method Not Allowed")
    assert "POST" in wrong.headers["Allow"]
    assert program.get("/nowhere").get_json() == {"error": "Not Found"}
    monkeypatch.setattr("appraisal.services.listing.own_projects", lambda *_: 1 / 0)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    fault = program.get("/projects.json")
    assert (fault.status_code, "Say the reference" in fault.get_json()["error"]) == (500, True)
