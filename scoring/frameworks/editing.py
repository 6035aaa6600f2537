"""Changes of a framework part by part: each gives a framework that its checks must still pass."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from scoring.errors import InputError
from scoring.frameworks.aggregation import Aggregation
from scoring.frameworks.framework import Criterion, Framework, Indicator, Place, Weighting
from scoring.frameworks.loading import read_framework, to_document

Part = TypeVar("Part", Criterion, Indicator)


def validated(framework: Framework) -> Framework:
    """The framework read back by the rules of every framework; raises InputError with every problem at its path."""
    return read_framework(to_document(framework))


def criterion_of(framework: Framework, name: str) -> Criterion:
    """The criterion of that id; raises InputError."""
    return _named(framework.criteria, name)


def indicator_of(framework: Framework, name: str) -> Indicator:
    """The indicator of that id; raises InputError."""
    return _named(framework.indicators, name)


def place_of_indicator(framework: Framework, name: str) -> str:
    """Where problems of an indicator are reported: `criteria[0].indicators[2]`; empty where there is none."""
    for first, criterion in enumerate(framework.criteria):
        for second, indicator in enumerate(criterion.indicators):
            if indicator.id == name:
                return f"criteria[{first}].indicators[{second}]"
    return ""


def place_of_criterion(framework: Framework, name: str) -> str:
    """Where problems of a criterion are reported: `criteria[0]`; empty where there is none."""
    return next((f"criteria[{at}]" for at, item in enumerate(framework.criteria) if item.id == name), "")


def with_criterion(framework: Framework, criterion: Criterion) -> Framework:
    """With the criterion in the place of the one of its id, or last; a new one carries no weight in any place."""
    known = any(item.id == criterion.id for item in framework.criteria)
    places = framework.places if known else tuple(_weighed(place, {criterion.id: 0.0}) for place in framework.places)
    return _regrouped(replace(framework, criteria=_put(framework.criteria, criterion), places=places), framework)


def with_indicator(framework: Framework, indicator: Indicator) -> Framework:
    """With the indicator in the place of the one of its id, or last in its criterion."""
    criterion = criterion_of(framework, indicator.criterion)
    return with_criterion(
        framework, _regrouped(replace(criterion, indicators=_put(criterion.indicators, indicator)), criterion)
    )


def without_indicator(framework: Framework, name: str) -> Framework:
    """Without the indicator; the others of its criterion share its weight in proportion.

    Raises InputError where it alone carries the criterion's weight.
    """
    criterion = criterion_of(framework, indicator_of(framework, name).criterion)
    left = tuple(item for item in criterion.indicators if item.id != name)
    total = sum(item.weight for item in left)
    if criterion.weight > 0 and total <= 0:
        message = f"{name} carries all of the weight of {criterion.title}: give some to another first."
        raise InputError.at(name, message)
    weighed = tuple(replace(item, weight=item.weight / total if total > 0 else 0.0) for item in left)
    return with_criterion(framework, _regrouped(replace(criterion, indicators=weighed), criterion))


def transferred(framework: Framework, name: str, to: str, weight: float = 0.0) -> Framework:
    """With the indicator last in another criterion (METHOD 9); the criteria keep their own weights.

    weight: what it has inside that criterion, 0-1; it has all of it where it stands there alone. Those it leaves share
    what it had in proportion, as when it is taken out, and those it joins give it its weight in proportion. Raises
    InputError where it alone carries the weight of the criterion it leaves, and for a weight that is not 0-1.
    """
    indicator = indicator_of(framework, name)
    if not 0 <= weight <= 1:
        raise InputError.at("weight", "must lie between 0 and 1.")
    if indicator.criterion == to:
        return framework
    left = without_indicator(framework, name)
    joined = criterion_of(left, to)
    share = weight if any(item.weight > 0 for item in joined.indicators) else 1.0
    others = tuple(replace(item, weight=item.weight * (1 - share)) for item in joined.indicators)
    indicators = (*others, replace(indicator, criterion=to, weight=share))
    return with_criterion(left, _regrouped(replace(joined, indicators=indicators), joined))


def without_criterion(framework: Framework, name: str) -> Framework:
    """Without the criterion; the others share its weight in proportion, in every place.

    Raises InputError where it alone carries the weight.
    """
    criterion_of(framework, name)
    left = tuple(item for item in framework.criteria if item.id != name)
    totals = [sum(item.weight for item in left), *(1 - place.weights.get(name, 0.0) for place in framework.places)]
    if any(total <= 0 for total in totals):
        raise InputError.at(name, f"{name} carries all of the weight: give some to another criterion first.")
    criteria = tuple(replace(item, weight=item.weight / totals[0]) for item in left)
    places = tuple(
        replace(
            place,
            weights={key: weight / total for key, weight in place.weights.items() if key != name},
            ranges={key: bounds for key, bounds in place.ranges.items() if key != name},
        )
        for place, total in zip(framework.places, totals[1:], strict=True)
    )
    aggregation = _without_veto(framework.aggregation, name)
    return _regrouped(replace(framework, criteria=criteria, places=places, aggregation=aggregation), framework)


def _without_veto(aggregation: Aggregation, name: str) -> Aggregation:
    if aggregation.vetoes is None:
        return aggregation
    return replace(aggregation, vetoes={key: points for key, points in aggregation.vetoes.items() if key != name})


def moved(framework: Framework, name: str, step: int) -> Framework:
    """With a criterion or an indicator one place earlier (-1) or later (+1); at an end it stays."""
    if any(item.id == name for item in framework.criteria):
        return replace(framework, criteria=_shifted(framework.criteria, name, step))
    criterion = criterion_of(framework, indicator_of(framework, name).criterion)
    return with_criterion(framework, replace(criterion, indicators=_shifted(criterion.indicators, name, step)))


def with_weights(framework: Framework, group: str, weights: Mapping[str, float], weighting: Weighting) -> Framework:
    """With the weights of one group and how they were found.

    group: `criteria`, `place:<key>` for those of a place, or a criterion's id for its indicators. Raises InputError
    where there is no such group or a weight is missing.
    """
    if group == "criteria":
        criteria = tuple(replace(item, weight=weights[item.id]) for item in framework.criteria)
        return replace(framework, criteria=criteria, weighting=weighting)
    if group.startswith("place:"):
        key = group.removeprefix("place:")
        places = (_weighed(place, weights) if place.key == key else place for place in framework.places)
        return replace(framework, places=tuple(places))
    criterion = criterion_of(framework, group)
    indicators = tuple(replace(item, weight=weights[item.id]) for item in criterion.indicators)
    return with_criterion(framework, replace(criterion, indicators=indicators, weighting=weighting))


def _named(items: Sequence[Part], name: str) -> Part:
    found = next((item for item in items if item.id == name), None)
    if found is None:
        raise InputError.at(name, f"There is no {name} in this framework.")
    return found


def _put(items: tuple[Part, ...], item: Part) -> tuple[Part, ...]:
    if any(other.id == item.id for other in items):
        return tuple(item if other.id == item.id else other for other in items)
    return items + (item,)  # noqa: RUF005 -- of one kind, which a literal would lose


def _shifted(items: tuple[Part, ...], name: str, step: int) -> tuple[Part, ...]:
    order = list(items)
    at = next(position for position, item in enumerate(order) if item.id == name)
    to = min(max(at + step, 0), len(order) - 1)
    order.insert(to, order.pop(at))
    return tuple(order)


def _weighed(place: Place, weights: Mapping[str, float]) -> Place:
    return replace(place, weights={**place.weights, **weights})


Group = TypeVar("Group", Framework, Criterion)


def _regrouped(new: Group, old: Group) -> Group:
    """Where a group has other members than before, how their weights were found is no longer true: it is dropped."""
    if set(_members(new)) == set(_members(old)):
        return new
    return replace(new, weighting=None)


def _members(group: Framework | Criterion) -> Iterable[str]:
    return [item.id for item in (group.criteria if isinstance(group, Framework) else group.indicators)]
