"""What was sent, compared: from the record to the changed words, as a page and as CSV, for whoever may see it."""

import csv
import io
import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Role
from tests.web.people import signed_in_as
from tests.web.planner_browser import KEY, PROJECT, Browser, with_table

DRAFT = f"/projects/{KEY}"


@pytest.fixture
def planner(app: Flask, sessions: sessionmaker[Session]) -> Browser:
    """With two submissions: a longer text, a level, and a value that a spreadsheet would compute."""
    browser = Browser(signed_in_as(app, sessions, Role.PLANNER)[0])
    first = {**PROJECT, "summary": "Signals at 42 junctions give way to <b>buses</b>."}
    assert browser.send("/projects/new", first).status_code == 302
    with_table(browser, DRAFT)
    assert browser.send(f"{DRAFT}/submit", {}, form=f"{DRAFT}/check").status_code == 302
    assert browser.send(f"{DRAFT}/take-back", {}, form=f"{DRAFT}/sent").status_code == 302
    second = {**PROJECT, "summary": "Signals at 51 junctions give way to <b>buses</b>.", "city": "=1+1"}
    assert browser.send(f"{DRAFT}/project", second).status_code == 302
    assert browser.send(f"{DRAFT}/answers/safeguards", {"DS1-level": "3"}).status_code == 302
    assert browser.send(f"{DRAFT}/submit", {}, form=f"{DRAFT}/check").status_code == 302
    return browser


def test_two_submissions_are_compared_by_field_with_changed_words_marked(
    app: Flask, sessions: sessionmaker[Session], planner: Browser
) -> None:
    record = planner.get(f"{DRAFT}/record").text
    action = re.search(r'<form method="get" action="(/projects/[^"]*/sent/changes)"', record)
    assert action is not None
    page = planner.get(f"{action[1]}?before=1&after=2").text
    assert "3 fields differ, most under “The project”" in page
    assert "</span>42 </del><ins>" in page
    assert "</span>51 </ins>junctions give way to &lt;b&gt;buses&lt;/b&gt;." in page
    text = planner.get(f"{action[1]}.csv?before=1&after=2").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["Section", "Field", "Change", "Before", "After"]
    assert ["The project", "City or district", "changed", "Haneul", "'=1+1"] in rows
    assert rows[-1][2:4] == ["added", ""]
    assert planner.get(f"{action[1]}?before=1&after=1").location == f"{DRAFT}/record#sent"
    assert planner.get(f"{action[1]}?before=1&after=9").status_code == 404
    stranger = signed_in_as(app, sessions, Role.APPRAISER)[0]
    for path in ("changes", "changes.csv"):
        assert stranger.get(f"{DRAFT}/sent/{path}?before=1&after=2").status_code == 404
