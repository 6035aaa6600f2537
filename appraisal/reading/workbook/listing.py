"""The list of projects: a row a project, its columns matched to what a project file has."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import cast

from appraisal.reading.problems import Path
from appraisal.reading.workbook.building import Building, Series
from appraisal.reading.workbook.cells import CellRefused, is_empty, read_cell, text_of
from appraisal.reading.workbook.columns import (
    ANSWERS,
    COST,
    DEFAULTED,
    EXAMPLE_MARK,
    EXAMPLES,
    FIGURE_COLUMNS,
    FIGURES,
    GUIDE,
    LISTS,
    PROJECTS,
    REFERENCE,
    SOURCE_COLUMNS,
    SOURCES,
    Column,
)
from appraisal.reading.workbook.findings import CellProblem, Entry, Heading, Notes, Place, ReadFile, quoted
from appraisal.reading.workbook.matching import (
    ANSWER,
    IGNORE,
    NOTE,
    YEARS,
    ColumnGuess,
    column_named,
    guesses,
    is_template,
    list_table,
)
from appraisal.reading.workbook.own_lists import (
    convert,
    day_numbered,
    only_remarks,
    row_said,
    says_nothing,
    stays_a_note,
    unit_of_costs,
)
from appraisal.reading.workbook.part_columns import OUTPUT, OUTPUT_COLUMNS, PART_SHEETS
from appraisal.reading.workbook.part_sheets import is_ours, read_output, read_part
from appraisal.reading.workbook.rows import SheetReader
from appraisal.reading.workbook.sheets import read_answers, read_figures, read_sources, state_answers
from appraisal.reading.workbook.tables import Table
from forms.numbers import DecimalMark
from forms.texts import one_line
from scoring.limits import MAX_SUMMARY

MOST_PROJECTS = 20_000
_MOST_NAMED = 20
"""Columns that a sentence names."""
_Reader = Callable[[SheetReader, Mapping[str, Building]], None]
_OTHER_SHEETS: Mapping[str, tuple[_Reader, tuple[Column, ...]]] = {
    FIGURES: (read_figures, FIGURE_COLUMNS),
    SOURCES: (read_sources, SOURCE_COLUMNS),
    ANSWERS: (read_answers, (REFERENCE,)),
}
_PART_SHEETS: Mapping[str, tuple[_Reader, tuple[Column, ...]]] = {
    **{part.name: (partial(read_part, part=part), part.every) for part in PART_SHEETS},
    OUTPUT: (read_output, OUTPUT_COLUMNS),
}
"""Sheets whose names people give to sheets of their own: read where their columns are ours."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person said about the file: which sheet, what its columns are, and what holds for every row."""

    sheet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Target by the key of a heading."""
    defaults: Mapping[str, str] = field(default_factory=dict)
    decimal_mark: str = ""
    same: Mapping[str, str] = field(default_factory=dict)
    """By sheet and row of a project without a reference, the reference of the stored one that it was said to be."""

    @property
    def mark(self) -> DecimalMark | None:
        return cast("DecimalMark", self.decimal_mark) if self.decimal_mark in (".", ",") else None


def read_list(tables: tuple[Table, ...], choices: Choices, remembered: Mapping[str, str]) -> ReadFile:
    """The projects of a workbook or CSV table. Rules of the project file are not asked yet."""
    notes = Notes()
    table = list_table(tables, choices.sheet)
    if table is None:
        rule = "No sheet lists projects: one row of headings with one row a project below is needed"
        return ReadFile((), (CellProblem(None, "", rule),))
    sheet = SheetReader(table, notes, choices.mark)
    columns = guesses(table, sheet.top, remembered, choices.columns)
    problems = _columns_missing(sheet, columns)
    if problems:
        return ReadFile((), tuple(problems))
    defaults, refused = _defaults(choices, notes)
    _say_what_is_left(columns, tables, table, notes)
    projects = _projects(sheet, columns, defaults, own=not is_template(tables))
    _say_which(projects, choices.same)
    by_reference = {project.entry.reference: project for project in projects if project.entry.reference}
    for other in (each for each in tables if each is not table and _is_read(each)):
        read, expected = _PART_SHEETS.get(other.name) or _OTHER_SHEETS[other.name]
        reader = SheetReader(other, notes, choices.mark, expected=expected)
        read(reader, _with_examples(by_reference))
        sheet.problems += [p for p in reader.problems if p.value not in EXAMPLES]
    year = defaults.get("cash_flows.first_year")
    entries = tuple(project.finished(year if isinstance(year, int) else None, MAX_SUMMARY) for project in projects)
    if not entries and not sheet.problems:
        sheet.problems.append(CellProblem(None, "", "There is no project below the headings"))
    return ReadFile(entries, (*refused, *sheet.problems), notes.all())


def _say_which(projects: list[Building], same: Mapping[str, str]) -> None:
    """Give rows without a reference the one of the project that the person said they are."""
    for project in projects if same else ():
        entry = project.entry
        said = same.get(f"{entry.place.sheet}, {entry.place.cell}")
        if said is not None and not entry.reference:
            entry.reference, entry.row_said = said, ""


def _is_read(table: Table) -> bool:
    """Whether it is a sheet of the project workbook beside the list."""
    if table.name in _PART_SHEETS:
        return is_ours(table, _PART_SHEETS[table.name][1])
    return table.name in _OTHER_SHEETS and bool(table.rows)


def _with_examples(projects: dict[str, Building]) -> dict[str, Building]:
    """What the other sheets say of the template's examples goes nowhere."""
    unread = {name: Building(Entry(Place("", 0), {})) for name in EXAMPLES if name not in projects}
    return unread | projects


