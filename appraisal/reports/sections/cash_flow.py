"""The cash-flow table: years across, as many to a table as fit the paper."""

from collections.abc import Iterator, Mapping

from appraisal.reports import blocks, figures
from appraisal.reports.blocks import Block
from appraisal.reports.flow_rows import FlowRow, by_kind, flow_rows
from appraisal.reports.report import AppraisalReport
from scoring.project_file import ProjectFile

PAPER_MM = 174.0
NAME_MM, KIND_MM = 38.0, 26.0
DIGIT_MM, GAP_MM = 1.5, 3.0
"""Width of a tabular digit at the table's type size, and of a cell's inset."""
MOST_YEARS = 12
MOST_AMOUNTS = 4000
"""More than this many amounts fill dozens of pages: they are summed by kind, and the workbook has each."""
SIZE = 7.5


def cash_flow(report: AppraisalReport) -> Iterator[Block]:
    yield from flow_tables(report.project, _nets(report))


def flow_tables(project: ProjectFile, nets: Mapping[str, list[str]], *, whole: str = "the workbook") -> Iterator[Block]:
    """The lines of a project year by year, then each row of `nets` under them; `whole` has what is summed here."""
    unit = figures.MoneyUnit.of(project)
    yield blocks.heading("The cash flows")
    rows = list(flow_rows(project))
    if not rows:
        yield blocks.text("No cash flow is given, so no return can be computed.")
        return
    summed = len(rows) * project.cash_flows.periods > MOST_AMOUNTS
    if summed:
        lines = f"The {len(rows)} lines are summed by kind; {whole} has each of them."
        rows = list(by_kind(rows))
    else:
        lines = "Amounts as entered, to two decimals. Lines with nothing in the years of a table are left out of it."
    yield blocks.note(f"Money in {unit.long}; money out is negative. {lines}")
    width = max(len(text) for texts in [*(_texts(row) for row in rows), *nets.values()] for text in texts)
    each = max(2, min(MOST_YEARS, int((PAPER_MM - NAME_MM - KIND_MM) / (DIGIT_MM * max(width, 4) + GAP_MM))))
    first, periods = project.cash_flows.first_year, project.cash_flows.periods
    for start in range(0, periods, each):
        years = range(start, min(start + each, periods))
        yield _table(rows, nets, first, years, (PAPER_MM - NAME_MM - KIND_MM) / each)


def _texts(row: FlowRow) -> list[str]:
    return figures.amounts(row.amounts)


def _nets(report: AppraisalReport) -> dict[str, list[str]]:
    flows = {
        "Net financial flow": report.result.financial.net_flow,
        "Net economic flow": report.result.economic.net_flow,
    }
    nets = {name: [figures.money(value) for value in flow] for name, flow in flows.items() if flow}
    cover = report.result.equity.dscr
    if any(value is not None for value in cover):
        nets["Debt cover, DSCR"] = ["" if value is None else figures.cover(value) for value in cover]
    return nets


def _table(rows: list[FlowRow], nets: Mapping[str, list[str]], first: int, years: range, width: float) -> Block:
    columns = [
        blocks.column("Line", f"{NAME_MM}mm"),
        blocks.column("What it is", f"{KIND_MM}mm"),
        *(blocks.column(str(first + period), f"{width:.2f}mm", number=True) for period in years),
    ]
    start, end = years.start, years.stop
    shown = [blocks.row(row.name, row.kind, *_texts(row)[start:end]) for row in rows if any(row.amounts[start:end])]
    totals = [blocks.row(name, "", *texts[start:end], total=True) for name, texts in nets.items()]
    return blocks.table(columns, [*shown, *totals], size=SIZE)
