"""Handing a project to another planner."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types

from appraisal.services import drafting, transferring
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.web.identity import current_actor, sessions
from forms.administration import TransferForm
from forms.ids import whole

REFUSED = 422


def transfer(project_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with sessions()() as database:
        held = transferring.ownership_of(database, actor, project_id)
    with sessions()() as database:
        project = drafting.draft_of(database, actor, project_id)
    form = TransferForm(version=str(held.version))
    choices = [SelectChoice(str(person.id), f"{person.name}, {person.organisation.name}") for person in held.receivers]
    form.account.choices = [SelectChoice("", "Choose a planner"), *choices]
    if form.validate_on_submit():
        try:
            with sessions()() as database:
                receiver = transferring.transfer(
                    database, actor, project_id, UUID(form.account.data), _whole(form.version.data)
                )
        except StaleVersion:
            raise
        except DomainError as refused:
            form.account.errors = [str(refused)]
        else:
            flash(f"{project.file.reference} belongs to {receiver.name} of {receiver.organisation.name} now.", "good")
            return redirect(url_for(".record", project_id=project_id))
    status = REFUSED if form.is_submitted() else 200
    return render_template("projects/transfer.html", form=form, held=held, project=project), status


def _whole(text: str | None) -> int:
    """The version that the form was made with; one that is none of ours matches no version."""
    try:
        return whole(text)
    except ValueError:
        return 0