def _columns_missing(sheet: SheetReader, columns: tuple[ColumnGuess, ...]) -> list[CellProblem]:
    if any(column.target == "title" for column in columns):
        return []
    rule = "No column is the name of the project: say which one is"
    return [CellProblem(sheet.place(sheet.top), "", rule)]


def _defaults(choices: Choices, notes: Notes) -> tuple[dict[str, object], list[CellProblem]]:
    """What holds where a row says nothing, read by the rules of its column."""
    found: dict[str, object] = {}
    refused = []
    for key in DEFAULTED:
        text = choices.defaults.get(key, "").strip()
        column = column_named(key)
        if not text or column is None:
            continue
        try:
            found[key] = read_cell(column, text, None, notes)
        except CellRefused as error:
            refused.append(CellProblem(None, quoted(text), f"{column.title}, for all rows, {error}"))
    return found, refused


def _say_what_is_left(columns: tuple[ColumnGuess, ...], tables: tuple[Table, ...], read: Table, notes: Notes) -> None:
    kept = [column.heading.text for column in columns if column.target == NOTE]
    left = [column.heading.text for column in columns if column.target == IGNORE]
    if kept:
        notes.say(f"Kept as notes in “What it does”, up to {MAX_SUMMARY:,} characters: {_named(kept)}.")
    if left:
        notes.say(f"Left out, as you chose: {_named(left)}.")
    others = [table.name for table in tables if table is not read and table.rows and not _is_read(table)]
    others = [name for name in others if name not in (PROJECTS, GUIDE, LISTS)]
    if others:
        notes.say(f"These sheets were not read: {', '.join(others)}.")


