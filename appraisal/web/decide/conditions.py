"""Conditions and obligations: what is owed on which project, by whom, until when, and recording that it is met."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appraisal import policy
from appraisal.policy import Action, NotAllowed
from appraisal.services import obligations
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.obligations import Owed, Standing
from appraisal.web.identity import current_actor, sessions
from forms.deciding import STANDINGS, YOURS, EvidenceForm

REFUSED, CONFLICT = 422, 409


def conditions() -> ResponseReturnValue:
    asked = request.args.get("state", "")
    shown = asked if asked in STANDINGS else ""
    with sessions()() as database:
        found = obligations.owed(database, current_actor())
    return render_template(
        "decide/conditions.html",
        lines=[each for each in found if _fits(each, shown)],
        counted=obligations.counted(found),
        total=len(found),
        shown=shown,
        states=STANDINGS,
        decides=policy.allows(current_actor(), Action.READ_DECISIONS),
    )


def _fits(each: Owed, shown: str) -> bool:
    if shown == YOURS:
        return each.mine and each.standing is not Standing.MET
    return not shown or each.standing.value == shown


def meet(condition_id: UUID) -> ResponseReturnValue:
    """What shows that it is met; typed text stays whatever comes between."""
    actor = current_actor()
    obligations.require_meeting(actor)
    with sessions()() as database:
        held = obligations.one(database, actor, condition_id)
    if held.standing is Standing.MET and request.method == "GET":
        return redirect(url_for(".conditions", state="met"))
    if held.standing is not Standing.MET and not held.may_meet:
        raise NotAllowed(Action.MEET_OBLIGATION if held.gate else Action.MEET_CONDITION)
    form = EvidenceForm(data={"version": str(held.version)})
    status, problem = REFUSED if form.is_submitted() else 200, ""
    if form.validate_on_submit():
        try:
            with sessions()() as database:
                obligations.meet(database, actor, condition_id, form.version.number, form.evidence.data or "")
        except StaleVersion as error:
            form.version.data, status, problem = str(held.version), CONFLICT, str(error)
        except DomainError as error:
            problem = str(error)
        else:
            flash(f"Recorded as met: {held.text}", "good")
            return redirect(url_for(".conditions"))
    return render_template("decide/met.html", form=form, held=held, problem=problem), status
