"""What the pages of a draft share: its steps, and a change that is stored or refused at its field."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from appraisal.services import framework_drafts
from appraisal.services.errors import StaleVersion
from appraisal.services.framework_drafts import Change, Draft
from appraisal.web.identity import current_actor, sessions
from appraisal.web.register.journey import CONFLICT, REFUSED, Outcome, both_texts
from scoring.errors import InputError, InputProblem

STEPS = (
    ("draft", "Criteria"),
    ("whole", "The whole"),
    ("economics", "Economics"),
    ("references", "Rates and places"),
    ("groups", "Weights"),
    ("aggregated", "Method"),
    ("tried", "Try it"),
    ("publish", "Publish"),
)
Fields = Mapping[str, str]
"""Path of a problem -> the field it is shown at."""


def opened(draft_id: UUID) -> Draft:
    """The draft, for someone who may change it; raises NotFound, NotAllowed."""
    with sessions()() as database:
        return framework_drafts.draft_of(database, current_actor(), draft_id)


def page(template: str, draft: Draft, step: str, status: int = 200, **values: Any) -> ResponseReturnValue:
    """A page of the draft with its steps."""
    shown = [
        {
            "text": text,
            "href": url_for(f"frameworks.{name}", draft_id=draft.id),
            "state": "current" if name == step else "",
        }
        for name, text in STEPS
    ]
    given = {"outcome": Outcome(), **values}
    return render_template(f"frameworks/{template}", draft=draft, steps_shown=shown, **given), status


def outcome_of(
    draft: Draft, form: Any, fresh: Callable[[], Any], change: Change, *, part: str, fields: Fields | None = None
) -> Outcome:
    """Store the change a form was sent for; `fresh` makes the form of what is stored now."""
    if not form.is_submitted():
        return Outcome()
    if not form.validate():
        return Outcome(REFUSED)
    try:
        with sessions()() as database:
            framework_drafts.edit_draft(database, current_actor(), draft.id, form.version.number, change, part=part)
    except StaleVersion:
        other = both_texts(form, fresh())
        form.version.data = str(draft.version)
        return Outcome(CONFLICT, stored=other)
    except InputError as error:
        return Outcome(REFUSED, problems=placed(form, error, fields or {}))
    flash("Saved.", "good")
    return Outcome(saved=True)


def placed(form: Any, error: InputError, fields: Fields) -> list[dict[str, str]]:
    """Each problem at its field; what belongs to no field of this form is listed above it with its path."""
    elsewhere = []
    for problem in error.problems:
        name = fields.get(problem.path)
        if name is None or name not in form:
            elsewhere.append({"text": sentence(problem)})
        else:
            form[name].errors = [*form[name].errors, problem.message[:1].upper() + problem.message[1:]]
    return elsewhere


def sentence(problem: InputProblem) -> str:
    """The problem with its path, as the file names it."""
    return f"{problem.path}: {problem.message}"
