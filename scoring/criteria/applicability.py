"""What of a framework counts for one project: the weights of its place, and the questions that apply (METHOD 9)."""

from collections.abc import Mapping
from dataclasses import replace

from scoring.criteria.scales import Level
from scoring.frameworks import Criterion, Framework, Place
from scoring.project_file import ProjectFile
from scoring.result import Missing

NOT_APPLICABLE = Missing("not-applicable")


def place_of(project: ProjectFile, framework: Framework) -> Place | None:
    """The place whose weights the project takes, by its city (what stands before a comma).

    None takes the criteria's own weights.
    """
    city = " ".join(project.city.partition(",")[0].split()).casefold()
    return next((place for place in framework.places if city in map(str.casefold, place.cities)), None)


def in_place(project: ProjectFile, framework: Framework) -> Framework:
    """The framework with the weights of the project's place."""
    place = place_of(project, framework)
    if place is None:
        return framework
    weighed = (replace(item, weight=place.weights[item.id]) for item in framework.criteria)
    return replace(framework, criteria=tuple(weighed))


def applying_levels(framework: Framework, levels: Mapping[str, Level]) -> Mapping[str, Level]:
    """The levels, Missing('not-applicable') where a question waits for an answer that was given otherwise.

    The condition looks at the counted level. Where that is unknown the question applies: silence spares nobody one;
    where it does not apply itself, neither does what waits for it. The framework's checks rule out circles.
    """
    conditions = {item.id: item.applies_when for item in framework.indicators if item.applies_when is not None}

    def applies(name: str) -> bool:
        condition = conditions.get(name)
        if condition is None:
            return True
        counted = levels[condition.indicator].counted
        within = isinstance(counted, Missing) or condition.least <= counted <= condition.most
        return within and applies(condition.indicator)

    return {name: level if applies(name) else Level(NOT_APPLICABLE, NOT_APPLICABLE) for name, level in levels.items()}


def of_what_applies(framework: Framework, levels: Mapping[str, Level]) -> Framework:
    """The framework without weight on what does not apply; the rest of the group shares it in proportion."""
    dropped = {name for name, level in levels.items() if level.counted == NOT_APPLICABLE}
    if not dropped:
        return framework
    criteria = [_criterion(criterion, dropped) for criterion in framework.criteria]
    total = sum(criterion.weight for criterion in criteria)
    if total <= 0:
        return framework
    return replace(framework, criteria=tuple(replace(item, weight=item.weight / total) for item in criteria))


def _criterion(criterion: Criterion, dropped: set[str]) -> Criterion:
    kept = sum(indicator.weight for indicator in criterion.indicators if indicator.id not in dropped)
    if kept <= 0:
        return replace(criterion, weight=0.0)
    weighed = (
        replace(indicator, weight=0.0 if indicator.id in dropped else indicator.weight / kept)
        for indicator in criterion.indicators
    )
    return replace(criterion, indicators=tuple(weighed))
