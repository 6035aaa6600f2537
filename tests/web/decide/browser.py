"""What tests of deciding send over HTTP: decisions prepared and published as the pages write them."""

import re

from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from appraisal.models import (
    Account,
    Project,
    ProjectState,
    Role,
)
from appraisal.policy import OPERATOR, Actor
from appraisal.services import appraising, registration
from tests import factories
from tests.web.people import token

Sessions = sessionmaker[Session]


RETURN = {"outcome": "returned", "reason": "returned:incomplete", "text": "Say who pays <b>for</b> running it."}


CONDITIONAL = {
    "outcome": "approved-with-conditions",
    "reason": "approved-with-conditions:gate-open",
    "text": "Go ahead.",
    "conditions-0-text": "Finish the DPIA",
    "conditions-0-owner": "Data office",
    "conditions-0-due": "2099-05-31",
}


class Browser:
    """A client that sends forms as the pages write them."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def send(self, path: str, data: dict[str, str] | None = None, *, page: str = "/account/password") -> TestResponse:
        return self.client.post(path, data={**(data or {}), "csrf_token": token(self.client, page)})


def appraised(sessions: Sessions, account: Account, case: str = "opal-lakes") -> Project:
    actor = Actor(account.id, Role.PLANNER, account.organisation_id, account.name)
    with sessions() as session:
        project = registration.register_project(session, actor, factories.clear_project(case))
    with sessions() as session:
        registration.submit_project(session, actor, project.id, project.version)
    with sessions() as session:
        appraising.appraise_project(session, OPERATOR, project.id, seed=1, draws=100)
    return project


def hidden(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}"[^>]*value="([^"]*)"', page)


def prepare(browser: Browser, project: Project, data: dict[str, str]) -> TestResponse:
    path = f"/decisions/prepare?project={project.id}"
    (seen,) = hidden(browser.get(path), "seen")
    return browser.send(path, {**data, "seen": seen})


def publish(browser: Browser, **more: str) -> TestResponse:
    page = browser.get("/decisions/review")
    (chosen,), key = set(hidden(page, "chosen")), hidden(page, "key")[0]  # the form beside it publishes at a time
    return browser.send("/decisions/publish", {"chosen": chosen, "key": key, "typed": "publish", **more})


def state(sessions: Sessions, project: Project) -> ProjectState:
    with sessions() as session:
        return session.get_one(Project, project.id).state
