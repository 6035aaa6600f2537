"""The frameworks there are, a version as it was published, copies and imports."""

from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appraisal import policy
from appraisal.policy import Action
from appraisal.reading.problems import Unreadable
from appraisal.services import framework_drafts, frameworks
from appraisal.services.frameworks import ListedVersion, framework_of
from appraisal.web.downloads import attachment
from appraisal.web.frameworks.drafts import sentence
from appraisal.web.identity import current_actor, sessions
from appraisal.web.register.journey import REFUSED
from forms.administration import ClosingForm
from forms.frameworks.life import NEW, CloneForm, ImportForm
from forms.ids import key_or
from scoring.errors import InputError
from scoring.frameworks.vocabulary import CONDITIONS, FIGURES, METHODS, RULES


def listed() -> ResponseReturnValue:
    with sessions()() as database:
        found = frameworks.list_frameworks(database, current_actor())
    return render_template("frameworks/listed.html", found=found, may_write=_may_write())


def _may_write() -> bool:
    return policy.allows(current_actor(), Action.MANAGE_FRAMEWORKS)


def version(version_id: UUID) -> ResponseReturnValue:
    shown = _version(version_id)
    return render_template(
        "frameworks/version.html",
        shown=shown,
        framework=framework_of(shown.version),
        may_write=_may_write(),
        words={"rules": RULES, "figures": FIGURES, "conditions": CONDITIONS, "methods": METHODS},
    )


def _version(version_id: UUID) -> ListedVersion:
    with sessions()() as database:
        return frameworks.version_of(database, current_actor(), version_id)


def version_file(version_id: UUID) -> ResponseReturnValue:
    row = _version(version_id).version
    return attachment(row.document.encode(), f"{row.name}.json", "application/json")


def take_into_use(key: str) -> ResponseReturnValue:
    policy.require(current_actor(), Action.MANAGE_FRAMEWORKS)
    if ClosingForm().validate_on_submit():
        with sessions()() as database:
            row = frameworks.take_into_use(database, current_actor(), key)
        flash(f"{row.title} can be chosen by rounds now.", "good")
    return redirect(url_for("frameworks.listed"))


def clone(version_id: UUID) -> ResponseReturnValue:
    policy.require(current_actor(), Action.MANAGE_FRAMEWORKS)
    row = _version(version_id).version
    form = CloneForm(draft=str(uuid4()), title=row.title)
    if form.validate_on_submit():
        with sessions()() as database:
            made = framework_drafts.clone(
                database,
                current_actor(),
                version_id,
                _key(form.draft.data),
                title=form.title.data or "",
                new_key=form.kind.data == NEW,
            )
        return redirect(url_for("frameworks.draft", draft_id=made))
    status = REFUSED if form.is_submitted() else 200
    return render_template("frameworks/clone.html", form=form, row=row), status


def import_file() -> ResponseReturnValue:
    policy.require(current_actor(), Action.MANAGE_FRAMEWORKS)
    form = ImportForm(draft=str(uuid4()))
    problems: list[dict[str, str]] = []
    if form.validate_on_submit():
        sent = request.files.get("file")
        text: str | bytes = sent.read() if sent and sent.filename else form.text.data or ""
        try:
            with sessions()() as database:
                made = framework_drafts.import_document(database, current_actor(), text, _key(form.draft.data))
        except InputError as error:
            problems = [{"text": sentence(problem)} for problem in error.problems]
        except Unreadable as error:
            problems = [{"text": str(problem)} for problem in error.problems]
        else:
            flash("The framework was read: it is a draft now.", "good")
            return redirect(url_for("frameworks.draft", draft_id=made))
    status = REFUSED if form.is_submitted() else 200
    return render_template("frameworks/import.html", form=form, problems=problems), status


def retire(version_id: UUID) -> ResponseReturnValue:
    return _retired(version_id, retired=True)


def reinstate(version_id: UUID) -> ResponseReturnValue:
    return _retired(version_id, retired=False)


def _retired(version_id: UUID, *, retired: bool) -> ResponseReturnValue:
    policy.require(current_actor(), Action.MANAGE_FRAMEWORKS)
    if ClosingForm().validate_on_submit():
        with sessions()() as database:
            row = frameworks.set_retired(database, current_actor(), version_id, retired=retired)
        flash(f"{row.name} can {'no longer' if retired else 'again'} be chosen by rounds.", "good")
    return redirect(url_for("frameworks.listed"))


def _key(text: str | None) -> UUID:
    """The id a form proposed for what it makes; a damaged one is made anew."""
    return key_or(text, uuid4())
