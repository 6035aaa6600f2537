"""One project: what was sent, what its appraisal says, and running the appraisal."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import ProjectState
from appraisal.policy import Action, Actor
from appraisal.services import appraising, assigning, drafting, listing, registration, reporting
from appraisal.services.assigning import Appraisers
from appraisal.services.errors import DomainError
from appraisal.web.charts import appraisal_charts
from appraisal.web.downloads import attachment
from appraisal.web.identity import current_actor, sessions, signed_in
from forms.administration import ClosingForm
from scoring.errors import InputError
from scoring.limits import DEFAULT_DRAWS

pages = Blueprint("projects", __name__)
SEED = 1


@pages.get("/projects/<uuid:project_id>")
@signed_in
def shown(project_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with sessions()() as database:
        project = drafting.draft_of(database, actor, project_id)
    with sessions()() as database:
        runs = listing.runs_of(database, actor, project_id)
    report = None
    problem = ""
    if runs:
        try:
            with sessions()() as database:
                report = reporting.report_of(database, actor, runs[0].number)
        except DomainError as error:
            problem = str(error)
    return render_template(
        "projects/shown.html",
        project=project,
        runs=runs,
        report=report,
        problem=problem,
        charts=appraisal_charts(report) if report else {},
        may_appraise=policy.allows(actor, Action.APPRAISE_PROJECT, project_state=project.state),
        appraisers=_appraisers(project_id, project.state),
        may_see_panel=policy.allows(actor, Action.READ_PANEL),
        may_accept=policy.allows(actor, Action.ACCEPT_CONDITION, project_state=project.state),
        may_take_back=policy.allows(actor, Action.TAKE_BACK_PROJECT, project_state=project.state),
    )


def _appraisers(project_id: UUID, state: ProjectState) -> Appraisers | None:
    """Who is assigned, for those who may assign."""
    actor = current_actor()
    if not policy.allows(actor, Action.ASSIGN_PROJECT, project_state=state):
        return None
    with sessions()() as database:
        return assigning.appraisers_of(database, actor, project_id)


@pages.post("/projects/<uuid:project_id>/assign")
@signed_in
def assign(project_id: UUID) -> ResponseReturnValue:
    return _assigned(project_id, assigning.assign)


@pages.post("/projects/<uuid:project_id>/unassign")
@signed_in
def unassign(project_id: UUID) -> ResponseReturnValue:
    return _assigned(project_id, assigning.unassign)


def _assigned(project_id: UUID, change: Callable[[Session, Actor, UUID, UUID], None]) -> ResponseReturnValue:
    account = request.form.get("account", type=UUID)
    if account is not None and ClosingForm().validate_on_submit():
        with sessions()() as database:
            change(database, current_actor(), project_id, account)
    return redirect(url_for("projects.shown", project_id=project_id))


@pages.get("/projects/<uuid:project_id>/project.json")
@signed_in
def file(project_id: UUID) -> Response:
    with sessions()() as database:
        reference = drafting.draft_of(database, current_actor(), project_id).file.reference
    with sessions()() as database:
        text = registration.project_document(database, current_actor(), reference)
    return attachment(text.encode(), f"{reference}.json", "application/json")


@pages.post("/projects/<uuid:project_id>/appraise")
@signed_in
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
