"""From the grid to labelled rows: which column names the lines, which are totals, what belongs to no year."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from appraisal.reading.paste.calendar import YearColumns
from appraisal.reading.paste.findings import Findings, Issue
from appraisal.reading.paste.orientation import Header
from appraisal.reading.paste.totals import TotalKind, total_kind
from appraisal.reading.paste.units import Unit, is_only_a_unit, unit_of_heading
from appraisal.reading.paste.years import YearKind, is_state, read_headings
from forms.numbers import read_number
from forms.texts import one_line

_NAMES_OF_COUNTS = ("", "year", "period", "no", "no.", "t", "n", "연차", "기간", "năm", "tahun ke-", "ปีที่", "वर्ष")
_NAMES_OF_UNITS = frozenset(
    {
        "unit",
        "units",
        "uom",
        "단위",
        "đơn vị",
        "đvt",
        "satuan",
        "หน่วย",
        "इकाई",
        "单位",
        "単位",
        "einheit",
        "unité",
        "unidad",
    }
)
_NAMES_OF_NUMBERS = frozenset({"id", "code", "#", "nr", "nr.", "stt", "tt", "순번", "번호", "ref", "ref.", "lp", "lp."})
_OUTLINE = re.compile(r"((?:[A-Z]|[IVX]{1,4}|[0-9]{1,2})(?:\.[0-9]{1,2})*\.?)(?:\)? )(?=\S)")
_OUTLINE_ALONE = re.compile(r"(?:[A-Z]|[IVX]{1,4}|[0-9]{1,2})(?:\.[0-9]{1,2})*[.)]?")
_NUMBERS = re.compile(
    r"\b(?:no|nr|note|notes|ref|code|account|acct|id|item|line|lot|wbs|konto)\b|#|번호|순번|코드|stt|mã"
)
_RULE = re.compile(r":?-{2,}:?|:-:?|-:")
_NAMES_A_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class RawLine:
    """One row of figures as pasted."""

    label: str
    row: int
    """In the turned grid, from 0."""
    cells: tuple[str, ...]
    """By year, ascending."""
    totals: tuple[str, ...]
    """The cells under the headings that say total."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A label as it stands among the others, by which parts are told from their whole."""

    label: str
    number: str
    """1.2 of “1.2 Land”, or of the column before the label."""
    indent: int
    line: int | None
    """Which line it names; None for a heading without figures."""


@dataclass(frozen=True, slots=True)
class RawTable:
    lines: tuple[RawLine, ...]
    total_columns: tuple[int, ...]
    units: tuple[Unit, ...]
    """From headings and from a column of units."""
    outline: tuple[Entry, ...] = ()
    """Every label in order, of lines and of headings without figures."""


def read_rows(header: Header, years: YearColumns, findings: Findings) -> RawTable:
    """The rows below the years that hold a figure. Headings of sections and repeated years are passed over."""
    headings = header.grid.rows[header.row]
    others = [column for column in range(header.grid.width) if column not in header.marks]
    totals = [c for c in others if total_kind(headings[c]) in (TotalKind.TOTAL, TotalKind.TOTAL_OF)]
    others = [column for column in others if column not in totals]
    below = range(header.row + 1, len(header.grid.rows))
    body = [index for index in below if not _is_another_heading(header, index, findings)]
    body = [index for index in body if not _is_a_rule(header.grid.rows[index])]
    if body and _is_words_under_years(header, body[0]):
        body = body[1:]
    under = [index for index in body if _is_units(header, index)]
    body = [index for index in body if index not in under]
    body = _above(header, body) + body
    first = min(header.marks)
    naming = _naming_column(header, body, [column for column in others if column < first] or others)
    numbering = [column for column in others if column != naming and column < first]
    lines: list[RawLine] = []
    outline = []
    for index in body:
        row = header.grid.rows[index]
        cells = tuple(row[column] for column, _ in years)
        label = one_line(row[naming]) if naming is not None else ""
        if label:
            number = _number_of(label, [row[column] for column in numbering])
            indent = header.grid.indent(index, naming or 0)
            outline.append(Entry(label, number, indent, len(lines) if any(cells) else None))
        if any(cells):
            position = header.grid.address(index, 0)[1 if header.grid.transposed else 0]
            word = "Column" if header.grid.transposed else "Row"
            lines.append(RawLine(label or f"{word} {position}", index, cells, tuple(row[c] for c in totals)))
        elif any(row[column] for column in totals):
            _only_a_total(header, index, totals[0], label, findings)
    aside = [column for column in others if column != naming]
    unit_columns = [column for column in aside if _holds_units(header, body, column, findings)]
    _look_aside(header, body, [column for column in aside if column not in unit_columns], first, findings)
    return RawTable(tuple(lines), tuple(totals), _units(header, unit_columns, body, under), tuple(outline))


