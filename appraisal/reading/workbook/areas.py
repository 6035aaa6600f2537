"""Ranges of cells as spreadsheets name them."""

import re
from dataclasses import dataclass

from appraisal.reading.workbook.findings import column_letters

_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Area:
    """A range of cells: rows and columns from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        return f"{address(self.top, self.left)}:{address(self.bottom, self.right)}"

    @property
    def rows(self) -> int:
        return self.bottom - self.top + 1

    @property
    def columns(self) -> int:
        return self.right - self.left + 1


def address(row: int, column: int) -> str:
    """As spreadsheets write it: C5."""
    return f"{column_letters(column)}{row + 1}"


def read_area(text: str) -> Area | None:
    """The range a text names, "B3:M14" or "$B$3:$M$14"; None where it names none."""
    match = _AREA.fullmatch("".join(text.split()).upper())
    if match is None or int(match[2]) == 0 or (match[4] and int(match[4]) == 0):
        return None
    rows = sorted((int(match[2]) - 1, int(match[4] or match[2]) - 1))
    columns = sorted((_column(match[1]), _column(match[3] or match[1])))
    return Area(rows[0], columns[0], rows[1], columns[1])


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1
