"""Scenarios that change inputs: their list, editing one, running it over the whole round, and what it found."""

from typing import cast
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict

from appraisal import policy
from appraisal.policy import Action, NotFound
from appraisal.services import portfolio_scenarios, scenario_outcomes, scenario_runs
from appraisal.services.errors import AlreadyThere, DomainError, StaleVersion
from appraisal.services.portfolio_scenarios import Defined, Definition
from appraisal.services.scenario_outcomes import Looked
from appraisal.services.worker import Woken
from appraisal.web.identity import current_actor, sessions, signed_in
from appraisal.web.programme_charts import slope
from appraisal.web.register.journey import differences
from appraisal.web.scenario_words import (
    changes_text,
    given_up_text,
    headline,
    listed,
    moved_text,
    progress_text,
    state_words,
)
from appraisal.web.what_if import asked
from forms.administration import ClosingForm
from forms.scenario_runs import ASKED, WEIGHT, filled, scenario_form
from scoring.errors import InputError

pages = Blueprint("portfolio_runs", __name__)
REFUSED, CONFLICT = 422, 409
MOST_COMPARED = 4


@pages.get("/portfolio/scenario-runs")
@signed_in
def listed_all() -> ResponseReturnValue:
    with sessions()() as database:
        found, progress = scenario_outcomes.progress_of(database, current_actor())
        outdated = scenario_outcomes.outdated_of(database, current_actor(), found)
    lines = [(item, changes_text(item.changes, _titles(found)), progress.get(item.key)) for item in found.definitions]
    return render_template(
        "portfolio/runs.html",
        round=found.held,
        lines=lines,
        outdated=outdated,
        state_words=state_words,
        **_frame(),
    )


@pages.route("/portfolio/scenario-runs/new", methods=["GET", "POST"])
@signed_in
def new() -> ResponseReturnValue:
    """`from` names the scenario whose figures the form starts with."""
    policy.require(current_actor(), Action.RUN_SCENARIO)
    found = _defined()
    pattern = next((item for item in found.definitions if item.key == request.args.get("from")), None)
    form = _form(found, filled(pattern.changes) if pattern else {})
    if form.validate_on_submit():
        try:
            with sessions()() as database:
                key = portfolio_scenarios.add_scenario(
                    database,
                    current_actor(),
                    name=form.name.data or "",
                    reason=form.reason.data or "",
                    changes=form.changes,
                )
        except (DomainError, InputError) as refused:
            _at_field(form, refused)
        else:
            flash(f"{form.name.data} is saved.", "good")
            return redirect(url_for(".shown", key=key))
    return _edited(form, found, None), REFUSED if form.is_submitted() else 200


@pages.route("/portfolio/scenario-runs/<uuid:scenario_id>/edit", methods=["GET", "POST"])
@signed_in
def edit(scenario_id: UUID) -> ResponseReturnValue:
    policy.require(current_actor(), Action.RUN_SCENARIO)
    found = _defined()
    definition = found.named(str(scenario_id))
    kept = filled(definition.changes) | {"name": definition.title, "reason": definition.summary}
    kept["version"] = str(definition.version)
    form, status = _form(found, kept), 200
    stored: list[tuple[str, str]] = []
    if form.is_submitted():
        status = REFUSED
        if form.validate():
            try:
                with sessions()() as database:
                    portfolio_scenarios.change_scenario(
                        database,
                        current_actor(),
                        scenario_id,
                        form.version.number,
                        name=form.name.data or "",
                        reason=form.reason.data or "",
                        changes=form.changes,
                    )
            except StaleVersion:
                status, stored = CONFLICT, differences(form, _form(found, kept, fresh=True))
                form.version.data = kept["version"]
            except (DomainError, InputError) as refused:
                _at_field(form, refused)
            else:
                flash("Saved. Run it again to see what changes.", "good")
                return redirect(url_for(".shown", key=scenario_id))
    return _edited(form, found, definition, stored), status


@pages.get("/portfolio/scenario-runs/<key>")
@signed_in
def shown(key: str) -> ResponseReturnValue:
    """How far its newest run is, and what the newest one that ended found."""
    with sessions()() as database:
        looked = scenario_outcomes.look(database, current_actor(), key)
    found, outcome, progress = _defined(), looked.outcome, looked.progress
    return render_template(
        "portfolio/run.html",
        looked=looked,
        definition=looked.definition,
        progress=progress,
        progress_said=progress_text(progress, counted=_counted()) if progress else "",
        counted=_counted(),
        outcome=outcome,
        changes=changes_text(looked.definition.changes, _titles(found)),
        title=headline(outcome) if outcome else _without_outcome(looked),
        criteria=found.criteria,
        entering=[(row, moved_text(outcome, row)) for row in outcome.entering] if outcome else [],
        leaving=[(row, moved_text(outcome, row)) for row in outcome.leaving] if outcome else [],
        given_up=given_up_text(outcome) if outcome else [],
        outdated=listed(outcome.outdated) if outcome else "",
        chart=slope(outcome.base, outcome.under, "the record", outcome.title) if outcome else None,
        **_frame(),
    )


