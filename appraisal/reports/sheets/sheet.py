"""A worksheet written row by row: text stays text, figures stay numbers, a missing figure is its reason."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from appraisal.reports import figures, palette
from appraisal.reports.cell_text import reads_as_formula
from appraisal.reports.return_tables import Form
from scoring.result import Missing

Value = str | int | float | Decimal | Missing | None
MOST_LETTERS = 32_767
"""What a cell of the format can hold."""

NUMBER_FORMATS = {
    Form.MONEY: "#,##0.0;-#,##0.0",
    Form.PERCENT: "0.0%",
    Form.SHARE: "0%",
    Form.RATIO: "0.00",
    Form.COVER: "0.00",
    Form.YEARS: "0.0",
    Form.CALENDAR_YEAR: "0",
    Form.CHANCE: "0.0%",
    Form.POINTS: "0.0",
}


class Sheet:
    """One worksheet of the workbook, with its formats at hand. Rows and columns count from 0."""

    def __init__(self, book: Any, name: str, widths: Sequence[float]) -> None:
        self.name = name
        self._book = book
        self._sheet = book.add_worksheet(name)
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.at = 0
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)

    def format(self, **look: Any) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            base = {"font_name": "Noto Sans", "font_size": 10, "font_color": palette.INK, "valign": "top"}
            self._formats[key] = self._book.add_format({**base, **look})
        return self._formats[key]

    def title(self, text: str) -> None:
        self.write(self.at, 0, text, bold=True, font_size=14)
        self.at += 1

    def note(self, text: str) -> None:
        self.write(self.at, 0, text, font_color=palette.INK_2)
        self.at += 1

    def gap(self) -> None:
        self.at += 1

    def head(self, titles: Sequence[str], *, freeze: bool = False, first_column: int = 0) -> int:
        """A header row; returns the row it is in."""
        for column, title in enumerate(titles):
            self.write(
                self.at,
                column,
                title,
                bold=True,
                font_color=palette.INK_2,
                bg_color=palette.WASH,
                bottom=1,
                text_wrap=True,
            )
        if freeze:
            self._sheet.freeze_panes(self.at + 1, first_column)
        self.at += 1
        return self.at - 1

    def row(self, cells: Sequence[Value], forms: Sequence[Form | None] = (), **look: Any) -> int:
        """A row of values; returns the row it is in."""
        for column, value in enumerate(cells):
            form = forms[column] if column < len(forms) else None
            self.write(self.at, column, value, form, **look)
        self.at += 1
        return self.at - 1

    def write(self, row: int, column: int, value: Value, form: Form | None = None, **look: Any) -> None:
        """Text through the text writer whatever it begins with; what could read as a formula is marked as quoted."""
        if value is None or value == "":
            if look:
                self._sheet.write_blank(row, column, None, self.format(**look))
        elif isinstance(value, Missing):
            self._text(row, column, figures.money(value), {**look, "font_color": palette.INK_2})
        elif isinstance(value, str):
            self._text(row, column, value, look)
        else:
            self._sheet.write_number(row, column, float(value), self.format(**_numeric(form), **look))

    def _text(self, row: int, column: int, text: str, look: dict[str, Any]) -> None:
        quoted = {"quote_prefix": True} if reads_as_formula(text) else {}
        wrapped = {"text_wrap": True} if "\n" in text else {}
        self._sheet.write_string(row, column, text[:MOST_LETTERS], self.format(**{**wrapped, **quoted, **look}))

    def formula(
        self, row: int, column: int, formula: str, value: float | str, form: Form | None = None, **look: Any
    ) -> None:
        """A live formula with the value that readers which do not compute will show."""
        self._sheet.write_formula(row, column, formula, self.format(**_numeric(form), **look), value)

    def filter(self, first: int, last: int, columns: int) -> None:
        if last > first:
            self._sheet.autofilter(first, 0, last, columns - 1)


def _numeric(form: Form | None) -> dict[str, str]:
    return {"num_format": NUMBER_FORMATS[form]} if form else {}


@lru_cache(maxsize=4096)
def cell_name(row: int, column: int, *, fixed: bool = False) -> str:
    """A1 name of a cell counted from 0; `fixed` with dollar signs."""
    letters = ""
    rest = column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return f"${letters}${row + 1}" if fixed else f"{letters}{row + 1}"


def span(first: tuple[int, int], last: tuple[int, int]) -> str:
    """A fixed range from one cell to another."""
    return f"{cell_name(*first, fixed=True)}:{cell_name(*last, fixed=True)}"
