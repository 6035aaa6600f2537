"""From a range of a sheet to the text that a paste of it would be, with what is stored in place of what is shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from appraisal.reading.paste.cells import MAX_COLUMNS, MAX_ROWS, Grid
from appraisal.reading.paste.orientation import find_headers
from appraisal.reading.paste.years import read_year
from appraisal.reading.problems import Problem, Unreadable
from appraisal.reading.workbook.areas import Area, address
from appraisal.reading.workbook.cells import CellRefused, is_empty, read_amount, text_of
from appraisal.reading.workbook.findings import Notes
from appraisal.reading.workbook.formats import Shown, shown_otherwise
from appraisal.reading.workbook.tables import Merge, Table, Value, read_tables
from appraisal.reading.written_table import written_cells

MOST_BYTES = 5 * 1024 * 1024
_PACKED, _WORKBOOK = b"PK\x03\x04", b"xl/workbook"
_MOST_NAMED = 10
_MOST_MARKED = 1000
"""As many addresses of errors and of unstored formulas the reader keeps of a sheet."""
ERROR_TEXT = "#ERROR!"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that holds something, and the range that it uses."""

    table: Table
    used: Area
    shown: Shown
    has_years: bool
    """Years stand at the head of its rows or columns."""

    @property
    def name(self) -> str:
        return self.table.name


@dataclass(frozen=True, slots=True)
class SheetText:
    text: str
    area: Area
    """The part of the range that the sheet uses."""
    notes: tuple[str, ...]


def read_sheets(content: bytes) -> tuple[Sheet, ...]:
    """The visible sheets of an .xlsx workbook that hold something; raises Unreadable with what to do."""
    if len(content) > MOST_BYTES:
        raise _refused(f"The file is larger than {MOST_BYTES // 1024**2} MiB: keep the sheet with the table alone.")
    if content.startswith(_PACKED) and _WORKBOOK not in content:
        raise _refused("The file is no .xlsx workbook: save it as one.")
    if not content.startswith((_PACKED, b"\xd0\xcf\x11\xe0")):
        raise _refused("The file is no .xlsx workbook. Cells of a text table can be copied and pasted.")
    tables = [table for table in read_tables(content) if table.rows]
    shown = shown_otherwise(content)
    return tuple(_sheet(table, shown.get(table.name, Shown())) for table in tables)


def likely_sheet(sheets: tuple[Sheet, ...]) -> Sheet:
    """The first that has years at its head, else the first."""
    return next((sheet for sheet in sheets if sheet.has_years), sheets[0])


def sheet_text(sheet: Sheet, area: Area) -> SheetText:
    """The cells of the range as a paste; raises Unreadable with the address of each that cannot be taken.

    Figures keep every digit that a spreadsheet computes with, to the six decimals that amounts are kept with.
    """
    area = _within(sheet, area)
    _refuse(_faults(sheet, area))
    notes = Notes()
    rows = [[_written(sheet, row, column, notes) for column in _span(area)] for row in range(area.top, area.bottom + 1)]
    divided = [cell for cell in _addresses(area) if cell in sheet.shown.divided]
    if divided:
        notes.say(
            f"{divided[0]}{f' and {len(divided) - 1} more cells are' if len(divided) > 1 else ' is'} shown divided by "
            "thousands in the sheet. The stored figures are taken: check that the unit below is theirs."
        )
    return SheetText(written_cells(rows), area, notes.all())


def _sheet(table: Table, shown: Shown) -> Sheet:
    filled = [(row, column) for row, cells in enumerate(table.rows) for column, cell in enumerate(cells) if cell != ""]
    rows, columns = [row for row, _ in filled], [column for _, column in filled]
    used = Area(min(rows), min(columns), max(rows), max(columns))
    return Sheet(table, used, shown, _has_years(table, used))


def _has_years(table: Table, used: Area) -> bool:
    if used.rows > MAX_ROWS or used.columns > MAX_COLUMNS:
        return False
    cells = (tuple(_plain(_at(table, row, column)) for column in _span(used)) for row in _rows(used))
    return bool(find_headers(Grid(tuple(cells))))


def _plain(value: Value) -> str:
    try:
        return text_of(value).strip()
    except CellRefused:
        return ""


def _within(sheet: Sheet, area: Area) -> Area:
    """The part of the range that the sheet uses."""
    used = sheet.used
    found = Area(
        max(area.top, used.top), max(area.left, used.left), min(area.bottom, used.bottom), min(area.right, used.right)
    )
    if found.rows < 1 or found.columns < 1:
        raise _refused(f"{area} holds nothing: the sheet “{sheet.name}” uses {used}.")
    if found.rows > MAX_ROWS or found.columns > MAX_COLUMNS:
        raise _refused(
            f"{found} has {found.rows:,} rows and {found.columns:,} columns; at most {MAX_ROWS:,} of each can be read. "
            "Choose a smaller range."
        )
    return found


def _faults(sheet: Sheet, area: Area) -> Iterator[Problem]:
    """What the range holds that cannot be taken as it is; errors and percentages the reader of pastes refuses."""
    if max(len(sheet.table.errors), len(sheet.table.unstored)) >= _MOST_MARKED:
        yield Problem("", f"The sheet “{sheet.name}” has {_MOST_MARKED:,} cells with errors or more: mend them first.")
    for cell in _addresses(area):
        if cell in sheet.table.unstored:
            yield Problem(
                cell,
                "is a formula whose value is not stored in the file: open it in a spreadsheet program and save it.",
            )
    for merge in sheet.table.merges:
        if _hides_figures(sheet.table, merge, area):
            yield Problem(
                f"{address(*merge[0])}:{address(*merge[1])}",
                "is merged: split it, so that each figure, year and name has a cell of its own.",
            )


def _hides_figures(table: Table, merge: Merge, area: Area) -> bool:
    """A title or a heading alone in its rows does no harm, merged or not."""
    (top, left), (bottom, right) = merge
    if bottom < area.top or top > area.bottom or right < area.left or left > area.right:
        return False
    value = _at(table, top, left)
    beside = (
        _at(table, row, column)
        for row in range(max(top, area.top), min(bottom, area.bottom) + 1)
        for column in _span(area)
        if (row, column) != (top, left)
    )
    is_title = isinstance(value, str) and read_year(value) is None
    return not is_title or any(not is_empty(cell) for cell in beside)


def _written(sheet: Sheet, row: int, column: int, notes: Notes) -> str:
    cell, value = address(row, column), _at(sheet.table, row, column)
    if cell in sheet.table.errors:
        return ERROR_TEXT
    if isinstance(value, bool) or not isinstance(value, int | float):
        return text_of(value)
    try:
        if cell in sheet.shown.percent:
            return f"{_digits(Decimal(repr(float(value))) * 100)}%"
        return _digits(read_amount(value, None, notes))
    except CellRefused as refused:
        raise Unreadable([Problem(cell, f"{refused}.")]) from None


def _digits(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _refuse(faults: Iterator[Problem]) -> None:
    found = list(faults)
    if found:
        raise Unreadable(found[:_MOST_NAMED])


def _at(table: Table, row: int, column: int) -> Value:
    cells = table.rows[row] if row < len(table.rows) else []
    return cells[column] if column < len(cells) else ""


def _addresses(area: Area) -> Iterator[str]:
    return (address(row, column) for row in _rows(area) for column in _span(area))


def _rows(area: Area) -> range:
    return range(area.top, area.bottom + 1)


def _span(area: Area) -> range:
    return range(area.left, area.right + 1)


def _refused(message: str) -> Unreadable:
    return Unreadable([Problem("", message)])
