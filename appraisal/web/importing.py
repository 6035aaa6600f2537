"""Many projects from one file: send, match its columns, see what it would do, import, undo."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appraisal import policy
from appraisal.demo import demo_projects, example_project
from appraisal.models import ImportState
from appraisal.models.tables import now
from appraisal.policy import Action
from appraisal.reading.problems import Unreadable
from appraisal.reading.project_file import read_project
from appraisal.reading.workbook.columns import DEFAULTED
from appraisal.reading.workbook.files import Opened, open_file
from appraisal.reading.workbook.guard import MOST_PACKED
from appraisal.reading.workbook.listing import MOST_PROJECTS, Choices
from appraisal.reading.workbook.matching import column_named, guesses, heading_row, list_table, targets
from appraisal.reports.problem_workbook import problem_workbook
from appraisal.reports.project_sheets import XLSX, projects_workbook, template_workbook
from appraisal.services import exporting, importing
from appraisal.services.importing import NothingToImport, SentFile
from appraisal.web.downloads import attachment
from appraisal.web.formatting import file_size
from appraisal.web.identity import current_actor, present_or_none, sessions, signed_in
from forms.administration import ClosingForm
from forms.importing import ALL, SendForm, TakeForm
from forms.numbers import plain_digits

pages = Blueprint("importing", __name__, url_prefix="/projects/import")
REFUSED = 422
LARGEST_FILE = MOST_PACKED + 64 * 1024
"""With what the form adds to the file."""
SHOWN = 100
"""Rows and problems on the page; the workbook with the red column has them all."""
_LONGEST = 200


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
        with sessions()() as database:
            row = importing.send_file(
                database, current_actor(), UUID(form.key.data), _file_name(sent.filename), content
            )
    except Unreadable as error:
        form.file.errors = [_sentence(str(problem)) for problem in error.problems[:SHOWN]]
        return _start(form, REFUSED)
    if open_file(content).needs_matching:
        return redirect(url_for(".match", key=row.id))
    return redirect(url_for(".review", key=row.id))


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
    chosen = request.args.get("sheet", "")[:_LONGEST] or sent.choices.sheet
    return _matching(sent, opened, Choices(chosen, sent.choices.columns, sent.choices.defaults), 200)


@pages.post("/<uuid:key>/match")
@signed_in
def matched(key: UUID) -> ResponseReturnValue:
    sent = _sent(key)
    if sent.content is None:
        return redirect(url_for(".review", key=key))
    if not ClosingForm().validate():
        return redirect(url_for(".match", key=key))
    opened = open_file(sent.content)
    choices = _choices(sent, opened)
    if "title" not in choices.columns.values():
        return _matching(sent, opened, choices, REFUSED, "Say which column is the name of the project.")
    twice = _twice(choices.columns)
    if twice:
        return _matching(sent, opened, choices, REFUSED, f"Two columns are taken for “{twice}”: choose one.")
    with sessions()() as database:
        importing.choose(database, current_actor(), key, choices)
    return redirect(url_for(".review", key=key))


@pages.get("/<uuid:key>")
@signed_in
def review(key: UUID) -> ResponseReturnValue:
    sent = _sent(key)
    if sent.row.state is not ImportState.READ:
        return _result(key)
    return _review(key, sent, TakeForm(), 200)


@pages.post("/<uuid:key>/store")
@signed_in
def store(key: UUID) -> ResponseReturnValue:
    form = TakeForm()
    if not form.validate():
        return redirect(url_for(".review", key=key))
    try:
        with sessions()() as database:
            importing.store(
                database, current_actor(), key, form.digest.data or "", all_or_nothing=form.rule.data == ALL
            )
    except NothingToImport as error:
        return _review(key, _sent(key), form, REFUSED, str(error))
    return redirect(url_for(".review", key=key))


@pages.get("/<uuid:key>/problems.xlsx")
@signed_in
def problems(key: UUID) -> ResponseReturnValue:
    """The same file back, with a red column that says what is wrong."""
    sent = _sent(key)
    if sent.content is None:
        return redirect(url_for(".review", key=key))
    with sessions()() as database:
        plan = importing.dry_run(database, current_actor(), key)
    body = problem_workbook(open_file(sent.content).tables, plan.all_problems)
    return attachment(body, f"{sent.row.file_name.rpartition('.')[0] or 'file'}-problems.xlsx", XLSX)


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
    return render_template(
        "importing/start.html", form=form, past=past, largest=file_size(MOST_PACKED), most=MOST_PROJECTS
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
        defaults=[(column, choices.defaults.get(column.key, "")) for column in map(column_named, DEFAULTED) if column],
        taken={column.target for column in columns},
        decimal_mark=choices.decimal_mark or sent.choices.decimal_mark,
        problem=problem,
    ), status


def _choices(sent: SentFile, opened: Opened) -> Choices:
    """What was posted, as far as it is among what was offered."""
    sheet = request.form.get("sheet", "")[:_LONGEST]
    table = list_table(opened.tables, sheet)
    row = heading_row(table) if table else None
    columns: dict[str, str] = {}
    if table is not None and row is not None:
        for guess in guesses(table, row, sent.remembered, {}):
            target = request.form.get(f"column-{guess.heading.column}", "")
            offered = target in targets() or target == guess.target
            columns[guess.heading.key] = target if offered else guess.target
    defaults = {key: plain_digits(request.form.get(f"default-{key}", ""))[:_LONGEST].strip() for key in DEFAULTED}
    mark = request.form.get("decimal_mark", "")
    return Choices(
        table.name if table else "",
        columns,
        {key: text for key, text in defaults.items() if text},
        mark if mark in (".", ",") else "",
    )


def _twice(columns: Mapping[str, str]) -> str:
    named = [target for target in columns.values() if column_named(target) is not None]
    double = next((target for target in named if named.count(target) > 1), None)
    return targets()[double] if double else ""


def _review(key: UUID, sent: SentFile, form: TakeForm, status: int, refused: str = "") -> ResponseReturnValue:
    with sessions()() as database:
        plan = importing.dry_run(database, current_actor(), key)
    opened = open_file(sent.content or b"")
    form.digest.data = importing.digest_of(plan)
    return render_template(
        "importing/review.html",
        sent=sent,
        plan=plan,
        counts=plan.counts,
        changes=[row for row in plan.rows if row.outcome.value != "unchanged"][:SHOWN],
        problems=plan.all_problems[:SHOWN],
        duplicates=[row for row in plan.rows if row.duplicates][:SHOWN],
        has_columns=opened.read is None,
        form=form,
        refused=refused,
        shown=SHOWN,
    ), status


def _result(key: UUID) -> ResponseReturnValue:
    with sessions()() as database:
        result = importing.result_of(database, current_actor(), key)
    return render_template("importing/result.html", result=result, row=result.row, shown=SHOWN)


def _file_name(name: str | None) -> str:
    """The last part of the name, without what a page or a file system could not show."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:_LONGEST] or "file"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
