"""From the bytes of an .xlsx, .ods or .csv file to its sheets, as rows of plain values."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from appraisal.reading.problems import Problem, Unreadable
from appraisal.reading.workbook.guard import MOST_CELLS, MOST_PACKED, check_packed
from appraisal.reports.cell_text import reads_as_formula

Value = str | int | float | bool | date | datetime | time | timedelta
"""What a cell holds; an empty cell holds the empty text."""
Merge = tuple[tuple[int, int], tuple[int, int]]
"""The first and the last cell of a merged range, as row and column from 0."""
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
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

    @property
    def merged(self) -> bool:
        return bool(self.merges)


def read_tables(content: bytes) -> tuple[Table, ...]:
    """Every visible sheet with something in it. Raises Unreadable, which says what to do."""
    if len(content) > MOST_PACKED:
        raise _refused(f"The file is larger than {MOST_PACKED // 1024**2} MiB: split it.")
    if content.startswith(_OLD_OFFICE):
        raise _refused("The file is protected by a password or of an old kind (.xls): save it as .xlsx without one.")
    tables = _packed(content) if content.startswith(_ZIP) else (Table("CSV", _csv_rows(content)),)
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
                        _trimmed(read.to_python(skip_empty_area=False)) if read.height else [],
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


def _trimmed(rows: list[list[Value]]) -> list[list[Value]]:
    """Without the empty rows at the end."""
    last = len(rows)
    while last and not any(cell != "" for cell in rows[last - 1]):
        last -= 1
    return rows[:last]


def _csv_rows(content: bytes) -> list[list[Value]]:
    """Commas, semicolons or tabs between cells, whichever the first row has."""
    if b"\x00" in content:
        raise _refused("The file is neither a spreadsheet (.xlsx, .ods) nor a text table (.csv).")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused("The file is no spreadsheet, and as a table it is not UTF-8: save it as “CSV UTF-8”.") from None
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
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
    return _trimmed(rows)


def _as_exported(text: str) -> str:
    """The text without the apostrophe by which an export keeps a spreadsheet from taking it for a formula."""
    return text[1:] if text.startswith("'") and reads_as_formula(text[1:]) else text


def _refused(message: str) -> Unreadable:
    return Unreadable([Problem("", message)])
