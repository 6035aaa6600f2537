"""The portfolio view as CSV: exactly the columns and rows shown, numbers as numbers, text that stays text."""

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from appraisal.reports.cell_text import neutral
from scoring.result import Missing

WRITTEN = re.compile(r"[\u2212+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
"""A figure as reports write it."""
Cell = str | int | float | Decimal | date | datetime | Missing | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the view: the key of its cells, its title, and the unit its figures are in."""

    key: str
    title: str
    unit: str = ""

    @property
    def heading(self) -> str:
        return f"{self.title} ({self.unit})" if self.unit else self.title


def portfolio_csv(columns: Sequence[Column], rows: Iterable[Mapping[str, Cell]]) -> str:
    """The rows as RFC 4180 text with CRLF line ends; the caller encodes it (utf-8-sig for spreadsheets).

    A figure that does not exist is an empty cell, never 0. Raises ValueError for NaN and infinities and
    KeyError for a row without one of the columns.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([neutral(column.heading) for column in columns])
    writer.writerows([_cell(row[column.key]) for column in columns] for row in rows)
    return out.getvalue()


def table_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of written figures: "\u22121,234.5" becomes the number -1234.5, every other text stays as it is."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([neutral(column) for column in columns])
    writer.writerows([_unwritten(cell) for cell in row] for row in rows)
    return out.getvalue()


def _unwritten(text: str) -> str:
    plain = text.replace(",", "").replace("\u2212", "-")
    return plain if WRITTEN.fullmatch(text) else neutral(text)


def _cell(value: Cell) -> str:  # noqa: PLR0911 -- one line for each kind of cell
    match value:
        case None | Missing():
            return ""
        case str():
            return neutral(value)
        case bool():
            return "yes" if value else "no"
        case float() if not math.isfinite(value):
            raise ValueError("a figure must be finite")
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case float():
            return repr(float(value))
        case _:
            return str(value)
