"""Many projects from one file: send, match its columns, see what it would do, import, undo."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appraisal import policy
from appraisal.demo import demo_projects, example_project
from appraisal.models import ImportState, JobState, ProjectImport
from appraisal.models.tables import now
from appraisal.policy import Action
from appraisal.reading.problems import Unreadable
from appraisal.reading.project_file import read_project
from appraisal.reading.workbook.columns import DEFAULTED
from appraisal.reading.workbook.files import Opened, open_file
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
from appraisal.reports.problem_workbook import problem_workbook
from appraisal.reports.project_sheets import XLSX, projects_workbook, template_workbook
from appraisal.services import exporting, import_corrections, import_jobs, importing
from appraisal.services.errors import StaleVersion
from appraisal.services.import_jobs import CHECKED, WHOLE, ImportProgress, in_background
from appraisal.services.import_look import SHOWN, Look, look_of
from appraisal.services.import_storing import NothingToImport
from appraisal.services.importing import SentFile
from appraisal.services.worker import Worker
from appraisal.web.downloads import attachment
from appraisal.web.formatting import file_size
from appraisal.web.identity import current_actor, present_or_none, sessions, signed_in
from appraisal.web.import_cells import TypedCells, cell_lines, typed_cells
from appraisal.web.import_columns import LONGEST, chosen, taken_twice
from forms.administration import ClosingForm
from forms.importing import ALL, SendForm, TakeForm
from forms.registration.project import STAGES

pages = Blueprint("importing", __name__, url_prefix="/projects/import")
REFUSED, CONFLICT = 422, 409
_ALL = 100
"""Per cent of the rows."""
LARGEST_FILE = MOST_PACKED + 64 * 1024
"""With what the form adds to the file."""


@pages.url_value_preprocessor
def _room_for_the_file(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Only who is signed in may send more than a form holds; before anything reads the request."""
    if endpoint == "importing.send" and request.method == "POST" and present_or_none() is not None:
        request.max_content_length = LARGEST_FILE


@pages.get("")
@signed_in
def start() -> ResponseReturnValue:
    return _start(SendForm(), 200)


@pages.post("")
@signed_in
def send() -> ResponseReturnValue:
    policy.require(current_actor(), Action.CREATE_PROJECT)
    form = SendForm()
    if not form.validate():
        return _start(form, REFUSED)
    sent = form.file.data
    content = sent.read() if sent else b""
    if not content:
        form.file.errors = ["Choose a file that is not empty."]
        return _start(form, REFUSED)
    try:
        opened = open_file(content)
        with sessions()() as database:
            row = importing.send_file(
                database, current_actor(), UUID(form.key.data), _file_name(sent.filename), content, opened
            )
    except Unreadable as error:
        form.file.errors = [_sentence(str(problem)) for problem in error.problems[:SHOWN]]
        return _start(form, REFUSED)
    if opened.needs_matching:
        return redirect(url_for(".match", key=row.id))
    return _looking(row)


@pages.get("/template.xlsx")
@signed_in
def template() -> ResponseReturnValue:
    policy.require(current_actor(), Action.CREATE_PROJECT)
    examples = [read_project(example_project()), read_project(next(demo_projects()))]
    return attachment(template_workbook(examples, now().year + 1), "projects-template.xlsx", XLSX)


@pages.get("/projects.xlsx")
@signed_in
def exported() -> ResponseReturnValue:
    with sessions()() as database:
        projects = exporting.own_project_files(database, current_actor())
    return attachment(projects_workbook(projects), "projects.xlsx", XLSX)


@pages.get("/<uuid:key>/match")
@signed_in
def match(key: UUID) -> ResponseReturnValue:
    sent = _sent(key)
    if sent.content is None:
        return redirect(url_for(".review", key=key))
    opened = open_file(sent.content)
    if opened.read is not None:
        return redirect(url_for(".review", key=key))
    sheet = request.args.get("sheet", "")[:LONGEST] or sent.choices.sheet
    return _matching(sent, opened, Choices(sheet, sent.choices.columns, sent.choices.defaults), 200)


