"""Finding the years: in which row (years across) or which column (years down) they stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from appraisal.reading.paste.cells import Grid
from appraisal.reading.paste.eras import is_of_another_calendar
from appraisal.reading.paste.findings import Orientation
from appraisal.reading.paste.years import YearKind, YearMark, is_state, read_headings
from forms.numbers import plain_digits, read_number
from forms.texts import one_line
from scoring.limits import MAX_YEAR

_ROWS_SEARCHED = 40
_FEWEST_BARE = 2
_HEADS_SEARCHED = 3


@dataclass(frozen=True)
class Header:
    """The row that holds the years, of the grid turned so that years run across."""

    grid: Grid
    row: int
    marks: dict[int, YearMark]
    """By column."""

    @property
    def orientation(self) -> Orientation:
        return "years_down" if self.grid.transposed else "years_across"

    @cached_property
    def kind(self) -> YearKind:
        return next(iter(self.marks.values())).kind

    @property
    def strength(self) -> tuple[int, int]:
        return self.kind, len(self.marks)


def find_headers(grid: Grid) -> list[Header]:
    """At most one candidate for each orientation, the likelier first; two of equal strength are a question."""
    found = [header for turned in (grid, grid.turned) if (header := _best(turned)) is not None]
    return sorted(found, key=lambda header: header.strength, reverse=True)


def _best(grid: Grid) -> Header | None:
    """The strongest row of years; of equal ones the first."""
    return max(_candidates(grid), key=lambda header: header.strength, default=None)


def _candidates(grid: Grid) -> Iterator[Header]:
    first_full = next((i for i, row in enumerate(grid.rows) if sum(map(bool, row)) > 1), len(grid.rows))
    for index, row in enumerate(grid.rows[: first_full + _ROWS_SEARCHED]):
        marks = read_headings(row)
        for kind in YearKind:
            header = Header(grid, index, _in_reach({c: mark for c, mark in marks.items() if mark.kind is kind}))
            is_first = index == first_full or (index < first_full and _heads_a_column(header))
            if header.marks and _is_plausible(header, is_first=is_first):
                yield header


def _heads_a_column(header: Header) -> bool:
    """One year alone above a column of figures, with nothing over the labels."""
    below = header.grid.rows[header.row + 1 : header.row + 2]
    return 0 not in header.marks and any(row[column] for row in below for column in header.marks)


def _in_reach(marks: dict[int, YearMark]) -> dict[int, YearMark]:
    """Without far years that nothing leads up to: 2569 is a year after 2568, else an amount or a Buddhist year."""
    reached: set[int] = set()
    for number in sorted({mark.number for mark in marks.values()}):
        if number <= MAX_YEAR or number - 1 in reached:
            reached.add(number)
    return {column: mark for column, mark in marks.items() if mark.number in reached}


def _is_plausible(header: Header, *, is_first: bool) -> bool:
    """Amounts of 2 000 or of 1, 2, 3 look like years: believe them only where a heading would stand."""
    numbers = [mark.number for mark in header.marks.values()]
    if header.kind is YearKind.BARE:
        counted = numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] <= 1 <= numbers[-1]
        return is_first and counted and len(numbers) >= _FEWEST_BARE and _has_data(header)
    if is_first:
        return True
    steps = [abs(after - before) for before, after in pairwise(numbers)]
    return bool(steps) and 2 * steps.count(1) >= len(steps)


def _has_data(header: Header) -> bool:
    """Figures, and no row of words under them: numbers before the names of lines are no years."""
    rows = [[text for column in header.marks if (text := row[column])] for row in header.grid.rows[header.row + 1 :]]
    first = next(filter(None, rows), [])
    named = len(first) > 1 and not any(is_state(text) or read_number(text).readings for text in first)
    return bool(first) and not named


def other_calendar(grid: Grid) -> str | None:
    """A heading of the first rows or columns that looks like a year of another calendar."""
    heads = [cell for turned in (grid, grid.turned) for row in turned.rows[:_HEADS_SEARCHED] for cell in row]
    return next(
        (cell for cell in heads if cell and is_of_another_calendar(one_line(plain_digits(cell)).casefold())), None
    )
