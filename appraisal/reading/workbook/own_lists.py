"""What lists that were made for something else say in their own words, and what of it is still understood.

A cell of such a list that names none of our words stays as a note beside the project, counted once for the file: it
stands in nobody's way. The template's own cells are held to their lists.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

from appraisal.canonical import sha256_of
from appraisal.reading.paste.units import Unit, agreed, unit_of_heading
from appraisal.reading.workbook.building import Building
from appraisal.reading.workbook.cells import CellRefused, is_empty, read_cell, text_of
from appraisal.reading.workbook.columns import Column, Kind
from appraisal.reading.workbook.findings import Heading, Notes
from appraisal.reading.workbook.matching import plain
from appraisal.reading.workbook.rows import SheetReader
from appraisal.reading.workbook.tables import Value
from forms.texts import one_line
from scoring.limits import MAX_AMOUNT_DECIMALS

_NOTHING = frozenset(
    {"na", "n/a", "n.a.", "n.a", "not available", "not applicable", "nil", "null", "none", "tbd", "tbc"}
)
_DASHES = re.compile(r"[-–—]{1,3}")
_OWN_WORDS = frozenset({Kind.CHOICE, Kind.SEVERAL, Kind.CODE, Kind.YEAR})
_HELD_TO = frozenset({"currency", "unit", "timing", "prices.basis"})
"""What figures mean hangs on these: a word that is not understood is a problem."""
_WANTED = {Kind.CODE: "country that is known", Kind.YEAR: "year"}
_LAST_DECIMAL, _FEW_DIGITS = Decimal(1).scaleb(-MAX_AMOUNT_DECIMALS), 20
_MILLION = 10**6
_UNITS = (1, 1000, _MILLION)
_MOST_CELLS = 2
"""Filled cells of a row below the list that only remarks on it."""
_TOTALS = frozenset({"total", "totals", "grand total", "sub total", "subtotal", "overall total", "total cost"})
_COUNTING = frozenset({"", "no", "s no", "sr no", "sl no", "sno", "slno", "srno", "serial no", "serial number", "nr"})
"""Headings of columns that number the rows: another row above changes every number."""
_DAY_NUMBERS = re.compile(r"[2-7][0-9]{4}(?:\.[0-9]+)?")
"""Days since the end of 1899, as spreadsheets count them: 1954 to 2119. None of these is a year."""
_DAY_ZERO = date(1899, 12, 30)


def says_nothing(column: Column, value: Value) -> bool:
    """Whether the cell is filled and says that there is nothing, as "NA"; a dash in a column of costs as well."""
    if not isinstance(value, str) or column.key == "title":
        return False
    word = value.strip().casefold()
    return word in _NOTHING or (column.kind is Kind.MONEY and _DASHES.fullmatch(word) is not None)


def stays_a_note(sheet: SheetReader, row: int, heading: Heading, column: Column, project: Building) -> bool:
    """Whether the cell is in words of the list's own: it is kept as a note then, and counted."""
    value = sheet.value(row, heading)
    if is_empty(value) or column.kind not in _OWN_WORDS or column.key in _HELD_TO:
        return False
    if day_numbered(heading, column, value) is not None:
        return False
    try:
        read_cell(column, value, sheet.mark, Notes())
    except CellRefused:
        said = one_line(text_of(value))
        project.keep_note(heading.text, said, sheet.place(row, heading))
        sheet.notes.keep(heading.text, _WANTED.get(column.kind, "word of the tool's own lists"), said)
        return True
    return False


def day_numbered(heading: Heading, column: Column, value: Value) -> date | None:
    """The day that a column of dates gives as a spreadsheet's number of it, as it stands once exported to text."""
    if column.kind is not Kind.YEAR or "date" not in heading.key.split() or isinstance(value, bool | date):
        return None
    if not isinstance(value, int | float | str) or not _DAY_NUMBERS.fullmatch(str(value).strip()):
        return None
    return _DAY_ZERO + timedelta(days=int(float(value)))


def row_said(sheet: SheetReader, row: int) -> str:
    """Digest of all that the row says under its headings, but for its number in the list."""
    said: dict[str, str] = {}
    for heading in sheet.headings:
        value = sheet.value(row, heading)
        if heading.key in _COUNTING or is_empty(value):
            continue
        said[heading.key] = repr(value)
        with suppress(CellRefused):
            said[heading.key] = one_line(text_of(value))
    return sha256_of(said)


def only_remarks(sheet: SheetReader, row: int, title: Heading | None) -> bool:
    """Whether the row is a total, a source or a remark below the list: it names no project and holds hardly more."""
    if title is None:
        return False
    name = sheet.value(row, title)
    if isinstance(name, str) and plain(name) in _TOTALS:
        return sum(not is_empty(cell) for cell in sheet.table.rows[row]) <= _MOST_CELLS + 1
    if not is_empty(name):
        return False
    return sum(not is_empty(cell) for cell in sheet.table.rows[row]) <= _MOST_CELLS


def unit_of_costs(sheet: SheetReader, headings: Sequence[Heading]) -> Unit | None:
    """What the headings of costs say of their figures, "Project cost (Rs. crore)", or else a title above them."""
    if not headings:
        return None
    by_heading = agreed(unit_of_heading(heading.text) for heading in headings)
    if by_heading is None or by_heading.factor != 1:
        return by_heading
    above = (cell for row in sheet.table.rows[: sheet.top] for cell in row if isinstance(cell, str) and cell)
    return agreed([by_heading, *map(unit_of_heading, above)])


def convert(project: Building, unit: Unit) -> None:
    """State the costs in the project's unit; in one that is offered, where the project states none."""
    stated = project.entry.stated
    if unit.currency and not stated.get("currency"):
        stated["currency"] = unit.currency
    if unit.factor == 1 or (project.cost is None and project.yearly_cost is None):
        return
    if stated.get("unit") is None:
        stated["unit"] = unit.factor if unit.factor in _UNITS else _MILLION
    ratio = Decimal(unit.factor) / Decimal(stated["unit"])
    if ratio == 1:
        return
    if project.cost is not None:
        project.cost = _exact(project.cost[0] * ratio), project.cost[1]
    if project.yearly_cost is not None:
        figures = project.yearly_cost.figures
        figures.update({year: (_exact(amount * ratio), at) for year, (amount, at) in figures.items()})


def _exact(amount: Decimal) -> Decimal:
    """To the decimals that are kept; one that is too large is refused by the rules of the project file."""
    return amount.quantize(_LAST_DECIMAL) if amount % _LAST_DECIMAL and amount.adjusted() < _FEW_DIGITS else amount
