"""How a draft makes one order of its criteria: chosen in plain words, refused at its field."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from appraisal.services.framework_drafts import Draft
from appraisal.web.frameworks.drafts import opened, outcome_of, page
from forms.frameworks.aggregation import aggregation_form, aggregation_values, veto_name
from scoring.frameworks import Framework
from scoring.frameworks.vocabulary import METHODS


def aggregated(draft_id: UUID) -> ResponseReturnValue:
    shown = opened(draft_id)
    form = _form(shown)
    fields = {f"aggregation.{name}": name for name in ("method", "indifference", "preference")}
    fields |= {f"aggregation.vetoes.{item.id}": veto_name(item.id) for item in shown.framework.criteria}
    outcome = outcome_of(
        shown,
        form,
        lambda: _form(shown, formdata=None),
        lambda framework: _with_aggregation(framework, form),
        part="method",
        fields=fields,
    )
    if outcome.saved:
        return redirect(url_for(".draft", draft_id=draft_id))
    return page(
        "aggregated.html",
        shown,
        "aggregated",
        outcome.status,
        form=form,
        outcome=outcome,
        words=METHODS,
        veto_name=veto_name,
    )


def _form(shown: Draft, **options: Any) -> Any:
    criteria = {item.id: item.title for item in shown.framework.criteria}
    values = aggregation_values(shown.framework.aggregation, criteria)
    return aggregation_form(criteria)(data={"version": str(shown.version), **values}, **options)


def _with_aggregation(framework: Framework, form: Any) -> Framework:
    return replace(framework, aggregation=form.aggregation())
