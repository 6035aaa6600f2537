"""An administrator who writes a framework in the browser, and the round and the project it is tried on."""

import re
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from appraisal.models import FrameworkDraft, Role, Round
from appraisal.policy import OPERATOR
from appraisal.services import appraising, frameworks, registration, rounds
from appraisal.services.frameworks import framework_from
from scoring.frameworks import Framework
from tests import factories
from tests.web.people import token

INDICATOR = {
    "id": "NE11",
    "title": "Ratio <b>",
    "question": "How much for how much?",
    "scale": "computed",
    "computed": "figure:benefit-cost-ratio",
    "points": "0 = 0\n1 = 2\n2 = 4",
    **{f"level_{level}": f"Level {level} in words." for level in range(5)},
    "evidence": "Cash flows",
    "standard": "None",
    "status": "default",
    "passes_at": "2",
    "gate_for": "always",
    "waits_for": "",
    "waits_least": "0",
    "waits_most": "4",
}


class Writer:
    """An administrator with a draft of the built-in framework's next version."""

    def __init__(self, client: FlaskClient, sessions: sessionmaker[Session]) -> None:
        self.client, self.sessions = client, sessions
        with sessions.begin() as session:
            self.parent = frameworks.published_built_in(session, OPERATOR).id
        made = self.send(f"/frameworks/versions/{self.parent}/clone", {"title": "Ours", "kind": "next"})
        self.id = UUID(made.headers["Location"].rsplit("/", 1)[1])
        self.path = f"/frameworks/drafts/{self.id}"

    def send(self, path: str, data: dict[str, Any], form: str | None = None) -> TestResponse:
        page = self.client.get(form or path).text
        hidden = dict(re.findall(r'<input[^>]*name="(version|draft|expected)"[^>]*value="([^"]*)"', page))
        return self.client.post(path, data={**hidden, "csrf_token": token(self.client, form or path), **data})

    @property
    def row(self) -> FrameworkDraft:
        with self.sessions() as session:
            return session.get_one(FrameworkDraft, self.id)

    @property
    def framework(self) -> Framework:
        return framework_from(self.row.document)

    def values(self, path: str) -> dict[str, Any]:
        """What the form at the path holds, as a browser would send it back."""
        page = self.client.get(path).text
        values: dict[str, Any] = {}
        for tag in re.findall(r"<input[^>]*>", page):
            name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
            if name and ("checked" in tag or ("radio" not in tag and "checkbox" not in tag)):
                values[name[1]] = plain(value[1] if value else "")
        for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
            values[name] = plain(text.lstrip("\r\n"))
        for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
            chosen = re.search(r'<option[^>]*value="([^"]*)"[^>]*selected', options)
            values[name] = chosen[1] if chosen else re.search(r'value="([^"]*)"', options)[1]  # type: ignore[index]
        return values


def plain(text: str) -> str:
    for code, mark in (("&#34;", '"'), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(code, mark)
    return text


def opened(sessions: sessionmaker[Session], framework: str = "") -> Round:
    with sessions() as session:
        return rounds.open_round(
            session,
            OPERATOR,
            name="Round 2027",
            place="Haneul",
            budget=Decimal(250_000),
            currency="AUD",
            unit=1000,
            price_year=2022,
            framework=framework,
        )


def appraised(sessions: sessionmaker[Session]) -> None:
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Planners"))
    with sessions() as session:
        project = registration.register_project(session, planner, factories.published_project())
    with sessions() as session:
        registration.submit_project(session, planner, project.id, project.version)
    with sessions() as session:
        appraising.appraise_project(session, OPERATOR, project.id, seed=1, draws=200)
