"""The application on a database of its own, and a browser at it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from appraisal.database import create_engine_for, sessions_on
from appraisal.models import Role
from appraisal.services.background import worker_on
from appraisal.services.post import Post
from tests.applications import application
from tests.databases import sqlite_database
from tests.web.people import signed_in_as
from tests.web.planner_browser import KEY, PROJECT, Browser


@pytest.fixture
def sessions() -> Iterator[sessionmaker[Session]]:
    with sqlite_database() as engine:
        yield sessions_on(engine)


@pytest.fixture(scope="session")
def one_application() -> Flask:
    """Putting the routes together costs more than most tests: done once a process."""
    return application(create_engine_for("sqlite://"))


@pytest.fixture
def app(one_application: Flask, sessions: sessionmaker[Session]) -> Flask:
    """The application on this test's database."""
    one_application.extensions["sessions"] = sessions
    one_application.extensions["worker"] = worker_on(sessions)
    one_application.extensions["post"] = Post(sessions, None, None)
    return one_application


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def planner(app: Flask, sessions: sessionmaker[Session]) -> Browser:
    return Browser(signed_in_as(app, sessions, Role.PLANNER)[0])


@pytest.fixture
def draft(planner: Browser) -> str:
    """The address of a new draft."""
    response = planner.send("/projects/new", PROJECT)
    assert response.status_code == 302, response.text
    return f"/projects/{KEY}"
