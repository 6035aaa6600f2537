"""The cash-flow table: typed or pasted, shown as it was understood, and then stored."""

from dataclasses import replace
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from appraisal.reading.flow_lines import NotConvertible
from appraisal.reading.paste.findings import Issue, PastedTable
from appraisal.reading.problems import Unreadable
from appraisal.reading.sheet_cells import MOST_BYTES
from appraisal.services import pasting
from appraisal.services.drafting import Draft
from appraisal.services.errors import StaleVersion
from appraisal.web.carrying import AUTOSAVE, someone_elses, told_to_browser
from appraisal.web.charts import cash_chart
from appraisal.web.formatting import file_size
from appraisal.web.identity import current_actor, sessions
from appraisal.web.register import live
from appraisal.web.register.journey import CONFLICT, REFUSED, Outcome, after, opened, page, preview_now
from appraisal.web.register.pasting import cash_flows_from, offer_kinds, read_table
from appraisal.web.register.previewing import GRID, STALE, preview_page
from appraisal.web.register.saving import (
    KEEP,
    RESUME,
    answered,
    is_current,
    reopened,
    saved,
    shown_again,
)
from appraisal.web.register.typing import cell_errors, more_lines, table_form, with_choices
from appraisal.web.register.undoing import undoable_of
from forms.registration.cash_flow_table import PasteForm, PreviewForm, TypedTable, WorkbookForm, filled, typed_text

ADD_LINE, STORE = "add-line", "store"


def table(project_id: UUID) -> ResponseReturnValue:
    return answered(opened(project_id), GRID, _grid_page)


def _grid_page(draft: Draft, form: TypedTable, outcome: Outcome) -> ResponseReturnValue:
    """The grid with the errors of what is typed in it and not stored yet."""
    typed_in = outcome.kept is not None or outcome.resumed or bool(outcome.stored)
    errors = cell_errors(_read(draft, form), form, draft) if typed_in else ()
    return table_page(draft, form, outcome, errors=errors)


def _read(draft: Draft, form: TypedTable) -> PastedTable:
    return read_table(typed_text(draft.years, [entry.form for entry in form.lines]), draft, {"scale": _scale(draft)})


def _scale(draft: Draft) -> str:
    return str(draft.file.unit)


def table_page(
    draft: Draft,
    form: TypedTable,
    outcome: Outcome | None = None,
    *,
    errors: tuple[tuple[str, str], ...] = (),
    pasted: PasteForm | None = None,
    sent: WorkbookForm | None = None,
) -> ResponseReturnValue:
    outcome = outcome or shown_again(draft, GRID)
    preview = preview_now(draft) if draft.file.cash_flows.lines else None
    return page(
        "register/money.html",
        draft,
        "money",
        outcome.status,
        form=form,
        outcome=outcome,
        years=draft.years,
        cell_errors=dict(errors),
        pasted=pasted or PasteForm(formdata=None, version=str(draft.version)),
        sent=sent or WorkbookForm(formdata=None),
        largest=file_size(MOST_BYTES),
        preview=preview,
        undoable=undoable_of(draft) if not errors else None,
        live=live.LiveFigures(waits=live.MENDED) if errors else live.typed_figures(draft, form),
        cash_chart=cash_chart(draft.file, preview.result) if preview is not None and preview.result else None,
        next_url=after(draft, "money"),
    )


def typed(project_id: UUID) -> ResponseReturnValue:
    """The table of inputs was sent: kept as it is typed, one more line, or read as a paste of it would be read."""
    if request.method == "GET":
        return redirect(url_for("register.table", project_id=project_id))
    draft, step = opened(project_id), request.form.get("step")
    if step in (AUTOSAVE, KEEP, RESUME) or someone_elses():
        return answered(draft, GRID, _grid_page)
    form = table_form(draft)
    if not form.validate_on_submit():
        return _refused(draft, form, (("lines-0-label", "A cell holds too much text."),))
    if step == ADD_LINE:
        return table_page(draft, with_choices(more_lines(form, draft), draft))
    read = _read(draft, form)
    errors = cell_errors(read, form, draft)
    if errors:
        return _refused(draft, form, errors)
    lines = [entry.form for entry in form.lines]
    text = typed_text(draft.years, lines)
    preview = PreviewForm(formdata=None, version=form.version.data, text=text, typed="yes", scale=_scale(draft))
    offer_kinds(preview, read, draft, [line.kind.data or "" for line in filled(lines)])
    return preview_page(draft, preview, read)


def _refused(draft: Draft, form: TypedTable, errors: tuple[tuple[str, str], ...]) -> ResponseReturnValue:
    """The errors at their cells; what was typed is kept."""
    outcome = saved(draft, GRID, form)
    return table_page(
        draft, form, replace(outcome, status=outcome.status if outcome.stored else REFUSED), errors=errors
    )


def paste(project_id: UUID) -> ResponseReturnValue:
    """Cells were pasted: show how they were understood."""
    if request.method == "GET":
        return redirect(url_for("register.table", project_id=project_id))
    draft = opened(project_id)
    pasted = PasteForm()
    if not pasted.validate_on_submit():
        form, outcome = reopened(draft, GRID)
        return table_page(draft, form, replace(outcome, status=REFUSED), pasted=pasted)
    if request.form.get("step") == RESUME:
        form, outcome = reopened(draft, GRID)
        return table_page(draft, form, replace(outcome, resumed=True), pasted=pasted)
    read = read_table(pasted.text.data or "", draft, {})
    preview = PreviewForm(formdata=None, version=pasted.version.data, text=pasted.text.data)
    offer_kinds(preview, read, draft)
    return preview_page(draft, preview, read, 200 if read.ok else REFUSED)


def store(project_id: UUID) -> ResponseReturnValue:
    """What was understood was confirmed, or something about it was answered otherwise: read again, then store."""
    if request.method == "GET":
        return redirect(url_for("register.table", project_id=project_id))
    draft = opened(project_id)
    form = PreviewForm()
    form.validate_on_submit()
    read = read_table(form.text.data or "", draft, form.answers())
    offer_kinds(form, read, draft)
    if request.form.get("step") != STORE or someone_elses():
        return preview_page(draft, form, read, 200 if read.ok else REFUSED)
    status, refused = _stored(draft, form, read)
    if refused:
        return preview_page(draft, form, read, status, refused=refused)
    return redirect(url_for("register.table", project_id=project_id))


def _stored(draft: Draft, form: PreviewForm, read: PastedTable) -> tuple[int, tuple[Issue, ...]]:
    """Store the table; else the status and what stands against it."""
    kept, version = draft.kept.get(GRID.key), draft.version if is_current(draft, GRID, form) else 0
    try:
        flows = cash_flows_from(read, form, draft)
        with sessions()() as database:
            pasting.store_table(
                database,
                current_actor(),
                draft.project_id,
                version,
                flows.within,
                text=kept.revision if kept is not None else None,
                pasted=None if form.typed.data else flows.said,
            )
    except NotConvertible as refused:
        return REFUSED, refused.issues
    except Unreadable as broken:
        return REFUSED, tuple(Issue("rule", str(problem)) for problem in broken.problems)
    except StaleVersion as stale:
        form.version.data = str(draft.version)
        return CONFLICT, (Issue(STALE, f"{stale} Look at what is stored now; storing yours again replaces it."),)
    told_to_browser(url_for("register.table", project_id=draft.project_id))
    flash(f"Stored: {flows.said}.", "good")
    return 200, ()
