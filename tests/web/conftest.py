"""The application on a database of its own, and a browser at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from appraisal import create_app
from appraisal.database import sessions_on
from config import Settings
from tests.databases import migrated_sqlite


@pytest.fixture
def sessions(tmp_path: Path) -> Iterator[sessionmaker[Session]]:
    engine = migrated_sqlite(tmp_path / "web.db")
    yield sessions_on(engine)
    engine.dispose()


@pytest.fixture
def app(sessions: sessionmaker[Session]) -> Flask:
    settings = Settings(environment="testing", secret_key="k" * 40, database_url="sqlite://")
    return create_app(settings, sessions.kw["bind"])


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
