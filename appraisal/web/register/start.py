"""The planner's own projects, the start page, and the first form."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appraisal import policy
from appraisal.demo import example_project
from appraisal.models import Project, ProjectState
from appraisal.policy import Action
from appraisal.reading.problems import Unreadable
from appraisal.reading.project_file import read_project
from appraisal.services import decisions, drafting, keeping, listing, round_frameworks
from appraisal.transactions import reading
from appraisal.web.carrying import someone_elses, told_to_browser
from appraisal.web.identity import current_actor, sessions
from appraisal.web.kept import kept_part
from appraisal.web.register.facts import PROJECT, file_from
from appraisal.web.register.journey import REFUSED, Outcome, broken_rules, opened
from appraisal.web.register.saving import KEEP, RESUME, SOMEONE_ELSES, typed_fields
from appraisal.web.register.similar import similar_to
from forms.ids import key_of
from forms.registration.project import ProjectForm
from scoring.project_file import CashFlows, ProjectFile


def mine() -> ResponseReturnValue:
    with sessions()() as database, reading(database):
        listed = listing.own_projects(database, current_actor())
        told = decisions.outcomes(database, current_actor())
        since = round_frameworks.asked_since(database, current_actor())
    rows = [
        kept_part(
            "register/own_project.html",
            project=project,
            letter=told.get(project.project_id),
            asked=len(since.get(project.project_id, ())),
        )
        for project in listed
    ]
    drafts = sum(project.state is ProjectState.DRAFT for project in listed)
    return render_template("register/mine.html", rows=rows, drafts=drafts)


def start() -> ResponseReturnValue:
    policy.require(current_actor(), Action.CREATE_PROJECT)
    with sessions()() as database:
        opening = listing.opening(database, current_actor())
    return render_template("register/start.html", opening=opening, key=uuid4())


def new() -> ResponseReturnValue:
    policy.require(current_actor(), Action.CREATE_PROJECT)
    with sessions()() as database:
        opening = listing.opening(database, current_actor())
    form = ProjectForm(data=opening.defaults)
    if form.is_submitted() and request.form.get("step") == RESUME and not someone_elses():
        form.validate()
        return _new_page(form, Outcome(resumed=True))
    problems = [{"text": SOMEONE_ELSES}] if someone_elses() else []
    if form.validate_on_submit() and not problems:
        first_year, years = form.first_year.number or 0, form.years.number or 0
        try:
            project = _started(form.key.key, file_from(form, _empty(first_year)), years)
        except Unreadable as error:
            problems = broken_rules(error)
        else:
            flash(f"Saved as the draft {project.reference}.", "good")
            return redirect(url_for("register.tasks", project_id=project.id))
    elif request.form.get("step") == KEEP and not problems and not form.key.errors:
        return _kept_draft(form, opening.defaults)
    return _new_page(form, Outcome(REFUSED if form.is_submitted() else 200, problems=problems, foreign=someone_elses()))


def _new_page(form: ProjectForm, outcome: Outcome) -> ResponseReturnValue:
    return render_template("register/project.html", form=form, draft=None, outcome=outcome, similar=()), outcome.status


def _empty(first_year: int) -> ProjectFile:
    return ProjectFile(reference="new", title="new", currency="USD", cash_flows=CashFlows(first_year=first_year))


def _started(key: UUID, file: ProjectFile, years: int) -> Project:
    with sessions()() as database:
        project = drafting.start_project(database, current_actor(), key, file, years=years)
    told_to_browser(url_for("register.new"))
    _warn_of_namesakes(project.id, file.title)
    return project


def _kept_draft(form: ProjectForm, defaults: Mapping[str, object]) -> ResponseReturnValue:
    """A draft of what there is: its name where it reads, the usual money, and the page as it was typed."""
    name = form.title.data if form.title.data and not form.title.errors else "Untitled project"
    first_year, years = int(str(defaults["first_year"])), int(str(defaults["years"]))
    file = replace(_empty(first_year), title=name, currency=str(defaults["currency"]))
    project = _started(form.key.key, file, years)
    draft = opened(project.id)
    if PROJECT not in draft.kept:
        with sessions()() as database:
            keeping.keep_text(
                database, current_actor(), project.id, draft.version, PROJECT, typed_fields(form), text=None
            )
    flash(f"Kept as the draft {project.reference}, as you typed it.", "good")
    return redirect(url_for("register.tasks", project_id=project.id))


def _warn_of_namesakes(project_id: UUID, title: str) -> None:
    """The same name may be right: it is said, and nothing is stopped."""
    for other in similar_to(title, but=project_id):
        flash(f"It looks like {other.reference}, “{other.title}”. Is it the same project?", "warn")


def example() -> ResponseReturnValue:
    """A filled draft to look around in; a button pressed twice makes one."""
    key = request.form.get("key", type=key_of) or uuid4()
    with sessions()() as database:
        project = drafting.start_project(
            database, current_actor(), key, read_project(example_project()), years=drafting.SHORTEST_TABLE
        )
    flash("This is a filled example. Change what you like; nothing is sent until you send it.", "good")
    return redirect(url_for("register.tasks", project_id=project.id))
