"""Completed projects: the city's record beside the library's classes, recording, correcting, taking in a table."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appraisal import policy
from appraisal.models import CompletedProject
from appraisal.policy import Action
from appraisal.reading.completed_table import CompletedEntry, entry_from, read_completed
from appraisal.reading.problems import Problem, Unreadable
from appraisal.reports.open_data import Column, portfolio_csv
from appraisal.services import completed_lists, completing, following
from appraisal.services.completed_lists import Listed
from appraisal.services.errors import AlreadyThere, StaleVersion
from appraisal.services.finished import finished_facts
from appraisal.services.own_records import as_completed
from appraisal.web.downloads import attachment
from appraisal.web.identity import current_actor, sessions, signed_in
from appraisal.web.register.journey import differences
from forms.administration import ClosingForm
from forms.completed import ASSET_CLASSES, FACTS, CompletedForm, UploadForm, WithdrawalForm, number_text
from forms.ids import key_of
from forms.registration.fields import VersionField
from scoring.parameters import load_parameters
from scoring.parameters.own_record import FEWEST

pages = Blueprint("completed", __name__, url_prefix="/completed")
REFUSED, CONFLICT = 422, 409
COLUMNS = (*(Column(name, name) for name in FACTS), Column("withdrawn", "withdrawn"))


class PutBackForm(ClosingForm):
    version = VersionField(default="0")


@pages.get("")
@signed_in
def listed() -> ResponseReturnValue:
    with sessions()() as database:
        record = completed_lists.city_record(database, current_actor(), request.args.get("city", ""))
    return render_template(
        "completed/listed.html",
        record=record,
        titles=load_parameters().asset_classes,
        fewest=FEWEST,
        may_record=policy.allows(current_actor(), Action.RECORD_COMPLETED),
    )


@pages.get("/record.csv")
@signed_in
def as_csv() -> ResponseReturnValue:
    """The list with the columns that the import reads; what is withdrawn says so in a column of its own."""
    with sessions()() as database:
        record = completed_lists.city_record(database, current_actor(), request.args.get("city", ""))
    text = portfolio_csv(COLUMNS, [_cells(each) for each in record.rows])
    return attachment(text.encode("utf-8-sig"), "completed-projects.csv", "text/csv; charset=utf-8")


@pages.route("/new", methods=["GET", "POST"])
@signed_in
def new() -> ResponseReturnValue:
    policy.require(current_actor(), Action.RECORD_COMPLETED)
    finished = request.args.get("project", type=key_of)
    form = CompletedForm(data=_of_finished(finished) if finished else {})
    if form.validate_on_submit():
        try:
            with sessions()() as database:
                row = completing.record_project(database, current_actor(), form.key.key, entry_from(form))
        except (AlreadyThere, completing.UnknownReference) as error:
            _at_field(form, error)
        else:
            flash(f"{row.name} is recorded.", "good")
            return redirect(url_for(".listed", city=row.city))
    known = bool(finished) and not form.is_submitted()
    return render_template("completed/form.html", form=form, row=None, stored=(), known=known), _status(form)


def _of_finished(project_id: UUID) -> dict[str, str]:
    """What is known already of an approved project that is finished, as the form shows it; raises NotFound."""
    with sessions()() as database:
        found = following.followed(database, current_actor(), project_id)
    with sessions()() as database:
        city = following.city_class(database, current_actor(), project_id)
    facts = finished_facts(found, city.city, city.asset_class) if city else {}
    return {name: _typed(value) for name, value in facts.items()}


@pages.route("/<uuid:key>", methods=["GET", "POST"])
@signed_in
def shown(key: UUID) -> ResponseReturnValue:
    policy.require(current_actor(), Action.RECORD_COMPLETED)
    row, values = _stored(key)
    form, status, stored = CompletedForm(data=values), 200, []
    if form.is_submitted():
        status = REFUSED
        if form.validate():
            try:
                with sessions()() as database:
                    completing.change_project(database, current_actor(), key, form.version.number, entry_from(form))
            except StaleVersion:
                status, stored = CONFLICT, differences(form, CompletedForm(formdata=None, data=values))
                form.version.data = values["version"]
            except (AlreadyThere, completing.UnknownReference) as error:
                _at_field(form, error)
            else:
                flash("Saved.", "good")
                return redirect(url_for(".listed", city=form.city.data))
    withdrawal = WithdrawalForm(formdata=None, version=str(row.version))
    return render_template("completed/form.html", form=form, row=row, stored=stored, withdrawal=withdrawal), status


@pages.post("/<uuid:key>/withdraw")
@signed_in
def withdraw(key: UUID) -> ResponseReturnValue:
    policy.require(current_actor(), Action.RECORD_COMPLETED)
    row, values = _stored(key)
    withdrawal = WithdrawalForm()
    if not withdrawal.validate_on_submit():
        form = CompletedForm(formdata=None, data=values)
        return render_template(
            "completed/form.html", form=form, row=row, stored=(), withdrawal=withdrawal, refused=withdrawal
        ), REFUSED
    with sessions()() as database:
        completing.withdraw_project(
            database, current_actor(), key, withdrawal.version.number, withdrawal.because.data or ""
        )
    flash(f"{row.name} no longer counts.", "good")
    return redirect(url_for(".listed", city=row.city))


@pages.post("/<uuid:key>/put-back")
@signed_in
def put_back(key: UUID) -> ResponseReturnValue:
    policy.require(current_actor(), Action.RECORD_COMPLETED)
    form = PutBackForm()
    row, _ = _stored(key)
    if form.validate_on_submit():
        with sessions()() as database:
            completing.put_back(database, current_actor(), key, form.version.number)
        flash(f"{row.name} counts again.", "good")
    return redirect(url_for(".listed", city=row.city))


@pages.get("/import")
@signed_in
def upload() -> ResponseReturnValue:
    policy.require(current_actor(), Action.RECORD_COMPLETED)
    return render_template(
        "completed/import.html", form=UploadForm(), facts=FACTS, form_fields=CompletedForm(), classes=ASSET_CLASSES
    )


@pages.post("/import")
@signed_in
def preview() -> ResponseReturnValue:
    """Show what the table would record; nothing is stored."""
    policy.require(current_actor(), Action.RECORD_COMPLETED)
    form = UploadForm()
    if not form.validate():
        return redirect(url_for(".upload"))
    sent = form.file.data.read() if form.file.data else b""
    try:
        entries = _checked(sent or form.text.data or "")
    except Unreadable as error:
        return _previewed(form, sent, (), error.problems)
    return _previewed(form, sent, entries, ())


@pages.post("/import/store")
@signed_in
def store() -> ResponseReturnValue:
    policy.require(current_actor(), Action.RECORD_COMPLETED)
    form = UploadForm()
    if not form.validate():
        return redirect(url_for(".upload"))
    try:
        entries = read_completed(form.text.data or "")
        with sessions()() as database:
            completing.import_projects(database, current_actor(), entries)
    except Unreadable as error:
        return _previewed(form, b"", (), error.problems)
    flash(f"{len(entries)} completed project{'' if len(entries) == 1 else 's'} recorded.", "good")
    return redirect(url_for(".listed", city=entries[0].city))


def _checked(content: bytes | str) -> tuple[CompletedEntry, ...]:
    with sessions()() as database:
        return completing.import_projects(database, current_actor(), read_completed(content), dry_run=True)


def _previewed(
    form: UploadForm, sent: bytes, entries: tuple[CompletedEntry, ...], problems: tuple[Problem, ...]
) -> ResponseReturnValue:
    if sent:
        form.text.data = sent.decode("utf-8-sig", errors="replace")
    return render_template(
        "completed/preview.html", form=form, entries=entries, problems=problems, titles=ASSET_CLASSES
    ), REFUSED if problems else 200


def _stored(key: UUID) -> tuple[CompletedProject, dict[str, str]]:
    """The row, and what the form shows of it."""
    with sessions()() as database:
        row = completing.completed_project(database, current_actor(), key)
    with sessions()() as database:
        reference = completed_lists.reference_of(database, current_actor(), row)
    cells = _cells(Listed(row=row, facts=as_completed(row), reference=reference))
    return row, {name: _typed(cells[name]) for name in FACTS} | {"version": str(row.version), "key": str(row.id)}


def _cells(listed: Listed) -> dict[str, Any]:
    row = listed.row
    return {name: getattr(row, name) for name in FACTS if name != "reference"} | {
        "reference": listed.reference,
        "withdrawn": row.withdrawn_because if row.withdrawn_at else "",
    }


def _typed(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return value.isoformat() if isinstance(value, date) else number_text(Decimal(value))


def _at_field(form: CompletedForm, error: Exception) -> None:
    field = form.name if isinstance(error, AlreadyThere) else form.reference
    field.errors = [str(error)]


def _status(form: CompletedForm) -> int:
    return REFUSED if form.is_submitted() else 200
