"""Projects in the workbook that the import reads: the template with its lists and examples, and one's own projects.

What is written here is read back to the same project files; figures that a spreadsheet's 15 digits do not carry are
written as text.
"""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from appraisal.reading.workbook.cells import as_written
from appraisal.reading.workbook.columns import (
    ANSWER_PARTS,
    ANSWERS,
    EXAMPLE_MARK,
    EXAMPLES,
    FIGURE_COLUMNS,
    FIGURES,
    GUIDE,
    LISTS,
    NOTHING,
    PROJECT_COLUMNS,
    PROJECTS,
    REFERENCE,
    SOURCE_COLUMNS,
    SOURCES,
    Column,
    Kind,
)
from appraisal.reading.workbook.findings import column_letters
from appraisal.reading.workbook.matching import answerable, numeric_indicators
from appraisal.reading.workbook.part_columns import KEPT, OUTPUT, OUTPUT_COLUMNS, PART_SHEETS
from appraisal.reports import palette
from appraisal.reports.part_rows import Cell, at, figures_by_year, output_rows, part_rows, written
from forms.registration.cash_flow_lines import LINE_KINDS, key_of, shown_amounts
from scoring.project_document import Document, to_document
from scoring.project_file import Answer, CashFlowLine, DebtTranche, Financing, ProjectFile

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BLANK_ROWS = 2000
"""Rows of the template that have drop-downs."""
_LONGEST_TIP = 255
_TEMPLATE_YEARS = 15

GUIDE_LINES = (
    ("Projects", "One row a project. Only the name is needed to begin; the first year of spending and the currency are "
     "needed to store it."),
    ("Figures", "One row a line of the cash flow, one column a year; or one row a figure, with the columns Year and "
     "Amount in place of the years. Amounts are positive: the kind says whether it is a cost. Empty before the first "
     "figure and after the last is zero; between two figures write 0."),
    ("Sources of money", "Who pays for building it: grants, own money, loans, by year."),
    ("Partners, Ranges, Correlations, Risks, Options, Optimism bias, Explanations, Output", "One row for each that a "
     "project has, tied to it by its reference; of the output one row a project, by year."),
    ("Answers", "One row a project: a level from 0 to 4, a number, or “unknown”. Beside each answer its evidence, its "
     "source and the reason."),
    ("Lists", "The words that the drop-downs offer. Columns that take several are filled with words separated by "
     "semicolons."),
    ("Sending it again", "A project is found by its reference, or by its name and city where the row has none. What "
     "did not change is left as it is. An empty cell empties what is stored; a column that you delete leaves it. A "
     "project without a row on one of the other sheets keeps what is stored there; "
     f"{NOTHING} alone beside its reference says that there is none any more."),
    ("What is not here", "Files of evidence are named in the source of their answer, and stay with the project. Where "
     f"something of a project is longer than a cell can hold, its row says {KEPT}."),
)  # fmt: skip
_EXAMPLES_LINE = ("Examples", "The rows EXAMPLE-1 and EXAMPLE-2 are never read. Delete them or write over them.")


def template_workbook(examples: Sequence[ProjectFile], first_year: int) -> bytes:
    """The empty workbook with drop-downs, notes, a sheet of lists, and these projects as its example rows."""
    named = [_renamed(project, reference) for project, reference in zip(examples, sorted(EXAMPLES), strict=False)]
    return _workbook(named, range(first_year, first_year + _TEMPLATE_YEARS), template=True)


def projects_workbook(projects: Sequence[ProjectFile]) -> bytes:
    """The projects in the same workbook; reading it back changes none of them."""
    return _workbook(projects, range(0), template=False)


def _renamed(project: ProjectFile, reference: str) -> ProjectFile:
    return replace(project, reference=reference, title=f"{project.title} {EXAMPLE_MARK}")


