"""Saving a page of the journey: into the project where it reads, kept as typed where it does not, never over others.

A page is sent as it is by its buttons and, a moment after the last key, by the script. Both come here. `version` is the
project's as the page saw it, `seen` a digest of what the page itself held: a colleague who works on another page of the
same draft is in nobody's way.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, FormField, HiddenField, SubmitField

from appraisal.reading.problems import Unreadable
from appraisal.services import drafting, keeping
from appraisal.services.drafting import Draft
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.keeping import Fields
from appraisal.web.carrying import AUTOSAVE, owner_mark, someone_elses, told_to_browser
from appraisal.web.identity import current_actor, sessions
from appraisal.web.register.journey import (
    CONFLICT,
    REFUSED,
    Outcome,
    after,
    both_texts,
    broken_rules,
    opened,
    section_url,
    values_of,
)
from forms.administration import ClosingForm
from scoring.project_file import ProjectFile

KEEP, RESUME = "keep", "resume"
"""What `step` says, besides AUTOSAVE: kept as a draft whatever is missing; shown again after signing in."""
ATTEMPTS, FORBIDDEN = 3, 403
KEPT = "Kept as you typed it. What does not read yet is marked when you open the page again."
SOMEONE_ELSES = "This was typed under another account. Read it through: saving it makes it yours."


class Make(Protocol):
    """Makes the form of a page: of what was posted, or of `formdata`; with None, of what is stored."""

    def __call__(self, draft: Draft, **given: Any) -> Any: ...


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a draft: the form, and what it makes of the project file (None: typed here, stored elsewhere)."""

    key: str
    make: Make
    change: Callable[[Any, ProjectFile], ProjectFile] | None = None
    years: Callable[[Any], int | None] = lambda _form: None


Show = Callable[[Draft, Any, Outcome], ResponseReturnValue]


def answered(draft: Draft, page: Page, show: Show) -> ResponseReturnValue:
    """The answer to a page of the journey, opened or sent; `show` renders it with its form."""
    if request.method == "POST":
        return _sent(draft, page, show)
    if "state" in request.args:
        return _state(draft, page)
    form, outcome = reopened(draft, page)
    return show(draft, form, outcome)


def _sent(draft: Draft, page: Page, show: Show) -> ResponseReturnValue:
    form, step = page.make(draft), request.form.get("step")
    if step == AUTOSAVE:
        return _refused() if someone_elses() else _told(saved(draft, page, form))
    if step == RESUME or someone_elses():
        form.validate()
        return show(draft, form, shown_again(draft, page))
    outcome = saved(draft, page, form)
    if not outcome.saved and (step != KEEP or outcome.kept is None):
        return show(draft, form, outcome)
    told_to_browser(request.path)
    flash("Saved." if outcome.saved else KEPT, "good")
    tasks = url_for("register.tasks", project_id=draft.project_id)
    return redirect(tasks if step == KEEP else after(draft, page.key))


def reopened(draft: Draft, page: Page) -> tuple[Any, Outcome]:
    """The form as the page shows it: what was typed last, with its errors where it does not read."""
    kept, seen = draft.kept.get(page.key), seen_of(draft, page)
    outcome = Outcome(version=draft.version, seen=seen, kept=kept)
    if kept is None:
        return page.make(draft, formdata=None), outcome
    form = _typed_form(draft, page, kept.fields)
    form.validate()
    return form, outcome


def _typed_form(draft: Draft, page: Page, fields: Fields) -> Any:
    given = MultiDict([*fields, ("csrf_token", generate_csrf()), ("version", str(draft.version))])
    return page.make(draft, formdata=given)


def seen_of(draft: Draft, page: Page) -> str:
    """A digest of what the page holds: another one as soon as anything on it, stored or only kept, is another."""
    kept = draft.kept.get(page.key)
    told = [list(values_of(page.make(draft, formdata=None))), "" if kept is None else kept.revision.hex]
    return sha256(json.dumps(told).encode()).hexdigest()[:20]


def _state(draft: Draft, page: Page) -> ResponseReturnValue:
    """What a page that was left open, or that the browser kept, asks before it goes on."""
    return jsonify(version=draft.version, seen=seen_of(draft, page), csrf_token=generate_csrf(), owner=owner_mark())


def shown_again(draft: Draft, page: Page) -> Outcome:
    """What was sent is shown as it was typed and not stored: after signing in again, or under another account."""
    seen = request.form.get("seen") or seen_of(draft, page)
    if someone_elses():
        return Outcome(CONFLICT, version=draft.version, seen=seen, problems=[{"text": SOMEONE_ELSES}], foreign=True)
    return Outcome(version=draft.version, seen=seen, resumed=request.form.get("step") == RESUME)


def saved(draft: Draft, page: Page, form: Any) -> Outcome:
    """Store what was sent, or keep it as it was typed; where someone else was faster, store nothing."""
    fields = typed_fields(form)
    for _ in range(ATTEMPTS):
        outcome = _settled(draft, page, form, fields)
        if outcome is not None:
            return outcome
        try:
            return _written(draft, page, form, fields)
        except StaleVersion:
            draft = opened(draft.project_id)
    return _conflict(draft, page, form)