@pages.post("/<uuid:key>/match")
@signed_in
def matched(key: UUID) -> ResponseReturnValue:
    sent = _sent(key)
    if sent.content is None:
        return redirect(url_for(".review", key=key))
    if not ClosingForm().validate():
        return redirect(url_for(".match", key=key))
    opened = open_file(sent.content)
    choices = chosen(request.form, sent, opened)
    if "title" not in choices.columns.values():
        return _matching(sent, opened, choices, REFUSED, "Say which column is the name of the project.")
    twice = taken_twice(choices.columns)
    if twice:
        return _matching(sent, opened, choices, REFUSED, f"Two columns are taken for “{twice}”: choose one.")
    with sessions()() as database:
        importing.choose(database, current_actor(), key, choices)
    return _looking(sent.row)


@pages.get("/<uuid:key>")
@signed_in
def review(key: UUID) -> ResponseReturnValue:
    """What it would do; how far its job is; or what it did."""
    sent = _sent(key)
    if sent.row.state is not ImportState.READ:
        return _result(key)
    if not in_background(sent.row):
        return _review(sent, _dry_run(key), TakeForm(), 200)
    with sessions()() as database:
        found = import_jobs.standing(database, current_actor(), key)
    refused = found.progress is not None and found.progress.stores and found.progress.state is JobState.FAILED
    if found.look is None or refused or (found.progress is not None and found.progress.unfinished):
        return render_template("importing/progress.html", sent=sent, **_said(found.progress), closing=ClosingForm())
    return _review(sent, found.look, TakeForm(), 200)


@pages.get("/<uuid:key>/progress")
@signed_in
def progress(key: UUID) -> ResponseReturnValue:
    """How far its job is, for the page that shows the bar."""
    with sessions()() as database:
        found = import_jobs.progress_of(database, current_actor(), key)
    return {"unfinished": found.unfinished, "part": found.done / WHOLE, "text": progress_text(found)}


@pages.post("/<uuid:key>/look")
@signed_in
def look(key: UUID) -> ResponseReturnValue:
    """Look again at a large file: what is stored has changed, or the last look did not end."""
    sent = _sent(key)
    if ClosingForm().validate() and sent.content is not None:
        return _looking(sent.row)
    return redirect(url_for(".review", key=key))


@pages.post("/<uuid:key>/cancel")
@signed_in
def cancel(key: UUID) -> ResponseReturnValue:
    policy.require(current_actor(), Action.CREATE_PROJECT)
    if ClosingForm().validate():
        with sessions()() as database:
            cancelled = import_jobs.cancel(database, current_actor(), key)
        flash(
            "Cancelled; nothing was stored." if cancelled else "It had ended already.", "good" if cancelled else "warn"
        )
    return redirect(url_for(".review", key=key))


@pages.post("/<uuid:key>/store")
@signed_in
def store(key: UUID) -> ResponseReturnValue:
    form = TakeForm()
    if not form.validate():
        return redirect(url_for(".review", key=key))
    sent = _sent(key)
    how = {"digest": form.digest.data or "", "all_or_nothing": form.rule.data == ALL}
    if in_background(sent.row):
        with sessions()() as database:
            import_jobs.ask_to_store(database, current_actor(), key, **how)
        _wake()
        return redirect(url_for(".review", key=key))
    try:
        with sessions()() as database:
            importing.store(database, current_actor(), key, **how)
    except (NothingToImport, StaleVersion) as error:
        status = CONFLICT if isinstance(error, StaleVersion) else REFUSED
        return _review(sent, _dry_run(key), form, status, str(error))
    return redirect(url_for(".review", key=key))


@pages.get("/<uuid:key>/problems.xlsx")
@signed_in
def problems(key: UUID) -> ResponseReturnValue:
    """The same file back, with a red column that says what is wrong."""
    sent = _sent(key)
    if sent.content is None:
        return redirect(url_for(".review", key=key))
    found = _found(sent)
    if found is None:
        return redirect(url_for(".review", key=key))
    body = problem_workbook(sent.opened().tables, found.problems)
    what = "problems" if found.problem_count else "corrected"
    return attachment(body, f"{sent.row.file_name.rpartition('.')[0] or 'file'}-{what}.xlsx", XLSX)