def _workbook(projects: Sequence[ProjectFile], years: range, *, template: bool) -> bytes:
    import xlsxwriter  # noqa: PLC0415 -- only where a workbook is written

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        writer = _Writer(book, template=template)
        writer.guide((*GUIDE_LINES, _EXAMPLES_LINE) if template else GUIDE_LINES)
        documents = [to_document(project) for project in projects]
        writer.sheet(PROJECTS, PROJECT_COLUMNS, map(_project_cells, documents))
        lines = [(project, line) for project in projects for line in project.cash_flows.lines]
        writer.yearly(FIGURES, FIGURE_COLUMNS, [_line_cells(*pair) for pair in lines], years)
        sources = [row for project in projects for row in _source_rows(project)]
        writer.yearly(SOURCES, SOURCE_COLUMNS, sources, years)
        writer.sheet(ANSWERS, _answer_columns(projects), _answer_rows(projects))
        for part in PART_SHEETS:
            writer.sheet(part.name, part.every, part_rows(part, documents))
        writer.yearly(OUTPUT, OUTPUT_COLUMNS, output_rows(documents), years)
        writer.lists()
    return out.getvalue()


class _Writer:
    def __init__(self, book: Any, *, template: bool) -> None:
        self._book = book
        self._template = template
        base = {"font_name": "Noto Sans", "font_size": 10, "valign": "top"}
        self._head = book.add_format({**base, "bold": True, "bg_color": palette.WASH, "bottom": 1, "text_wrap": True})
        self._text = book.add_format({**base, "num_format": "@"})
        self._number = book.add_format({**base, "num_format": "General"})
        self._example = book.add_format({**base, "italic": True, "font_color": palette.INK_2})
        self._wrapped = book.add_format({**base, "text_wrap": True})
        self._lists: dict[str, tuple[str, list[str]]] = {}

    def guide(self, lines: Sequence[tuple[str, str]]) -> None:
        sheet = self._book.add_worksheet(GUIDE)
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 90)
        for row, (title, text) in enumerate(lines):
            sheet.write_string(row, 0, title, self._head)
            sheet.write_string(row, 1, text, self._wrapped)

    def sheet(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> Any:
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 2)
        for number, column in enumerate(columns):
            look = self._text if column.kind in (Kind.LINE, Kind.PROSE, Kind.CODE) else self._number
            sheet.set_column(number, number, column.width, look)
            sheet.write_string(0, number, column.title, self._head)
            if self._template and column.note:
                sheet.write_comment(0, number, column.note, {"x_scale": 2})
            self._validate(sheet, number, column)
        for row, cells in enumerate(rows, start=1):
            self._row(sheet, row, cells)
        return sheet

    def yearly(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Sequence[tuple[Sequence[Cell], Mapping[int, Cell]]],
        years: range,
    ) -> None:
        """A sheet with a column for each year that any of the rows has."""
        every = sorted({year for _, figures in rows for year in figures} | set(years))
        span = range(every[0], every[-1] + 1) if every else range(0)
        headed = [*columns, *(Column(key=str(year), title=str(year), kind=Kind.MONEY, width=11) for year in span)]
        self.sheet(name, headed, ([*head, *(figures.get(year) for year in span)] for head, figures in rows))

    def lists(self) -> None:
        """The words of every drop-down; the others' lists too, so that the sheet is the whole vocabulary."""
        sheet = self._book.add_worksheet(LISTS)
        for number, (title, words) in enumerate(self._lists.values()):
            sheet.set_column(number, number, 30)
            sheet.write_string(0, number, title, self._head)
            for row, word in enumerate(words, start=1):
                sheet.write_string(row, number, word, self._text)

    def _validate(self, sheet: Any, number: int, column: Column) -> None:
        if not column.choices:
            return
        words = list(column.choices.values())
        if column.title not in self._lists:
            self._lists[column.title] = column.title, words
        if column.kind is Kind.SEVERAL:
            return
        at = column_letters(list(self._lists).index(column.title))
        rule = {
            "validate": "list",
            "source": f"={LISTS}!${at}$2:${at}${len(words) + 1}",
            "error_title": column.title[:32],
            "error_message": "Choose one of the list.",
        }
        if column.note:
            rule |= {"input_title": column.title[:32], "input_message": column.note[:_LONGEST_TIP]}
        sheet.data_validation(1, number, _BLANK_ROWS, number, rule)

    def _row(self, sheet: Any, row: int, cells: Sequence[Cell]) -> None:
        look = self._example if self._template else None
        for number, value in enumerate(cells):
            if value is None or value == "":
                continue
            if isinstance(value, str):
                sheet.write_string(row, number, value, look or self._text)
            else:
                sheet.write_number(row, number, value, look or self._number)


