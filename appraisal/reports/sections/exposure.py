"""What the right to act is worth, and what may fall to the public purse."""

from collections.abc import Iterator

from appraisal.reports import blocks, figures
from appraisal.reports.blocks import Block
from appraisal.reports.exposure_tables import (
    FISCAL_HEADS,
    OPTION_HEADS,
    OPTION_NOTE,
    OptionRow,
    fiscal_finding,
    fiscal_note,
    fiscal_rows,
    not_assessed,
    option_finding,
)
from appraisal.reports.register import NO_REGISTER, borne_by, register_finding, register_of
from appraisal.reports.report import AppraisalReport
from appraisal.reports.return_tables import shared_reason


def exposure(report: AppraisalReport) -> Iterator[Block]:
    """Options, where any is stated, the register, and the fiscal-risk matrix: what they leave out is part of them."""
    yield from _options(report)
    yield from _register(report)
    yield from _fiscal(report)


def _options(report: AppraisalReport) -> Iterator[Block]:
    options = report.result.risk.options
    if not options:
        return
    yield blocks.heading(f"Options: {option_finding(options)}", level=2)
    columns = [blocks.column("Option", "1fr"), *(blocks.column(head, number=True) for head in OPTION_HEADS)]
    rows = [OptionRow(made) for made in options]
    known = [row for row in rows if shared_reason(row.values) is None]
    if known:
        made = [blocks.row({"text": row.made.name, "note": row.what}, *_cells(row)) for row in known]
        yield blocks.table(columns, made, note=OPTION_NOTE, size=8)
    for row in rows:
        if (reason := shared_reason(row.values)) is not None:
            yield blocks.text(f"“{row.made.name}” ({row.what}) has no value: {reason}.")


def _cells(row: OptionRow) -> Iterator[blocks.Cell]:
    return map(blocks.figure, row.values, row.texts)


def _register(report: AppraisalReport) -> Iterator[Block]:
    """The risks as the project lists them; what the draws make of them stands in the matrix."""
    rows, unit = register_of(report.project), figures.MoneyUnit.of(report.project)
    yield blocks.heading(register_finding(rows), level=2)
    if not rows:
        yield blocks.text(NO_REGISTER)
        return
    columns = [
        blocks.column("Risk", "1fr"),
        blocks.column("How likely", "32mm"),
        blocks.column("What it would do", "48mm"),
        blocks.column("What is done about it", "48mm"),
    ]
    cells = [blocks.row({"text": row.event.name, "note": f"{row.kind}. {row.enters}"}, *row.texts) for row in rows]
    bearer = f"What is left of them is borne by {borne_by(report.result.risk.fiscal_risks)}."
    yield blocks.table(columns, cells, note=f"As the project states it. Money in {unit.long}. {bearer}", size=8)


def _fiscal(report: AppraisalReport) -> Iterator[Block]:
    made = report.result.risk.fiscal_risks
    yield blocks.heading(fiscal_finding(made), level=2)
    rows = fiscal_rows(made)
    if rows:
        columns = [
            blocks.column("Category", "1fr"),
            *(blocks.column(head, number=head in FISCAL_HEADS[1:3]) for head in FISCAL_HEADS),
        ]
        cells = [blocks.row({"text": row.made.title, "note": ", ".join(row.made.events)}, *row.texts) for row in rows]
        unit = figures.MoneyUnit.of(report.project)
        yield blocks.table(columns, cells, note=f"{fiscal_note(made)} Money in {unit.long}.", size=8)
    for sentence in not_assessed(made):
        yield blocks.note(sentence)
