"""The cash-flow table: typed or pasted, shown as it was understood, and then stored."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from appraisal.reading.flow_lines import NotConvertible
from appraisal.reading.paste.findings import Issue, PastedTable
from appraisal.reading.problems import Unreadable
from appraisal.services import drafting
from appraisal.services.drafting import Draft
from appraisal.services.errors import StaleVersion
from appraisal.services.previewing import preview_of
from appraisal.web.charts import cash_chart
from appraisal.web.identity import current_actor, sessions
from appraisal.web.register import live
from appraisal.web.register.journey import CONFLICT, REFUSED, after, opened, page
from appraisal.web.register.pasting import cash_flows_from, offer_kinds, questions_of, read_table
from appraisal.web.register.typing import blank_table, cell_errors, filled_table, more_lines, with_choices
from forms.registration.cash_flow_table import PasteForm, PreviewForm, TypedTable, filled, typed_text

ADD_LINE, STORE = "add-line", "store"


def table(project_id: UUID) -> ResponseReturnValue:
    draft = opened(project_id)
    form = filled_table(draft) if draft.file.cash_flows.lines else blank_table(draft)
    return _table_page(draft, form)


def _table_page(
    draft: Draft,
    form: TypedTable,
    status: int = 200,
    *,
    errors: tuple[tuple[str, str], ...] = (),
    pasted: PasteForm | None = None,
) -> ResponseReturnValue:
    preview = preview_of(draft) if draft.file.cash_flows.lines else None
    return page(
        "register/money.html",
        draft,
        "money",
        status,
        form=with_choices(form, draft),
        years=draft.years,
        cell_errors=dict(errors),
        pasted=pasted or PasteForm(formdata=None, version=str(draft.version)),
        preview=preview,
        live=live.LiveFigures(waits=live.MENDED) if errors else live.typed_figures(draft, form),
        cash_chart=cash_chart(draft.file, preview.result) if preview is not None and preview.result else None,
        next_url=after(draft, "money"),
    )


def typed(project_id: UUID) -> ResponseReturnValue:
    """The table of inputs was sent: one more line, or read it as a paste of it would be read."""
    if request.method == "GET":
        return redirect(url_for("register.table", project_id=project_id))
    draft = opened(project_id)
    form = TypedTable()
    if not form.validate_on_submit():
        return _table_page(draft, form, REFUSED, errors=(("lines-0-label", "A cell holds too much text."),))
    if request.form.get("step") == ADD_LINE:
        return _table_page(draft, more_lines(form, draft))
    lines = [entry.form for entry in form.lines]
    text = typed_text(draft.years, lines)
    read = read_table(text, draft, {"scale": str(draft.file.unit)})
    errors = cell_errors(read, form, draft)
    if errors:
        return _table_page(draft, form, REFUSED, errors=errors)
    preview = PreviewForm(formdata=None, version=form.version.data, text=text, typed="yes", scale=str(draft.file.unit))
    offer_kinds(preview, read, draft, [line.kind.data or "" for line in filled(lines)])
    return _preview_page(draft, preview, read)


def paste(project_id: UUID) -> ResponseReturnValue:
    """Cells were pasted: show how they were understood."""
    if request.method == "GET":
        return redirect(url_for("register.table", project_id=project_id))
    draft = opened(project_id)
    pasted = PasteForm()
    if not pasted.validate_on_submit():
        form = filled_table(draft) if draft.file.cash_flows.lines else blank_table(draft)
        return _table_page(draft, form, REFUSED, pasted=pasted)
    read = read_table(pasted.text.data or "", draft, {})
    preview = PreviewForm(formdata=None, version=pasted.version.data, text=pasted.text.data)
    offer_kinds(preview, read, draft)
    return _preview_page(draft, preview, read, 200 if read.ok else REFUSED)


def store(project_id: UUID) -> ResponseReturnValue:
    """What was understood was confirmed, or something about it was answered otherwise: read again, then store."""
    if request.method == "GET":
        return redirect(url_for("register.table", project_id=project_id))
    draft = opened(project_id)
    form = PreviewForm()
    form.validate_on_submit()
    read = read_table(form.text.data or "", draft, form.answers())
    offer_kinds(form, read, draft)
    if request.form.get("step") != STORE:
        return _preview_page(draft, form, read, 200 if read.ok else REFUSED)
    status, refused = _stored(draft, form, read)
    if refused:
        return _preview_page(draft, form, read, status, refused=refused)
    return redirect(url_for("register.table", project_id=project_id))


def _stored(draft: Draft, form: PreviewForm, read: PastedTable) -> tuple[int, tuple[Issue, ...]]:
    """Store the table; else the status and what stands against it."""
    try:
        flows = cash_flows_from(read, form, draft)
        with sessions()() as database:
            drafting.edit_project(
                database, current_actor(), draft.project_id, form.version.number, flows.within, part="money"
            )
    except NotConvertible as refused:
        return REFUSED, refused.issues
    except Unreadable as broken:
        return REFUSED, tuple(Issue("rule", str(problem)) for problem in broken.problems)
    except StaleVersion as stale:
        form.version.data = str(draft.version)
        return CONFLICT, (Issue("stale", f"{stale} Look at what is stored now; storing yours again replaces it."),)
    flash(f"Stored: {flows.said}.", "good")
    return 200, ()


def _preview_page(
    draft: Draft, form: PreviewForm, read: PastedTable, status: int = 200, *, refused: tuple[Issue, ...] = ()
) -> ResponseReturnValue:
    blocking = [issue for issue in read.issues if issue.blocking]
    return page(
        "register/money_preview.html",
        draft,
        "money",
        status,
        form=form,
        read=read,
        blocking=blocking,
        refused=refused if not blocking else (),
        remarks=[issue for issue in read.issues if not issue.blocking],
        questions=questions_of(read, draft),
        live=live.read_figures(draft, read, form) if read.lines and not blocking else None,
    )
