"""Published decisions: all of them for those who read decisions, one letter for everyone it concerns."""

from datetime import datetime
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from appraisal import policy
from appraisal.models import DecisionOutcome, ProjectState
from appraisal.policy import Action
from appraisal.services import decisions, obligations, publishing
from appraisal.services.letters import Condition, Letter
from appraisal.web.downloads import attachment
from appraisal.web.formatting import day
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


def pending_pdf(project_id: UUID) -> ResponseReturnValue:
    """The letter of a pending decision, one project a file, in the words that will be sent."""
    actor = current_actor()
    with sessions()() as database:
        pending, text = publishing.pending_on(database, actor, project_id)
    reference = pending.candidate.project.reference if pending.candidate else ""
    return _pdf(text, reference, "Not published yet", actor.name, pending.row.changed_at)


def pdf(decision_id: UUID) -> ResponseReturnValue:
    with sessions()() as database:
        told = decisions.decision_told(database, current_actor(), decision_id)
    return _pdf(told.letter, told.reference, f"Decision {told.number}", told.by, told.at)


def _pdf(letter: Letter, reference: str, standing: str, author: str, moment: datetime) -> ResponseReturnValue:
    from appraisal.reports.letter import LetterText, letter_pdf  # noqa: PLC0415 -- only where a letter is made

    made = LetterText(
        heading=letter.heading,
        reference=reference,
        paragraphs=letter.paragraphs,
        conditions=[_bound(each) for each in letter.conditions],
        standing=standing,
        author=author,
        moment=moment,
    )
    return attachment(letter_pdf(made), f"{reference}-letter.pdf", "application/pdf")


def _bound(condition: Condition) -> str:
    """What must be done, by whom, by when, as the page says it."""
    return f"{condition.text} {condition.who}, by {day(condition.due)}{condition.stands_in}"


def document(decision_id: UUID) -> ResponseReturnValue:
    """The very bytes that the digest is of."""
    with sessions()() as database:
        told = decisions.decision_told(database, current_actor(), decision_id)
    return attachment(told.document.encode(), f"{told.reference}-decision-{told.number}.json", "application/json")
