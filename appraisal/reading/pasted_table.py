"""Reading a table pasted from a spreadsheet: what it says, what must be asked, what is wrong and where.

Nothing is guessed in silence: where two readings fit, the table carries a question and shows one of them meanwhile.
"""

from collections.abc import Sequence

from appraisal.reading.paste.amounts import Amounts, Cell, read_amounts
from appraisal.reading.paste.calendar import YearColumns, place_years
from appraisal.reading.paste.cells import Grid, read_cells
from appraisal.reading.paste.currencies import settle_currency
from appraisal.reading.paste.findings import Choice, Findings, Issue, PasteChoices, PastedTable, Question
from appraisal.reading.paste.lines import fill_blanks, settle_lines, settle_unit
from appraisal.reading.paste.orientation import Header, find_headers, other_calendar
from appraisal.reading.paste.rows import RawLine, RawTable, read_rows
from appraisal.reading.paste.totals import TotalKind, total_kind
from appraisal.reading.paste.units import Unit, unit_of_label
from scoring.limits import MAX_LINES, MAX_NAME

__all__ = ["PasteChoices", "PastedTable", "read_pasted"]


def read_pasted(text: str, *, base_year: int | None = None, choices: PasteChoices | None = None) -> PastedTable:
    """Read a paste (tab-separated cells, or CSV) into lines by year. Never raises, whatever the text.

    base_year: calendar year of "Year 0". choices: answers to the questions of an earlier reading.
    """
    choices, findings = choices or PasteChoices(), Findings()
    grid = read_cells(text)
    if isinstance(grid, Issue):
        return PastedTable(ok=False, issues=(grid,), choices=choices)
    header = _header(find_headers(grid), choices, findings)
    if header is None:
        return PastedTable(ok=False, issues=(Issue("no_years", _why_no_years(grid)),), choices=choices)
    years = place_years(header, base_year, choices, findings)
    raw = read_rows(header, years, findings)
    if _refused_whole(raw.lines, findings):
        return PastedTable(ok=False, issues=tuple(findings.issues), orientation=header.orientation, choices=choices)
    amounts = read_amounts(_cells(header, years, raw), choices, findings)
    labels = [line.label for line in raw.lines]
    unit = settle_unit(raw, amounts, choices, findings)
    currency = settle_currency((*raw.units, *map(unit_of_label, labels)), amounts, choices, findings)
    settled, totals = settle_lines(header, years, raw, amounts, choices, findings)
    lines, blanks = fill_blanks(settled, choices, findings)
    return PastedTable(
        ok=findings.ok,
        issues=tuple(findings.issues),
        questions=tuple(findings.questions),
        answered=tuple(findings.answered),
        sentences=(*_sentences(header, unit, amounts), *findings.sentences),
        orientation=header.orientation,
        years=tuple(year for _, year in years),
        lines=tuple(lines),
        decimal_mark=amounts.decimal_mark,
        factor=unit.factor,
        currency=currency,
        totals=tuple(totals),
        blanks=blanks,
        coarse=amounts.coarse,
        choices=choices,
    )


def _header(headers: list[Header], choices: PasteChoices, findings: Findings) -> Header | None:
    if not headers:
        return None
    equal = len(headers) > 1 and headers[0].kind == headers[1].kind and min(len(h.marks) for h in headers) > 1
    if not equal and choices.orientation is None:
        return headers[0]
    taken = headers[0].orientation if choices.orientation is None else choices.orientation
    if equal:
        readings = (Choice("years_across", "Years run across."), Choice("years_down", "Years run down."))
        question = Question("orientation", "Which way do the years run?", readings, headers[0].orientation)
        findings.ask(question, choices.orientation)
    return next((header for header in headers if header.orientation == taken), None)


def _why_no_years(grid: Grid) -> str:
    if (other := other_calendar(grid)) is not None:
        return f"“{other[:40]}” looks like a year of another calendar: write the years as 2026, 2027, or as พ.ศ. 2569."
    if grid.width == 1:
        return "The text has no columns: copy the cells from the spreadsheet, with the years and the names of lines."
    return "No row or column of years was found: put 2026, FY2026/27 or Year 0 at the head of each year."


def _refused_whole(lines: Sequence[RawLine], findings: Findings) -> bool:
    """Too many lines, none, or names too long: said before any figure is read."""
    long = [line for line in lines if len(line.label) > MAX_NAME]
    if not lines:
        findings.issues.append(Issue("no_lines", "There are years but no figures under them."))
    elif len(lines) > 2 * MAX_LINES:
        message = f"The paste has {len(lines):,} lines of figures; at most {MAX_LINES} can be kept."
        findings.issues.append(Issue("too_large", message))
    for line in long:
        findings.issues.append(
            Issue("label_too_long", f"The label is longer than {MAX_NAME} characters.", label=line.label[:MAX_NAME])
        )
    return not lines or bool(long) or len(lines) > 2 * MAX_LINES


def _cells(header: Header, years: YearColumns, raw: RawTable) -> list[Cell]:
    cells = []
    for line in raw.lines:
        counts = total_kind(line.label) in (None, TotalKind.TOTAL_OF, TotalKind.MEASURE)
        for (column, year), text in zip(years, line.cells, strict=True):
            cells.append(Cell(header.grid.address(line.row, column), text, line.label, year, counts))
        for column, text in zip(raw.total_columns, line.totals, strict=True):
            cells.append(Cell(header.grid.address(line.row, column), text, line.label, None, counts=False))
    return cells


def _sentences(header: Header, unit: Unit, amounts: Amounts) -> list[str]:
    way = "down" if header.grid.transposed else "across"
    sentences = [f"Years run {way}."]
    if unit.factor != 1 and unit.text:
        sentences.append(f"Figures are in “{unit.text}”: 1 stands for {unit.factor:,}.")
    if amounts.decimal_mark:
        sentences.append(f"The decimal mark is a {'point' if amounts.decimal_mark == '.' else 'comma'}.")
    return sentences
