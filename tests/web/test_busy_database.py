"""A database that others keep busy: a save is refused for now, says so, and goes through when it is sent again."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from sqlite3 import SQLITE_DENY, SQLITE_OK, SQLITE_PRAGMA, connect

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.test import TestResponse

from appraisal.database import sessions_on
from appraisal.models import Role
from appraisal.transactions import reading
from tests.applications import application
from tests.databases import migrated_sqlite
from tests.web.people import signed_in_as, token
from tests.web.test_disk_full import start_project


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = migrated_sqlite(tmp_path / "busy.db")
    yield engine
    engine.dispose()


@pytest.fixture
def app(engine: Engine) -> Flask:
    return application(engine)


@pytest.fixture
def planner(app: Flask, engine: Engine) -> FlaskClient:
    return signed_in_as(app, sessions_on(engine), Role.PLANNER)[0]


@contextmanager
def others_write(engine: Engine) -> Iterator[None]:
    """Somebody holds the write lock for longer than anyone waits for it."""
    event.listen(engine, "checkout", lambda raw, *_: raw.execute("PRAGMA busy_timeout = 10"))
    with closing(connect(engine.url.database or "", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def no_connection_left(engine: Engine) -> Iterator[None]:
    def refuse(*_: object) -> None:
        raise NoConnection("QueuePool limit of size 8 overflow 16 reached, connection timed out, timeout 30.00")

    event.listen(engine, "checkout", refuse)
    try:
        yield
    finally:
        event.remove(engine, "checkout", refuse)


@pytest.mark.parametrize("busy", [others_write, no_connection_left])
def test_a_save_is_put_off_and_stored_when_it_is_sent_again(
    engine: Engine, planner: FlaskClient, busy: Callable[[Engine], AbstractContextManager[None]]
) -> None:
    draft = start_project(planner).headers["Location"].removesuffix("/tasks")
    page = f"{draft}/data-facts"
    sent = {"csrf_token": token(planner, page), "version": "1", "personal_data": "yes"}

    def save() -> TestResponse:
        return planner.post(page, data=sent)

    with busy(engine):
        answer = save()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "the last step was not stored, not even in part" in answer.text
    assert "what you typed is still in the form" in answer.text
    assert save().status_code == 302


def test_what_fails_as_a_transaction_begins_is_reported_as_the_engine_reports(engine: Engine) -> None:
    def deny(action: int, *_: object) -> int:
        return SQLITE_DENY if action == SQLITE_PRAGMA else SQLITE_OK

    event.listen(engine, "checkout", lambda raw, *_: raw.set_authorizer(deny))
    with (
        sessions_on(engine)() as session,
        pytest.raises(OperationalError, match="PRAGMA synchronous"),
        reading(session),
    ):
        pass
