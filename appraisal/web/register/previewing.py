"""The page that shows how a table was understood, before anything of it is stored."""

from flask import request
from flask.typing import ResponseReturnValue

from appraisal.reading.paste.findings import Issue, PastedTable
from appraisal.reading.workbook.areas import address, read_area
from appraisal.services.drafting import Draft
from appraisal.web.echo import echo
from appraisal.web.register import live
from appraisal.web.register.journey import page
from appraisal.web.register.pasting import questions_of
from appraisal.web.register.saving import Page, seen_of
from appraisal.web.register.typing import table_form
from forms.registration.cash_flow_table import PreviewForm

STALE = "stale"
GRID = Page("money", table_form)
"""The grid is kept as it is typed: it is stored once it was shown as it is understood."""


def preview_page(
    draft: Draft,
    form: PreviewForm,
    read: PastedTable,
    status: int = 200,
    *,
    refused: tuple[Issue, ...] = (),
    notes: tuple[str, ...] = (),
) -> ResponseReturnValue:
    """notes: what was rounded or is shown otherwise in the workbook that the cells came from."""
    blocking = [issue for issue in read.issues if issue.blocking]
    return page(
        "register/money_preview.html",
        draft,
        "money",
        status,
        form=form,
        seen=_seen(draft, refused),
        read=read,
        blocking=blocking,
        refused=refused if not blocking else (),
        problems=[_told(issue, form, blocks=bool(blocking)) for issue in blocking or refused],
        remarks=[
            *(issue.message for issue in read.issues if not issue.blocking),
            *_other_currency(read, draft),
            *notes,
        ],
        as_shown=read.coarse and not form.typed.data and not form.area.data,
        largest=_largest(read, draft) if not form.typed.data else "",
        questions=questions_of(read, draft),
        live=live.read_figures(draft, read, form) if read.lines and not blocking else None,
    )


def _largest(read: PastedTable, draft: Draft) -> str:
    """The largest figure in full and in words, by which a wrong unit is seen; nothing where there is none."""
    figures = [
        (abs(amount), amount, line.label, year)
        for line in read.lines
        for year, amount in zip(read.years, line.amounts, strict=True)
        if amount
    ]
    if not figures:
        return ""
    _, amount, label, year = max(figures)
    return f"The largest figure, “{label}” {year}: {echo(amount, read.currency or draft.file.currency, read.factor)}."


def _other_currency(read: PastedTable, draft: Draft) -> list[str]:
    """Figures that name a currency which is not the project's."""
    if read.currency is None or read.currency == draft.file.currency:
        return []
    return [f"The figures name {read.currency}; the project counts in {draft.file.currency}. Nothing is converted."]


def _told(issue: Issue, form: PreviewForm, *, blocks: bool) -> dict[str, str]:
    """One entry of the error summary, with the cell in the person's own sheet."""
    named = f"“{issue.label}” {issue.year}: " if blocks and issue.label and issue.year else ""
    href = "#text" if blocks else "#questions" if issue.code == "open_question" else "#lines"
    return {"text": f"{_place(issue, form) if blocks else ''}{named}{issue.message}", "href": href}


def _place(issue: Issue, form: PreviewForm) -> str:
    if not issue.row or not issue.column or form.typed.data:
        return ""
    area = read_area(form.area.data or "")
    if area is None:
        return f"Row {issue.row}, column {issue.column}: "
    return f"{form.sheet.data}, {address(area.top + issue.row - 1, area.left + issue.column - 1)}: "


def _seen(draft: Draft, refused: tuple[Issue, ...]) -> str:
    """What the grid held when the person last saw it; once they are told that someone was faster, what it holds now."""
    told = any(issue.code == STALE for issue in refused)
    return seen_of(draft, GRID) if told else request.form.get("seen") or seen_of(draft, GRID)
