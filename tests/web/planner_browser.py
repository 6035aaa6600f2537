"""A planner's browser without script, and the project that it registers."""

import html
import re
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from appraisal.models import Project
from appraisal.services.project_mapping import to_file
from scoring.project_file import ProjectFile

KEY = "8bc7b2d2-4336-4796-a56e-f9f037352473"
PROJECT = {
    "key": KEY,
    "title": 'Signals <b>"하나"</b>',
    "summary": "Signals at 42 junctions.",
    "city": "Haneul",
    "areas": ["mobility"],
    "stage": "feasibility",
    "first_year": "2027",
    "years": "10",
    "currency": "usd",
    "unit": "1000000",
    "price_basis": "real",
    "price_year": "2026",
}
PASTE = "Item\t2027\t2028\t2029\r\nCapital cost\t4.5\t3.2\t0\r\nOperation\t0\t0.2\t0.5\r\nTime saved\t0\t0\t2.1\r\n"


class Browser:
    """A planner's browser without script: opens pages, sends the forms that are on them."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def send(self, path: str, data: dict[str, Any], *, form: str | None = None) -> TestResponse:
        """Send to `path` with the token and version that the page (`form`, else the path itself) holds."""
        page = self.client.get(form or path).text
        hidden = {name: found[1] for name in ("csrf_token", "version") if (found := hidden_input(page, name))}
        return self.client.post(path, data={**hidden, **data})


def hidden_input(page: str, name: str) -> re.Match[str] | None:
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)


def stored(sessions: sessionmaker[Session]) -> ProjectFile:
    with sessions() as session:
        return to_file(session.get_one(Project, UUID(KEY)))


def problems(response: TestResponse) -> list[tuple[str, str]]:
    """(link, text) of the error summary."""
    summary = re.search(r'govuk-error-summary__list">(.*?)</ul>', response.text, re.DOTALL)
    assert summary is not None, "a page with an error summary"
    return [(link, html.unescape(text)) for link, text in re.findall(r'href="([^"]*)">([^<]*)<', summary[1])]


def with_table(planner: Browser, draft: str) -> None:
    chosen = {
        "text": PASTE,
        "step": "store",
        "lines-0-kind": "capex-it",
        "lines-1-kind": "opex",
        "lines-2-kind": "benefit",
    }
    assert planner.send(f"{draft}/money/store", chosen, form=f"{draft}/money").status_code == 302