def _above(header: Header, below: list[int]) -> list[int]:
    """Rows of figures before the years: columns left of a column of years, or a row of years under its table."""
    rows = header.grid.rows
    if not header.grid.transposed and any(rows[index][column] for index in below for column in header.marks):
        return []
    found = []
    for index in range(header.row):
        cells = [text for column in header.marks if (text := rows[index][column])]
        named = one_line(next((rows[index][c] for c in range(min(header.marks)) if rows[index][c]), "")).casefold()
        counts = all(map(str.isdecimal, cells)) and (named in _NAMES_OF_COUNTS or named in _NAMES_OF_NUMBERS)
        if not counts and any(read_number(text).readings for text in cells):
            found.append(index)
    return found


def _number_of(label: str, before: Sequence[str]) -> str:
    """The number of a line in an outline: 1.2, A.1."""
    match = _OUTLINE.match(label)
    if match:
        return match[1].rstrip(".")
    return next((text.rstrip(".)") for text in before if _OUTLINE_ALONE.fullmatch(text)), "")


def _is_another_heading(header: Header, index: int, findings: Findings) -> bool:
    """The years repeated above a second block, or Year 0, Year 1 … under the calendar years.

    Other years under the same columns are a second table, whose figures would land in the wrong years.
    """
    cells = [header.grid.rows[index][column] for column in header.marks]
    named = read_headings(cells)
    marks = [named.get(position) for position in range(len(cells))]
    numbers = [mark.number for mark in marks if mark is not None]
    if len(numbers) < len(cells):
        return False
    if marks == list(header.marks.values()):
        return True
    kinds = {mark.kind for mark in marks if mark is not None}
    steps = [after - before for before, after in pairwise(numbers)]
    if kinds == {YearKind.BARE}:
        before = header.grid.rows[index][: min(header.marks)]
        return index == header.row + 1 and set(steps) == {1} and not any(map(_is_a_label, before))
    if kinds == {YearKind.CALENDAR} and set(steps) == {1}:
        place = header.grid.address(index, min(header.marks))
        message = "Other years stand in these columns further on: paste one table at a time."
        findings.issues.append(Issue("several_tables", message, *place, text=cells[0]))
        return True
    return kinds == {YearKind.RELATIVE}


def _is_a_rule(row: tuple[str, ...]) -> bool:
    """The line of dashes under the headings of a table in Markdown."""
    return all(_RULE.fullmatch(cell) for cell in row if cell) and any(row)


def _is_words_under_years(header: Header, index: int) -> bool:
    """“Actual”, “Budget”, “Forecast” right under the years, beside no label."""
    row = header.grid.rows[index]
    cells = [row[column] for column in header.marks]
    named = any(cell for column, cell in enumerate(row) if column not in header.marks)
    return index == header.row + 1 and not named and all(map(is_state, cells))


def _is_units(header: Header, index: int) -> bool:
    """A row under the years that names the unit of each."""
    cells = [text for column in header.marks if (text := header.grid.rows[index][column])]
    return bool(cells) and all(is_only_a_unit(text) and not read_number(text).readings for text in cells)


def _is_a_label(text: str) -> bool:
    return one_line(text).casefold() not in _NAMES_OF_COUNTS


