"""A workbook in place of a paste: send it, say which cells are the table, see how they are read."""

from dataclasses import replace
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types

from appraisal.reading.problems import Unreadable
from appraisal.reading.sheet_cells import MOST_BYTES, Sheet, likely_sheet, read_sheets, sheet_text
from appraisal.reading.workbook.areas import Area, read_area
from appraisal.services import table_files
from appraisal.services.drafting import Draft
from appraisal.services.table_files import SentWorkbook
from appraisal.web.identity import current_actor, present_or_none, sessions
from appraisal.web.register.journey import REFUSED, opened, page
from appraisal.web.register.money import table_page
from appraisal.web.register.pasting import offer_kinds, read_table
from appraisal.web.register.previewing import GRID, preview_page
from appraisal.web.register.saving import reopened
from forms.registration.cash_flow_table import CellsForm, PreviewForm, WorkbookForm

LARGEST_REQUEST = MOST_BYTES + 64 * 1024
"""With what the form adds to the file."""
GONE = "The workbook is no longer kept. Send it again."


def room_for_the_file(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Only who is signed in may send more than a form holds; before anything reads the request."""
    if endpoint == "register.workbook" and request.method == "POST" and present_or_none() is not None:
        request.max_content_length = LARGEST_REQUEST


def workbook(project_id: UUID) -> ResponseReturnValue:
    """The sheets of the workbook that was sent; a new one takes its place."""
    draft = opened(project_id)
    if request.method == "POST":
        return _sent(draft)
    found = _kept(draft)
    if found is None:
        return redirect(url_for("register.table", project_id=project_id))
    return _cells_page(draft, found, read_sheets(found.content), CellsForm(formdata=None))


def _sent(draft: Draft) -> ResponseReturnValue:
    form = WorkbookForm()
    sent = form.file.data
    content = sent.read() if form.validate_on_submit() and sent else b""
    if not content:
        return _refused(draft, form, ["Choose a workbook that is not empty."])
    try:
        read_sheets(content)
    except Unreadable as error:
        return _refused(draft, form, [problem.message for problem in error.problems])
    name = "".join(char for char in sent.filename or "" if char.isprintable()).strip() or "workbook"
    with sessions()() as database:
        table_files.send_workbook(database, current_actor(), draft.project_id, name, content)
    return redirect(url_for("register.workbook", project_id=draft.project_id))


def _refused(draft: Draft, form: WorkbookForm, reasons: list[str]) -> ResponseReturnValue:
    form.file.errors = reasons
    grid, outcome = reopened(draft, GRID)
    return table_page(draft, grid, replace(outcome, status=REFUSED), sent=form)


def cells(project_id: UUID) -> ResponseReturnValue:
    """The cells that were chosen, as they are understood."""
    if request.method == "GET":
        return redirect(url_for("register.workbook", project_id=project_id))
    draft = opened(project_id)
    found = _kept(draft)
    if found is None:
        flash(GONE, "warn")
        return redirect(url_for("register.table", project_id=project_id))
    sheets, form = read_sheets(found.content), CellsForm()
    sheet = next((each for each in sheets if each.name == form.sheet.data), None)
    sound = form.validate_on_submit()
    if sheet is None:
        form.sheet.errors = ["Choose a sheet."]
    area = _area(form, sheet) if sound and sheet is not None else None
    if sheet is None or area is None:
        return _cells_page(draft, found, sheets, form, REFUSED)
    try:
        chosen = sheet_text(sheet, area)
    except Unreadable as error:
        form.area.errors = [str(problem) for problem in error.problems]
        return _cells_page(draft, found, sheets, form, REFUSED)
    read = read_table(chosen.text, draft, {})
    preview = PreviewForm(
        formdata=None, version=str(draft.version), text=chosen.text, sheet=sheet.name, area=str(chosen.area)
    )
    offer_kinds(preview, read, draft)
    return preview_page(draft, preview, read, 200 if read.ok else REFUSED, notes=chosen.notes)


def _area(form: CellsForm, sheet: Sheet) -> Area | None:
    if not form.area.data:
        return sheet.used
    area = read_area(form.area.data)
    if area is None:
        form.area.errors = [f"“{form.area.data}” is no range of cells. Write it like B3:M14."]
    return area


def _kept(draft: Draft) -> SentWorkbook | None:
    with sessions()() as database:
        return table_files.sent_workbook(database, current_actor(), draft.project_id)


def _cells_page(
    draft: Draft, found: SentWorkbook, sheets: tuple[Sheet, ...], form: CellsForm, status: int = 200
) -> ResponseReturnValue:
    form.sheet.choices = [SelectChoice(sheet.name, _named(sheet)) for sheet in sheets]
    form.sheet.data = form.sheet.data or likely_sheet(sheets).name
    return page("register/money_cells.html", draft, "money", status, form=form, name=found.name)


def _named(sheet: Sheet) -> str:
    rows, columns = sheet.used.rows, sheet.used.columns
    years = "" if sheet.has_years else "; no years at the head of its rows or columns"
    size = f"{rows:,} row{'' if rows == 1 else 's'} and {columns:,} column{'' if columns == 1 else 's'}"
    return f"{sheet.name}: {sheet.used}, {size}{years}"
