"""What is done to a project from its pages: appraising it, and assigning who appraises it."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from appraisal.policy import Actor
from appraisal.services import appraising, assigning
from appraisal.web.identity import current_actor, sessions
from forms.administration import ClosingForm
from forms.ids import key_of
from scoring.errors import InputError
from scoring.limits import DEFAULT_DRAWS

SEED = 1


def appraise(project_id: UUID) -> ResponseReturnValue:
    if ClosingForm().validate_on_submit():
        try:
            with sessions()() as database:
                run = appraising.appraise_project(database, current_actor(), project_id, seed=SEED, draws=DEFAULT_DRAWS)
        except InputError as error:
            for problem in error.problems:
                flash(f"It cannot be appraised: {problem.message} ({problem.path})", "error")
        else:
            flash(f"Appraised with {run.draws:,} draws: run {run.number}.", "good")
    return redirect(url_for("projects.shown", project_id=project_id))


def assign(project_id: UUID) -> ResponseReturnValue:
    return _assigned(project_id, assigning.assign)


def unassign(project_id: UUID) -> ResponseReturnValue:
    return _assigned(project_id, assigning.unassign)


def _assigned(project_id: UUID, change: Callable[[Session, Actor, UUID, UUID], None]) -> ResponseReturnValue:
    account = request.form.get("account", type=key_of)
    if account is not None and ClosingForm().validate_on_submit():
        with sessions()() as database:
            change(database, current_actor(), project_id, account)
    return redirect(url_for("projects.record", project_id=project_id))
