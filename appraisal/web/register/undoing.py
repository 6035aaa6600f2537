"""Undoing the last paste of a cash-flow table."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from appraisal.services import pasting
from appraisal.services.drafting import Draft
from appraisal.web.carrying import told_to_browser
from appraisal.web.identity import current_actor, sessions
from forms.registration.cash_flow_table import UndoForm
from scoring.project_file import CashFlows


@dataclass(frozen=True, slots=True)
class Undoable:
    """What the page says beside the button."""

    form: UndoForm
    pasted: str
    by: str
    at: datetime
    back: str
    """What comes back, as the end of a sentence."""


def undoable_of(draft: Draft) -> Undoable | None:
    with sessions()() as database:
        found = pasting.paste_to_undo(database, draft)
    if found is None:
        return None
    form = UndoForm(formdata=None, version=str(draft.version))
    return Undoable(form, found.pasted, found.by, found.at, _back(found.before, typed=found.typed))


def undo_paste(project_id: UUID) -> ResponseReturnValue:
    """The table as it was before the paste."""
    form, page = UndoForm(), url_for("register.table", project_id=project_id)
    if form.validate_on_submit():
        with sessions()() as database:
            pasting.undo_paste(database, current_actor(), project_id, form.version.number)
        told_to_browser(page)
        flash("The paste is undone: the table is as it was before.", "good")
    return redirect(page)


def _back(before: CashFlows, *, typed: bool) -> str:
    if typed:
        return "what had been typed in the grid comes back, as it was typed"
    if not before.lines:
        return "the table is empty again"
    count, last = len(before.lines), before.first_year + before.periods - 1
    return (
        f"{count} line{'' if count == 1 else 's'}, {before.first_year} to {last}, come{'s' if count == 1 else ''} back"
    )