def _project_cells(document: Document) -> list[Cell]:
    return [written(column, at(document, column.path)) for column in PROJECT_COLUMNS]


def _line_cells(project: ProjectFile, line: CashFlowLine) -> tuple[list[Cell], dict[int, Cell]]:
    key = key_of(line)
    item = LINE_KINDS.get(key) or LINE_KINDS["capex"]
    said: dict[str, Any] = {
        "reference": project.reference,
        "name": line.name,
        "kind": key if key in LINE_KINDS else "capex",
        "class": None if line.line_class == item.line_class else line.line_class,
        "conversion_factor": line.conversion_factor,
        "shares": line.shares or None,
    }
    return _head(FIGURE_COLUMNS, said), figures_by_year(project.cash_flows.first_year, shown_amounts(line))


def _source_rows(project: ProjectFile) -> list[tuple[list[Cell], dict[int, Cell]]]:
    financing = project.financing
    if financing is None:
        return []
    if financing == Financing():
        return [([project.reference, NOTHING], {})]
    first = project.cash_flows.first_year
    rows = [
        (_head(SOURCE_COLUMNS, {"reference": project.reference, "source": source}), figures_by_year(first, amounts))
        for source, amounts in (("grants", financing.grants), ("equity", financing.equity))
        if amounts
    ]
    return rows + [_loan_row(project.reference, first, tranche) for tranche in financing.debt]


def _loan_row(reference: str, first: int, tranche: DebtTranche) -> tuple[list[Cell], dict[int, Cell]]:
    said = {
        "reference": reference,
        "source": "loan",
        "name": tranche.name,
        "rate": tranche.rate,
        "tenor": tranche.tenor,
        "grace": tranche.grace,
        "repayment": tranche.repayment.value,
        "target_dscr": tranche.target_dscr,
        "upfront_fee": tranche.upfront_fee,
        "interest_during_construction": tranche.interest_during_construction.value,
    }
    return _head(SOURCE_COLUMNS, said), figures_by_year(first, tranche.amounts)


def _head(columns: Sequence[Column], said: Mapping[str, Any]) -> list[Cell]:
    return [written(column, said.get(column.key)) for column in columns]


def _answer_columns(projects: Sequence[ProjectFile]) -> list[Column]:
    named = answerable()
    ids = [*named, *sorted({name for project in projects for name in project.answers} - set(named))]
    columns = [REFERENCE]
    for name in ids:
        columns.append(Column(key=name, title=name, kind=Kind.NUMBER, note=named.get(name, ""), width=9))
        columns += [
            Column(key=f"{name} {part.key}", title=f"{name} {part.key}", kind=part.kind, choices=part.choices,
                   width=part.width)
            for part in ANSWER_PARTS
        ]  # fmt: skip
    return columns


def _answer_rows(projects: Sequence[ProjectFile]) -> Iterable[list[Cell]]:
    ids = [column.key for column in _answer_columns(projects)[1 :: len(ANSWER_PARTS) + 1]]
    for project in projects:
        if project.answers:
            cells: list[Cell] = [project.reference]
            for name in ids:
                cells += _answer_cells(name, project.answers.get(name))
            yield cells


def _answer_cells(name: str, answer: Answer | None) -> list[Cell]:
    if answer is None:
        return [None] * (len(ANSWER_PARTS) + 1)
    said: Mapping[str, Callable[[], Any]] = {
        "evidence": lambda: answer.evidence.value if answer.evidence else None,
        "source": lambda: answer.source,
        "reason": lambda: answer.reason,
    }
    if answer == Answer():
        return [NOTHING, *[None] * len(ANSWER_PARTS)]
    return [_answered(name, answer), *(written(part, said[part.key]()) for part in ANSWER_PARTS)]


def _answered(name: str, answer: Answer) -> Cell:
    """The level or number; in words where the indicator's own scale would take it for the other."""
    if answer.unknown:
        return "unknown"
    if answer.level is not None:
        return f"level {answer.level}" if name in numeric_indicators() else answer.level
    if answer.value is None:
        return None
    written = as_written(answer.value)
    return written if name in numeric_indicators() else f"value {Decimal(repr(answer.value)):f}"
