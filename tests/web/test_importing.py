"""Bulk import as a browser asks for it: from upload to undoing, and every broken file with a page that says so."""

import io
import json
import random
import re
import zipfile
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from appraisal.models import AuditEntry, ImportState, Project, ProjectImport, Role
from appraisal.reading.workbook import guard
from appraisal.reports.project_sheets import projects_workbook
from appraisal.services import import_jobs
from tests import factories
from tests.web.people import signed_in_as, token

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


@pytest.fixture
def importer(app: Flask, sessions: sessionmaker[Session]) -> Importer:
    return Importer(signed_in_as(app, sessions, Role.PLANNER)[0])


def stored(sessions: sessionmaker[Session]) -> list[str]:
    with sessions() as session:
        return sorted(session.scalars(select(Project.title)))


def workbook() -> bytes:
    return projects_workbook([factories.published_project(), factories.published_project("opal-lakes-3-percent")])


def test_ones_own_list_from_upload_to_undo(importer: Importer, sessions: sessionmaker[Session]) -> None:
    sent = importer.send(LIST.encode())
    assert sent.headers["Location"] == f"{PAGE}/{importer.key}/match"
    page = importer.page("/match")
    assert "4 of 4 columns are recognised" in page
    assert "Tram · Park · Cameras" in page
    chosen = {"column-0": "title", "column-1": "city", "column-2": "cost",
              "column-3": "action_areas", "default-currency": "inr", "default-unit": "1000000",
              "default-cash_flows.first_year": "2028"}  # fmt: skip
    assert importer.post(f"/{importer.key}/match", chosen).headers["Location"] == f"{PAGE}/{importer.key}"
    page = importer.page()
    assert "Create 2 · Update 0 · Unchanged 0 · Cannot 1" in page
    assert re.search(r"CSV, C4.*?abc.*?Budget is not a number", page, re.DOTALL)
    refused = importer.store("all")
    assert refused.status_code == 422
    assert "1 problems stand in the way" in refused.text
    assert stored(sessions) == []
    importer.store()
    assert stored(sessions) == ["Park", "Tram"]
    assert "2 created, 0 updated" in importer.page()
    undone = importer.post(f"/{importer.key}/undo")
    assert undone.status_code == 302
    assert "is undone" in importer.page()
    assert stored(sessions) == []
    assert "list.csv" in importer.client.get(PAGE).text
    importer.send(LIST.encode())
    assert importer.page("/match").count("as last time") == 4


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as one that no page waits for."""
    monkeypatch.setattr(import_jobs, "AT_ONCE", 0)


@pytest.mark.usefixtures("large")
def test_a_large_file_is_looked_at_and_stored_in_the_background(
    app: Flask, importer: Importer, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = app.extensions["worker"]
    monkeypatch.setattr(worker, "wake", lambda: None)
    importer.send(workbook(), "two.xlsx")
    page = importer.page()
    assert "two.xlsx is being looked at" in page
    assert "Waits for a worker." in page
    assert f'data-progress="{PAGE}/{importer.key}/progress"' in page
    assert f'href="{PAGE}/{importer.key}">See how far it is now' in page
    worker.work()
    page = importer.page()
    assert "Create 2 · Update 0 · Unchanged 0 · Cannot 0" in page
    assert "Look again" in page
    importer.store()
    assert stored(sessions) == []
    assert "two.xlsx is being imported" in importer.page()
    assert "two.xlsx" in importer.client.get(PAGE).text
    assert importer.client.get(f"{PAGE}/{importer.key}/progress").json == {
        "unfinished": True, "part": 0, "text": "Waits for a worker."
    }  # fmt: skip
    assert "Cancelled; nothing was stored." in importer.client.post(
        f"{PAGE}/{importer.key}/cancel", data={"csrf_token": importer.token}, follow_redirects=True
    ).text  # fmt: skip
    importer.store()
    worker.work()
    assert "2 created, 0 updated" in importer.page()
    assert len(stored(sessions)) == 2
    again = {"key": importer.key, "file": (io.BytesIO(workbook()), "two.xlsx")}
    assert importer.post("", again).headers["Location"] == f"{PAGE}/{importer.key}"  # sent twice
    assert importer.client.get(f"{PAGE}/{importer.key}/progress").json["unfinished"] is False  # type: ignore[index]


@pytest.mark.usefixtures("large")
def test_a_large_file_that_is_refused_says_why_and_is_looked_at_again(
    app: Flask, importer: Importer, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = app.extensions["worker"]
    monkeypatch.setattr(worker, "wake", lambda: None)
    importer.send(LIST.encode())
    importer.post(f"/{importer.key}/match", {"default-currency": "INR", "default-cash_flows.first_year": "2028"})
    worker.work()
    assert openpyxl.load_workbook(io.BytesIO(importer.client.get(f"{PAGE}/{importer.key}/problems.xlsx").data))["CSV"][
        "E4"
    ].value == "Budget is not a number"  # fmt: skip
    importer.store("all")
    worker.work()
    page = importer.page()
    assert "list.csv was not imported" in page
    assert "1 problems stand in the way" in page
    assert stored(sessions) == []
    importer.post(f"/{importer.key}/look")
    worker.work()
    importer.store()
    worker.work()
    assert stored(sessions) == ["Park", "Tram"]


def test_what_changed_since_the_page_is_shown_with_the_dry_run_of_now(importer: Importer) -> None:
    importer.send(workbook(), "x.xlsx")
    refused = importer.post(f"/{importer.key}/store", {"digest": "0" * 64, "rule": "valid"})
    assert refused.status_code == 409
    assert "Look again." in refused.text
    assert "Create 2 ·" in refused.text


def test_the_name_must_be_matched_and_no_column_twice(importer: Importer) -> None:
    importer.send(LIST.encode())
    for chosen, said in (
        ({"column-0": "note"}, "Say which column is the name of the project."),
        ({"column-1": "title"}, "Two columns are taken for “Name of the project”"),
    ):
        refused = importer.post(f"/{importer.key}/match", chosen)
        assert refused.status_code == 422
        assert said in refused.text
    assert importer.post(f"/{importer.key}/match", {"column-0": "owner_id"}).status_code == 302


def test_the_same_file_back_with_a_red_column(importer: Importer) -> None:
    importer.send(LIST.encode())
    importer.post(f"/{importer.key}/match", {"default-currency": "INR", "default-cash_flows.first_year": "2028"})
    body = importer.client.get(f"{PAGE}/{importer.key}/problems.xlsx")
    assert body.headers["Content-Disposition"] == 'attachment; filename="list-problems.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(body.data))
    rows = list(book["CSV"].iter_rows(values_only=True))
    assert rows[0] == ("Project", "Town", "Budget", "Sector", "Problem")
    assert rows[1] == ("Tram", "Pune", "12.5", "Mobility", None)
    assert rows[3][4] == "Budget is not a number"
    assert book["CSV"]["E4"].font.color.rgb == "FFA4262C"
    again = importer.send(body.data, "list-problems.xlsx")
    assert again.status_code == 302
    assert "Problem" not in re.findall(r'<th scope="row" class="name">([^<]*)', importer.page("/match"))


def test_our_workbook_goes_straight_to_the_dry_run_and_comes_back_unchanged(
    importer: Importer, sessions: sessionmaker[Session]
) -> None:
    assert importer.send(workbook(), "x.xlsx").headers["Location"] == f"{PAGE}/{importer.key}"
    importer.store()
    assert len(stored(sessions)) == 2
    exported = importer.client.get(f"{PAGE}/projects.xlsx")
    importer.send(exported.data, "projects.xlsx")
    assert "Create 0 · Update 0 · Unchanged 2 · Cannot 0" in importer.page()
    template = importer.client.get(f"{PAGE}/template.xlsx").data
    assert {"Read me", "Projects", "Figures", "Sources of money", "Answers", "Lists"} == set(
        openpyxl.load_workbook(io.BytesIO(template)).sheetnames
    )
    importer.send(template, "template.xlsx")
    assert "The example rows of the template were not read." in importer.page()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Choose a file that is not empty."),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "protected by a password or of an old kind"),
        (b"PK\x03\x04" + b"junk" * 50, "The file is damaged"),
        (b"\x89PNG\r\n\x00\x00", "neither a spreadsheet"),
        ("größe".encode("latin-1"), "not UTF-8"),
        (b'{"schema": NaN}', "is not a number that JSON has"),
        (b"[" * 100, "nested deeper"),
        (b'"a\nb', "no CSV table"),
    ],
)
@pytest.mark.asvs("5.2.2", "2.3.3")
def test_a_broken_file_is_named_and_nothing_is_kept(
    importer: Importer, sessions: sessionmaker[Session], content: bytes, said: str
) -> None:
    refused = importer.send(content, "file.xlsx")
    assert refused.status_code == 422
    assert said in refused.text
    with sessions() as session:
        assert session.scalars(select(ProjectImport)).all() == []


def test_project_files_and_packages_come_in_too(importer: Importer) -> None:
    case = json.loads((factories.PROJECTS / "opal-lakes.json").read_text("utf-8"))
    content = json.dumps([case, {**case, "reference": "SECOND", "colour": "red"}, 7]).encode()
    assert importer.send(content, "many.json").headers["Location"] == f"{PAGE}/{importer.key}"
    page = importer.page()
    assert "Create 1 · Update 0 · Unchanged 0 · Cannot 1" in page
    assert "colour is not a key of the format" in page
    package = {"version": "0.9", "projects": [{"id": "oc-1", "title": "Ring road", "sector": ["transport"],
               "budget": {"amount": {"amount": 5, "currency": "GBP"}}, "period": {"startDate": "2027-01-01"},
               "metrics": []}]}  # fmt: skip
    importer.send(json.dumps(package).encode(), "package.json")
    page = importer.page()
    assert "Create 1 ·" in page
    assert "no place for these keys of the package: metrics" in page


def multipart(content: bytes, **fields: str) -> dict[str, object]:
    """A body in memory: the test client would leave a temporary file of a large one open."""
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    head = '--x\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\nContent-Type: text/csv\r\n\r\n'
    body = "".join([*parts, head]).encode() + content + b"\r\n--x--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=x"}


@pytest.mark.asvs("5.2.1")
def test_only_the_upload_may_be_larger_than_a_form(app: Flask, importer: Importer) -> None:
    client, fields = importer.client, {"csrf_token": importer.token, "key": str(uuid4())}
    fitting = b"Project,Notes\n" + b"Tram,none\n" * 300_000
    assert client.post(PAGE, **multipart(fitting, **fields)).status_code == 302  # type: ignore[arg-type]
    too_large = client.post(PAGE, **multipart(b"x" * (guard.MOST_PACKED + 100_000), **fields))  # type: ignore[arg-type]
    assert too_large.status_code == 413
    assert "20" in too_large.text
    assert client.post(f"{PAGE}/{fields['key']}/match", **multipart(fitting, **fields)).status_code == 413  # type: ignore[arg-type]
    stranger = app.test_client()
    with stranger.session_transaction() as cookie:
        cookie["key"] = "of a session that has ended"
    assert stranger.post(PAGE, **multipart(fitting, csrf_token=token(stranger))).status_code == 413  # type: ignore[arg-type]


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def with_part(name: str, change: tuple[bytes, bytes]) -> bytes:
    """The workbook with a part of it changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in archive.infolist():
            text = archive.read(info)
            if info.filename == name:
                assert change[0] in text
                text = text.replace(*change)
            new.writestr(info.filename, text)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda: packed(**{SHEET: b"0" * (30 * 1024**2)}), "times its size"),
        (lambda: packed(**{SHEET: b"0" * (70 * 1024**2)}), "more than 64 MiB"),
        (lambda: packed(**{f"{n}.xml": b"" for n in range(1001)}), "1,001 parts"),
        (lambda: with_part(SHEET, (b"<worksheet", b'<!DOCTYPE x [<!ENTITY y "z">]><worksheet')), "declares entities"),
        (lambda: with_part(SHEET, (b'r="A2"', b'r="XFD1048576"')), "span more than"),
        (lambda: packed(**{"content.xml": b'<table:table-row table:number-rows-repeated="9999999">'
                           b'<table:table-cell office:value-type="float"/></table:table-row>'}), "hold more than"),
    ],
    ids=["ratio", "size", "parts", "entities", "cells", "repeated"],
)  # fmt: skip
@pytest.mark.asvs("1.5.1", "5.2.3")
def test_hostile_archives_are_refused_before_they_are_read(importer: Importer, content: object, said: str) -> None:
    refused = importer.send(content(), "x.xlsx")  # type: ignore[operator]
    assert refused.status_code == 422
    assert said in refused.text


