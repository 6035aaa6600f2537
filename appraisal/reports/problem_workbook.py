"""The same file back: the cells' values as they came, those with a problem red, and a red column that says why."""

import io
import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from appraisal.reading.workbook.columns import PROBLEM
from appraisal.reading.workbook.findings import CellProblem
from appraisal.reading.workbook.matching import heading_row
from appraisal.reading.workbook.tables import Table, Value
from forms.texts import one_line

RED, PINK = "#A4262C", "#F9D9D6"
WHOLE_FILE = "Problems of the file"
_MOST_LETTERS = 32_767
_BAD_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_LONGEST_NAME = 31


def problem_workbook(tables: Sequence[Table], problems: Iterable[CellProblem]) -> bytes:
    """Every sheet written anew with its values; formulas have become their values."""
    import xlsxwriter  # noqa: PLC0415 -- only where a workbook is written

    by_sheet: dict[str, list[CellProblem]] = {}
    for problem in problems:
        by_sheet.setdefault(problem.place.sheet if problem.place else WHOLE_FILE, []).append(problem)
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    with xlsxwriter.Workbook(out, options) as book:
        looks = {
            "red": book.add_format({"font_color": RED, "bold": True, "text_wrap": True, "valign": "top"}),
            "cell": book.add_format({"bg_color": PINK}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        names: set[str] = set()
        for table in tables:
            sheet = book.add_worksheet(_sheet_name(table.name, names))
            _write(sheet, table, by_sheet.pop(table.name, []), looks)
        for name, rest in by_sheet.items():
            sheet = book.add_worksheet(_sheet_name(name, names))
            sheet.set_column(0, 0, 100)
            sheet.write_string(0, 0, PROBLEM, looks["red"])
            for row, problem in enumerate(rest, start=1):
                sheet.write_string(row, 0, str(problem)[:_MOST_LETTERS], looks["red"])
    return out.getvalue()


def _write(sheet: Any, table: Table, problems: Sequence[CellProblem], looks: dict[str, Any]) -> None:
    top = heading_row(table) or 0
    column = _problem_column(table, top)
    marked: set[tuple[int, int]] = set()
    said: dict[int, list[str]] = {}
    for problem in problems:
        if problem.place is not None:
            said.setdefault(problem.place.row, []).append(problem.rule)
            if problem.place.column is not None:
                marked.add((problem.place.row, problem.place.column))
    for row, cells in enumerate(table.rows):
        for number, value in enumerate(cells):
            if number != column:
                _write_cell(sheet, row, number, value, looks, red=(row, number) in marked)
    for row, number in marked:
        if row >= len(table.rows) or number >= len(table.rows[row]) or table.rows[row][number] == "":
            sheet.write_blank(row, number, None, looks["cell"])
    sheet.set_column(column, column, 60)
    sheet.freeze_panes(top + 1, 0)
    said.setdefault(top, []).insert(0, PROBLEM)
    for row, rules in said.items():
        sheet.write_string(row, column, ". ".join(rules)[:_MOST_LETTERS], looks["red"])


def _problem_column(table: Table, top: int) -> int:
    """The column of an earlier round where there is one, else the next free one."""
    if top < len(table.rows):
        for number, value in enumerate(table.rows[top]):
            if isinstance(value, str) and one_line(value).startswith(PROBLEM):
                return number
    return max((len(cells) for cells in table.rows), default=0)


def _write_cell(sheet: Any, row: int, number: int, value: Value, looks: dict[str, Any], *, red: bool) -> None:
    look = looks["cell"] if red else None
    if value == "" or value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, number, value, look)
    elif isinstance(value, int | float) and math.isfinite(value):
        sheet.write_number(row, number, value, look)
    elif isinstance(value, datetime | date):
        sheet.write_string(row, number, value.isoformat(), look) if red else _write_day(
            sheet, row, number, value, looks
        )
    elif isinstance(value, time | timedelta):
        sheet.write_string(row, number, str(value), look)
    else:
        sheet.write_string(row, number, str(value)[:_MOST_LETTERS], look)


def _write_day(sheet: Any, row: int, number: int, value: date, looks: dict[str, Any]) -> None:
    if value.year < 1900:  # noqa: PLR2004 -- before the first day that the format has
        sheet.write_string(row, number, value.isoformat())
    else:
        sheet.write_datetime(row, number, value, looks["day"])


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that the format takes, once."""
    base = name.translate(_BAD_IN_NAMES).strip("' ")[:_LONGEST_NAME] or "Sheet"
    found, number = base, 1
    while found.casefold() in taken or found.casefold() == "history":
        number += 1
        found = f"{base[: _LONGEST_NAME - 4]} {number}"
    taken.add(found.casefold())
    return found
