"""The cash-flow table as a grid of inputs: empty, filled from what is stored, and with errors at their cells."""

from decimal import Decimal
from typing import Any

from appraisal.reading.paste.findings import Issue, PastedTable
from appraisal.services.drafting import Draft
from forms.registration.cash_flow_lines import FIRST_LINES, key_of, kind_choices, shown_amounts
from forms.registration.cash_flow_table import TypedTable, filled, offer
from scoring.limits import MAX_LINES

HEADER_ROWS, LABEL_COLUMNS = 1, 1


def table_form(draft: Draft, **given: Any) -> TypedTable:
    """The grid as it was sent; with `formdata` None what is stored, or a few empty lines."""
    if given.get("formdata", given) is None:
        return with_choices(filled_table(draft) if draft.file.cash_flows.lines else blank_table(draft), draft)
    return with_choices(TypedTable(**given), draft)


def blank_table(draft: Draft) -> TypedTable:
    """A few lines that most projects have, and the planned years."""
    lines = [{"label": label, "kind": key, "amounts": [""] * len(draft.years)} for label, key in FIRST_LINES]
    return TypedTable(formdata=None, version=str(draft.version), lines=lines)


def filled_table(draft: Draft) -> TypedTable:
    """What is stored, figure by figure."""
    lines = [
        {"label": line.name, "kind": key_of(line), "amounts": _padded(shown_amounts(line), len(draft.years))}
        for line in draft.file.cash_flows.lines
    ]
    return TypedTable(formdata=None, version=str(draft.version), lines=lines)


def more_lines(form: TypedTable, draft: Draft) -> TypedTable:
    """The same with one more empty line, as long as there is room."""
    if len(form.lines) < MAX_LINES:
        form.lines.append_entry({"label": "", "kind": "", "amounts": [""] * len(draft.years)})
    return form


def with_choices(form: TypedTable, draft: Draft) -> TypedTable:
    """Every line with its choices and a cell for every year."""
    kinds = kind_choices(*draft.file.cash_flows.lines)
    for entry in form.lines:
        offer(entry.form.kind, kinds, "")
        while len(entry.form.amounts) < len(draft.years):
            entry.form.amounts.append_entry("")
    return form


def cell_errors(read: PastedTable, form: TypedTable, draft: Draft) -> tuple[tuple[str, str], ...]:
    """(id of the input, message) for what stopped the reading; what belongs to no cell stands at the first line."""
    sent = filled([entry.form for entry in form.lines])
    positions = [position for position, entry in enumerate(form.lines) if entry.form in sent]
    return tuple((_cell(issue, positions, draft), _message(issue)) for issue in read.issues if issue.blocking)


def _cell(issue: Issue, positions: list[int], draft: Draft) -> str:
    line, year = (issue.row or 0) - HEADER_ROWS - 1, (issue.column or 0) - LABEL_COLUMNS - 1
    if not 0 <= line < len(positions):
        return "lines-0-label"
    if not 0 <= year < len(draft.years):
        return f"lines-{positions[line]}-label"
    return f"lines-{positions[line]}-amounts-{year}"


def _message(issue: Issue) -> str:
    if issue.year is None or not issue.label:
        return issue.message
    return f"“{issue.label}” {issue.year}: {issue.message}"


def _padded(amounts: tuple[Decimal, ...], length: int) -> list[str]:
    """Figures plainly written; years after the end of a line are zero, as they count."""
    return [plain(amount) for amount in (*amounts, *[Decimal(0)] * (length - len(amounts)))]


def plain(amount: Decimal) -> str:
    """A figure as people type it: no groups, no trailing zeros."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
