"""The planner's own projects, the start page, and the first form."""

from uuid import UUID, uuid4

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from appraisal import policy
from appraisal.demo import example_project
from appraisal.policy import Action
from appraisal.reading.problems import Unreadable
from appraisal.reading.project_file import read_project
from appraisal.services import decisions, drafting, listing
from appraisal.web.identity import current_actor, sessions
from appraisal.web.register.facts import file_from
from appraisal.web.register.journey import REFUSED, Outcome, broken_rules
from forms.registration.project import ProjectForm
from scoring.project_file import CashFlows, ProjectFile


def mine() -> ResponseReturnValue:
    with sessions()() as database:
        listed = listing.own_projects(database, current_actor())
    with sessions()() as database:
        told = decisions.latest_decisions(database, current_actor())
    return render_template("register/mine.html", projects=listed, told=told)


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
    problems: list[dict[str, str]] = []
    if form.validate_on_submit():
        empty = ProjectFile(
            reference="new", title="new", currency="USD", cash_flows=CashFlows(first_year=form.first_year.number or 0)
        )
        try:
            with sessions()() as database:
                project = drafting.start_project(
                    database,
                    current_actor(),
                    UUID(form.key.data),
                    file_from(form, empty),
                    years=form.years.number or 0,
                )
        except Unreadable as error:
            problems = broken_rules(error)
        else:
            flash(f"Saved as the draft {project.reference}.", "good")
            _warn_of_namesakes(project.id)
            return redirect(url_for("register.tasks", project_id=project.id))
    status = REFUSED if form.is_submitted() else 200
    return render_template(
        "register/project.html", form=form, draft=None, outcome=Outcome(status, problems=problems)
    ), status


def _warn_of_namesakes(project_id: UUID) -> None:
    """The same name may be right: it is said, and nothing is stopped."""
    with sessions()() as database:
        for other in listing.namesakes(database, current_actor(), project_id):
            flash(f"It looks like {other.reference}, “{other.title}”. Is it the same project?", "warn")


def example() -> ResponseReturnValue:
    """A filled draft to look around in."""
    with sessions()() as database:
        project = drafting.start_project(
            database, current_actor(), uuid4(), read_project(example_project()), years=drafting.SHORTEST_TABLE
        )
    flash("This is a filled example. Change what you like; nothing is sent until you send it.", "good")
    return redirect(url_for("register.tasks", project_id=project.id))
