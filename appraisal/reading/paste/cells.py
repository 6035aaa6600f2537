"""From pasted text to a grid of cells: delimiter, quotes, line ends, size."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from appraisal.reading.paste.findings import Issue
from appraisal.reading.paste.markup import without_markup
from forms.texts import refused_character
from scoring.limits import MAX_LINES, MAX_PERIODS

MAX_CHARACTERS = 2_000_000
MAX_ROWS = MAX_COLUMNS = 2 * max(MAX_LINES, MAX_PERIODS)
"""Room for totals, headings and empty rows beside the lines and years themselves."""

_DELIMITERS = "\t;,|"


@dataclass(frozen=True)
class Grid:
    """Cells by row and column; short rows are padded with empty cells. Empty rows and columns stay in place, so that
    positions are those of the sheet that was pasted."""

    rows: tuple[tuple[str, ...], ...]
    delimiter: str = "\t"
    transposed: bool = False

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0

    @cached_property
    def turned(self) -> "Grid":
        """The same cells with rows and columns exchanged."""
        return Grid(tuple(zip(*self.rows, strict=True)), self.delimiter, not self.transposed)

    def address(self, row: int, column: int) -> tuple[int, int]:
        """Row and column in the sheet as it was pasted, counted from 1."""
        return (column + 1, row + 1) if self.transposed else (row + 1, column + 1)


def read_cells(text: str) -> Grid | Issue:
    """Split a paste into cells, or say why it cannot be. Linear in the length of the text."""
    if len(text) > MAX_CHARACTERS:
        return Issue("too_large", f"The paste is longer than {MAX_CHARACTERS:,} characters.")
    text = without_markup(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    if not text.strip():
        return Issue("empty", "Nothing was pasted.")
    delimiter = _delimiter_of(text)
    rows = list(_rows(text, delimiter))
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((len(row) for row in rows), default=0)
    if len(rows) > MAX_ROWS or width > MAX_COLUMNS:
        return Issue(
            "too_large",
            f"The paste has {len(rows):,} rows and {width:,} columns; at most {MAX_ROWS:,} of each can be read.",
        )
    if not rows:
        return Issue("empty", "Every pasted cell is empty.")
    return _first_refused(rows) or Grid(tuple((*row, *[""] * (width - len(row))) for row in rows), delimiter)


def _delimiter_of(text: str) -> str:
    """Tab wherever there is one; else the mark that gives the most rows of one width."""
    if "\t" in text:
        return "\t"
    best, most = _DELIMITERS[0], 0
    for delimiter in _DELIMITERS[1:]:
        widths = Counter(len(row) for row in _rows(text, delimiter) if len(row) > 1 and any(row))
        agreeing = max(widths.values(), default=0)
        if agreeing > most:
            best, most = delimiter, agreeing
    return best


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    row: list[str] = []
    for cell, ends_row in _cells(text, delimiter):
        row.append(cell)
        if ends_row:
            yield row
            row = []


def _cells(text: str, delimiter: str) -> Iterator[tuple[str, bool]]:
    """Each cell, stripped, and whether it ends its row. A quotation mark quotes only if its partner ends the cell."""
    mark = re.escape(delimiter)
    quoted = re.compile(rf'"((?:[^"]|"")*+)"[ ]*(?={mark}|\n|\Z)')
    plain = re.compile(rf"[^{mark}\n]*")
    position = 0
    while True:
        match = quoted.match(text, position)
        cell = match[1].replace('""', '"') if match else ""
        if match is None:
            match = plain.match(text, position)
            assert match is not None
            cell = match[0]
        end = match.end()
        at_end = end >= len(text)
        yield cell.strip(), at_end or text[end] == "\n"
        if at_end:
            return
        position = end + 1


def _first_refused(rows: list[list[str]]) -> Issue | None:
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row, start=1):
            if character := refused_character(cell, prose=True):
                return Issue(
                    "refused_character",
                    f"The cell holds the character {character}, which cannot be stored.",
                    row=number,
                    column=column,
                )
    return None
