"""A balanced assignment, proposed to the administrator and made when accepted."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appraisal import policy
from appraisal.policy import Action
from appraisal.services import assigning
from appraisal.services.errors import DomainError
from appraisal.web.identity import current_actor, sessions
from forms.administration import ClosingForm
from forms.conditions import MOST_APPRAISERS
from forms.ids import key_of, whole

USUAL = 2
SEPARATOR = "/"


def assignments() -> ResponseReturnValue:
    asked = request.args.get("each", USUAL, type=whole)
    each = min(max(asked, 1), MOST_APPRAISERS)
    with sessions()() as database:
        proposal = assigning.propose(database, current_actor(), each)
    return render_template("assess/assignments.html", proposal=proposal, each=each, most=MOST_APPRAISERS)


def assign_all() -> ResponseReturnValue:
    """Make what is ticked; what has become impossible since is said by name."""
    policy.require_role(current_actor(), Action.ASSIGN_PROJECT)
    done = 0
    if ClosingForm().validate_on_submit():
        for project_id, account_id in _ticked(request.form.getlist("pair")):
            try:
                with sessions()() as database:
                    assigning.assign(database, current_actor(), project_id, account_id)
                done += 1
            except DomainError as error:
                flash(str(error), "error")
        flash(f"{done} assignment{'' if done == 1 else 's'} made.", "good")
    return redirect(url_for("assess.assignments"))


def _ticked(pairs: list[str]) -> list[tuple[UUID, UUID]]:
    found = []
    for pair in pairs:
        first, _, second = pair.partition(SEPARATOR)
        try:
            found.append((key_of(first), key_of(second)))
        except ValueError:
            continue
    return found
