"""Accepting a condition in place of a passed gate; what comes of it stands with all that is owed."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appraisal.services import accepting
from appraisal.services.errors import DomainError
from appraisal.web.identity import current_actor, sessions
from forms.conditions import ConditionForm
from forms.registration.fields import choices

REFUSED = 422


def listed() -> ResponseReturnValue:
    """The list moved to where all that is owed stands."""
    return redirect(url_for("decide.conditions"), 301)


def accept(project_id: UUID, gate: str) -> ResponseReturnValue:
    with sessions()() as database:
        condition = accepting.condition_of(database, current_actor(), project_id, gate)
    form = ConditionForm(owner=str(condition.owner_id))
    form.owner.choices = choices({str(person.id): f"{person.name}, {person.email}" for person in condition.owners})
    if form.validate_on_submit() and (due := form.due.data) is not None:
        try:
            with sessions()() as database:
                accepting.accept_condition(
                    database, current_actor(), project_id, gate, owner_id=UUID(form.owner.data), due=due
                )
        except DomainError as error:
            form.due.errors = [str(error)]
        else:
            flash(f"{condition.gate_title} is accepted as a condition.", "good")
            return redirect(_back(project_id))
    status = REFUSED if form.is_submitted() else 200
    return render_template("assess/condition.html", form=form, condition=condition), status


def _back(project_id: UUID) -> str:
    """Where the condition was offered: the decision that waits for it, else the list of what is owed."""
    if request.args.get("back") == "decide":
        return url_for("decide.prepare", project=project_id)
    return url_for("decide.conditions")
