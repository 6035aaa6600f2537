"""A table of completed projects as CSV: every row by the rules of the form, all of them or a list of problems."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from appraisal.reading.problems import Problem, Unreadable, shown
from appraisal.reports.cell_text import reads_as_formula
from forms.completed import ASSET_CLASSES, FACTS, CompletedFields
from scoring.parameters import CompletedProject, load_parameters

MOST_ROWS = 2000
WITHDRAWN = "withdrawn"
"""A column of the export: a row that says why it no longer counts is not read."""
OPTIONAL = frozenset(
    {"reference", "started_on", "planned_opening", "actual_opening", "use_unit", "planned_use", "actual_use"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletedEntry:
    """A completed project with its city, its source and, where it was registered, its reference."""

    city: str
    source: str
    reference: str
    project: CompletedProject
    place: str = ""
    """Where it stood: "row 3" of a table."""


def entry_from(form: CompletedFields, place: str = "") -> CompletedEntry:
    """What a validated form says."""
    assert form.planned_cost.number is not None
    assert form.actual_cost.number is not None
    return CompletedEntry(
        place=place,
        city=form.city.data or "",
        source=form.source.data or "",
        reference=form.reference.data or "",
        project=CompletedProject(
            name=form.name.data or "",
            asset_class=form.asset_class.data,
            currency=form.currency.data or "",
            price_year=form.price_year.number or 0,
            planned_cost=form.planned_cost.number,
            actual_cost=form.actual_cost.number,
            started_on=form.started_on.day,
            planned_opening=form.planned_opening.day,
            actual_opening=form.actual_opening.day,
            use_unit=form.use_unit.data or "",
            planned_use=form.planned_use.number,
            actual_use=form.actual_use.number,
        ),
    )


def read_completed(content: bytes | str) -> tuple[CompletedEntry, ...]:
    """The projects of a CSV table; raises Unreadable with the row and column of everything wrong.

    Commas, semicolons or tabs between cells, whichever the first row has. Row 1 is the headings: the names of the
    form's fields, in any order; those of optional facts may be left out.
    """
    rows = _rows(content)
    headings = [cell.strip().casefold().replace(" ", "_") for cell in rows[0]]
    _check_headings(headings)
    problems: list[Problem] = []
    entries: list[CompletedEntry] = []
    for number, cells in enumerate(rows[1:], start=2):
        row = dict(zip(headings, cells, strict=False))
        if not any(cell.strip() for cell in cells) or row.pop(WITHDRAWN, "").strip():
            continue
        if any(cell.strip() for cell in cells[len(headings) :]):
            problems.append(Problem(f"row {number}", f"There are more cells than the {len(headings)} columns."))
            continue
        form = CompletedFields(MultiDict(_cells(row)))
        if form.validate():
            entries.append(entry_from(form, f"row {number}"))
        else:
            problems += _problems(form, number)
    if not problems and not entries:
        problems.append(Problem("", "There is no project below the headings."))
    if problems:
        raise Unreadable(problems)
    return tuple(entries)


def _rows(content: bytes | str) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content.removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise Unreadable([Problem("", "The file is not UTF-8 text: save it as “CSV UTF-8”.")]) from None
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise Unreadable([Problem("", f"The file is no CSV table: {error}.")]) from None
    if not rows:
        raise Unreadable([Problem("", "The file is empty.")])
    if len(rows) > MOST_ROWS + 1:
        raise Unreadable(
            [Problem("", f"The table has {len(rows) - 1:,} rows; at most {MOST_ROWS:,} are read at once.")]
        )
    return rows


def _check_headings(headings: list[str]) -> None:
    problems = [
        Problem("row 1", f"There is no column called {shown(name)}; there are: {', '.join(FACTS)}.")
        for name in headings
        if name not in (*FACTS, WITHDRAWN)
    ]
    problems += [Problem("row 1", f"The column {name} is there twice.") for name in _repeated(headings)]
    problems += [
        Problem("row 1", f"The column {name} is missing.")
        for name in FACTS
        if name not in headings and name not in OPTIONAL
    ]
    if problems:
        raise Unreadable(problems)


def _repeated(headings: list[str]) -> Iterator[str]:
    return (name for name in FACTS if headings.count(name) > 1)


def _cells(row: Mapping[str, str]) -> dict[str, str]:
    """The row with its class under the key of the list, which may be named by its title or by a line's class."""
    cells = {name: _as_exported(text) for name, text in row.items()}
    written = cells.get("asset_class", "").strip().casefold()
    by_title = {title.casefold(): key for key, title in ASSET_CLASSES.items()}
    line_class = load_parameters().line_classes.get(written)
    cells["asset_class"] = by_title.get(written, written if written in ASSET_CLASSES else "") or (
        line_class.cost if line_class else written
    )
    return cells


def _as_exported(text: str) -> str:
    """The text without the apostrophe by which an export keeps a spreadsheet from taking it for a formula."""
    return text[1:] if text.startswith("'") and reads_as_formula(text[1:]) else text


def _problems(form: CompletedFields, number: int) -> Iterator[Problem]:
    for name in FACTS:
        for message in form[name].errors:
            if name == "asset_class" and form[name].data:
                known = ", ".join(ASSET_CLASSES)
                yield Problem(f"row {number}, {name}", f"{shown(form[name].data)} is no class; there are: {known}.")
                break
            yield Problem(f"row {number}, {name}", str(message))
