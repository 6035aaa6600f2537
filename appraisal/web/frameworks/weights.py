"""The weights of one group of a draft: stated as percentages, as swings, or compared in pairs."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from appraisal.policy import NotFound
from appraisal.services.framework_drafts import Draft
from appraisal.web.frameworks.drafts import opened, outcome_of, page
from appraisal.web.frameworks.pairs import Compared, compared
from appraisal.web.register.journey import REFUSED, Outcome
from forms.frameworks.weights import AHP, DIRECT, SWING, number_name, numbers_form, pair_name, pairs_form
from scoring.frameworks import Comparison, Framework, Indicator, WeighingMethod, Weighting
from scoring.frameworks.editing import with_weights

METHODS = {DIRECT: "State them", SWING: "By swings", AHP: "Compare in pairs"}
LARGEST_GROUP = 8
"""As `scoring.criteria.weighting`, which is imported only where it computes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Things that are weighed against each other."""

    key: str
    title: str
    named: Mapping[str, str]
    weights: Mapping[str, float]
    share: float
    """What the whole group carries of the total."""
    ranges: Mapping[str, tuple[float, float] | None]
    weighting: Weighting | None
    leaves: Mapping[str, tuple[Indicator, ...]]
    """The indicators below each member; none where the members are indicators themselves."""


def groups_of(framework: Framework) -> tuple[Group, ...]:
    """The criteria, those of each place, and the indicators of each criterion."""
    titles = {item.id: item.title for item in framework.criteria}
    leaves = {item.id: item.indicators for item in framework.criteria}
    whole = Group(
        key="criteria",
        title="The criteria" if not framework.places else "The criteria, wherever no place has its own",
        named=titles,
        weights={item.id: item.weight for item in framework.criteria},
        share=1.0,
        ranges={item.id: item.weight_range for item in framework.criteria},
        weighting=framework.weighting,
        leaves=leaves,
    )
    places = [
        Group(
            key=f"place:{place.key}",
            title=f"The criteria in {place.title}",
            named=titles,
            weights=place.weights,
            share=1.0,
            ranges={name: place.ranges.get(name) for name in titles},
            weighting=None,
            leaves=leaves,
        )
        for place in framework.places
    ]
    inside = [
        Group(
            key=item.id,
            title=item.title,
            named={part.id: f"{part.id} · {part.title}" for part in item.indicators},
            weights={part.id: part.weight for part in item.indicators},
            share=item.weight,
            ranges={},
            weighting=item.weighting,
            leaves={},
        )
        for item in framework.criteria
        if item.indicators
    ]
    return (whole, *places, *inside)


def groups(draft_id: UUID) -> ResponseReturnValue:
    shown = opened(draft_id)
    return page(
        "weights.html", shown, "groups", groups=groups_of(shown.framework), methods=METHODS, largest=LARGEST_GROUP
    )


def weigh(draft_id: UUID, group: str, method: str) -> ResponseReturnValue:
    """Show what the form gives, or store it."""
    shown = opened(draft_id)
    weighed = next((item for item in groups_of(shown.framework) if item.key == group), None)
    if weighed is None or method not in METHODS:
        raise NotFound
    too_many = method == AHP and len(weighed.named) > LARGEST_GROUP
    form = None if too_many else _form(shown, weighed, method)
    given = _given(weighed, method, form)
    outcome = Outcome()
    if form is not None and form.is_submitted():
        outcome = Outcome() if given is not None else Outcome(REFUSED)
        if given is not None and "save" in request.form:
            outcome = _stored(shown, weighed, method, form, given)
    if outcome.saved:
        return redirect(url_for(".groups", draft_id=draft_id))
    return page(
        "weigh.html",
        shown,
        "groups",
        outcome.status,
        group=weighed,
        method=method,
        methods=METHODS,
        form=form,
        outcome=outcome,
        found=given.compared if given else None,
        shares=given.weights if given else weighed.weights,
        largest=LARGEST_GROUP,
        number_name=number_name,
        pair_name=pair_name,
    )


def _form(shown: Draft, group: Group, method: str) -> Any:
    if method == AHP:
        return pairs_form(group.named)(data={"version": str(shown.version), **_pair_values(group)})
    return numbers_form(group.named, method)(data={"version": str(shown.version), **_number_values(group, method)})


def _number_values(group: Group, method: str) -> dict[str, str]:
    swings = group.weighting.swings if group.weighting is not None and method == SWING else {}
    if not swings:
        largest = max(group.weights.values()) or 1.0
        scale = 100.0 if method == DIRECT else 100.0 / largest
        swings = {key: round(weight * scale, 2) for key, weight in group.weights.items()}
        _whole(swings, method)
    return {number_name(key): f"{points:.6g}" for key, points in swings.items()}


def _whole(percentages: dict[str, float], method: str) -> None:
    """Percentages rounded for the eye still sum to 100: the last with weight takes what rounding left over."""
    if method == DIRECT and percentages:
        last = max(percentages, key=lambda key: percentages[key])
        percentages[last] = round(percentages[last] + 100 - sum(percentages.values()), 2)


def _pair_values(group: Group) -> dict[str, str]:
    stated: dict[tuple[str, str], float] = {}
    for item in group.weighting.comparisons if group.weighting else ():
        stated[item.first, item.second] = item.times
        stated[item.second, item.first] = 1 / item.times
    return {pair_name(*pair): str(Fraction(times).limit_denominator(9)) for pair, times in stated.items()}


def _take(form: Any, offered: str) -> None:
    """Put the offered judgement in its cell; nothing is stored."""
    name, _, times = offered.partition("=")
    if name in form and times in {choice.value for choice in form[name].choices}:
        form[name].data = times


@dataclass(frozen=True, slots=True)
class Given:
    """The weights a form gives, and what the comparisons behind them say of themselves."""

    weights: Mapping[str, float]
    compared: Compared | None = None


def _given(group: Group, method: str, form: Any) -> Given | None:
    """None where the form was not sent, or says nothing that could be weighed: its errors are then at their fields."""
    if form is None or not form.is_submitted():
        return None
    if request.form.get("take"):
        _take(form, request.form["take"])
    if not form.validate():
        return None
    if method == AHP:
        found = compared(form.names, form.comparisons())
        return Given(found.weights, found)
    numbers: dict[str, float] = form.numbers()
    total = sum(numbers.values())
    return Given({key: number / total for key, number in numbers.items() if key in group.named})


def _stored(shown: Draft, group: Group, method: str, form: Any, given: Given) -> Outcome:
    fields = {f"criteria[{at}].weight_range": number_name(key) for at, key in enumerate(group.named)}
    place = group.key.removeprefix("place:")
    for at, item in enumerate(shown.framework.places):
        if item.key == place:
            fields |= {f"places[{at}].ranges.{key}": number_name(key) for key in group.named}

    def change(framework: Framework) -> Framework:
        return with_weights(framework, group.key, given.weights, _weighting(method, form))

    return outcome_of(
        shown, form, lambda: _fresh(shown, group, method), change, part=f"weights {group.key}", fields=fields
    )


def _fresh(shown: Draft, group: Group, method: str) -> Any:
    kind = pairs_form(group.named) if method == AHP else numbers_form(group.named, method)
    values = _pair_values(group) if method == AHP else _number_values(group, method)
    return kind(formdata=None, data={"version": str(shown.version), **values})


def _weighting(method: str, form: Any) -> Weighting:
    if method == AHP:
        stated = form.comparisons().items()
        comparisons = tuple(Comparison(first=first, second=second, times=times) for (first, second), times in stated)
        return Weighting(method=WeighingMethod.AHP, comparisons=comparisons)
    swings = form.numbers() if method == SWING else {}
    return Weighting(method=WeighingMethod(method), swings=swings)