def _named(columns: list[str]) -> str:
    """The columns, as many as one reads."""
    more = len(columns) - _MOST_NAMED
    return ", ".join(columns[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _projects(
    sheet: SheetReader, columns: tuple[ColumnGuess, ...], defaults: Mapping[str, object], *, own: bool
) -> list[Building]:
    """own: the list was made for something else, and is read by what `own_lists` says."""
    projects: list[Building] = []
    answers = {
        column.target.removeprefix(ANSWER): {"": column.heading}
        for column in columns
        if column.target.startswith(ANSWER)
    }
    matched = [
        (column.heading, named, named.path) for column in columns if (named := column_named(column.target)) is not None
    ]
    title = next((heading for heading, column, _ in matched if column.key == "title"), None)
    unit = unit_of_costs(sheet, [column.heading for column in columns if _is_cost(column)]) if own else None
    if unit is not None and unit.text:
        sheet.notes.say(f"Costs are in “{unit.text}”: 1 stands for {unit.factor:,}.")
    for row in sheet.rows():
        if own and only_remarks(sheet, row, title):
            sheet.notes.count("Rows without a name that hold a total or a remark, and were not read: {}.")
            continue
        project = Building(Entry(sheet.place(row), {"schema": "appraisal-project/1"}), cost_may_wait=own)
        _state_columns(sheet, row, matched, project, own=own)
        _state_costs(sheet, row, columns, project, own=own)
        state_answers(sheet, row, answers, project)
        if _is_example(project.entry):
            sheet.notes.say("The example rows of the template were not read.")
            continue
        _fill(project, defaults)
        if unit is not None:
            convert(project, unit)
        projects.append(project)
        if len(projects) > MOST_PROJECTS:
            rule = f"There are more than {MOST_PROJECTS:,} projects: split the file"
            sheet.problems.append(CellProblem(sheet.place(row), "", rule))
            return []
    return projects


def _state_columns(
    sheet: SheetReader, row: int, matched: Sequence[tuple[Heading, Column, Path]], project: Building, *, own: bool
) -> None:
    entry = project.entry
    for heading, column, path in matched:
        if column is COST:
            continue
        if own and (
            says_nothing(column, sheet.value(row, heading)) or stays_a_note(sheet, row, heading, column, project)
        ):
            entry.places[path] = sheet.place(row, heading)
            continue
        day = day_numbered(heading, column, sheet.value(row, heading)) if own else None
        if day is not None:
            sheet.notes.count(f"{{}} cells of “{heading.text}” number a day as spreadsheets do and were read as days.")
        value = day.year if day is not None else sheet.read(row, heading, column, entry.problems)
        project.state(path, value, sheet.place(row, heading))
    reference = entry.stated.get("reference")
    if reference is None:
        entry.stated.pop("reference", None)
    entry.reference = str(reference or "")
    if own and reference is None:
        entry.row_said = row_said(sheet, row)
    if not entry.stated.get("title") and not any(p.place == entry.places.get(("title",)) for p in entry.problems):
        entry.problems.append(CellProblem(entry.places.get(("title",)), "", "Name of the project is empty"))


def _is_cost(column: ColumnGuess) -> bool:
    return column.target == COST.key or column.target.startswith(YEARS)


def _state_costs(
    sheet: SheetReader, row: int, columns: tuple[ColumnGuess, ...], project: Building, *, own: bool
) -> None:
    """Costs beside the list's own columns, and texts that are kept as notes."""
    problems = project.entry.problems
    for column in columns:
        heading = column.heading
        place = sheet.place(row, heading)
        if own and _is_cost(column) and says_nothing(COST, sheet.value(row, heading)):
            continue
        if column.target.startswith(YEARS):
            amount = sheet.read(row, heading, COST, problems)
            if amount is not None:
                series = project.yearly_cost = project.yearly_cost or Series(sheet.place(row))
                series.add(int(column.target.removeprefix(YEARS)), amount, (row, heading), problems)
        elif column.target == COST.key:
            amount = sheet.read(row, heading, COST, problems)
            project.cost = None if amount is None else (amount, place)
        elif column.target == NOTE and not is_empty(value := sheet.value(row, heading)):
            project.keep_note(heading.text, one_line(text_of(value)), place)


def _is_example(entry: Entry) -> bool:
    return entry.reference in EXAMPLES and entry.title.endswith(EXAMPLE_MARK)


def _fill(project: Building, defaults: Mapping[str, object]) -> None:
    for key, value in defaults.items():
        column = column_named(key)
        if column is None or key == "cash_flows.first_year":
            continue
        part = project.entry.stated
        for step in column.path[:-1]:
            part = part.setdefault(step, {})
        if part.get(column.path[-1]) is None:
            part[column.path[-1]] = value
