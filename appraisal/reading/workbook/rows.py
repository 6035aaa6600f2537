"""A sheet's rows under their headings, each cell read as its column says, with what is wrong kept beside it."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from appraisal.reading.workbook.cells import CellRefused, is_empty, read_amount, read_cell, text_of
from appraisal.reading.workbook.columns import AMOUNT, Column
from appraisal.reading.workbook.findings import CellProblem, Heading, Notes, Place, column_letters, quoted
from appraisal.reading.workbook.matching import heading_row, headings_of, plain
from appraisal.reading.workbook.tables import Table, Value
from forms.numbers import DecimalMark


@dataclass(slots=True)
class SheetReader:
    """One sheet with its headings found, and where its problems go."""

    table: Table
    notes: Notes
    mark: DecimalMark | None = None
    problems: list[CellProblem] = field(default_factory=list)
    expected: tuple[Column, ...] = ()
    """Of a sheet of our own, its columns: its headings are the row that has most of them."""
    top: int = field(init=False, default=0)
    headings: tuple[Heading, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        titles = frozenset(plain(column.title) for column in self.expected)
        found = heading_row(self.table, titles)
        if found is not None:
            self.top = found
            self.headings = headings_of(self.table, found)
        if self.table.remark:
            self.notes.say(self.table.remark)
        if any(last[0] >= self.top for _, last in self.table.merges):
            self.notes.say(
                f"The sheet {self.table.name} has merged cells: only the first cell of each is read, the others are "
                "taken as empty."
            )

    def rows(self) -> Iterator[int]:
        """The numbers of the rows below the headings that hold anything."""
        for number in range(self.top + 1, len(self.table.rows)):
            if any(not is_empty(cell) for cell in self.table.rows[number]):
                yield number

    def place(self, row: int, heading: Heading | None = None) -> Place:
        if heading is None:
            return Place(self.table.name, row)
        return Place(self.table.name, row, heading.column, heading.text)

    def value(self, row: int, heading: Heading) -> Value:
        cells = self.table.rows[row]
        return cells[heading.column] if heading.column < len(cells) else ""

    def read(self, row: int, heading: Heading, column: Column, problems: list[CellProblem]) -> Any:
        """The cell's value; None where it is empty or breaks a rule, which is then added to the problems."""
        value = self.value(row, heading)
        if is_empty(value):
            self._look_behind(row, heading, problems)
            return None
        try:
            return read_cell(column, value, self.mark, self.notes)
        except CellRefused as error:
            problems.append(CellProblem(self.place(row, heading), quoted(text_of(value)), f"{heading.text} {error}"))
            return None

    def read_amount(self, row: int, heading: Heading, problems: list[CellProblem]) -> Decimal | None:
        """The same for a column of money, at once where the cell is a number, as hundreds of thousands are."""
        value = self.value(row, heading)
        if type(value) is float:
            with suppress(CellRefused):
                return read_amount(value, self.mark, self.notes)
        amount: Decimal | None = self.read(row, heading, AMOUNT, problems)
        return amount

    def _look_behind(self, row: int, heading: Heading, problems: list[CellProblem]) -> None:
        """A cell that reads as empty may hold an error, or a formula that nobody computed."""
        if not (self.table.errors or self.table.unstored):
            return
        address = f"{column_letters(heading.column)}{row + 1}"
        if address in self.table.errors:
            problems.append(
                CellProblem(self.place(row, heading), "", f"{heading.text} is an error of the spreadsheet, e.g. #REF!")
            )
        elif address in self.table.unstored:
            rule = f"{heading.text} is a formula without a stored value: open the file in a spreadsheet and save it"
            problems.append(CellProblem(self.place(row, heading), "", rule))

    def named(self, columns: Mapping[str, Column]) -> dict[Heading, Column]:
        """The headings that name one of these columns, by `columns` of plain titles."""
        return {heading: columns[heading.key] for heading in self.headings if heading.key in columns}
