"""What waits for a decision, and keeping one as pending for a project or for several at once."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appraisal import policy
from appraisal.models import DecisionOutcome, PendingDecision, ProjectState
from appraisal.policy import Action
from appraisal.services import deciding, scheduling
from appraisal.services.candidates import Candidate
from appraisal.services.deciding import DecisionList, Listed, Refused, Seen, Wish, conditions_of
from appraisal.services.errors import StaleVersion
from appraisal.services.letters import Condition
from appraisal.web.identity import current_actor, sessions
from forms.administration import ClosingForm
from forms.deciding import OUTCOMES, SHOWN, DecisionForm
from forms.ids import key_of, whole

REFUSED, CONFLICT = 422, 409


def listed() -> ResponseReturnValue:
    with sessions()() as database:
        found = deciding.decision_list(database, current_actor())
    with sessions()() as database:
        standing = scheduling.standing(database, current_actor())
    asked = request.args.get("show", "")
    shown = asked if asked in SHOWN else ""
    return render_template(
        "decide/listed.html",
        found=found,
        lines=_shown(found, shown),
        standing=standing,
        shown=shown,
        choices=SHOWN,
        outcomes=OUTCOMES,
        may_decide=policy.allows(current_actor(), Action.DECIDE_PROJECT, project_state=ProjectState.SUBMITTED),
    )


def _shown(found: DecisionList, shown: str) -> tuple[Listed, ...]:
    if shown == "pending":
        return tuple(line for line in found.lines if line.pending)
    if shown == "undecided":
        return tuple(line for line in found.lines if not line.pending)
    return tuple(line for line in found.lines if not shown or (line.recommended and line.recommended.outcome == shown))


def prepare() -> ResponseReturnValue:
    actor = current_actor()
    policy.require_role(actor, Action.DECIDE_PROJECT)
    ids = [key for text in request.args.getlist("project") if (key := _key(text)) is not None]
    if not ids:
        flash("Tick at least one project to decide on.", "error")
        return redirect(url_for(".listed"))
    with sessions()() as database:
        opened = deciding.opened(database, actor, ids)
        people = deciding.who_may_owe(database, actor, ids)
    form = DecisionForm(data=_typed(opened))
    form.offer({str(each.id): f"{each.name}, {each.organisation.name}, {each.email}" for each in people})
    if not form.is_submitted():
        return _page(form, opened)
    if form.add.data:
        form.add_condition()
        return _page(form, opened)
    if not form.validate():
        return _page(form, opened, REFUSED)
    return _kept(form, opened, _seen(request.form.getlist("seen")))


def _kept(
    form: DecisionForm, opened: Sequence[tuple[Candidate, PendingDecision | None]], seen: Sequence[Seen]
) -> ResponseReturnValue:
    wish = Wish(
        DecisionOutcome(form.outcome.data),
        form.reason_code,
        form.text.data or "",
        tuple(
            Condition(text, owner, due, account=UUID(person) if person else None)
            for text, person, owner, due in form.given_conditions
        ),
    )
    try:
        with sessions()() as database:
            titles = deciding.prepare(database, current_actor(), seen, wish)
    except StaleVersion as error:
        return _page(form, opened, CONFLICT, changed=str(error))
    except Refused as error:
        return _page(form, opened, REFUSED, problems=[{"text": reason} for reason in error.reasons])
    flash(f"Pending: {OUTCOMES[wish.outcome].lower()} {', '.join(titles)}. Nobody is told before you publish.", "good")
    return redirect(url_for(".listed"))


def _page(
    form: DecisionForm,
    opened: Sequence[tuple[Candidate, PendingDecision | None]],
    status: int = 200,
    *,
    changed: str = "",
    problems: Sequence[dict[str, str]] = (),
) -> ResponseReturnValue:
    return render_template(
        "decide/prepare.html",
        form=form,
        opened=opened,
        seen=[_written(Seen.of(candidate)) for candidate, _ in opened],
        changed=changed,
        problems=problems,
        outcomes=OUTCOMES,
    ), status


def _typed(opened: Sequence[tuple[Candidate, PendingDecision | None]]) -> dict[str, Any]:
    """What is pending of a single project, for its form."""
    row = opened[0][1]
    if len(opened) > 1 or row is None:
        return {}
    kept = [
        {
            "text": each.text,
            "person": str(each.account or ""),
            "owner": "" if each.account else each.owner,
            "due": each.due.isoformat(),
        }
        for each in conditions_of(row)
    ]
    return {
        "outcome": row.outcome.value,
        "reason": f"{row.outcome.value}:{row.reason}",
        "text": row.text,
        "conditions": kept or [{}],
    }


def _written(seen: Seen) -> str:
    return f"{seen.project_id}:{seen.run}:{seen.version}"


def _seen(texts: Sequence[str]) -> list[Seen]:
    """What the page said it showed; a line that no page of ours wrote is left out, and its project with it."""
    found = []
    for text in texts:
        key, _, numbers = text.partition(":")
        run, _, version = numbers.partition(":")
        project_id = _key(key)
        with suppress(ValueError):
            if project_id is not None:
                found.append(Seen(project_id, whole(run), whole(version)))
    return found


def _key(text: str) -> UUID | None:
    try:
        return key_of(text)
    except ValueError:
        return None


def drop(project_id: UUID) -> ResponseReturnValue:
    if ClosingForm().validate_on_submit():
        with sessions()() as database:
            deciding.drop(database, current_actor(), project_id)
        flash("The pending decision is dropped.", "good")
    return redirect(url_for(".listed"))
