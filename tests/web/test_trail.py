"""The trail in the browser: a project's history, the head of the chain, the whole of it as a file, sealed reports."""

import re

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Role
from appraisal.policy import OPERATOR
from appraisal.services import appraising, reporting, verifying
from appraisal.trail.chain import read_anchor
from tests.panel import panel
from tests.web.people import signed_in_as


def test_the_history_of_a_project_is_read_in_plain_words(app: Flask, sessions: sessionmaker[Session]) -> None:
    held = panel(sessions)
    analyst, _ = signed_in_as(app, sessions, Role.ANALYST)
    record = analyst.get(f"/projects/{held.project_id}/record").text
    link = re.search(r'href="(/projects/[^"]+/history)"', record)
    assert link is not None
    page = analyst.get(link[1]).text
    assert "2 events are on record" in page
    assert "submitted, and frozen as it was" in page
    for before in ("0", "x", "9" * 30):
        assert "2 events" in analyst.get(f"{link[1]}?before={before}").text
    rival, _ = signed_in_as(app, sessions, Role.PLANNER)
    assert rival.get(link[1]).status_code == 404


def test_administrators_see_the_head_and_take_the_trail_along(app: Flask, sessions: sessionmaker[Session]) -> None:
    panel(sessions)
    admin, _ = signed_in_as(app, sessions, Role.ADMIN)
    shown = re.search(r"<code[^>]*>([0-9]+:[0-9a-f]{64})</code>", admin.get("/admin/audit").text)
    assert shown is not None
    with sessions() as session:
        assert verifying.head(session, OPERATOR) == read_anchor(shown[1])
    file = admin.get("/admin/audit.csv")
    assert file.headers["Content-Disposition"] == 'attachment; filename="audit-trail.csv"'
    assert file.text.count("\r\n") == read_anchor(shown[1]).sequence + 1


def test_a_report_shows_that_it_is_untouched(app: Flask, sessions: sessionmaker[Session]) -> None:
    held = panel(sessions)
    with sessions() as session:
        appraising.appraise_project(session, OPERATOR, held.project_id, seed=1, draws=100)
    analyst, _ = signed_in_as(app, sessions, Role.ANALYST)
    with sessions() as session:
        before = verifying.head(session, OPERATOR)
    for kind in ("pdf", "xlsx"):
        content = analyst.get(f"/runs/1/report.{kind}").data
        found = checked(sessions, content)
        assert (found.untouched, found.run, found.anchor, found.problems) == (True, 1, str(before), ())
        for place in range(0, len(content), len(content) // 40):
            touched = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
            assert not checked(sessions, touched).untouched, (kind, place)
        assert not checked(sessions, content[:-1]).untouched
        assert not checked(sessions, content + b"\n").untouched
    assert "no seal" in checked(sessions, b"%PDF-1.7").problems[0]
    with sessions() as session:
        assert verifying.head(session, OPERATOR) == before, "reading a report changes nothing"
    with sessions.kw["bind"].begin() as connection:
        connection.execute(text("DROP TRIGGER appraisal_run_no_update"))
        connection.execute(text("UPDATE appraisal_run SET result = result || ' '"))
    assert "Run 1" in checked(sessions, content).problems[0], "the file is ours, and the record says something else now"


def checked(sessions: sessionmaker[Session], content: bytes) -> reporting.CheckedReport:
    with sessions() as session:
        return reporting.verify_report(session, OPERATOR, content)


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_supervisors_ask_without_signing_in(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert answer.text in ("ok\n", "database: ok\ntables: ok\ndisk: ok\nkey: ok\n")
