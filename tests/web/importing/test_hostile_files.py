"""Every broken or hostile file gets a page that says so, and nothing of it is kept."""

import io
import random
import zipfile
from uuid import uuid4

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import ProjectImport
from appraisal.reading.problems import Unreadable
from appraisal.reading.workbook import guard
from tests.archives import bytes_changed, packed, parts_of
from tests.web.importing.importer import PAGE, Importer, workbook
from tests.web.people import token


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Choose a file that is not empty."),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "protected by a password or of an old kind"),
        (b"PK\x03\x04" + b"junk" * 50, "The file is damaged"),
        (b"\x89PNG\r\n\x00\x00", "The file is a PNG picture, whatever its name says"),
        (b"MZ\x90\x00", "The file is a program (Windows)"),
        (b"<!DOCTYPE html><table><tr><td>Name</td></tr></table>", "The file is a web page"),
        (b"%PDF-1.7", "The file is a PDF document"),
        (b"a\x00b", "neither a spreadsheet"),
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


def with_part(name: str, change: tuple[bytes, bytes], whole: bytes = b"") -> bytes:
    """The workbook with a part of it changed."""
    parts = parts_of(whole or workbook())
    assert change[0] in parts[name]
    return packed({**parts, name: parts[name].replace(*change)})


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda: packed({SHEET: b"0" * (30 * 1024**2)}), "times its size"),
        (lambda: packed({SHEET: b"0" * (70 * 1024**2)}), "more than 64 MiB"),
        (lambda: packed({f"{n}.xml": b"" for n in range(1001)}), "1,001 parts"),
        (lambda: with_part(SHEET, (b"<worksheet", b'<!DOCTYPE x [<!ENTITY y "z">]><worksheet')), "declares entities"),
        (lambda: with_part(SHEET, (b'r="A2"', b'r="XFD1048576"')), "span more than"),
        (lambda: packed({"content.xml": b'<table:table-row table:number-rows-repeated="9999999">'
                           b'<table:table-cell office:value-type="float"/></table:table-row>'}), "hold more than"),
    ],
    ids=["ratio", "size", "parts", "entities", "cells", "repeated"],
)  # fmt: skip
@pytest.mark.asvs("1.5.1", "5.2.3")
def test_hostile_archives_are_refused_before_they_are_read(importer: Importer, content: object, said: str) -> None:
    refused = importer.send(content(), "x.xlsx")  # type: ignore[operator]
    assert refused.status_code == 422
    assert said in refused.text


FAR = (
    b'r="A99999999999"',
    b'r=            "C900000"',
    b"r\t='C900000'",
    b'x=">" r="C0900000"',
    b'x="%s" r="XFD9999"' % (b"y" * 400),
)
"""Addresses of which the reader takes the number, however they are written: the first of them killed the process."""
MANY = (b'=              "3000000"', b'="00000003000000"', b'="+3000000"', b'="&#51;000000"', b'="3000000" x=">"')


@pytest.mark.parametrize("place", FAR)
def test_no_place_of_a_cell_passes_the_guard_by_how_it_is_written(place: bytes) -> None:
    with pytest.raises(Unreadable, match="span more than"):
        guard.check_packed(with_part(SHEET, (b'r="A2"', place)))


@pytest.mark.parametrize("place", [b'x="%s" r="9000000"' % (b"y" * 400), b'r="99999999999999"', b'x=">"r="9000000"'])
def test_no_place_of_a_row_does(place: bytes) -> None:
    with pytest.raises(Unreadable, match="span more than"):
        guard.check_packed(with_part(SHEET, (b'<row r="2"', b"<row " + place)))


@pytest.mark.parametrize("what", ["rows", "columns"])
@pytest.mark.parametrize("times", MANY)
def test_no_repetition_passes_the_guard_by_how_it_is_written(what: str, times: bytes) -> None:
    repeated = b" table:number-" + what.encode() + b"-repeated" + times
    row, cell = (repeated, b"") if what == "rows" else (b"", repeated)
    whole = b"<table:table><table:table-row%s><table:table-cell%s office:value-type='float'/></table:table-row>"
    with pytest.raises(Unreadable, match="hold more than"):
        guard.check_packed(packed({"content.xml": whole % (row, cell)}))


def test_what_is_empty_counts_where_something_follows_it() -> None:
    cell = b'<table:table-cell office:value-type="float"/>'
    row = (
        b"<table:table-row>" + cell * 2 + b'<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    gap = b'<table:table-row table:number-rows-repeated="1048574"/>'
    wide = (
        b'<table:table-row><table:table-cell table:number-columns-repeated="1500000"/>' + cell + b"</table:table-row>"
    )
    guard.check_packed(packed({"content.xml": b"<table:table>" + row + gap + b"</table:table>"}))
    for rows in (row + gap + row, wide):
        with pytest.raises(Unreadable, match="hold more than"):
            guard.check_packed(packed({"content.xml": b"<table:table>" + rows + b"</table:table>"}))


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


@pytest.mark.parametrize("figure", [b"nan", b"INF", b"-1e999"])
def test_a_figure_that_is_none_is_a_problem_at_its_cell(importer: Importer, figure: bytes) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Project", "Cost", "Start year", "Currency"])
    sheet.append(["Tram", 12.25, 2027, "INR"])
    out = io.BytesIO()
    book.save(out)
    content = with_part(SHEET, (b"<v>12.25</v>", b"<v>%s</v>" % figure), out.getvalue())
    importer.send(content, "x.xlsx")
    assert importer.client.get(f"{PAGE}/{importer.key}/match").status_code == 200
    importer.post(f"/{importer.key}/match")
    page = importer.page()
    assert "Sheet, B2" in page
    assert "Cost is not a number" in page


def test_a_note_with_a_character_that_is_refused_is_a_problem_at_its_cell(importer: Importer) -> None:
    importer.send("Project,Cost,Start year,Currency,Remarks\nTram,12,2027,INR,a\u202eb\n".encode())
    importer.post(f"/{importer.key}/match")
    page = importer.page()
    assert "CSV, E2" in page
    assert "Remarks holds the character U+202E, which cannot be stored" in page
    assert 'name="digest"' not in page, "there is nothing to store"


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
            content = bytes_changed(whole, chance)
        else:
            name = chance.choice(list(parts))
            content = packed({**parts, name: bytes_changed(parts[name], chance)})
        sent = importer.send(content, "x.xlsx")
        assert sent.status_code in (302, 422), number
        if sent.status_code == 302:
            for path in ("", "/match", "/problems.xlsx"):
                assert importer.client.get(f"{PAGE}/{importer.key}{path}").status_code < 500, number
