"""The conditions of decisions: which are open, late or met, and recording that one is met."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appraisal import policy
from appraisal.policy import Action
from appraisal.services import decisions
from appraisal.services.decisions import ConditionState
from appraisal.services.errors import DomainError
from appraisal.web.identity import current_actor, sessions
from forms.deciding import CONDITION_STATES, EvidenceForm

REFUSED = 422


def conditions() -> ResponseReturnValue:
    asked = request.args.get("state", "")
    shown = asked if asked in CONDITION_STATES else ""
    with sessions()() as database:
        found = decisions.conditions(database, current_actor())
    return render_template(
        "decide/conditions.html",
        lines=[each for each in found if not shown or each.state.value == shown],
        counted=decisions.counted(found),
        total=len(found),
        shown=shown,
        states=CONDITION_STATES,
        may_meet=policy.allows(current_actor(), Action.MEET_CONDITION),
    )


def meet(condition_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    policy.require(actor, Action.MEET_CONDITION)
    with sessions()() as database:
        held = decisions.condition(database, actor, condition_id)
    form, problem = EvidenceForm(), ""
    if form.validate_on_submit():
        try:
            with sessions()() as database:
                decisions.meet(database, actor, condition_id, form.evidence.data or "")
        except DomainError as error:
            problem = str(error)
        else:
            flash(f"Recorded as met: {held.text}", "good")
            return redirect(url_for(".conditions"))
    if held.state is ConditionState.MET and not form.is_submitted():
        return redirect(url_for(".letter", decision_id=held.decision_id))
    status = REFUSED if form.is_submitted() else 200
    return render_template("decide/met.html", form=form, held=held, problem=problem), status
