"""An indicator that moves to another criterion: what every indicator of the two weighs before and after, then saved."""

from dataclasses import dataclass
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from appraisal.policy import NotFound
from appraisal.services.framework_drafts import Draft
from appraisal.web.frameworks.drafts import opened, outcome_of, page, placed
from appraisal.web.register.journey import REFUSED, Outcome
from forms.frameworks.parts import TransferForm
from forms.registration.fields import choices
from scoring.errors import InputError
from scoring.frameworks import Framework, Indicator, editing


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """An indicator with its weight in the total, 0-1, as it is and as it would be."""

    indicator: Indicator
    criterion: str
    """Title of the criterion it would stand in."""
    before: float
    after: float


def transfer(draft_id: UUID, name: str) -> ResponseReturnValue:
    """Show what the move gives, or store it."""
    shown = opened(draft_id)
    known = next((item for item in shown.framework.indicators if item.id == name), None)
    if known is None:
        raise NotFound
    form = _form(shown, known)
    outcome = Outcome()
    leaves: tuple[Leaf, ...] = ()
    if form.is_submitted():
        outcome, leaves = _tried(shown, known, form)
        if leaves and "save" in request.form:
            outcome = outcome_of(
                shown,
                form,
                lambda: _form(shown, known, fresh=True),
                lambda framework: _moved(framework, form, name),
                part=f"{name} to {form.to.data}",
                fields={name: "to"},
            )
    if outcome.saved:
        return redirect(url_for(".draft", draft_id=draft_id, _anchor=form.to.data))
    within = editing.criterion_of(shown.framework, known.criterion)
    values = {"form": form, "known": known, "within": within, "leaves": leaves, "outcome": outcome}
    return page("transfer.html", shown, "draft", outcome.status, **values)


def _form(shown: Draft, known: Indicator, *, fresh: bool = False) -> TransferForm:
    form = TransferForm(formdata=None) if fresh else TransferForm()
    if fresh or not form.is_submitted():
        form.version.data = str(shown.version)
    others = {item.id: item.title for item in shown.framework.criteria if item.id != known.criterion}
    form.to.choices = choices({"": "Choose a criterion", **others})
    return form


def _tried(shown: Draft, known: Indicator, form: TransferForm) -> tuple[Outcome, tuple[Leaf, ...]]:
    """What the move would give; the errors are at their fields where it cannot be."""
    if not form.validate() or not form.to.data:
        if not form.to.data:
            form.to.errors = ["Choose the criterion it moves to."]
        return Outcome(REFUSED), ()
    try:
        after = editing.validated(_moved(shown.framework, form, known.id))
    except InputError as error:
        return Outcome(REFUSED, problems=placed(form, error, {known.id: "to"})), ()
    return Outcome(), _leaves(shown.framework, after, {known.criterion, form.to.data})


def _moved(framework: Framework, form: TransferForm, name: str) -> Framework:
    return editing.transferred(framework, name, form.to.data, float(form.weight.number or 0) / 100)


def _leaves(before: Framework, after: Framework, touched: set[str]) -> tuple[Leaf, ...]:
    was = _effective(before)
    return tuple(
        Leaf(indicator=item, criterion=criterion.title, before=was[item.id], after=criterion.weight * item.weight)
        for criterion in after.criteria
        if criterion.id in touched
        for item in criterion.indicators
    )


def _effective(framework: Framework) -> dict[str, float]:
    return {
        item.id: criterion.weight * item.weight for criterion in framework.criteria for item in criterion.indicators
    }
