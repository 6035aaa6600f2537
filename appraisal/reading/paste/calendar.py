"""From year headings to calendar years: relative years placed, gaps asked about, duplicates refused."""

import re

from appraisal.reading.paste.findings import Choice, Findings, Issue, PasteChoices, Question
from appraisal.reading.paste.orientation import Header
from appraisal.reading.paste.years import YearKind
from scoring.limits import LAST_YEAR, MIN_YEAR

_QUARTER = re.compile(r"q[1-4]|h[12]")
_LEAP_DAY = re.compile(r"29([ ./-](?:0?2|feb))")
YearColumns = tuple[tuple[int, int], ...]
"""(column, year), by year."""


def place_years(header: Header, base_year: int | None, choices: PasteChoices, findings: Findings) -> YearColumns:
    """Each year's column, ascending. base_year: the calendar year of "Year 0"."""
    shift = 0 if header.kind is YearKind.CALENDAR else _shift(header, base_year, choices, findings)
    placed = sorted((mark.number + shift, column) for column, mark in header.marks.items())
    _refuse_duplicates(header, placed, findings)
    _refuse_parts_of_years(header, findings)
    _ask_about_gaps([year for year, _ in placed], choices, findings)
    if shift and not MIN_YEAR <= placed[0][0] <= placed[-1][0] <= LAST_YEAR:
        findings.issues.append(Issue("year_out_of_range", f"Years must lie between {MIN_YEAR} and {LAST_YEAR}."))
    return tuple((column, year) for year, column in placed)


def _shift(header: Header, base_year: int | None, choices: PasteChoices, findings: Findings) -> int:
    """What is added to a relative year's number; 0 while its calendar year is not known."""
    first = min(mark.number for mark in header.marks.values())
    column = next(column for column, mark in header.marks.items() if mark.number == first)
    heading = header.grid.rows[header.row][column]
    if choices.first_year is None and base_year is not None and any(mark.number == 0 for mark in header.marks.values()):
        return base_year
    answer = None if choices.first_year is None else str(choices.first_year)
    if base_year is None:
        question = Question("base_year", f"Which calendar year is “{heading}”?", (), "")
    else:
        years = (base_year + first, base_year)
        readings = tuple(Choice(str(year), f"“{heading}” is {year}.") for year in dict.fromkeys(years))
        question = Question("first_year", f"Which calendar year is “{heading}”?", readings, str(years[0]))
    taken = findings.ask(question, answer)
    return int(taken) - first if taken else 0


def _refuse_duplicates(header: Header, placed: list[tuple[int, int]], findings: Findings) -> None:
    how = ", and each line a column of its own" if header.grid.transposed else ""
    seen: set[int] = set()
    for year, column in placed:
        if year in seen:
            row_number, column_number = header.grid.address(header.row, column)
            findings.issues.append(
                Issue(
                    "duplicate_years",
                    f"The year {year} stands twice in the headings; figures must be one for each year{how}.",
                    row=row_number,
                    column=column_number,
                    year=year,
                    text=header.grid.rows[header.row][column],
                )
            )
        seen.add(year)


def _refuse_parts_of_years(header: Header, findings: Findings) -> None:
    """Quarters, half-years, and months that are not the same in every year: a column is no whole year."""
    named = {column: mark.part for column, mark in header.marks.items() if mark.part}
    months = {_LEAP_DAY.sub(r"28\1", part) for part in named.values()}
    column = next((column for column, part in named.items() if _QUARTER.fullmatch(part)), None)
    if column is None and len(months) > 1:
        column = next(iter(named))
    if column is not None:
        heading = header.grid.rows[header.row][column]
        message = f"“{heading}” is a part of a year: give one figure for each whole year."
        place = header.grid.address(header.row, column)
        findings.issues.append(Issue("parts_of_years", message, *place, text=heading))


def _ask_about_gaps(years: list[int], choices: PasteChoices, findings: Findings) -> None:
    present = set(years)
    missing = [year for year in range(years[0], years[-1]) if year not in present]
    if not missing:
        return
    named = ", ".join(map(str, missing[:5])) + (" …" if len(missing) > 5 else "")  # noqa: PLR2004
    question = Question(
        "missing_years",
        f"There is no column for {named}. What are the figures of these years?",
        (Choice("zero", "They are zero."), Choice("unknown", "They are missing; I will fill them in.")),
        "unknown",
    )
    findings.ask(question, choices.missing_years)
