"""What the pages of an import show: its start, how its columns are read, what it would do, and what it did."""

from collections.abc import Sequence
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from appraisal.models import JobState
from appraisal.models.tables import now
from appraisal.reading.workbook.columns import DEFAULTED
from appraisal.reading.workbook.files import Opened
from appraisal.reading.workbook.guard import MOST_PACKED
from appraisal.reading.workbook.listing import MOST_PROJECTS, Choices
from appraisal.reading.workbook.matching import (
    YEARS,
    ColumnGuess,
    column_named,
    guesses,
    heading_row,
    list_table,
    targets,
)
from appraisal.services import importing
from appraisal.services.import_jobs import CHECKED, WHOLE, ImportProgress, in_background
from appraisal.services.import_look import SHOWN, Look, look_of
from appraisal.services.importing import SentFile
from appraisal.web.formatting import file_size
from appraisal.web.identity import current_actor, sessions
from appraisal.web.import_cells import TypedCells, cell_lines, problem_page
from forms.administration import ClosingForm
from forms.importing import SendForm, TakeForm
from forms.registration.project import STAGES

_ALL = 100
"""Per cent of the rows."""


def start_page(form: SendForm, status: int) -> ResponseReturnValue:
    with sessions()() as database:
        past = importing.past_imports(database, current_actor())
    with sessions()() as database:
        waiting = importing.waiting_imports(database, current_actor())
    return render_template(
        "importing/start.html",
        form=form,
        past=past,
        waiting=waiting,
        largest=file_size(MOST_PACKED),
        most=MOST_PROJECTS,
    ), status


def match_page(sent: SentFile, opened: Opened, choices: Choices, status: int, problem: str = "") -> ResponseReturnValue:
    table = list_table(opened.tables, choices.sheet)
    row = heading_row(table) if table else None
    columns = guesses(table, row, sent.remembered, choices.columns) if table and row is not None else ()
    return render_template(
        "importing/match.html",
        sent=sent,
        table=table,
        heading_row=row,
        columns=columns,
        targets=targets(),
        sheets=[each.name for each in opened.tables if each.rows],
        defaults=[
            (column, choices.defaults.get(column.key, _offered(column.key, columns)))
            for column in map(column_named, DEFAULTED)
            if column
        ],
        taken={column.target: column.filled for column in columns},
        decimal_mark=choices.decimal_mark or sent.choices.decimal_mark,
        problem=problem,
    ), status


def _offered(key: str, columns: Sequence[ColumnGuess]) -> str:
    """For rows that say no first year, which a project must have: the next one, to be changed or confirmed."""
    says = [each for each in columns if each.target == key or each.target.startswith(YEARS)]
    return (
        str(now().year + 1) if key == "cash_flows.first_year" and not any(each.filled == _ALL for each in says) else ""
    )


def progress_page(sent: SentFile, progress: ImportProgress | None) -> ResponseReturnValue:
    """How far its job is, until there is something to see."""
    return render_template(
        "importing/progress.html",
        sent=sent,
        progress=progress,
        progress_said=progress_text(progress) if progress else "",
        whole=WHOLE,
        closing=ClosingForm(),
    )


def progress_text(found: ImportProgress) -> str:
    """How far it is, in a sentence."""
    if found.state is JobState.QUEUED:
        return "Waits for a worker."
    if found.storing:
        return "Everything is checked; the projects are being stored, all at once."
    checked = found.done * WHOLE // CHECKED if found.stores else found.done
    return f"{checked} per cent of the projects are checked." if found.unfinished else "It has ended."


def dry_run(key: UUID) -> Look:
    with sessions()() as database:
        return look_of(importing.dry_run(database, current_actor(), key))


def review_page(
    sent: SentFile, look: Look, form: TakeForm, status: int, refused: str = "", cells: TypedCells | None = None
) -> ResponseReturnValue:
    form.digest.data = look.digest
    asked = request.form if request.method == "POST" else request.args
    shown = problem_page(look.problems, asked.get("problems", ""))
    return render_template(
        "importing/review.html",
        sent=sent,
        look=look,
        problems=cell_lines(shown.problems, cells),
        problem_page=shown,
        corrections=sent.corrections,
        same=list(sent.choices.same.items())[:SHOWN],
        has_columns=sent.has_columns,
        in_background=in_background(sent.row),
        form=form,
        closing=ClosingForm(),
        refused=refused,
        stages=STAGES,
        shown=SHOWN,
    ), status


def result_page(key: UUID) -> ResponseReturnValue:
    with sessions()() as database:
        result = importing.result_of(database, current_actor(), key)
    return render_template("importing/result.html", result=result, row=result.row, shown=SHOWN)
