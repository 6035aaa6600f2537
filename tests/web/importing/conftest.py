"""A planner at the pages of bulk import."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Role
from tests.web.importing.importer import Importer
from tests.web.people import signed_in_as


@pytest.fixture
def importer(app: Flask, sessions: sessionmaker[Session]) -> Importer:
    return Importer(signed_in_as(app, sessions, Role.PLANNER)[0])
