"""The matrix of rights: every route and method, asked by everyone, of what they own and others own and nobody sent.

A route without a row fails, and so does a row without a route.
"""

import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from appraisal.database import create_engine_for, sessions_on
from tests.applications import application
from tests.databases import AUDIT_KEY, sqlite_database, tables
from tests.web import policy_world
from tests.web.people import let_in
from tests.web.policy_matrix import ROWS
from tests.web.policy_world import ACTORS, World

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
DENIED = (403, 404)
KNOWN = {
    "draft": {"planner"},
    "sent": {"planner", "appraiser", "approver", "analyst", "admin"},
    "approved": {"planner", "approver", "analyst", "admin"},
}
"""Who may know that the object exists."""
PARTS: dict[str, dict[str, object]] = {
    "frameworks.criterion": {"name": "bankability"},
    "frameworks.indicator": {"name": "DS1"},
    "frameworks.move": {"name": "DS2", "step": "earlier"},
    "frameworks.take_into_use": {"key": "korea-preliminary-feasibility-2019"},
    "frameworks.transfer": {"name": "DS2"},
    "frameworks.thresholds": {"name": "IN2"},
    "projects.benefit": {"line": "CO2"},
    "projects.table": {"name": "financial"},
}
"""Parts of an address that name no object, where the world's usual word is not one of the endpoint's."""
ELSEWHERE = {"account.sign_out", "account.code", "account.join", "account.join_link", "programs.registered"} | {
    "account.service",
    "account.service_back",
}
"""Leads everyone to the sign-in page, or asks for a code, a link, a token or a service: shown in tests of their own."""
SENT: dict[str, dict[str, object]] = {
    "importing.store": {"digest": "0" * 64},
    "register.explain": {"version": 1, "rule": "x"},
}
"""What must be sent before rights are asked: without it nothing is looked up."""


class Idle:
    """Stands for the worker: what is asked for is not done."""

    def wake(self) -> None: ...


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return policy_world.made(tmp_path_factory.mktemp("world") / "world.db")


@pytest.fixture(scope="module")
def one() -> Flask:
    """Tokens of forms are another test's; here only rights are asked."""
    app = application(create_engine_for("sqlite://"))
    app.config["WTF_CSRF_ENABLED"] = False
    app.extensions["worker"] = Idle()
    return app


@pytest.fixture(scope="module")
def clients(world: World, one: Flask) -> dict[str, FlaskClient]:
    """Everyone with a live session, which every copy of the world holds too."""
    engine = create_engine_for(f"sqlite:///{world.file}", AUDIT_KEY)
    one.extensions["sessions"] = sessions_on(engine)
    found = {actor: client_of(one, world, actor) for actor in ("public", *ACTORS)}
    engine.dispose()
    return found


@pytest.fixture(scope="module")
def at_rest(
    world: World, clients: dict[str, FlaskClient], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A copy of the world in which nothing may change: what looks and what is refused is asked of it. In the end every
    row but those of live sessions and of attempts is as it was."""
    assert clients
    path = tmp_path_factory.mktemp("rest") / "rest.db"
    shutil.copyfile(world.file, path)
    engine = create_engine_for(f"sqlite:///{path}", AUDIT_KEY)
    before = rows(engine)
    yield engine
    assert rows(engine) == before
    engine.dispose()


def rows(engine: Engine) -> dict[str, list[str]]:
    with engine.connect() as connection:
        return {
            table: sorted(repr(tuple(row)) for row in connection.execute(text(f'SELECT * FROM "{table}"')))  # noqa: S608
            for table in tables(engine) - {"live_session", "attempt_window"}
        }


def client_of(app: Flask, world: World, actor: str) -> FlaskClient:
    client = app.test_client()
    if actor != "public":
        let_in(client, app.extensions["sessions"], world.actors[actor])
    return client


def routes(app: Flask) -> set[str]:
    return {
        f"{rule.endpoint} {method}" for rule in app.url_map.iter_rules() for method in (rule.methods or set()) & METHODS
    }


def address(app: Flask, world: World, endpoint: str, project: UUID | None) -> str:
    """The endpoint's address for this project and the objects of the world."""
    (rule, *_) = app.url_map.iter_rules(endpoint)
    blueprint = endpoint.split(".", maxsplit=1)[0]
    values = {name: world.values.get(f"{blueprint}.{name}", world.values.get(name, project)) for name in rule.arguments}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(endpoint, values | PARTS.get(endpoint, {}))


def status(client: FlaskClient, method: str, path: str, data: dict[str, object] | None = None) -> int:
    """401 stands for being sent to sign in."""
    with client.open(path, method=method, data=(data or {}) if method != "GET" else None) as answer:
        signing_in = answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in")
        return 401 if signing_in else answer.status_code


@pytest.mark.asvs("8.2.1")
def test_every_route_has_its_row_and_every_row_its_route(one: Flask) -> None:
    assert routes(one) == set(ROWS)


@pytest.mark.parametrize("route", sorted(ROWS))
@pytest.mark.asvs("6.3.4", "8.2.1", "8.2.2", "8.3.1", "8.4.1")
def test_the_matrix(world: World, one: Flask, clients: dict[str, FlaskClient], at_rest: Engine, route: str) -> None:
    row = ROWS[route]
    endpoint, method = route.split()
    if endpoint in ELSEWHERE:
        pytest.skip("hangs on a secret, not on who asks")
    kinds = ("sent", "draft") if "project_id" in arguments(one, endpoint) else ("sent",)
    for about in (*kinds, *(("approved",) if row.approved is not None else ())):
        project = getattr(world, about)
        for actor in ("public", *ACTORS):
            allowed = row.allows(actor, about)
            # What a permitted request changes, no other request sees.
            changes = allowed and method != "GET"
            with sqlite_database(like=world.file) if changes else nullcontext(at_rest) as engine:
                one.extensions["sessions"] = sessions_on(engine)
                client, data = clients[actor], sent_to(world, endpoint)
                hidden = row.of_project and actor not in {"public", *KNOWN[about]}
                unknown = status(client, method, address(one, world, endpoint, uuid4()), data) if hidden else None
                got = status(client, method, address(one, world, endpoint, project), data)
            said = f"{actor} about {about}: {got}"
            if allowed:
                assert got not in (401, 405, *DENIED), said
            else:
                assert got in ((401,) if actor == "public" else DENIED), said
            assert got < 500, said
            assert unknown in (None, got), f"{said}, another answer than for what does not exist: {unknown}"


def sent_to(world: World, endpoint: str) -> dict[str, object]:
    assigned = {"projects.assign": "unassigned", "projects.unassign": "appraiser"}.get(endpoint)
    return SENT.get(endpoint, {}) | ({"account": world.actors[assigned].account_id} if assigned else {})


def arguments(app: Flask, endpoint: str) -> set[str]:
    return {name for rule in app.url_map.iter_rules(endpoint) for name in rule.arguments}