def _naming_column(header: Header, body: list[int], columns: list[int]) -> int | None:
    """The column with the most different texts: an item's name, rather than its number, unit or category."""

    def telling(column: int) -> tuple[int, int]:
        cells = {text for i in body if (text := header.grid.rows[i][column])}
        texts = [text for text in cells if not read_number(text).readings and not is_only_a_unit(text)]
        return len(texts), sum(map(len, texts))

    best = max(columns, key=telling, default=None)
    return best if best is not None and telling(best) > (0, 0) else None


def _only_a_total(header: Header, index: int, column: int, label: str, findings: Findings) -> None:
    row_number, column_number = header.grid.address(index, column)
    findings.issues.append(
        Issue(
            "only_a_total",
            f"“{label}” has a total and no figure for any year; it was left out.",
            row=row_number,
            column=column_number,
            label=label,
            text=header.grid.rows[index][column],
            blocking=False,
        )
    )


def _holds_units(header: Header, body: list[int], column: int, findings: Findings) -> bool:
    """A column of units; a line in it that is counted in something else is no money."""
    texts = {index: text for index in body if (text := header.grid.rows[index][column])}
    money = {index for index, text in texts.items() if unit_of_heading(text).text}
    named = one_line(header.grid.rows[header.row][column]).casefold() in _NAMES_OF_UNITS
    if not money or (len(money) < len(texts) and not named):
        return False
    for index in sorted(set(texts) - money):
        place = header.grid.address(index, column)
        message = f"“{texts[index][:40]}” is no unit of money: leave this line out."
        findings.issues.append(Issue("mixed_units", message, *place, text=texts[index]))
    return True


def _units(header: Header, unit_columns: list[int], body: list[int], under: list[int]) -> tuple[Unit, ...]:
    """From what stands above the figures, in a column of units, and in rows without figures."""
    rows = header.grid.rows
    figures = {(index, column) for index in body for column in header.marks if index < header.row}
    cells = [
        cell
        for index, row in enumerate(rows[: header.row + 1])
        for column, cell in enumerate(row)
        if (index, column) not in figures
    ]
    cells += [rows[index][column] for column in unit_columns for index in body]
    bare = [index for index in body if not any(rows[index][column] for column in header.marks)]
    cells += [cell for index in (*under, *bare) for cell in rows[index]]
    return tuple(unit for cell in dict.fromkeys(cells) if cell and (unit := unit_of_heading(cell)).text)


def _only_numbers_lines(header: Header, body: list[int], column: int) -> bool:
    """The numbers of lines, of accounts or of notes before their names, which are no amounts."""
    heading = one_line(header.grid.rows[header.row][column]).casefold()
    if _NAMES_A_YEAR.search(heading):
        return False
    cells = [text for index in body if (text := header.grid.rows[index][column])]
    listed = all(_OUTLINE_ALONE.fullmatch(text) for text in cells) and len(set(cells)) == len(cells)
    return (listed and cells[0][0] in "01AI") or _NUMBERS.search(heading) is not None


def _look_aside(header: Header, body: list[int], columns: list[int], first: int, findings: Findings) -> None:
    """Figures outside the years are never dropped in silence."""
    for column in columns:
        heading = one_line(header.grid.rows[header.row][column])
        figure = next((i for i in body if read_number(header.grid.rows[i][column]).readings), None)
        if figure is None or (column < first and _only_numbers_lines(header, body, column)):
            continue
        if (heading or column < first) and not _NAMES_A_YEAR.search(heading):
            named = f"“{heading}”" if heading else "A column without a heading"
            findings.sentences.append(f"{named} names no year: its figures were left out.")
            continue
        row_number, column_number = header.grid.address(figure, column)
        why = f"the heading “{heading}” names no single year" if heading else "no year stands at its head"
        findings.issues.append(
            Issue(
                "outside_years",
                f"The figure belongs to no year: {why}.",
                row=row_number,
                column=column_number,
                text=header.grid.rows[figure][column],
            )
        )
