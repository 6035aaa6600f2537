"""A cell with a problem is corrected on the page of the dry run, and imported so."""

import io
import re

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AuditEntry
from appraisal.services import import_jobs
from tests.web.importing.importer import LIST, PAGE, Importer, stored


def matched(importer: Importer) -> None:
    importer.send(LIST.encode())
    importer.post(f"/{importer.key}/match", {"default-currency": "INR", "default-cash_flows.first_year": "2028"})


CELL = "cell CSV C4"


@pytest.mark.parametrize("background", [False, True])
def test_a_cell_is_corrected_on_the_page_and_imported_so(
    app: Flask, importer: Importer, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch, background: bool
) -> None:
    worker = app.extensions["worker"]
    monkeypatch.setattr(worker, "wake", worker.work)
    if background:
        monkeypatch.setattr(import_jobs, "AT_ONCE", 0)
    matched(importer)
    assert re.search(rf'name="{CELL}" value="abc" aria-label="Value of CSV, C4, Budget"', importer.page())
    assert importer.post(f"/{importer.key}/correct", {CELL: "7.5"}).status_code == 302
    page = importer.page()
    assert "Create 3 · Update 0 · Unchanged 0 · Cannot 0" in page
    assert "1 cell is corrected" in page
    assert re.search(r"CSV, C4.*?Budget.*?abc.*?7\.5", page, re.DOTALL)
    body = importer.client.get(f"{PAGE}/{importer.key}/problems.xlsx")
    assert body.headers["Content-Disposition"] == 'attachment; filename="list-corrected.xlsx"'
    assert openpyxl.load_workbook(io.BytesIO(body.data))["CSV"]["C4"].value == "7.5"
    importer.store("all")
    assert stored(sessions) == ["Cameras", "Park", "Tram"]
    assert "One cell was corrected before: CSV, row 4, Budget." in importer.page()
    with sessions() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "import.corrected"))
        assert entry.details["cells"] == [{"cell": "CSV, C4", "was": "abc", "now": "7.5"}]
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "import.stored"))
        assert entry.details["corrected"] == 1


def test_a_correction_is_corrected_again_and_taken_back(importer: Importer) -> None:
    matched(importer)
    importer.post(f"/{importer.key}/correct", {CELL: "seven"})
    assert re.search(rf'name="{CELL}" value="seven"', importer.page())
    importer.post(f"/{importer.key}/correct", {CELL: "7"})
    assert re.search(r"CSV, C4.*?abc.*?7", importer.page(), re.DOTALL)
    assert "Create 3" in importer.page()
    importer.post(f"/{importer.key}/correct", {"back": "all"})
    page = importer.page()
    assert "Cannot 1" in page
    assert "Is now" not in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [("a\x07b", "The character U+0007 cannot be stored"), ("9" * 2_001, "Enter at most 2,000 characters.")],
)
def test_what_no_cell_may_hold_is_said_at_its_field(importer: Importer, typed: str, said: str) -> None:
    matched(importer)
    refused = importer.post(f"/{importer.key}/correct", {CELL: typed})
    assert refused.status_code == 422
    assert said in refused.text
    assert 'href="#cell-1"' in refused.text
    assert "Cannot 1" in importer.page()


def test_only_cells_with_a_problem_are_corrected(importer: Importer) -> None:
    matched(importer)
    importer.post(f"/{importer.key}/correct", {"cell CSV A2": "Mine", "cell CSV Z9": "x", "cell Else A1": "y"})
    page = importer.page()
    assert "No value was changed." in page
    assert "Mine" not in page


def test_a_corrected_value_is_escaped(importer: Importer) -> None:
    matched(importer)
    importer.post(f"/{importer.key}/correct", {CELL: '"><script>=1+1</script>'})
    page = importer.page()
    assert "<script>=1+1" not in page
    assert "&lt;script&gt;=1+1" in page
    book = openpyxl.load_workbook(io.BytesIO(importer.client.get(f"{PAGE}/{importer.key}/problems.xlsx").data))
    assert book["CSV"]["C4"].data_type == "s"


def test_problems_beyond_the_first_hundred_are_corrected_on_their_page(importer: Importer) -> None:
    body = "".join(f"Tram {number},Pune,abc,Mobility\n" for number in range(230))
    importer.send(f"Project,Town,Budget,Sector\n{body}".encode())
    importer.post(f"/{importer.key}/match", {"default-currency": "INR", "default-cash_flows.first_year": "2028"})
    assert "1 to 100 are shown" in importer.page()
    last = importer.page("?problems=3")
    assert "201 to 230 are shown" in last
    assert 'name="cell CSV C231"' in last
    assert 'rel="next"' not in last
    refused = importer.post(f"/{importer.key}/correct", {"problems": "3", "cell CSV C231": "a\x07"})
    assert (refused.status_code, "201 to 230 are shown" in refused.text) == (422, True)
    importer.post(f"/{importer.key}/correct", {"problems": "3", "cell CSV C231": "4", "cell CSV C2": "4"})
    assert "Create 1 · Update 0 · Unchanged 0 · Cannot 229" in importer.page()
    for asked in ("0", "-1", "9" * 30, "²", "x"):
        assert " are shown" in importer.page(f"?problems={asked}")