@pages.post("/<uuid:key>/correct")
@signed_in
def correct(key: UUID) -> ResponseReturnValue:
    """Cells with a problem as they were typed anew; the dry run is made again on them."""
    sent = _sent(key)
    if sent.content is None or not ClosingForm().validate():
        return redirect(url_for(".review", key=key))
    if request.form.get("back"):
        with sessions()() as database:
            import_corrections.take_back(database, current_actor(), key)
        return _looking(sent.row)
    found = _found(sent)
    typed = typed_cells(found.problems[:SHOWN], request.form) if found is not None else TypedCells()
    if found is not None and typed.refused:
        return _review(sent, found, TakeForm(), REFUSED, cells=typed)
    if typed.corrections:
        with sessions()() as database:
            import_corrections.correct(database, current_actor(), key, typed.corrections)
        count = len(typed.corrections)
        flash(f"{count} cell{' is' if count == 1 else 's are'} corrected, and the file is checked with that.", "good")
        return _looking(sent.row)
    flash("No value was changed.", "warn")
    return redirect(url_for(".review", key=key))


@pages.post("/<uuid:key>/undo")
@signed_in
def undo(key: UUID) -> ResponseReturnValue:
    policy.require(current_actor(), Action.CREATE_PROJECT)
    if ClosingForm().validate():
        with sessions()() as database:
            done = importing.undo(database, current_actor(), key)
        count = len(done.changes) - len(done.edited)
        flash(f"Undone for {count:,} project{'' if count == 1 else 's'}; they are exactly as they were.", "good")
    return redirect(url_for(".review", key=key))


def _start(form: SendForm, status: int) -> ResponseReturnValue:
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


def _sent(key: UUID) -> SentFile:
    with sessions()() as database:
        return importing.sent_file(database, current_actor(), key)


def _matching(sent: SentFile, opened: Opened, choices: Choices, status: int, problem: str = "") -> ResponseReturnValue:
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
        taken={column.target for column in columns},
        decimal_mark=choices.decimal_mark or sent.choices.decimal_mark,
        problem=problem,
    ), status


def _offered(key: str, columns: Sequence[ColumnGuess]) -> str:
    """For rows that say no first year, which a project must have: the next one, to be changed or confirmed."""
    says = [each for each in columns if each.target == key or each.target.startswith(YEARS)]
    return (
        str(now().year + 1) if key == "cash_flows.first_year" and not any(each.filled == _ALL for each in says) else ""
    )


def _looking(row: ProjectImport) -> ResponseReturnValue:
    """To what the file would do; a large one is looked at in the background."""
    if in_background(row) and row.state is ImportState.READ:
        with sessions()() as database:
            import_jobs.ask_to_look(database, current_actor(), row.id)
        _wake()
    return redirect(url_for(".review", key=row.id))


def _wake() -> None:
    cast("Worker", current_app.extensions["worker"]).wake()


def _said(found: ImportProgress | None) -> dict[str, object]:
    return {"progress": found, "progress_said": progress_text(found) if found else "", "whole": WHOLE}


def progress_text(found: ImportProgress) -> str:
    """How far it is, in a sentence."""
    if found.state is JobState.QUEUED:
        return "Waits for a worker."
    if found.storing:
        return "Everything is checked; the projects are being stored, all at once."
    checked = found.done * WHOLE // CHECKED if found.stores else found.done
    return f"{checked} per cent of the projects are checked." if found.unfinished else "It has ended."


def _dry_run(key: UUID) -> Look:
    with sessions()() as database:
        return look_of(importing.dry_run(database, current_actor(), key))


def _found(sent: SentFile) -> Look | None:
    """The dry run: now, or the one in the background that ended last."""
    if not in_background(sent.row):
        return _dry_run(sent.row.id)
    with sessions()() as database:
        return import_jobs.standing(database, current_actor(), sent.row.id).look


def _review(
    sent: SentFile, look: Look, form: TakeForm, status: int, refused: str = "", cells: TypedCells | None = None
) -> ResponseReturnValue:
    form.digest.data = look.digest
    return render_template(
        "importing/review.html",
        sent=sent,
        look=look,
        problems=cell_lines(look.problems[:SHOWN], cells),
        corrections=sent.corrections,
        has_columns=sent.has_columns,
        in_background=in_background(sent.row),
        form=form,
        closing=ClosingForm(),
        refused=refused,
        stages=STAGES,
        shown=SHOWN,
    ), status


def _result(key: UUID) -> ResponseReturnValue:
    with sessions()() as database:
        result = importing.result_of(database, current_actor(), key)
    return render_template("importing/result.html", result=result, row=result.row, shown=SHOWN)


def _file_name(name: str | None) -> str:
    """The last part of the name, without what a page or a file system could not show."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:LONGEST] or "file"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
