"""From the bytes of an .xlsx, .ods or .csv file to its sheets, as rows of plain values."""

import codecs
import csv
import io
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import isfinite

from appraisal.reading.problems import Problem, Unreadable
from appraisal.reading.workbook.guard import MOST_CELLS, MOST_PACKED, check_packed
from appraisal.reports.cell_text import reads_as_formula

Value = str | int | float | bool | date | datetime | time | timedelta
"""What a cell holds; an empty cell holds the empty text."""
Merge = tuple[tuple[int, int], tuple[int, int]]
"""The first and the last cell of a merged range, as row and column from 0."""
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_OTHER_KINDS = {
    b"MZ": "a program (Windows)", b"\x7fELF": "a program", b"%PDF": "a PDF document", b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture", b"GIF8": "a GIF picture", b"{\\rtf": "an RTF document",
    b"\x1f\x8b": "a packed file (gzip)", b"7z\xbc\xaf": "a packed file (7-Zip)", b"Rar!": "a packed file (RAR)",
}  # fmt: skip
_DELIMITERS = ",;\t"
_LOOKED_AT, _FIRST_LINES = 100_000, 30
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
MOST_SHEETS = 50


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet as it came; `rows` begin with the first row of the sheet, so that addresses are the user's own."""

    name: str
    rows: list[list[Value]]
    errors: frozenset[str] = frozenset()
    """Addresses of cells that hold an error such as #REF!, which reads as empty."""
    unstored: frozenset[str] = frozenset()
    """Addresses of formulas without a stored value."""
    merges: tuple[Merge, ...] = ()
    remark: str = ""
    """What is to be said of how it was read."""

    @property
    def merged(self) -> bool:
        return bool(self.merges)


def read_tables(content: bytes) -> tuple[Table, ...]:
    """Every visible sheet with something in it. Raises Unreadable, which says what to do."""
    if len(content) > MOST_PACKED:
        raise _refused(f"The file is larger than {MOST_PACKED // 1024**2} MiB: split it.")
    if content.startswith(_OLD_OFFICE):
        raise _refused("The file is protected by a password or of an old kind (.xls): save it as .xlsx without one.")
    tables = _packed(content) if content.startswith(_ZIP) else (_csv(content),)
    if not any(table.rows for table in tables):
        raise _refused("The file is empty: no sheet holds anything.")
    return tables


def _packed(content: bytes) -> tuple[Table, ...]:
    from python_calamine import (  # noqa: PLC0415 -- only where a workbook is read
        CalamineError,
        CalamineWorkbook,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    marks = check_packed(content)
    tables = []
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            shown = [
                sheet
                for sheet in book.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
            ]
            _check_sheets(len(shown))
            for sheet in shown:
                read = book.get_sheet_by_name(sheet.name)
                tables.append(
                    Table(
                        sheet.name,
                        _trimmed(_finite(read.to_python(skip_empty_area=False))) if read.height else [],
                        frozenset(marks.errors.get(sheet.name, ())),
                        frozenset(marks.unstored.get(sheet.name, ())),
                        tuple(read.merged_cell_ranges or ()),
                    )
                )
    except Unreadable:
        raise
    except (CalamineError, ValueError, OSError, KeyError, OverflowError) as error:
        raise _refused(f"The file cannot be read as a spreadsheet: {_said(error)}.") from None
    except BaseException as error:
        # A fault of the reader in Rust arrives as a panic that is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise _refused("The file is damaged: its sheets cannot be read.") from None
    return tuple(tables)


def _check_sheets(count: int) -> None:
    if count > MOST_SHEETS:
        raise _refused(f"The file has {count} sheets; at most {MOST_SHEETS} are read.")


def _said(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return text[:120] or "it is damaged"


def _finite(rows: list[list[Value]]) -> list[list[Value]]:
    """A figure that is none, as no spreadsheet program writes it, becomes its word: what asks for a number says so."""
    for row in rows:
        for column, value in enumerate(row):
            if type(value) is float and not isfinite(value):
                row[column] = str(value)
    return rows


def _trimmed(rows: list[list[Value]]) -> list[list[Value]]:
    """Without the empty rows at the end."""
    last = len(rows)
    while last and not any(cell != "" for cell in rows[last - 1]):
        last -= 1
    return rows[:last]


def _csv(content: bytes) -> Table:
    """Commas, semicolons or tabs between cells, whichever most of the first rows agree on."""
    text, remark = _decoded(content)
    delimiter = _delimiter_of(text)
    try:
        rows: list[list[Value]] = []
        cells = 0
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            cells += len(row)
            if cells > MOST_CELLS:
                raise _refused(f"The table has more than {MOST_CELLS:,} cells: split it.")
            rows.append([_as_exported(cell) for cell in row])
    except csv.Error as error:
        raise _refused(f"The file is no CSV table: {error}.") from None
    return Table("CSV", _trimmed(rows), remark=remark)


def _decoded(content: bytes) -> tuple[str, str]:
    """The text, and what is to be said of how it was read; other files are refused by what they are."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        with suppress(UnicodeDecodeError):
            return content.decode("utf-16"), ""
    kind = next((name for start, name in _OTHER_KINDS.items() if content.startswith(start)), "")
    beginning = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if beginning.startswith((b"<!doctype html", b"<html", b"<?xml", b"<svg")):
        kind = "a web page or XML document"
    if kind:
        raise _refused(
            f"The file is {kind}, whatever its name says: send a spreadsheet (.xlsx, .ods) or a table (.csv)."
        )
    if b"\x00" in content:
        raise _refused("The file is neither a spreadsheet (.xlsx, .ods) nor a text table (.csv).")
    try:
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        text = "\x01"
    if _CONTROL.search(text) or not any(mark in text for mark in _DELIMITERS):
        raise _refused("The file is no spreadsheet, and as a table it is not UTF-8: save it as “CSV UTF-8”.")
    odd = next((word for word in text.split() if not word.isascii()), "")[:40]
    return text, (
        f"The table is not UTF-8: it was read as Western European text (Windows-1252), for example “{odd}”. If that "
        "is wrong, save it as “CSV UTF-8” and send it again."
    )


def _delimiter_of(text: str) -> str:
    lines = [line for line in text[:_LOOKED_AT].splitlines()[:_FIRST_LINES] if line.strip()]

    def agreement(mark: str) -> int:
        counts = Counter(count for line in lines if (count := line.count(mark)))
        return max((count * often for count, often in counts.items()), default=0)

    return max(_DELIMITERS, key=agreement)


def _as_exported(text: str) -> str:
    """The text without the apostrophe by which an export keeps a spreadsheet from taking it for a formula."""
    return text[1:] if text.startswith("'") and reads_as_formula(text[1:]) else text


def _refused(message: str) -> Unreadable:
    return Unreadable([Problem("", message)])
