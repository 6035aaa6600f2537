"""Cells that were corrected after the file was sent, laid over its sheets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from appraisal.reading.workbook.files import Opened
from appraisal.reading.workbook.findings import Place
from appraisal.reading.workbook.tables import Table


@dataclass(frozen=True, slots=True)
class Correction:
    """What someone typed for a cell, and what was shown of it before."""

    place: Place
    was: str
    now: str

    def to_document(self) -> dict[str, Any]:
        """As JSON has it."""
        place = self.place
        said = {"sheet": place.sheet, "row": place.row, "column": place.column, "heading": place.heading}
        return {**said, "was": self.was, "now": self.now}


def from_document(kept: Mapping[str, Any]) -> Correction:
    """What `to_document` wrote."""
    place = Place(kept["sheet"], kept["row"], kept["column"], kept["heading"])
    return Correction(place, kept["was"], kept["now"])


def corrected(opened: Opened, corrections: Iterable[Correction]) -> Opened:
    """The file as if it had been sent so; a corrected cell is no error and no formula any more."""
    of_sheet: dict[str, list[Correction]] = {}
    for each in corrections:
        of_sheet.setdefault(each.place.sheet, []).append(each)
    if not of_sheet:
        return opened
    return replace(opened, tables=tuple(_laid_over(table, of_sheet.get(table.name, [])) for table in opened.tables))


def _laid_over(table: Table, corrections: list[Correction]) -> Table:
    rows = list(table.rows)
    for each in corrections:
        row, column = each.place.row, each.place.column
        if column is None or row >= len(rows):
            continue
        cells = [*rows[row], *[""] * (column + 1 - len(rows[row]))]
        cells[column] = each.now
        rows[row] = cells
    cells_now = {each.place.cell for each in corrections}
    return replace(table, rows=rows, errors=table.errors - cells_now, unstored=table.unstored - cells_now)
