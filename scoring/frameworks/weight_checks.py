"""What must hold of weights, of how they were found, and of what decides whether a question applies (METHOD 9)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

from scoring.errors import InputProblem
from scoring.frameworks.framework import Condition, Criterion, Framework, Place, Weighting

WEIGHT_TOLERANCE = 1e-9
STRONGEST = 9.0
"""The largest judgement of a pairwise comparison; the smallest is its reciprocal (Saaty 1980)."""
TOP_LEVEL = 4
Found = Iterator[InputProblem]


def places(framework: Framework) -> Found:
    """Weights by place: complete, within their ranges, and no city in two places."""
    names = [criterion.id for criterion in framework.criteria]
    seen: set[str] = set()
    for position, place in enumerate(framework.places):
        path = f"places[{position}]"
        yield from _place_weights(place, names, path)
        for city in place.cities:
            if city.casefold() in seen:
                yield InputProblem(f"{path}.cities", f"{city} is named twice.")
            seen.add(city.casefold())


def _place_weights(place: Place, names: Sequence[str], path: str) -> Found:
    if set(place.weights) != set(names):
        yield InputProblem(f"{path}.weights", f"needs a weight for each of {', '.join(names)}.")
    elif any(weight < 0 for weight in place.weights.values()):
        yield InputProblem(f"{path}.weights", "Weights must be 0 or more.")
    elif abs(sum(place.weights.values()) - 1) > WEIGHT_TOLERANCE:
        yield InputProblem(f"{path}.weights", "The weights of the criteria must sum to 1.")
    for name, bounds in place.ranges.items():
        yield from in_range(place.weights.get(name, 0.0), bounds, f"{path}.ranges.{name}")


def in_range(weight: float, bounds: tuple[float, float] | None, path: str) -> Found:
    """A weight inside the range its source states; anything where it states none."""
    if bounds is None:
        return
    low, high = bounds
    if not 0 <= low <= high <= 1:
        yield InputProblem(path, "needs two numbers from 0 to 1, the lower first.")
    elif not low - WEIGHT_TOLERANCE <= weight <= high + WEIGHT_TOLERANCE:
        yield InputProblem(path, f"The weight {weight:.3g} is not between {low:g} and {high:g}.")


def weightings(framework: Framework) -> Found:
    """How weights were found names only what is in the group, and compares every pair or none."""
    yield from _weighting(framework.weighting, [item.id for item in framework.criteria], "weighting")
    for position, criterion in enumerate(framework.criteria):
        names = [indicator.id for indicator in criterion.indicators]
        yield from _weighting(criterion.weighting, names, f"criteria[{position}].weighting")


def _weighting(weighting: Weighting | None, names: Sequence[str], path: str) -> Found:
    if weighting is None:
        return
    for name, points in weighting.swings.items():
        if name not in names or points < 0:
            yield InputProblem(f"{path}.swings.{name}", "must be something of this group, with 0 points or more.")
    pairs: set[frozenset[str]] = set()
    for position, item in enumerate(weighting.comparisons):
        pair = frozenset((item.first, item.second))
        if not pair <= set(names) or item.first == item.second or pair in pairs:
            yield InputProblem(f"{path}.comparisons[{position}]", "must compare two of this group, each pair once.")
        if not 1 / STRONGEST - WEIGHT_TOLERANCE <= item.times <= STRONGEST:
            yield InputProblem(f"{path}.comparisons[{position}].times", "must lie between 1/9 and 9.")
        pairs.add(pair)
    missing = [f"{first} with {second}" for first, second in combinations(names, 2) if {first, second} not in pairs]
    if pairs and missing:
        yield InputProblem(f"{path}.comparisons", f"still lacks {', '.join(missing)}.")


def conditions(framework: Framework) -> Found:
    """Every question that waits for another's answer waits for one that exists, and never, in the end, for itself."""
    where = {
        indicator.id: (f"criteria[{first}].indicators[{second}].applies_when", indicator.applies_when)
        for first, criterion in enumerate(framework.criteria)
        for second, indicator in enumerate(criterion.indicators)
    }
    waits = {name: condition.indicator for name, (_, condition) in where.items() if condition is not None}
    for name, (path, condition) in where.items():
        if condition is not None:
            yield from _condition(condition, where, path)
            if circle := _circle(name, waits):
                yield InputProblem(f"{path}.indicator", f"makes a circle: {' waits for '.join(circle)}.")


def _condition(condition: Condition, known: Collection[str], path: str) -> Found:
    if condition.indicator not in known:
        yield InputProblem(f"{path}.indicator", f"There is no indicator {condition.indicator}.")
    if not 0 <= condition.least <= condition.most <= TOP_LEVEL:
        yield InputProblem(f"{path}.least", "needs two levels from 0 to 4, the lower first.")


def _circle(start: str, waits: Mapping[str, str]) -> list[str]:
    """The way from an indicator back to itself; empty where there is none."""
    way, at = [start], waits.get(start)
    while at is not None and at not in way:
        way.append(at)
        at = waits.get(at)
    return [*way, start] if at == start else []


def criterion_weights(criterion: Criterion, path: str) -> Found:
    """Weights inside a criterion sum to 1; one that has no indicator yet carries no weight."""
    if not criterion.indicators:
        if criterion.weight > 0:
            yield InputProblem(f"{path}.indicators", "needs an indicator before it can carry weight.")
    elif abs(sum(indicator.weight for indicator in criterion.indicators) - 1) > WEIGHT_TOLERANCE:
        yield InputProblem(f"{path}.indicators", "The weights of a criterion's indicators must sum to 1.")
    yield from in_range(criterion.weight, criterion.weight_range, f"{path}.weight_range")
