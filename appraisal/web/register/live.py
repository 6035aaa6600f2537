"""The figures under the money grid as it is typed: what was typed is read and computed, nothing is stored."""

from dataclasses import dataclass
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from appraisal.reading.flow_lines import NotConvertible
from appraisal.reading.paste.findings import PastedTable
from appraisal.services.drafting import Draft
from appraisal.services.sketching import Sketch, sketch_of
from appraisal.web.drawing import CashLine, cash_line
from appraisal.web.register.journey import REFUSED, opened
from appraisal.web.register.pasting import cash_flows_from, offer_kinds, read_table
from appraisal.web.register.typing import cell_errors
from forms.registration.cash_flow_table import PreviewForm, TypedTable, filled, typed_text
from scoring.project_file import ProjectFile


@dataclass(frozen=True, slots=True)
class LiveFigures:
    """What stands under the grid: a sketch with its line, or why there is none."""

    sketch: Sketch | None = None
    line: CashLine | None = None
    waits: str = ""
    """What has to be done before there are figures."""
    blanks: int = 0
    """Empty cells that counted as zero."""


MENDED = "The figures come after the errors are mended."


def figures(project_id: UUID) -> ResponseReturnValue:
    """The part of the page under the grid, for the table as it was sent."""
    draft = opened(project_id)
    form = TypedTable()
    if not form.validate_on_submit():
        return _part(draft, LiveFigures(waits=MENDED), REFUSED)
    return _part(draft, typed_figures(draft, form))


def _part(draft: Draft, live: LiveFigures, status: int = 200) -> ResponseReturnValue:
    return render_template("register/live_figures.html", draft=draft, live=live), status


def typed_figures(draft: Draft, form: TypedTable) -> LiveFigures:
    """The figures of the grid as it is; empty cells count as zero until the person says what they are."""
    lines = [entry.form for entry in form.lines]
    sent = filled(lines)
    if not sent:
        return LiveFigures(waits="Net present value, rate of return and payback appear here once there are figures.")
    scale = str(draft.file.unit)
    read = read_table(typed_text(draft.years, lines), draft, {"scale": scale, "blanks": "zero"})
    if cell_errors(read, form, draft):
        return LiveFigures(waits=MENDED)
    preview = PreviewForm(formdata=None, version=form.version.data, typed="yes", scale=scale)
    offer_kinds(preview, read, draft, [line.kind.data or "" for line in sent])
    return read_figures(draft, read, preview)


def read_figures(draft: Draft, read: PastedTable, preview: PreviewForm) -> LiveFigures:
    """The figures of a table as it was understood, with what its lines were said to be."""
    try:
        flows = cash_flows_from(read, preview, draft)
    except NotConvertible as refused:
        return LiveFigures(waits=refused.issues[0].message)
    return file_figures(flows.within(draft.file), draft, read.blanks)


def file_figures(file: ProjectFile, draft: Draft, blanks: int = 0) -> LiveFigures:
    found = sketch_of(file, draft.framework)
    if found.sketch is None:
        return LiveFigures(waits=found.problems[0].message)
    return LiveFigures(found.sketch, cash_line(found.sketch.years, found.sketch.cumulative), blanks=blanks)
