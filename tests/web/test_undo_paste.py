"""A pasted table can be undone, exactly, until anything else of the project changes."""

import re

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from appraisal.models import AuditEntry, KeptText, ReplacedTable, Role
from tests.web.people import signed_in_as
from tests.web.planner_browser import PASTE, PROJECT, Browser, hidden_input, stored, with_table

OTHER = "Item\t2030\t2031\r\nRoad\t7.25\t1\r\nFares\t2\t3\r\n"
UNDO = "Undo paste"


def paste_other(planner: Browser, draft: str) -> None:
    given = {"text": OTHER, "step": "store", "lines-0-kind": "capex-road", "lines-1-kind": "revenue"}
    assert planner.send(f"{draft}/money/store", given, form=f"{draft}/money").status_code == 302


def undo(planner: Browser, draft: str) -> TestResponse:
    return planner.send(f"{draft}/money/undo", {}, form=f"{draft}/money")


def test_the_table_comes_back_exactly_with_what_referred_to_its_lines(
    sessions: sessionmaker[Session], planner: Browser, draft: str
) -> None:
    with_table(planner, draft)
    ranged = {"capex-chosen": "own", "capex-low": "90", "capex-likely": "100", "capex-high": "150"}
    assert planner.send(f"{draft}/uncertainty", ranged).status_code == 302
    before = stored(sessions)
    paste_other(planner, draft)
    page = planner.get(f"{draft}/money").text
    assert UNDO in page
    assert "2 lines, 2030 to 2031. Undone, 3 lines, 2027 to 2029, come back." in page
    assert UNDO in planner.get(f"{draft}/money").text, "it survives that the page is opened again"
    assert undo(planner, draft).location == f"{draft}/money"
    assert stored(sessions) == before
    after = planner.get(f"{draft}/money").text
    assert "The paste is undone" in after
    assert UNDO not in after, "an undone paste is not undone again"
    with sessions() as session:
        assert session.scalars(select(ReplacedTable)).all() == []
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)).all()
    assert actions[-1] == "project.paste-undone"


def test_the_first_paste_is_undone_to_an_empty_table(
    sessions: sessionmaker[Session], planner: Browser, draft: str
) -> None:
    before = stored(sessions)
    with_table(planner, draft)
    assert "Undone, the table is empty again." in planner.get(f"{draft}/money").text
    undo(planner, draft)
    assert stored(sessions) == before
    assert "Building and equipment" in planner.get(f"{draft}/money").text


def test_what_was_typed_and_not_stored_comes_back_as_it_was_typed(
    sessions: sessionmaker[Session], planner: Browser, draft: str
) -> None:
    odd = {"lines-0-label": "Odd", "lines-0-kind": "opex", "lines-0-amounts-0": "about 3", "step": "keep"}
    planner.send(f"{draft}/money/typed", odd, form=f"{draft}/money")
    with sessions() as session:
        typed = session.scalars(select(KeptText)).one().fields
    page = planner.get(f"{draft}/money").text
    seen = hidden_input(page, "seen")
    assert seen is not None
    given = {"text": PASTE, "seen": seen[1], "step": "store"}
    kinds = {"lines-0-kind": "capex-it", "lines-1-kind": "opex", "lines-2-kind": "benefit"}
    assert planner.send(f"{draft}/money/store", {**given, **kinds}, form=f"{draft}/money").status_code == 302
    with sessions() as session:
        assert session.scalars(select(KeptText)).all() == []
    assert "what had been typed in the grid comes back" in planner.get(f"{draft}/money").text
    undo(planner, draft)
    with sessions() as session:
        assert session.scalars(select(KeptText)).one().fields == typed
    assert 'value="about 3"' in planner.get(f"{draft}/money").text


def test_any_change_ends_it_and_a_page_from_before_cannot_undo(
    sessions: sessionmaker[Session], planner: Browser, draft: str
) -> None:
    with_table(planner, draft)
    page = planner.get(f"{draft}/money").text
    old = {name: found[1] for name in ("csrf_token", "version") if (found := hidden_input(page, name))}
    assert planner.send(f"{draft}/project", {**PROJECT, "city": "Elsewhere"}).status_code == 302
    assert UNDO not in planner.get(f"{draft}/money").text
    table = stored(sessions)
    assert planner.client.post(f"{draft}/money/undo", data=old).status_code == 409
    now = hidden_input(planner.get(f"{draft}/money").text, "version")
    assert now is not None
    assert planner.client.post(f"{draft}/money/undo", data={**old, "version": now[1]}).status_code == 409
    assert stored(sessions) == table


def test_text_typed_since_is_a_change(sessions: sessionmaker[Session], planner: Browser, draft: str) -> None:
    with_table(planner, draft)
    page = planner.get(f"{draft}/money").text
    odd = {"lines-0-label": "Odd", "lines-0-kind": "opex", "lines-0-amounts-0": "about 3", "step": "keep"}
    planner.send(f"{draft}/money/typed", odd, form=f"{draft}/money")
    assert UNDO not in planner.get(f"{draft}/money").text
    sent = {name: found[1] for name in ("csrf_token", "version") if (found := hidden_input(page, name))}
    assert planner.client.post(f"{draft}/money/undo", data=sent).status_code == 409
    with sessions() as session:
        assert dict(session.scalars(select(KeptText)).one().fields)["lines-0-amounts-0"] == "about 3"


def test_a_typed_table_offers_no_undo_of_a_paste(planner: Browser, draft: str) -> None:
    with_table(planner, draft)
    row = {"lines-0-label": "Signals", "lines-0-kind": "capex-it", "step": "read"}
    cells = {f"lines-0-amounts-{year}": "1" for year in range(10)}
    shown = planner.send(f"{draft}/money/typed", {**row, **cells}, form=f"{draft}/money").text
    text = re.search(r"<textarea[^>]*name=\"text\"[^>]*>\s*(.*?)</textarea>", shown, re.DOTALL)
    assert text is not None
    given = {"text": text[1], "typed": "yes", "scale": "1000000", "lines-0-kind": "capex-it", "step": "store"}
    assert planner.send(f"{draft}/money/store", given, form=f"{draft}/money").status_code == 302
    assert UNDO not in planner.get(f"{draft}/money").text


def test_nobody_else_undoes_it(app: Flask, sessions: sessionmaker[Session], planner: Browser, draft: str) -> None:
    with_table(planner, draft)
    before = stored(sessions)
    stranger = Browser(signed_in_as(app, sessions, Role.ANALYST)[0])
    assert stranger.send(f"{draft}/money/undo", {"version": "2"}, form="/projects").status_code in {403, 404}
    assert stored(sessions) == before
