"""Published decisions: all of them for those who read decisions, one letter for everyone it concerns."""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from appraisal import policy
from appraisal.models import DecisionOutcome, ProjectState
from appraisal.policy import Action
from appraisal.services import decisions, obligations
from appraisal.web.downloads import attachment
from appraisal.web.identity import current_actor, sessions
from forms.deciding import OUTCOMES, REASONS


def published() -> ResponseReturnValue:
    asked = request.args.get("outcome", "")
    outcome = DecisionOutcome(asked) if asked in OUTCOMES else None
    with sessions()() as database:
        found = decisions.published(database, current_actor(), outcome)
    return render_template(
        "decide/published.html",
        decisions=found,
        outcome=outcome,
        outcomes=OUTCOMES,
        reasons=REASONS,
        may_decide=policy.allows(current_actor(), Action.DECIDE_PROJECT, project_state=ProjectState.REJECTED),
    )


def letter(decision_id: UUID) -> ResponseReturnValue:
    with sessions()() as database:
        told = decisions.decision_told(database, current_actor(), decision_id)
    with sessions()() as database:
        held = obligations.owed(database, current_actor(), project_id=told.project_id)
    accepted = {each.gate for each in told.letter.conditions if each.gate and told.replaced_by is None}
    return render_template(
        "decide/letter.html",
        told=told,
        held=[each for each in held if each.decision_id == told.id or each.gate in accepted],
        reads=policy.allows(current_actor(), Action.READ_DECISIONS),
    )


def document(decision_id: UUID) -> ResponseReturnValue:
    """The very bytes that the digest is of."""
    with sessions()() as database:
        told = decisions.decision_told(database, current_actor(), decision_id)
    return attachment(told.document.encode(), f"{told.reference}-decision-{told.number}.json", "application/json")
