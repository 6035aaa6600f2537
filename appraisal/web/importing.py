"""Many projects from one file: send, match its columns, see what it would do, import, undo."""

from typing import cast
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from appraisal import policy
from appraisal.demo import demo_projects, example_project
from appraisal.models import ImportState, JobState, ProjectImport
from appraisal.models.tables import now
from appraisal.policy import Action
from appraisal.reading.problems import Unreadable
from appraisal.reading.project_file import read_project
from appraisal.reading.workbook.files import open_file
from appraisal.reading.workbook.guard import MOST_PACKED
from appraisal.reading.workbook.listing import Choices
from appraisal.reports.problem_workbook import problem_workbook
from appraisal.reports.project_sheets import XLSX, projects_workbook, template_workbook
from appraisal.services import exporting, import_corrections, import_jobs, importing
from appraisal.services.errors import StaleVersion
from appraisal.services.import_jobs import WHOLE, in_background
from appraisal.services.import_look import SHOWN, Look
from appraisal.services.import_storing import NothingToImport
from appraisal.services.importing import SentFile
from appraisal.services.worker import Woken
from appraisal.web.downloads import attachment
from appraisal.web.identity import current_actor, present_or_none, sessions, signed_in
from appraisal.web.import_cells import TypedCells, problem_page, typed_cells
from appraisal.web.import_columns import LONGEST, chosen, taken_twice, unkeepable
from appraisal.web.import_pages import (
    dry_run,
    match_page,
    progress_page,
    progress_text,
    result_page,
    review_page,
    start_page,
)
from forms.administration import ClosingForm
from forms.importing import ALL, SendForm, TakeForm

pages = Blueprint("importing", __name__, url_prefix="/projects/import")
REFUSED, CONFLICT = 422, 409
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
    return start_page(SendForm(), 200)


@pages.post("")
@signed_in
def send() -> ResponseReturnValue:
    policy.require(current_actor(), Action.CREATE_PROJECT)
    form = SendForm()
    if not form.validate():
        return start_page(form, REFUSED)
    sent = form.file.data
    content = sent.read() if sent else b""
    if not content:
        form.file.errors = ["Choose a file that is not empty."]
        return start_page(form, REFUSED)
    try:
        opened = open_file(content)
        with sessions()() as database:
            row = importing.send_file(
                database, current_actor(), form.key.key, _file_name(sent.filename), content, opened
            )
    except Unreadable as error:
        form.file.errors = [_sentence(str(problem)) for problem in error.problems[:SHOWN]]
        return start_page(form, REFUSED)
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
    return match_page(sent, opened, Choices(sheet, sent.choices.columns, sent.choices.defaults), 200)


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
        return match_page(sent, opened, choices, REFUSED, "Say which column is the name of the project.")
    twice = taken_twice(choices.columns)
    if twice:
        return match_page(sent, opened, choices, REFUSED, f"Two columns are taken for “{twice}”: choose one.")
    if said := unkeepable(choices.defaults):
        return match_page(sent, opened, choices, REFUSED, said)
    with sessions()() as database:
        importing.choose(database, current_actor(), key, choices)
    return _looking(sent.row)


@pages.get("/<uuid:key>")
@signed_in
def review(key: UUID) -> ResponseReturnValue:
    """What it would do; how far its job is; or what it did."""
    sent = _sent(key)
    if sent.row.state is not ImportState.READ:
        return result_page(key)
    if not in_background(sent.row):
        return review_page(sent, dry_run(key), TakeForm(), 200)
    with sessions()() as database:
        found = import_jobs.standing(database, current_actor(), key)
    refused = found.progress is not None and found.progress.stores and found.progress.state is JobState.FAILED
    if found.look is None or refused or (found.progress is not None and found.progress.unfinished):
        return progress_page(sent, found.progress)
    return review_page(sent, found.look, TakeForm(), 200)


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
        return review_page(sent, dry_run(key), form, status, str(error))
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


@pages.post("/<uuid:key>/same")
@signed_in
def same(key: UUID) -> ResponseReturnValue:
    """Which stored project a row without a reference is, or that it is one of its own; the dry run is made again."""
    sent = _sent(key)
    if sent.content is None or not ClosingForm().validate():
        return redirect(url_for(".review", key=key))
    at, reference = (request.form.get(name, "")[:LONGEST] for name in ("at", "reference"))
    with sessions()() as database:
        importing.say_same(database, current_actor(), key, at, reference)
    said = f"{at} is {reference} now" if reference else f"{at} is a project of its own"
    flash(f"{said}, and the file is checked with that.", "good")
    return _looking(sent.row)


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
    typed = TypedCells()
    if found is not None:
        typed = typed_cells(problem_page(found.problems, request.form.get("problems", "")).problems, request.form)
    if found is not None and typed.refused:
        return review_page(sent, found, TakeForm(), REFUSED, cells=typed)
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


def _sent(key: UUID) -> SentFile:
    with sessions()() as database:
        return importing.sent_file(database, current_actor(), key)


def _looking(row: ProjectImport) -> ResponseReturnValue:
    """To what the file would do; a large one is looked at in the background."""
    if in_background(row) and row.state is ImportState.READ:
        with sessions()() as database:
            import_jobs.ask_to_look(database, current_actor(), row.id)
        _wake()
    return redirect(url_for(".review", key=row.id))


def _wake() -> None:
    cast("Woken", current_app.extensions["worker"]).wake()


def _found(sent: SentFile) -> Look | None:
    """The dry run: now, or the one in the background that ended last."""
    if not in_background(sent.row):
        return dry_run(sent.row.id)
    with sessions()() as database:
        return import_jobs.standing(database, current_actor(), sent.row.id).look


def _file_name(name: str | None) -> str:
    """The last part of the name, without what a page or a file system could not show."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:LONGEST] or "file"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
