"""Which row holds the headings, what each column is taken for, and how sure that is."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from appraisal.reading.paste.years import YearKind, read_year
from appraisal.reading.workbook.cells import is_empty, text_of
from appraisal.reading.workbook.columns import (
    ANSWERS,
    COST,
    FIGURES,
    KIND_NAMES,
    LIST_COLUMNS,
    PROBLEM,
    PROJECTS,
    SOURCES,
    Column,
)
from appraisal.reading.workbook.findings import Heading
from appraisal.reading.workbook.tables import Table, Value
from forms.texts import one_line
from scoring.frameworks import load_framework
from scoring.frameworks.framework import ScaleKind

NOTE, IGNORE = "note", "ignore"
YEARS, ANSWER = "cost-of-year:", "answer:"
_LOOKED_AT = 15
"""Rows among which the headings are looked for."""
SAMPLES = 3
_PLAIN = re.compile(r"[^\w]+")
OURS = (PROJECTS, FIGURES, SOURCES, ANSWERS)


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """A column as the matching screen shows it."""

    heading: Heading
    samples: tuple[str, ...]
    filled: int
    """Per cent of the rows that have a value, rounded down: 100 is all of them."""
    target: str
    remembered: bool
    kind: str


def heading_row(table: Table, titles: frozenset[str] = frozenset()) -> int | None:
    """The row with the most headings that are known, or the first with two cells or more; None in an empty sheet.

    titles: what is known of a sheet of our own, as `plain` writes it; else what a list may have.
    """
    best, most = None, 0
    for index, row in enumerate(table.rows[:_LOOKED_AT]):
        if titles:
            known = len(titles & {plain(cell) for cell in row if isinstance(cell, str)})
        else:
            known = sum(1 for cell in row if isinstance(cell, str) and target_of(cell) not in (NOTE, None))
        if known > most:
            best, most = index, known
    if best is not None:
        return best
    filled = [index for index, row in enumerate(table.rows[:_LOOKED_AT]) if sum(not is_empty(c) for c in row) > 1]
    return filled[0] if filled else None


def headings_of(table: Table, row: int) -> tuple[Heading, ...]:
    """The columns that have a heading; one that stands twice is told apart by a number."""
    found: list[Heading] = []
    seen: dict[str, int] = {}
    for column, cell in enumerate(table.rows[row]):
        if is_empty(cell):
            continue
        text = one_line(text_of(cell))[:200]
        key = plain(text)
        seen[key] = seen.get(key, 0) + 1
        if seen[key] > 1:
            text, key = f"{text} ({seen[key]})", f"{key} {seen[key]}"
        found.append(Heading(column, text, key))
    return tuple(found)


def plain(text: str) -> str:
    """What two spellings of one heading have in common."""
    return " ".join(_PLAIN.sub(" ", text.casefold()).split())[:200]


def targets() -> dict[str, str]:
    """What a column may be taken for: key and words, in the order of the template."""
    named = {column.key: column.title for column in LIST_COLUMNS}
    answers = {f"{ANSWER}{key}": f"Answer to {key}: {question}"[:80] for key, question in _questions().items()}
    return named | answers | {NOTE: "A note in “What it does”", IGNORE: "Leave it out"}


def column_named(key: str) -> Column | None:
    return next((column for column in LIST_COLUMNS if column.key == key), None)


def target_of(heading: str) -> str | None:
    """What a heading names; a note where it is not known; None where it is ours and never read."""
    key = plain(heading)
    if key == plain(PROBLEM):
        return None
    if key in _by_heading():
        return _by_heading()[key]
    if heading.strip().upper() in _questions():
        return f"{ANSWER}{heading.strip().upper()}"
    mark = read_year(heading)
    if mark is not None and mark.kind is YearKind.CALENDAR:
        return f"{YEARS}{mark.number}"
    # "Name of the project (required)", "Cost, EUR m": what stands before the remark.
    before = plain(re.split(r"[(\[,/:]", heading, maxsplit=1)[0])
    return _by_heading().get(before, NOTE)


def guesses(
    table: Table, row: int, remembered: Mapping[str, str], chosen: Mapping[str, str]
) -> tuple[ColumnGuess, ...]:
    """Every column with three values, how full it is, and what it is taken for: as chosen, as last time, as guessed."""
    body = [cells for cells in table.rows[row + 1 :] if any(not is_empty(cell) for cell in cells)]
    taken: set[str] = set()
    found = []
    for heading in headings_of(table, row):
        guessed = target_of(heading.text)
        if guessed is None:
            continue
        kept = chosen.get(heading.key) or remembered.get(heading.key)
        target = kept if kept and _exists(kept) else guessed
        if target in taken and not target.startswith(YEARS):
            target = NOTE
        taken |= {target} - {NOTE, IGNORE}
        values = [cells[heading.column] for cells in body if heading.column < len(cells)]
        full = [value for value in values if not is_empty(value)]
        samples = tuple(dict.fromkeys(text_of(value)[:60] for value in full[:200]))[:SAMPLES]
        column = column_named(target)
        found.append(
            ColumnGuess(
                heading,
                samples,
                100 * len(full) // len(body) if body else 0,
                target,
                remembered=heading.key in remembered and heading.key not in chosen,
                kind=KIND_NAMES[column.kind] if column else _kind_of(full),
            )
        )
    return tuple(found)


def is_template(tables: Iterable[Table]) -> bool:
    """Whether the sheet of projects is our own: nobody needs to match its columns."""
    table = next((table for table in tables if table.name == PROJECTS), None)
    row = heading_row(table) if table else None
    if table is None or row is None:
        return False
    titles = {plain(column.title): column.key for column in LIST_COLUMNS} | {plain(PROBLEM): ""}
    keys = [titles.get(heading.key) for heading in headings_of(table, row)]
    return None not in keys and {"reference", "title"} <= set(keys)


def list_table(tables: Sequence[Table], chosen: str = "") -> Table | None:
    """The sheet that lists the projects: as chosen, by its name, or the one with the most known headings."""
    named = {table.name: table for table in tables if table.rows}
    if chosen in named:
        return named[chosen]
    if PROJECTS in named:
        return named[PROJECTS]
    others = [table for table in named.values() if table.name not in OURS]
    return max(others, key=_known_headings, default=None)


def _known_headings(table: Table) -> tuple[int, int]:
    row = heading_row(table)
    known = 0 if row is None else sum(target_of(h.text) not in (NOTE, None) for h in headings_of(table, row))
    return known, len(table.rows)


def _kind_of(values: Sequence[Value]) -> str:
    if not values:
        return "empty"
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return "number"
    return "text"


def _exists(target: str) -> bool:
    if target.startswith(YEARS):
        return target.removeprefix(YEARS).isdecimal()
    return target in targets()


@cache
def _by_heading() -> dict[str, str]:
    found: dict[str, str] = {}
    for column in (*LIST_COLUMNS, COST):
        for name in (column.title, *column.also, column.key):
            found.setdefault(plain(name), column.key)
    return found


@cache
def _questions() -> dict[str, str]:
    """The indicators that people answer, with their questions."""
    return {item.id: item.question for item in load_framework().indicators if item.scale is not ScaleKind.COMPUTED}


def answerable() -> dict[str, str]:
    return dict(_questions())


@cache
def numeric_indicators() -> frozenset[str]:
    """Those answered by a number and not by a level."""
    return frozenset(item.id for item in load_framework().indicators if item.scale is ScaleKind.NUMERIC)