@pages.get("/portfolio/scenario-runs/<key>/progress")
@signed_in
def progress(key: str) -> ResponseReturnValue:
    """How far the newest run is, for the page that shows its bar."""
    with sessions()() as database:
        found, jobs = scenario_outcomes.progress_of(database, current_actor())
    found.named(key)
    if key not in jobs:
        raise NotFound
    job = jobs[key]
    return {
        "unfinished": job.unfinished,
        "part": job.done / max(1, job.total),
        "text": progress_text(job, counted=_counted()),
    }


@pages.post("/portfolio/scenario-runs/<key>/run")
@signed_in
def run(key: str) -> ResponseReturnValue:
    policy.require(current_actor(), Action.RUN_SCENARIO)
    if ClosingForm().validate_on_submit():
        with sessions()() as database:
            scenario_runs.request_run(database, current_actor(), key)
        cast("Woken", current_app.extensions["worker"]).wake()
    return redirect(url_for(".shown", key=key))


@pages.post("/portfolio/scenario-runs/<key>/cancel")
@signed_in
def cancel(key: str) -> ResponseReturnValue:
    policy.require(current_actor(), Action.RUN_SCENARIO)
    if ClosingForm().validate_on_submit():
        with sessions()() as database:
            cancelled = scenario_runs.cancel_run(database, current_actor(), key)
        flash("The run is cancelled." if cancelled else "The run had ended already.", "good" if cancelled else "warn")
    return redirect(url_for(".shown", key=key))


@pages.get("/portfolio/scenario-runs/compare")
@signed_in
def compared() -> ResponseReturnValue:
    """Two to four scenarios that were run, side by side."""
    with sessions()() as database:
        found, jobs = scenario_outcomes.progress_of(database, current_actor())
    keys = list(dict.fromkeys(request.args.getlist("with")))
    with sessions()() as database:
        looked = scenario_outcomes.looked_at(database, current_actor(), keys[:MOST_COMPARED])
    columns = [(item, item.outcome) for item in looked if item.outcome is not None]
    rows = _side_by_side(looked)
    return render_template(
        "portfolio/compared_runs.html",
        round=found.held,
        offered=[item for item in found.definitions if item.key in jobs],
        chosen=keys,
        too_many=len(keys) > MOST_COMPARED,
        not_run=[item.definition.title for item in looked if item.outcome is None],
        columns=columns,
        rows=rows,
        criteria=found.criteria,
        headline=headline,
        references=lambda moved: listed([row.reference for row in moved]) or "nobody",
        **_frame(),
    )


def _side_by_side(looked: tuple[Looked, ...]) -> list[tuple[str, str, list[tuple[int, bool] | None]]]:
    """Reference, title, and by column rank and whether it is funded; only projects that one column moves."""
    outcomes = [item.outcome for item in looked if item.outcome is not None]
    if not outcomes:
        return []
    titles = {row.reference: row.title for outcome in outcomes for row in outcome.base.everyone}
    moved = {row.reference for outcome in outcomes for row in (*outcome.entering, *outcome.leaving)}
    sides = [{row.reference: row for row in outcome.under.everyone} for outcome in outcomes]
    bases = [{row.reference: row for row in outcome.base.everyone} for outcome in outcomes]
    base = max(bases, key=len)
    return [
        (
            name,
            titles[name],
            [(side[name].rank, side[name].funded) if name in side else None for side in (base, *sides)],
        )
        for name in sorted(moved, key=lambda name: (base[name].rank if name in base else 0, name))
    ]


def _without_outcome(looked: Looked) -> str:
    running = looked.progress is not None and looked.progress.unfinished
    return f"{looked.definition.title} is being computed" if running else f"{looked.definition.title} was not run yet"


def _defined() -> Defined:
    with sessions()() as database:
        return portfolio_scenarios.defined(database, current_actor())


def _titles(found: Defined) -> dict[str, str]:
    return {key: title for key, title, _ in found.criteria}


def _form(found: Defined, values: dict[str, str], *, fresh: bool = False) -> FlaskForm:
    made = scenario_form(_titles(found))
    return made(formdata=None, data=values) if fresh else made(data=values)


def _edited(
    form: FlaskForm, found: Defined, definition: Definition | None, stored: list[tuple[str, str]] | tuple[()] = ()
) -> str:
    return render_template(
        "portfolio/edit_scenario.html",
        form=form,
        definition=definition,
        stored=stored,
        figures=[form[item.name] for item in ASKED],
        weights=[(form[f"{WEIGHT}{key}"], weight) for key, _, weight in found.criteria],
        round=found.held,
    )


def _at_field(form: FlaskForm, refused: DomainError | InputError) -> None:
    """A name that is taken at the name, weights at the first weight, what is about all figures at the first of them."""
    if isinstance(refused, AlreadyThere):
        form.name.errors = [str(refused)]
    elif isinstance(refused, InputError) and form.criteria:
        form[f"{WEIGHT}{form.criteria[0]}"].errors = [refused.problems[0].message]
    else:
        form[ASKED[0].name].errors = [str(refused)]


def _counted() -> bool:
    """Whether whoever looks sees every project, and so may know how many there are."""
    return policy.allows(current_actor(), Action.READ_SCENARIOS)


def _frame() -> dict[str, object]:
    """What the pages of the portfolio share: its sub-navigation, and whether one may run and edit."""
    return {
        "page": asked(arguments=MultiDict()),
        "may_run": policy.allows(current_actor(), Action.RUN_SCENARIO),
        "closing": ClosingForm(),
    }
