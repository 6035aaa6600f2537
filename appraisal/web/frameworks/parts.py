"""The parts of a draft: the tree, the whole, its criteria and its indicators."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from appraisal.canonical import canonical_json
from appraisal.policy import NotFound
from appraisal.services import framework_drafts
from appraisal.services.errors import DomainError
from appraisal.services.framework_drafts import Change, Draft
from appraisal.web.downloads import attachment
from appraisal.web.frameworks.drafts import opened, outcome_of, page
from appraisal.web.frameworks.indicator_answers import FIELDS, indicator_from, indicator_values
from appraisal.web.identity import current_actor, sessions
from forms.frameworks.parts import CriterionForm, IndicatorForm, PartForm, WholeForm
from scoring.errors import InputError
from scoring.frameworks import Criterion, Framework, Indicator, ScaleKind, editing, to_document
from scoring.frameworks.vocabulary import CONDITIONS, FIGURES, RULES

WORDS: Mapping[str, Any] = {"rules": RULES, "figures": FIGURES, "conditions": CONDITIONS}
STEPS = {"earlier": -1, "later": 1, "remove": 0}


def draft(draft_id: UUID) -> ResponseReturnValue:
    return page("draft.html", opened(draft_id), "draft", words=WORDS)


def draft_file(draft_id: UUID) -> ResponseReturnValue:
    shown = opened(draft_id)
    text = canonical_json(to_document(shown.framework))
    return attachment(text.encode(), f"{shown.framework.key}-draft.json", "application/json")


def whole(draft_id: UUID) -> ResponseReturnValue:
    shown = opened(draft_id)
    form = WholeForm(data=_whole_values(shown))
    outcome = outcome_of(
        shown,
        form,
        lambda: WholeForm(formdata=None, data=_whole_values(shown)),
        lambda framework: _with_whole(framework, form),
        part="whole",
        fields={name: name for name in ("title", "minimum", "passages")},
    )
    if outcome.saved:
        return redirect(url_for(".draft", draft_id=draft_id))
    return page("whole.html", shown, "whole", outcome.status, form=form, outcome=outcome)


def _whole_values(shown: Draft) -> dict[str, object]:
    framework = shown.framework
    return {
        "version": str(shown.version),
        "title": framework.title,
        "summary": framework.summary,
        "source": framework.source,
        "minimum": "" if framework.minimum is None else f"{framework.minimum:.12g}",
        "passages": "\n".join(f"{letter} = {words}" for letter, words in framework.passages.items()),
    }


def _with_whole(framework: Framework, form: WholeForm) -> Framework:
    lines = [line.partition("=") for line in (form.passages.data or "").splitlines() if line.strip()]
    return replace(
        framework,
        title=form.title.data or "",
        summary=form.summary.data or "",
        source=form.source.data or "",
        minimum=None if form.minimum.number is None else float(form.minimum.number),
        passages={letter.strip(): words.strip() for letter, _, words in lines},
    )


def new_criterion(draft_id: UUID) -> ResponseReturnValue:
    return _criterion(opened(draft_id), None)


def criterion(draft_id: UUID, name: str) -> ResponseReturnValue:
    shown = opened(draft_id)
    return _criterion(shown, _found(shown.framework.criteria, name))


def _criterion(shown: Draft, known: Criterion | None) -> ResponseReturnValue:
    values = _criterion_values(shown, known)
    form = CriterionForm(data=values)
    place = (
        editing.place_of_criterion(shown.framework, known.id) if known else f"criteria[{len(shown.framework.criteria)}]"
    )
    outcome = outcome_of(
        shown,
        form,
        lambda: CriterionForm(formdata=None, data=values),
        lambda framework: _with_criterion(framework, form, known),
        part=f"criterion {form.id.data}",
        fields={f"{place}.{name}": name for name in ("id", "title", "question", "minimum")},
    )
    if outcome.saved:
        return redirect(url_for(".draft", draft_id=shown.id))
    return page("criterion.html", shown, "draft", outcome.status, form=form, outcome=outcome, known=known)


def _criterion_values(shown: Draft, known: Criterion | None) -> dict[str, object]:
    if known is None:
        return {"version": str(shown.version)}
    least = "" if known.minimum is None else f"{known.minimum:.12g}"
    same = {"id": known.id, "title": known.title, "question": known.question}
    return {"version": str(shown.version), "minimum": least, **same}


def _with_criterion(framework: Framework, form: CriterionForm, known: Criterion | None) -> Framework:
    name = known.id if known else form.id.data or ""
    if known is None:
        _refuse_used(framework, name, f"criteria[{len(framework.criteria)}].id")
    base = known or Criterion(id=name, title="", question="", weight=0.0, indicators=())
    changed = replace(
        base,
        title=form.title.data or "",
        question=form.question.data or "",
        minimum=None if form.minimum.number is None else float(form.minimum.number),
    )
    return editing.with_criterion(framework, changed)


def new_indicator(draft_id: UUID, criterion: str) -> ResponseReturnValue:
    shown = opened(draft_id)
    return _indicator(shown, _found(shown.framework.criteria, criterion), None)


def indicator(draft_id: UUID, name: str) -> ResponseReturnValue:
    shown = opened(draft_id)
    known = _found(shown.framework.indicators, name)
    return _indicator(shown, editing.criterion_of(shown.framework, known.criterion), known)


def _indicator(shown: Draft, within: Criterion, known: Indicator | None) -> ResponseReturnValue:
    values = {"version": str(shown.version), **indicator_values(known)}
    form = _offering(IndicatorForm(data=values), shown.framework, known)
    framework = shown.framework
    place = editing.place_of_indicator(framework, known.id) if known else ""
    place = place or f"{editing.place_of_criterion(framework, within.id)}.indicators[{len(within.indicators)}]"
    outcome = outcome_of(
        shown,
        form,
        lambda: _offering(IndicatorForm(formdata=None, data=values), framework, known),
        lambda now: _with_indicator(now, form, within, known, place),
        part=f"indicator {form.id.data}",
        fields={f"{place}.{path}": field for path, field in FIELDS.items()},
    )
    if outcome.saved:
        return redirect(url_for(".draft", draft_id=shown.id, _anchor=within.id))
    formula = _formula(known)
    return page(
        "indicator.html",
        shown,
        "draft",
        outcome.status,
        form=form,
        outcome=outcome,
        known=known,
        within=within,
        formula=formula,
    )


def _offering(form: IndicatorForm, framework: Framework, known: Indicator | None) -> IndicatorForm:
    others = {item.id: f"{item.id} · {item.title}" for item in framework.indicators if item is not known}
    form.offer(others)
    return form


def _formula(known: Indicator | None) -> str:
    if known is None or known.scale is not ScaleKind.COMPUTED:
        return ""
    return FIGURES[known.figure].formula if known.figure else RULES[known.rule]


def _with_indicator(
    framework: Framework, form: IndicatorForm, within: Criterion, known: Indicator | None, place: str
) -> Framework:
    name = known.id if known else form.id.data or ""
    if known is None:
        _refuse_used(framework, name, f"{place}.id")
    only = not within.indicators
    return editing.with_indicator(framework, indicator_from(form, name, within.id, known, weight=1.0 if only else 0.0))


def _refuse_used(framework: Framework, name: str, path: str) -> None:
    used = {item.id for item in framework.criteria} | {item.id for item in framework.indicators}
    if name in used:
        raise InputError.at(path, f"{name} is used already.")


def move(draft_id: UUID, name: str, step: str) -> ResponseReturnValue:
    """One place earlier or later, or out of the draft."""
    shown, form = opened(draft_id), PartForm()
    if step not in STEPS:
        raise NotFound
    _found([*shown.framework.criteria, *shown.framework.indicators], name)
    if form.validate_on_submit():
        change = _removal(name) if step == "remove" else _shift(name, STEPS[step])
        try:
            with sessions()() as database:
                framework_drafts.edit_draft(
                    database, current_actor(), draft_id, form.version.number, change, part=f"{name} {step}"
                )
        except InputError as error:
            raise DomainError(" ".join(problem.message for problem in error.problems)) from None
    return redirect(url_for(".draft", draft_id=draft_id, _anchor=request.form.get("back") or None))


def _shift(name: str, step: int) -> Change:
    return lambda framework: editing.moved(framework, name, step)


def _removal(name: str) -> Change:
    def change(framework: Framework) -> Framework:
        if any(item.id == name for item in framework.criteria):
            return editing.without_criterion(framework, name)
        return editing.without_indicator(framework, name)

    return change


def _found(items: Any, name: str) -> Any:
    found = next((item for item in items if item.id == name), None)
    if found is None:
        raise NotFound
    return found
