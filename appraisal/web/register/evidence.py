"""The evidence of a draft: files sent, linked to answers with a page or section, renamed, removed."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from appraisal.evidence import (
    ALLOWED,
    MEBIBYTE,
    MOST_A_FILE,
    MOST_A_PROJECT,
    MOST_AN_ORGANISATION,
    MOST_FILES,
)
from appraisal.services import evidence as held_evidence
from appraisal.services import receiving
from appraisal.services.drafting import Draft
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.receiving import Incoming, Received
from appraisal.web.formatting import file_size
from appraisal.web.identity import current_actor, present_or_none, sessions
from appraisal.web.register.journey import CONFLICT, REFUSED, opened, page
from forms.administration import ClosingForm
from forms.evidence import FilesForm, PlaceForm, TitleForm
from forms.ids import key_of, whole
from forms.registration.answers import answerable

TOO_LARGE, NOT_TAKEN = 413, 415
MOST_AT_ONCE = 2 * MOST_A_FILE
LARGEST_REQUEST = MOST_AT_ONCE + MEBIBYTE
"""With what the form adds to the files."""
MOST_IN_A_FORM = 20
NOTHING = "Choose a file."


def room_for_files(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Only who is signed in may send more than a form holds; before anything reads the request."""
    if endpoint == "register.send_files" and request.method == "POST" and present_or_none() is not None:
        request.max_content_length = LARGEST_REQUEST


def evidence(project_id: UUID) -> ResponseReturnValue:
    return _shown(opened(project_id), FilesForm(), 200)


def send_files(project_id: UUID) -> ResponseReturnValue:
    draft, form = opened(project_id), FilesForm()
    if not form.validate():
        return _shown(draft, form, REFUSED)
    sent = [each for each in form.files.data or () if isinstance(each, FileStorage) and each.filename]
    if not sent or len(sent) > MOST_IN_A_FORM:
        form.files.errors = [
            f"At most {MOST_IN_A_FORM} files at once: send the others after these." if sent else NOTHING
        ]
        return _shown(draft, form, REFUSED)
    incoming = [Incoming(each.filename or "", each.stream.read(MOST_A_FILE + 1)) for each in sent]
    with sessions()() as database:
        received = receiving.add_files(database, current_actor(), project_id, incoming)
    _tell(received)
    if not received.refused:
        return redirect(url_for("register.evidence", project_id=project_id))
    form.files.errors = [f"“{each.name}” was not stored: {each.why}." for each in received.refused]
    every_one_too_large = all(each.too_large for each in received.refused)
    return _shown(opened(project_id), form, TOO_LARGE if every_one_too_large else NOT_TAKEN)


def rename_file(project_id: UUID, file_id: UUID) -> ResponseReturnValue:
    draft, form = opened(project_id), TitleForm()
    if not form.validate_on_submit():
        return _back(draft, form, file_id, [*form.title.errors])
    typed = form.title.data or ""
    try:
        with sessions()() as database:
            held_evidence.rename(database, current_actor(), project_id, file_id, form.version.number, typed)
    except StaleVersion as error:
        return _back(draft, None, file_id, [str(error)], status=CONFLICT, typed=typed)
    except DomainError as error:
        return _back(draft, None, file_id, [str(error)], typed=typed)
    flash(f"The file is called “{typed}” now.", "good")
    return redirect(_place_of(project_id, file_id))


def link_file(project_id: UUID, file_id: UUID) -> ResponseReturnValue:
    draft, form = opened(project_id), PlaceForm()
    form.ask(_answers(draft))
    if not form.validate_on_submit():
        return _back(draft, form, file_id, [error for errors in form.errors.values() for error in errors])
    try:
        with sessions()() as database:
            linked = held_evidence.link(
                database, current_actor(), project_id, file_id, form.indicator.data or "", form.place.data or ""
            )
    except DomainError as error:
        return _back(draft, form, file_id, [str(error)])
    flash(f"“{linked.title}” stands behind {form.indicator.data}.", "good")
    return redirect(_place_of(project_id, file_id))


def unlink_file(project_id: UUID, file_id: UUID) -> ResponseReturnValue:
    if ClosingForm().validate_on_submit():
        link_id = request.form.get("link", type=key_of)
        with sessions()() as database:
            held_evidence.unlink(database, current_actor(), project_id, file_id, link_id)
        flash("The link is taken away; the file stays.", "good")
    return redirect(_place_of(project_id, file_id))


def remove_file(project_id: UUID, file_id: UUID) -> ResponseReturnValue:
    version = request.form.get("version", type=whole)
    if version is not None and ClosingForm().validate_on_submit():
        with sessions()() as database:
            title = held_evidence.remove(database, current_actor(), project_id, file_id, version)
        flash(f"“{title}” is removed from the draft. What was sent before keeps it.", "good")
    else:
        opened(project_id)
    return redirect(url_for("register.evidence", project_id=project_id))


def _answers(draft: Draft) -> dict[str, str]:
    return {item.id: f"{item.id} {item.title}" for item in answerable(draft.framework.indicators)}


def _place_of(project_id: UUID, file_id: UUID) -> str:
    return url_for("register.evidence", project_id=project_id) + f"#file-{file_id}"


def _tell(received: Received) -> None:
    if received.taken:
        count = len(received.taken)
        named = f"“{received.taken[0].title}” is" if count == 1 else f"{count} files are"
        flash(f"{named} stored. Link {'it' if count == 1 else 'each'} to the answers behind which it stands.", "good")
    for file in received.there_already:
        flash(f"“{file.title}” was there already, with the same contents.", "warn")
    for title in received.tell_where:
        flash(f"The picture “{title}” says where it was taken. Everyone who reads the project can see that.", "warn")


def _back(
    draft: Draft, form: object, file_id: UUID, errors: list[str], *, status: int = REFUSED, typed: str = ""
) -> ResponseReturnValue:
    """The page again, with what was wrong at the file it was about, and what was typed."""
    problems = [{"text": error, "href": f"#file-{file_id}"} for error in errors]
    typed = typed or (request.form.get("title") or "")
    return _shown(draft, FilesForm(formdata=None), status, about=file_id, problems=problems, typed=typed, placed=form)


def _shown(draft: Draft, form: FilesForm, status: int, **more: object) -> ResponseReturnValue:
    with sessions()() as database:
        held = held_evidence.held_by(database, current_actor(), draft.project_id)
    answers = _answers(draft)
    asked = request.args.get("for", "")
    return page(
        "register/evidence.html",
        draft,
        "evidence",
        status,
        form=form,
        held=held,
        answers=answers,
        asked=asked if asked in answers else "",
        allowed=ALLOWED,
        limits={
            "file": file_size(MOST_A_FILE),
            "request": file_size(MOST_AT_ONCE),
            "project": file_size(MOST_A_PROJECT),
            "organisation": file_size(MOST_AN_ORGANISATION),
            "files": MOST_FILES,
        },
        **{"about": None, "problems": [], "typed": "", "placed": None, **more},
    )
