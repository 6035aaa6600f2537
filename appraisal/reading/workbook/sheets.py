"""The sheets beside the list of projects: yearly figures, sources of money, answers."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from appraisal.reading.paste.years import YearKind, read_year
from appraisal.reading.problems import Path
from appraisal.reading.workbook.building import Building, LineBuilder, Series, SourceBuilder
from appraisal.reading.workbook.cells import CellRefused, is_empty, read_plain_number, read_whole, text_of
from appraisal.reading.workbook.columns import (
    AMOUNT,
    ANSWER_PARTS,
    FIGURE_COLUMNS,
    NOTHING,
    PROBLEM,
    REFERENCE,
    SOURCE_COLUMNS,
    YEAR,
    Column,
)
from appraisal.reading.workbook.findings import CellProblem, Document, Heading, Place, quoted
from appraisal.reading.workbook.matching import numeric_indicators, plain
from appraisal.reading.workbook.rows import SheetReader
from appraisal.reading.workbook.tables import Value

Projects = Mapping[str, Building]
_UNKNOWN = {"unknown", "not known", "?"}
_TITLES = {column.key: column.title for column in (*SOURCE_COLUMNS, *FIGURE_COLUMNS)}


def read_figures(sheet: SheetReader, projects: Projects) -> None:
    """Cash-flow lines: a row a line with a column a year, or a row a figure with the columns Year and Amount."""
    known = known_columns(sheet, (*FIGURE_COLUMNS, YEAR, AMOUNT))
    years = year_columns(sheet)
    long = {column.key for column in known.values()} >= {"year", "amount"}
    lacking = lacking_columns(known, FIGURE_COLUMNS)
    gathered: dict[tuple[int, str, str], LineBuilder] = {}
    for row in sheet.rows():
        project = project_of(sheet, row, known, projects)
        if project is None:
            continue
        said = said_in_row(sheet, row, known, project.entry.problems)
        if not complete(sheet, row, known, project, said, ("name", "kind")):
            continue
        name, key = str(said["name"][0]), str(said["kind"][0])
        identity = id(project), name, key
        line = gathered.get(identity) if long else None
        if line is None:
            head = {column: value for column, (value, _) in said.items()}
            line = LineBuilder(head, key, Series(sheet.place(row)))
            project.lines.append(line)
            project.entry.lacking["cash_flows", "lines"] = lacking
            gathered[identity] = line
        add_figures(sheet, row, years, said, line.series, project.entry.problems)


def read_sources(sheet: SheetReader, projects: Projects) -> None:
    """Grants, equity and loans, by year."""
    known = known_columns(sheet, SOURCE_COLUMNS)
    years, lacking = year_columns(sheet), lacking_columns(known, SOURCE_COLUMNS)
    for row in sheet.rows():
        project = project_of(sheet, row, known, projects)
        if project is None:
            continue
        if _says_none(sheet, row, known):
            project.no_sources = True
            continue
        said = said_in_row(sheet, row, known, project.entry.problems)
        if not complete(sheet, row, known, project, said, ("source",)):
            continue
        source = str(said["source"][0])
        needed = ("name", "rate", "tenor") if source == "loan" else ()
        if not complete(sheet, row, known, project, said, needed):
            continue
        terms = {key: value for key, (value, _) in said.items() if key not in ("reference", "source")}
        built = SourceBuilder(source, terms if source == "loan" else {}, Series(sheet.place(row)))
        add_figures(sheet, row, years, said, built.series, project.entry.problems)
        project.sources.append(built)
        project.entry.lacking["financing", "debt"] = lacking


def _says_none(sheet: SheetReader, row: int, known: Mapping[Heading, Column]) -> bool:
    heading = next((heading for heading, column in known.items() if column.key == "source"), None)
    return heading is not None and text_of(sheet.value(row, heading)).strip() == NOTHING


def read_answers(sheet: SheetReader, projects: Projects) -> None:
    """A row a project; a column an indicator, and beside it those of its evidence, source and reason."""
    known = known_columns(sheet, (REFERENCE,))
    columns = answer_columns([heading for heading in sheet.headings if heading not in known])
    for row in sheet.rows():
        project = project_of(sheet, row, known, projects)
        if project is not None:
            state_answers(sheet, row, columns, project)


def answer_columns(headings: list[Heading]) -> dict[str, dict[str, Heading]]:
    """By indicator, its own column under "" and those beside it under their key."""
    texts = {heading.text.strip(): heading for heading in headings}
    found: dict[str, dict[str, Heading]] = {}
    for text, heading in texts.items():
        name, _, last = text.rpartition(" ")
        if name in texts and last in {part.key for part in ANSWER_PARTS}:
            found.setdefault(name, {})[last] = heading
        elif plain(text) != plain(PROBLEM):
            found.setdefault(text, {})[""] = heading
    return found


def state_answers(
    sheet: SheetReader, row: int, columns: Mapping[str, Mapping[str, Heading]], project: Building
) -> None:
    """What the row answers; an indicator of which all cells are empty has no answer, one that says (none) an empty
    one."""
    problems = project.entry.problems
    for indicator, headings in columns.items():
        answer: Document = {}
        main = headings.get("")
        silent = main is not None and sheet.value(row, main) == NOTHING
        if main is not None and not is_empty(value := sheet.value(row, main)):
            try:
                answer |= _answer(indicator, value, sheet)
            except CellRefused as error:
                problems.append(CellProblem(sheet.place(row, main), quoted(text_of(value)), f"{indicator} {error}"))
        elif main is not None:
            sheet.read(row, main, AMOUNT, problems)
        for part in ANSWER_PARTS:
            if part.key in headings and (read := sheet.read(row, headings[part.key], part, problems)) is not None:
                answer[part.key] = read
        place = sheet.place(row, main or next(iter(headings.values())))
        project.state(("answers", indicator), answer if answer or silent else None, place)


def _answer(indicator: str, value: Value, sheet: SheetReader) -> Document:
    """A level, a number or “unknown”; "level 3" and "value 0.7" say which where an indicator has the other by rule."""
    if isinstance(value, str):
        word = value.strip().casefold()
        if word == NOTHING:
            return {}
        if word in _UNKNOWN:
            return {"unknown": True}
        if word.startswith("level "):
            return {"level": read_whole(word.removeprefix("level "))}
        if word.startswith("value "):
            return {"value": read_plain_number(word.removeprefix("value "), ".")}
    if indicator in numeric_indicators():
        return {"value": read_plain_number(value, sheet.mark)}
    return {"level": read_whole(value)}


Said = dict[str, tuple[object, Place]]
"""What a row says: value and cell by the key of its column."""


def known_columns(sheet: SheetReader, columns: tuple[Column, ...]) -> dict[Heading, Column]:
    names: dict[str, Column] = {}
    for column in columns:
        for name in (column.title, *column.also):
            names.setdefault(plain(name), column)
    found = sheet.named(names)
    if not any(column.key == "reference" for column in found.values()) and sheet.table.rows:
        place = sheet.place(sheet.top)
        sheet.problems.append(
            CellProblem(place, "", "The sheet has no column Reference: its rows belong to no project")
        )
    return found


def lacking_columns(known: Mapping[Heading, Column], columns: Sequence[Column]) -> tuple[Path, ...]:
    """Paths of the columns that a sheet of ours does not have."""
    return tuple(column.path for column in columns if column not in known.values())


def year_columns(sheet: SheetReader) -> dict[Heading, int]:
    found = {}
    for heading in sheet.headings:
        mark = read_year(heading.text)
        if mark is not None and mark.kind is YearKind.CALENDAR:
            found[heading] = mark.number
    return found


def project_of(sheet: SheetReader, row: int, known: Mapping[Heading, Column], projects: Projects) -> Building | None:
    heading = next((heading for heading, column in known.items() if column.key == "reference"), None)
    if heading is None:
        return None
    reference = sheet.read(row, heading, REFERENCE, sheet.problems)
    project = projects.get(str(reference)) if reference is not None else None
    if project is None:
        rule = "Reference is empty" if reference is None else "The list of projects has no such reference"
        sheet.problems.append(CellProblem(sheet.place(row, heading), quoted(reference or ""), rule))
    return project


def said_in_row(sheet: SheetReader, row: int, known: Mapping[Heading, Column], problems: list[CellProblem]) -> Said:
    said: Said = {}
    for heading, column in known.items():
        if column.key == "reference":
            continue
        value = sheet.read(row, heading, column, problems)
        if value is not None:
            said[column.key] = value, sheet.place(row, heading)
    return said


def complete(
    sheet: SheetReader,
    row: int,
    known: Mapping[Heading, Column],
    project: Building,
    said: Said,
    needed: tuple[str, ...],
) -> bool:
    """Whether the row has what it needs; what is missing is a problem unless its cell was refused already."""
    for key in needed:
        if key in said:
            continue
        heading = next((heading for heading, column in known.items() if column.key == key), None)
        place = sheet.place(row, heading)
        if not any(problem.place == place for problem in project.entry.problems):
            title = heading.text if heading else _TITLES.get(key, key)
            project.entry.problems.append(CellProblem(place, "", f"{title} is empty"))
    return all(key in said for key in needed)


def add_figures(
    sheet: SheetReader,
    row: int,
    years: Mapping[Heading, int],
    said: Said,
    series: Series,
    problems: list[CellProblem],
) -> None:
    for heading, year in years.items():
        figure = sheet.read_amount(row, heading, problems)
        if figure is not None:
            series.add(year, figure, (row, heading), problems)
    if "amount" in said and "year" in said:
        amount, place = said["amount"]
        stated = said["year"][0]
        if isinstance(amount, Decimal) and isinstance(stated, int):
            series.add(stated, amount, place, problems)
    elif "amount" in said:
        problems.append(CellProblem(said["amount"][1], "", "Year is empty beside this amount"))
