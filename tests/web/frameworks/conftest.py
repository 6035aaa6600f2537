"""A draft of the built-in framework's next version, and who writes it."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Role
from tests.web.frameworks.writing import Writer
from tests.web.people import signed_in_as


@pytest.fixture
def writer(app: Flask, sessions: sessionmaker[Session]) -> Writer:
    return Writer(signed_in_as(app, sessions, Role.ADMIN)[0], sessions)
