"""A planner with an appraised project, and an approver."""

import pytest
from flask import Flask

from appraisal.models import (
    Account,
    Project,
    Role,
)
from tests.web.decide.browser import Browser, Sessions, appraised
from tests.web.people import signed_in_as


@pytest.fixture
def planner(app: Flask, sessions: Sessions) -> tuple[Browser, Account]:
    client, account = signed_in_as(app, sessions, Role.PLANNER)
    return Browser(client), account


@pytest.fixture
def approver(app: Flask, sessions: Sessions) -> Browser:
    return Browser(signed_in_as(app, sessions, Role.APPROVER)[0])


@pytest.fixture
def project(sessions: Sessions, planner: tuple[Browser, Account]) -> Project:
    return appraised(sessions, planner[1])
