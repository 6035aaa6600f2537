"""Exchange rates, places and stated ranges of a draft: shown as lines, stored as the framework keeps them."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from appraisal.services.framework_drafts import Draft
from appraisal.web.frameworks.drafts import opened, outcome_of, page
from appraisal.web.frameworks.economics import per_cent, plain
from forms.frameworks.references import NamedPlace, ReferencesForm
from scoring.frameworks import Framework, Place


def references(draft_id: UUID) -> ResponseReturnValue:
    shown = opened(draft_id)
    values = _values(shown)
    form = _form(shown, ReferencesForm(data=values))
    outcome = outcome_of(
        shown,
        form,
        lambda: _form(shown, ReferencesForm(formdata=None, data=values)),
        lambda framework: _with(framework, form),
        part="references",
        fields=dict(_fields(shown.framework, len(form.places.lines()))),
    )
    if outcome.saved:
        return redirect(url_for(".references", draft_id=draft_id))
    return page("references.html", shown, "references", outcome.status, form=form, outcome=outcome)


def _form(shown: Draft, form: ReferencesForm) -> ReferencesForm:
    form.knows(shown.framework.currency, [criterion.id for criterion in shown.framework.criteria])
    return form


def _fields(framework: Framework, places: int) -> Iterator[tuple[str, str]]:
    """Where a rule that only the whole framework knows is broken: at the ranges, or at the places."""
    for position, criterion in enumerate(framework.criteria):
        yield f"criteria[{position}].weight_range", "ranges"
        for at in range(places):
            yield f"places[{at}].ranges.{criterion.id}", "ranges"
    yield "aggregation.method", "places"


def _values(shown: Draft) -> dict[str, str]:
    framework = shown.framework
    rates = (
        f"{rate.currency} = {plain(rate.per_unit)} | {rate.date} | {rate.status or 'default'} | {rate.source}"
        for rate in framework.exchange_rates
    )
    return {
        "version": str(shown.version),
        "exchange_rates": "\n".join(rates),
        "places": "\n".join(f"{place.key} = {place.title}: {'; '.join(place.cities)}" for place in framework.places),
        "ranges": "\n".join(_ranges(framework)),
    }


def _ranges(framework: Framework) -> Iterator[str]:
    for criterion in framework.criteria:
        if criterion.weight_range is not None:
            yield _range(criterion.id, criterion.weight_range)
    for place in framework.places:
        for name, bounds in place.ranges.items():
            yield _range(f"{place.key} {name}", bounds)


def _range(where: str, bounds: tuple[float, float]) -> str:
    return f"{where} = {per_cent(bounds[0])} to {per_cent(bounds[1])}"


def _with(framework: Framework, form: ReferencesForm) -> Framework:
    ranges = form.ranges.ranges
    criteria = (replace(item, weight_range=ranges.get(("", item.id))) for item in framework.criteria)
    known = {place.key: place for place in framework.places}
    own = {item.id: item.weight for item in framework.criteria}
    places = []
    for named in form.places.places:
        bounds = {name: found for (key, name), found in ranges.items() if key == named.key}
        places.append(_placed(named, known.get(named.key) or Place(key="", title="", cities=(), weights=own), bounds))
    return replace(framework, exchange_rates=form.exchange_rates.rates, criteria=tuple(criteria), places=tuple(places))


def _placed(named: NamedPlace, known: Place, ranges: dict[str, tuple[float, float]]) -> Place:
    return replace(known, key=named.key, title=named.title, cities=named.cities, ranges=ranges)