def _settled(draft: Draft, page: Page, form: Any, fields: Fields) -> Outcome | None:
    """What to answer without writing: it is there already, or it would overwrite what was not seen."""
    kept = draft.kept.get(page.key)
    current, again = is_current(draft, page, form), request.form.get("step") == AUTOSAVE
    if kept is not None and list(kept.fields) == list(fields):
        return Outcome(version=draft.version, seen=seen_of(draft, page), kept=kept) if again else None
    if kept is None and (again or not current) and _says_what_is_stored(draft, page, form):
        return _stands(draft, page)
    return None if current else _conflict(draft, page, form)


def _says_what_is_stored(draft: Draft, page: Page, form: Any) -> bool:
    """Whether storing the form would change nothing: “1,250” is 1250."""
    if page.change is None or not form.validate():
        return not both_texts(form, page.make(draft, formdata=None))
    return page.change(form, draft.file) == draft.file and page.years(form) in (None, len(draft.years))


def is_current(draft: Draft, page: Page, form: Any) -> bool:
    """Whether nothing on the page has changed since it was made, whatever changed elsewhere in the draft."""
    sent = request.form.get("seen")
    return sent == seen_of(draft, page) if sent else bool(form.version.number == draft.version)


def _conflict(draft: Draft, page: Page, form: Any) -> Outcome:
    """Both texts; sent once more, with the version of now, the typed one replaces the other."""
    kept = draft.kept.get(page.key)
    other = page.make(draft, formdata=None) if kept is None else _typed_form(draft, page, kept.fields)
    texts = both_texts(form, other)
    form.version.data = str(draft.version)
    return Outcome(CONFLICT, version=draft.version, seen=seen_of(draft, page), stored=texts)


def _written(draft: Draft, page: Page, form: Any, fields: Fields) -> Outcome:
    """Into the project, else kept as typed; raises StaleVersion where someone was faster even now."""
    kept, problems = draft.kept.get(page.key), list[dict[str, str]]()
    text, sound = None if kept is None else kept.revision, form.validate()
    if sound and page.change is not None:
        try:
            now = _edited(draft, page, form, text)
            return _stands(now, page) if request.form.get("step") == AUTOSAVE else Outcome(saved=True)
        except Unreadable as error:
            problems = broken_rules(error)
    if page.change is None and not both_texts(form, page.make(draft, formdata=None)):
        with sessions()() as database:
            keeping.discard_text(database, current_actor(), draft.project_id, page.key, text)
        return _after(draft, page)
    try:
        with sessions()() as database:
            keeping.keep_text(database, current_actor(), draft.project_id, draft.version, page.key, fields, text=text)
    except StaleVersion:
        raise
    except DomainError as refused:
        return Outcome(REFUSED, version=draft.version, problems=[*problems, {"text": str(refused)}])
    done = replace(_after(draft, page), status=REFUSED, saved=False, problems=problems)
    form.version.data = str(done.version)
    return done


def _edited(draft: Draft, page: Page, form: Any, text: UUID | None) -> Draft:
    change = page.change
    if change is None:
        raise RuntimeError(f"the page {page.key} is stored elsewhere")
    with sessions()() as database:
        return drafting.edit_draft(
            database,
            current_actor(),
            draft,
            lambda file: change(form, file),
            part=page.key,
            years=page.years(form),
            text=text,
        )


def _after(draft: Draft, page: Page) -> Outcome:
    return _stands(opened(draft.project_id), page)


def _stands(now: Draft, page: Page) -> Outcome:
    return Outcome(saved=True, version=now.version, seen=seen_of(now, page), kept=now.kept.get(page.key))


def _refused() -> ResponseReturnValue:
    return jsonify(problem=SOMEONE_ELSES), FORBIDDEN


def _told(outcome: Outcome) -> ResponseReturnValue:
    """What the script is answered: where the page stands now, or both texts."""
    if outcome.status == CONFLICT:
        return render_template("register/conflict.html", outcome=outcome), CONFLICT
    if not outcome.saved and outcome.kept is None:
        return jsonify(problem=" ".join(problem["text"] for problem in outcome.problems)), REFUSED
    return jsonify(version=outcome.version, seen=outcome.seen, reads=outcome.saved)


def typed_fields(form: Any) -> list[tuple[str, str]]:
    """(name, value) of the form's own fields as they were sent."""
    return [(name, value) for name in _names(form) for value in request.form.getlist(name)]


def _names(form: Any) -> Iterator[str]:
    for field in form:
        if isinstance(field, FormField):
            yield from _names(field.form)
        elif isinstance(field, FieldList):
            yield from _names(field)
        elif not isinstance(field, HiddenField | SubmitField):
            yield field.name


def discard_text(project_id: UUID, part: str) -> ResponseReturnValue:
    """Let go of what was typed on a page and does not read."""
    draft = opened(project_id)
    kept = draft.kept.get(part)
    if kept is None or not ClosingForm().validate_on_submit():
        return redirect(url_for("register.tasks", project_id=project_id))
    if request.form.get("text") != str(kept.revision):
        raise StaleVersion("Someone typed on this page since you looked at it.")
    with sessions()() as database:
        keeping.discard_text(database, current_actor(), project_id, part, kept.revision)
    told_to_browser(section_url(draft, part))
    flash("What was typed and not stored is gone. This is stored.", "good")
    return redirect(section_url(draft, part))
