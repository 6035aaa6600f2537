"""Workbooks made for tests, as a spreadsheet program would save them."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter

Put = Callable[[Any, Any], None]
"""Writes into the sheet, with the workbook at hand for formats."""
TABLE = (
    ("Item", 2027, 2028, 2029),
    ("Capital cost", 4.123456, 3.2, 0),
    ("Operation", 0, 0.234, 0.5),
    ("Time saved", 0, 0, 2.1),
)


def workbook(
    *sheets: tuple[str, Sequence[Sequence[Any]]], also: Put | None = None, top: int = 0, left: int = 0
) -> bytes:
    """Sheets of rows from the cell (top, left) on; `also` is called with the workbook and the last sheet."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(top + number, left, row)
        if also is not None:
            also(book, sheet)
    return file.getvalue()