def test_errors_and_unstored_formulas_are_problems_at_their_cells(importer: Importer) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Project", "Cost", "Start year", "Currency"])
    sheet.append(["Tram", "=1+1", 2027, "INR"])
    out = io.BytesIO()
    book.save(out)
    importer.send(out.getvalue(), "x.xlsx")
    importer.post(f"/{importer.key}/match")
    page = importer.page()
    assert "Sheet, B2" in page
    assert "Cost is a formula without a stored value" in page


@pytest.mark.asvs("15.2.2")
def test_mutated_workbooks_are_never_a_fault(importer: Importer) -> None:
    """A hundred: bytes changed anywhere, cut short, and parts of the archive changed and packed soundly."""
    chance = random.Random(6)  # noqa: S311 -- repeatable
    whole = workbook()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    for number in range(100):
        if number % 4 == 0:
            content = whole[: chance.randrange(len(whole))]
        elif number % 4 == 1:
            content = mutated(whole, chance)
        else:
            name = chance.choice(list(parts))
            content = packed(**{**parts, name: mutated(parts[name], chance)})
        sent = importer.send(content, "x.xlsx")
        assert sent.status_code in (302, 422), number
        if sent.status_code == 302:
            for path in ("", "/match", "/problems.xlsx"):
                assert importer.client.get(f"{PAGE}/{importer.key}{path}").status_code < 500, number


