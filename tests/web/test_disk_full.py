"""A full disk: what cannot be stored is refused with what to do, reading goes on, and no restart is needed after."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text
from werkzeug.test import TestResponse

from appraisal import create_app
from appraisal.database import sessions_on
from appraisal.models import Role
from appraisal.policy import OPERATOR
from appraisal.services import verifying
from config import Settings
from tests.databases import migrated_sqlite
from tests.web.people import signed_in_as


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = migrated_sqlite(tmp_path / "full.db")
    yield engine
    engine.dispose()


def limit(engine: Engine, pages: int) -> None:
    """As much room as that from here on, in every connection there is."""
    event.listen(engine, "checkout", lambda raw, *_: raw.execute(f"PRAGMA max_page_count = {pages}"))
    engine.dispose()


@pytest.mark.asvs("16.5.2")
def test_writes_are_refused_reads_go_on_and_it_recovers(engine: Engine) -> None:
    sessions = sessions_on(engine)
    app = create_app(Settings(environment="testing", secret_key="k" * 40, database_url="sqlite://"), engine)
    planner, _ = signed_in_as(app, sessions, Role.PLANNER)
    ready = app.test_client()
    draft = start_project(planner).headers["Location"].removesuffix("/tasks")
    before = stored(engine)
    with engine.connect() as connection:
        used = connection.scalar(text("PRAGMA page_count")) or 0
    limit(engine, used)
    assert (ready.get("/ready").status_code, ready.get("/health").status_code) == (503, 200)
    answers = [start_project(planner) for _ in range(30)]
    taken = [each for each in answers if each.status_code == 302]
    refused = [each for each in answers if each.status_code == 503]
    assert len(taken) + len(refused) == len(answers)
    assert len(refused) > 10
    for answer in refused:
        assert "no room left to store anything" in answer.text
        assert "Retry-After" in answer.headers
    assert planner.get("/portfolio").status_code == 200
    assert send_evidence(planner, draft).status_code == 503
    assert planner.get(f"{draft}/evidence").status_code == 200
    assert stored(engine) == [count + len(taken) for count in before], "what was acknowledged is there, and no more"
    limit(engine, used + 10_000)
    assert start_project(planner).status_code == 302
    assert send_evidence(planner, draft).status_code == 302
    assert ready.get("/ready").status_code == 200
    with sessions() as session:
        found = verifying.verify(session, OPERATOR).findings
    assert {each.place.partition(" ")[0] for each in found} == {"account", "organisation"}, "the factory's, unrecorded"


def start_project(planner: FlaskClient) -> TestResponse:
    page = planner.get("/projects/start").text
    form = dict(re.findall(r'name="(csrf_token|key)"[^>]*value="([^"]+)"', page))
    return planner.post("/projects/example", data=form)


def send_evidence(planner: FlaskClient, draft: str) -> TestResponse:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', planner.get(f"{draft}/evidence").text)
    assert found is not None
    file = (io.BytesIO(b"Minutes of the council\n" * 10_000), "Minutes.txt")
    return planner.post(f"{draft}/evidence", data={"csrf_token": found[1], "files": file})


def stored(engine: Engine) -> list[int]:
    """How many projects and entries of the trail there are."""
    with engine.connect() as connection:
        return [connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0 for name in ("project", "audit_entry")]  # noqa: S608
