"""From pasted text to a grid of cells: delimiter, quotes, line ends, size."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from appraisal.reading.paste.findings import Issue
from appraisal.reading.paste.markup import without_markup
from forms.texts import refused_character
from scoring.limits import MAX_LINES, MAX_PERIODS

MAX_CHARACTERS = 2_000_000
MAX_ROWS = MAX_COLUMNS = 2 * max(MAX_LINES, MAX_PERIODS)
"""Room for totals, headings and empty rows beside the lines and years themselves."""

_DELIMITERS = "\t;,|"
_INDENTING = "\t;,"
_SPACES = ""
_RUN_OF_SPACES = re.compile(r"(?<=[^\s,;|])[ \u00a0]{2,}(?=[^\s,;|])|^[ \u00a0]{4,}(?=[^\s,;|])", re.MULTILINE)
"""Between the columns of a text that was copied from a letter or a printed page."""
_RULE = re.compile(r"[+|: ]*+(?:[-=─═]{3,}+[+|:┼ ]*+)++")
_EMPHASIS = re.compile(r"(\*\*|__|\*|`)([^*`]+)\1")
_FEWEST_ROWS = 2


@dataclass(frozen=True)
class Grid:
    """Cells by row and column; short rows are padded with empty cells. Empty rows and columns stay in place, so that
    positions are those of the sheet that was pasted."""

    rows: tuple[tuple[str, ...], ...]
    delimiter: str = "\t"
    transposed: bool = False
    indents: Mapping[tuple[int, int], int] = field(default_factory=dict)
    """By row and column as pasted, the spaces before a text: a list of parts is set in under its whole."""

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0

    @cached_property
    def turned(self) -> "Grid":
        """The same cells with rows and columns exchanged."""
        return Grid(tuple(zip(*self.rows, strict=True)), self.delimiter, not self.transposed, self.indents)

    def indent(self, row: int, column: int) -> int:
        """How far the text of a cell is set in."""
        return self.indents.get((column, row) if self.transposed else (row, column), 0)

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
    if delimiter == _SPACES:
        text, delimiter = _RUN_OF_SPACES.sub("\t", text), "\t"
    set_in = list(_rows(text, delimiter))
    rows = [_plain(row, delimiter) for row in set_in]
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
    padded = tuple((*row, *[""] * (width - len(row))) for row in rows)
    indents = {
        (number, column): len(cell) - len(cell.lstrip())
        for number, row in enumerate(set_in)
        for column, cell in enumerate(row)
        if cell[:1].isspace() and delimiter in _INDENTING
    }
    return _first_refused(rows) or Grid(padded, delimiter, indents=indents)


def _plain(row: list[str], delimiter: str) -> list[str]:
    """The cells stripped; in a table drawn with bars, without its rules and its bold type."""
    cells = [cell.strip() for cell in row]
    if delimiter != "|":
        return cells
    if _RULE.fullmatch("|".join(cells)):
        return [""] * len(cells)
    return [match[2] if (match := _EMPHASIS.fullmatch(cell)) else cell for cell in cells]


def _delimiter_of(text: str) -> str:
    """Tab wherever there is one; else what gives the most rows of one width."""
    if "\t" in text:
        return "\t"
    best, most = "\t", 0
    spaced = [len(_RUN_OF_SPACES.findall(line)) + 1 for line in text.split("\n")]
    if (agreeing := _most_agreeing(spaced)) >= _FEWEST_ROWS:
        best, most = _SPACES, agreeing
    for delimiter in _DELIMITERS[1:]:
        agreeing = _most_agreeing(len(row) for row in _rows(text, delimiter) if any(map(str.strip, row)))
        if agreeing > most:
            best, most = delimiter, agreeing
    return best


def _most_agreeing(widths: Iterable[int]) -> int:
    return max(Counter(width for width in widths if width > 1).values(), default=0)


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    row: list[str] = []
    for cell, ends_row in _cells(text, delimiter):
        row.append(cell)
        if ends_row:
            yield row
            row = []


def _cells(text: str, delimiter: str) -> Iterator[tuple[str, bool]]:
    """Each cell with the spaces before it, and whether it ends its row.

    A quotation mark quotes only if its partner ends the cell.
    """
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
        yield cell.rstrip(), at_end or text[end] == "\n"
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