def mutated(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(changed))
        if chance.random() < 0.3:
            del changed[at : at + chance.randint(1, 40)]
        else:
            changed[at] = chance.randrange(256)
    return bytes(changed) or b"x"


@pytest.mark.asvs("8.2.2")
def test_nobody_else_sees_an_import(app: Flask, importer: Importer, sessions: sessionmaker[Session]) -> None:
    importer.send(workbook(), "x.xlsx")
    page = importer.page()
    assert "Create 2" in page
    for role in (Role.ADMIN, Role.ANALYST, Role.APPROVER, Role.APPRAISER):
        client, _ = signed_in_as(app, sessions, role)
        assert client.get(PAGE).status_code == 403
        for path in ("", "/match", "/problems.xlsx"):
            assert client.get(f"{PAGE}/{importer.key}{path}").status_code == 403
        for path in ("", "/match", "/store", "/undo"):
            sent = client.post(
                f"{PAGE}/{importer.key}{path}" if path else PAGE,
                data={"csrf_token": token(client), "digest": "0" * 64, "rule": "valid"},
            )
            assert sent.status_code in (302, 403), path
    with sessions() as session:
        assert session.scalars(select(ProjectImport.state)).all() == [ImportState.READ]
    assert stored(sessions) == []


OC4IDS = Path("/work/shared/cases/oc4ids_example.json")


@pytest.mark.skipif(not OC4IDS.exists(), reason="the published example is not here")
def test_the_published_package_is_taken(importer: Importer) -> None:
    importer.send(OC4IDS.read_bytes(), "example.json")
    assert "Create 1 · Update 0 · Unchanged 0 · Cannot 0" in importer.page()


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


def test_possible_duplicates_stand_side_by_side(importer: Importer) -> None:
    rows = "Reference,Project,Town,Budget,Stage\nA-1,Tram,Pune,12.5,Design\nA-2,Tram,Pune,3,Design\n"
    importer.send(rows.encode())
    importer.post(f"/{importer.key}/match", {"default-currency": "INR", "default-cash_flows.first_year": "2028"})
    page = importer.page()
    assert "One project may be there already" in page
    assert re.search(r"Capital cost<span class=\"sub\">differs</span>.*?INR 12\.5.*?INR 3", page, re.DOTALL)
    assert re.search(r"<th scope=\"row\">How far it has come</th>", page)
