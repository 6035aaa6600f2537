"""Which round scores by which framework version, and moving one to another with the counts shown first."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from appraisal.services import frameworks, round_frameworks
from appraisal.services.round_frameworks import MovePlan
from appraisal.web.identity import current_actor, sessions
from appraisal.web.register.journey import REFUSED
from forms.frameworks.life import MoveForm
from forms.ids import key_or
from scoring.frameworks.changes import ChangeKind


def listed_rounds() -> ResponseReturnValue:
    with sessions()() as database:
        rounds = frameworks.rounds_with_frameworks(database, current_actor())
    return render_template("frameworks/rounds.html", rounds=rounds)


def choices(round_id: UUID) -> ResponseReturnValue:
    with sessions()() as database:
        held, versions = round_frameworks.choices_for(database, current_actor(), round_id)
    return render_template("frameworks/round.html", held=held, versions=versions)


def move_round(round_id: UUID, version_id: UUID) -> ResponseReturnValue:
    """Show what the move means, and do it; where the round was moved meanwhile, say so instead."""
    form = MoveForm()
    if form.validate_on_submit():
        with sessions()() as database:
            plan = round_frameworks.move_round(
                database, current_actor(), round_id, version_id, expected=_id(form.expected.data)
            )
        flash(_moved(plan), "good")
        return redirect(url_for("portfolio.ranked"))
    with sessions()() as database:
        plan = round_frameworks.plan_of(database, current_actor(), round_id, version_id)
    form.expected.data = str(plan.before.id)
    status = REFUSED if form.is_submitted() else 200
    return render_template("frameworks/move.html", plan=plan, form=form), status


def _moved(plan: MovePlan) -> str:
    if plan.change.kind in (ChangeKind.NONE, ChangeKind.WORDING):
        return f"{plan.round.name} now scores by {plan.after.name}. Every run is kept."
    return (
        f"{plan.round.name} now scores by {plan.after.name}. Appraise the projects that wait: "
        "the runs by the former version stay on record."
    )


def _id(text: str | None) -> UUID:
    """The version a form names; a damaged one names none."""
    return key_or(text, UUID(int=0))
