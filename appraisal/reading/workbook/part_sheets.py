"""Reading the sheets of what a project has several of, and the one of its yearly output."""

from collections.abc import Mapping
from typing import Any

from appraisal.reading.problems import Path
from appraisal.reading.workbook.building import Building, Series
from appraisal.reading.workbook.cells import is_empty, text_of
from appraisal.reading.workbook.columns import NOTHING, Column
from appraisal.reading.workbook.findings import CellProblem, Document, Heading
from appraisal.reading.workbook.matching import plain
from appraisal.reading.workbook.part_columns import KEPT, OUTPUT_COLUMNS, RISKS, PartSheet, Shape
from appraisal.reading.workbook.rows import SheetReader
from appraisal.reading.workbook.sheets import (
    Projects,
    Said,
    add_figures,
    complete,
    known_columns,
    lacking_columns,
    project_of,
    said_in_row,
    year_columns,
)
from appraisal.reading.workbook.tables import Table
from scoring.project_file import Family

_BY_FIGURES = {("low", "mode", "high"): Family.TRIANGULAR, ("p10", "p50", "p90"): Family.EMPIRICAL}
"""The family of a distribution that says none, as the pages of the journey take it."""


def is_ours(table: Table, columns: tuple[Column, ...]) -> bool:
    """Whether a sheet of that name has these columns: people have sheets called Risks or Partners of their own."""
    wanted = {plain(column.title) for column in columns[:2]}
    return any(wanted <= {plain(text_of(cell)) for cell in row if not is_empty(cell)} for row in table.rows[:1])


def read_part(sheet: SheetReader, projects: Projects, part: PartSheet) -> None:
    """Each row is put where its sheet says; a project without a row keeps what is stored of it."""
    known = known_columns(sheet, part.every)
    lacking = lacking_columns(known, part.columns)
    kept: set[int] = set()
    for row in sheet.rows():
        project = project_of(sheet, row, known, projects)
        if project is None or id(project) in kept:
            continue
        word = _alone(sheet, row, known)
        if word == KEPT:
            kept.add(id(project))
            _forget(project, part)
            sheet.notes.count(f"{part.name}: of {{}} projects they do not fit into a cell, and stay as stored.")
        elif word == NOTHING:
            _state_nothing(project, part, sheet, row)
        else:
            said = said_in_row(sheet, row, known, project.entry.problems)
            first = str(said.get(part.columns[0].key, ("",))[0])
            if complete(sheet, row, known, project, said, part.needs(first)):
                _state(project, part, sheet, row, said)
                for path in [(*part.path, group) for group in part.groups] or [part.path]:
                    project.entry.lacking[path] = lacking


def read_output(sheet: SheetReader, projects: Projects) -> None:
    """What a project puts out, by year."""
    known, years = known_columns(sheet, OUTPUT_COLUMNS), year_columns(sheet)
    for row in sheet.rows():
        project = project_of(sheet, row, known, projects)
        if project is None:
            continue
        if _alone(sheet, row, known) == NOTHING:
            project.state(("output",), None, sheet.place(row))
            continue
        said = said_in_row(sheet, row, known, project.entry.problems)
        if not complete(sheet, row, known, project, said, ("unit",)):
            continue
        if project.output is not None:
            project.entry.problems.append(CellProblem(sheet.place(row), "", "stands twice: one row a project"))
            continue
        series = Series(sheet.place(row))
        add_figures(sheet, row, years, said, series, project.entry.problems)
        project.output = str(said["unit"][0]), series


def _alone(sheet: SheetReader, row: int, known: Mapping[Heading, Column]) -> str:
    """The only text of the row beside its reference; empty where there is more, or none."""
    found = ""
    for heading, column in known.items():
        if column.key != "reference" and not is_empty(value := sheet.value(row, heading)):
            if found:
                return ""
            found = text_of(value).strip()
    return found


def _nothing(part: PartSheet) -> Any:
    if part.shape is Shape.GROUPS:
        return {group: [] for group in part.groups}
    return {} if part.shape is Shape.MAPPING else []


def _state_nothing(project: Building, part: PartSheet, sheet: SheetReader, row: int) -> None:
    if _stated(project, part) is not None:
        rule = f"says {NOTHING} beside other rows of the project"
        project.entry.problems.append(CellProblem(sheet.place(row), NOTHING, rule))
    project.state(part.path, _nothing(part), sheet.place(row))


def _stated(project: Building, part: PartSheet) -> Any:
    found: Any = project.entry.stated
    for step in part.path:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _forget(project: Building, part: PartSheet) -> None:
    holder: Any = project.entry.stated
    for step in part.path[:-1]:
        holder = holder.get(step, {})
    holder.pop(part.path[-1], None)


def _state(project: Building, part: PartSheet, sheet: SheetReader, row: int, said: Said) -> None:
    """Put what the row says into the list, the mapping or the group that it belongs to."""
    there = _stated(project, part)
    if there is None:
        there = _nothing(part)
        project.state(part.path, there, sheet.place(row))
    values = {key: value for key, (value, _) in said.items()}
    if part.shape is Shape.MAPPING:
        key, value = (values[column.key] for column in part.columns)
        if key in there:
            project.entry.problems.append(CellProblem(sheet.place(row), str(key), "stands twice: one row for each"))
        there[key] = value
        project.entry.places[*part.path, str(key)] = sheet.place(row)
        return
    path: Path = part.path
    if part.shape is Shape.GROUPS:
        group = str(values.pop(part.columns[0].key))
        path, there = (*path, group), there[group]
    path = (*path, len(there))
    there.append(_item(part, values))
    project.entry.places[path] = sheet.place(row)
    for number, column in enumerate(part.columns):
        if column.key in said:
            inner = (number,) if part.shape is Shape.VALUES else column.path
            project.entry.places[*path, *inner] = said[column.key][1]


def _item(part: PartSheet, values: Mapping[str, Any]) -> Any:
    if part.shape is Shape.VALUES:
        return [values[column.key] for column in part.columns]
    item: Document = {}
    for key, value in values.items():
        *steps, last = key.split(".")
        inner = item
        for step in steps:
            inner = inner.setdefault(step, {})
        inner[last] = value
    for stated in (item.get("cost"), item.get("delay")) if part is RISKS else (item,):
        _with_family(stated)
    return item


def _with_family(stated: Any) -> None:
    if isinstance(stated, dict) and "family" not in stated:
        family = next((family for names, family in _BY_FIGURES.items() if all(name in stated for name in names)), None)
        if family is not None:
            stated["family"] = family.value
