"""Conditions accepted in place of a passed gate, and the obligations that come of them."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appraisal import policy
from appraisal.policy import Action
from appraisal.services import obligations
from appraisal.services.errors import DomainError
from appraisal.web.identity import current_actor, sessions
from forms.conditions import ConditionForm, ProofForm
from forms.registration.fields import choices

REFUSED = 422


def listed() -> ResponseReturnValue:
    return _listed(200)


def _listed(status: int, refused: UUID | None = None, problem: str = "") -> ResponseReturnValue:
    actor = current_actor()
    with sessions()() as database:
        owed = obligations.obligations_of(database, actor)
    return render_template(
        "assess/obligations.html",
        owed=owed,
        may_meet=policy.allows(actor, Action.MEET_OBLIGATION),
        refused=refused,
        problem=problem,
        typed=request.form.get("proof", ""),
    ), status


def accept(project_id: UUID, gate: str) -> ResponseReturnValue:
    with sessions()() as database:
        condition = obligations.condition_of(database, current_actor(), project_id, gate)
    form = ConditionForm(owner=str(condition.owner_id))
    form.owner.choices = choices({str(person.id): f"{person.name}, {person.email}" for person in condition.owners})
    if form.validate_on_submit() and (due := form.due.data) is not None:
        try:
            with sessions()() as database:
                obligations.accept_condition(
                    database, current_actor(), project_id, gate, owner_id=UUID(form.owner.data), due=due
                )
        except DomainError as error:
            form.due.errors = [str(error)]
        else:
            flash(f"{condition.gate_title} is accepted as a condition.", "good")
            return redirect(url_for("assess.obligations"))
    status = REFUSED if form.is_submitted() else 200
    return render_template("assess/condition.html", form=form, condition=condition), status


def met(obligation_id: UUID) -> ResponseReturnValue:
    form = ProofForm()
    if not form.validate_on_submit():
        return _listed(REFUSED, obligation_id, " ".join(str(message) for message in form.proof.errors))
    with sessions()() as database:
        row = obligations.meet(database, current_actor(), obligation_id, form.version.number, form.proof.data or "")
    flash(f"{row.title} is met.", "good")
    return redirect(url_for("assess.obligations"))
