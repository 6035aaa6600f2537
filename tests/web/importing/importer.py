"""A browser at the pages of bulk import, and files to send."""

import io
import re
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from appraisal.models import Project
from appraisal.reports.project_sheets import projects_workbook
from tests import factories
from tests.web.people import token

LIST = "Project,Town,Budget,Sector\nTram,Pune,12.5,Mobility\nPark,Pune,3,Environment\nCameras,Pune,abc,Safety\n"


PAGE = "/projects/import"


class Importer:
    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = token(client, PAGE)
        self.key = ""

    def post(self, path: str, data: dict[str, object] | None = None) -> TestResponse:
        return self.client.post(f"{PAGE}{path}", data={"csrf_token": self.token, **(data or {})})

    def send(self, content: bytes, name: str = "list.csv") -> TestResponse:
        self.key = str(uuid4())
        return self.post("", {"key": self.key, "file": (io.BytesIO(content), name)})

    def page(self, path: str = "") -> str:
        return self.client.get(f"{PAGE}/{self.key}{path}").text

    def store(self, rule: str = "valid") -> TestResponse:
        digest = re.search(r'name="digest"[^>]*value="([0-9a-f]{64})"', self.page())
        assert digest is not None
        return self.post(f"/{self.key}/store", {"digest": digest[1], "rule": rule})


def stored(sessions: sessionmaker[Session]) -> list[str]:
    with sessions() as session:
        return sorted(session.scalars(select(Project.title)))


def workbook() -> bytes:
    return projects_workbook([factories.published_project(), factories.published_project("opal-lakes-3-percent")])
