"""The panel side by side once one's own scores are in: keep or change, and agree."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.policy import Action, Actor, WrongState
from appraisal.services import reconciling
from appraisal.services.assessing import Incomplete
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.reconciling import ComparedIndicator, ComparedPanel, Rating
from appraisal.services.scores import Entry
from appraisal.web.assess.dots import dots
from appraisal.web.assess.scoring import entry_from, entry_values, typed
from appraisal.web.identity import current_actor, sessions
from forms.assessing import score_form
from scoring.result import Figure, Missing

REFUSED, CONFLICT = 422, 409
RELIABLE, TENTATIVE = 0.8, 0.667
"""Krippendorff's own limits: below the second he draws no conclusion."""

Change = Callable[[Session, Actor, UUID, str, int, Entry], None]


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was refused, shown again as it was typed."""

    form: Any
    status: int


def compared(project_id: UUID) -> ResponseReturnValue:
    held = _panel(project_id)
    return render_template(
        "assess/compare.html",
        panel=held,
        drawn={item.indicator.id: dots(item) for item in held.indicators},
        agreement=agreement_words(held.agreement),
    )


def compared_indicator(project_id: UUID, indicator: str) -> ResponseReturnValue:
    held = _panel(project_id)
    return _page(held, held.find(indicator))


def revise(project_id: UUID, indicator: str) -> ResponseReturnValue:
    return _changed(project_id, indicator, "own", reconciling.revise, "Your score is kept with its reason.")


def reconcile(project_id: UUID, indicator: str) -> ResponseReturnValue:
    return _changed(project_id, indicator, "agreed", reconciling.reconcile, "What you agreed on counts from now on.")


def _changed(project_id: UUID, indicator: str, prefix: str, change: Change, done: str) -> ResponseReturnValue:
    held = _panel(project_id)
    item = held.find(indicator)
    form = score_form(item.indicator)(prefix=prefix)
    if not form.validate_on_submit():
        return _page(held, item, {prefix: Sent(form, REFUSED)})
    try:
        with sessions()() as database:
            change(database, current_actor(), project_id, indicator, form.version.number, entry_from(form))
    except Incomplete as error:
        for gap in error.gaps:
            field = "value" if gap.field == "level" and "value" in form else gap.field
            form[field].errors = [*form[field].errors, gap.message]
        return _page(held, item, {prefix: Sent(form, REFUSED)})
    except StaleVersion as error:
        held = _panel(project_id)
        item = held.find(indicator)
        form.version.data = str(held.version if prefix == "own" else item.agreed.version if item.agreed else 0)
        problem = f"{error} It is shown above; what you typed is below. Saving again puts yours in its place."
        return _page(held, item, {prefix: Sent(form, CONFLICT)}, problem=problem)
    except (WrongState, DomainError) as error:
        return _page(_panel(project_id), item, {prefix: Sent(form, CONFLICT)}, problem=str(error), lost=typed(prefix))
    flash(done, "good")
    return redirect(url_for("assess.compared", project_id=project_id))


def _panel(project_id: UUID) -> ComparedPanel:
    with sessions()() as database:
        return reconciling.compare_panel(database, current_actor(), project_id)


def _page(
    held: ComparedPanel,
    item: ComparedIndicator,
    sent: dict[str, Sent] | None = None,
    *,
    problem: str = "",
    lost: Sequence[tuple[str, str]] = (),
) -> ResponseReturnValue:
    refused = sent or {}
    actor = current_actor()
    own = next((rating for rating in item.ratings if rating.member.own), None)
    keep = own is not None and policy.allows(actor, Action.SCORE_PROJECT, project_state=held.state)
    agree = held.several and policy.allows(actor, Action.RECONCILE, project_state=held.state)
    forms = {
        "own": refused["own"].form if "own" in refused else _own_form(held, item, own) if own and keep else None,
        "agreed": refused["agreed"].form if "agreed" in refused else _agreed_form(item) if agree else None,
    }
    place = [each.indicator.id for each in held.indicators].index(item.indicator.id)
    following = held.indicators[place + 1].indicator if place + 1 < len(held.indicators) else None
    return render_template(
        "assess/compare_one.html", panel=held, row=item, drawn=dots(item), own=forms["own"], agreed=forms["agreed"],
        sent=next((each.form for each in refused.values()), None), following=following,
        problem=problem, lost=lost,
    ), next((each.status for each in refused.values()), 200)  # fmt: skip


def _own_form(held: ComparedPanel, item: ComparedIndicator, own: Rating) -> Any:
    values = entry_values(own.last) | {"version": str(held.version)}
    return score_form(item.indicator, save="Keep or change with this reason")(formdata=None, prefix="own", data=values)


def _agreed_form(item: ComparedIndicator) -> Any:
    row = item.agreed
    given = (
        Entry()
        if row is None
        else Entry(
            level=row.level,
            value=row.value,
            unknown=row.level is None and row.value is None,
            evidence=row.evidence,
            reason=row.reason,
        )
    )
    values = entry_values(given) | {"version": str(row.version if row else 0)}
    return score_form(item.indicator, save="We agree on this")(formdata=None, prefix="agreed", data=values)


def agreement_words(alpha: Figure) -> str:
    """What Krippendorff's alpha says, in words."""
    if isinstance(alpha, Missing):
        return {
            "no-pairs": "No indicator was rated by two appraisers yet: agreement cannot be told.",
            "no-variation": "Everybody gave every indicator the same level: there is nothing to tell agreement by.",
        }.get(alpha.reason, "Agreement cannot be told.")
    said = f"Krippendorff’s α is {alpha:.2f}"
    if alpha >= RELIABLE:
        return f"{said}: the panel agrees well enough to rely on."
    if alpha >= TENTATIVE:
        return f"{said}: the panel agrees well enough for tentative conclusions."
    if alpha > 0:
        return f"{said}: too little agreement to conclude anything before the indicators that differ are talked over."
    return f"{said}: no more agreement than chance would give."
