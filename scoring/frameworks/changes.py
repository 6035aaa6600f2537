"""What a change of a framework means for the scores that exist: wording, weights or criteria (JOURNEYS 8, F7)."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import StrEnum
from typing import Any

from scoring.frameworks.framework import Criterion, Framework, Gate, Indicator


class ChangeKind(StrEnum):
    NONE = "none"
    WORDING = "wording"
    """Only texts: every score means what it meant, and runs are kept."""
    WEIGHTS = "weights"
    """Weights, thresholds, gates or economic settings: the same answers are counted again, and both counts are kept."""
    CRITERIA = "criteria"
    """What is asked: some scores have nothing to count for any more, and some questions have no score yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameworkChange:
    kind: ChangeKind
    added: tuple[str, ...] = ()
    """Indicators that nobody could answer before."""
    removed: tuple[str, ...] = ()
    """Indicators whose scores stay on record and count no more."""
    rescored: tuple[str, ...] = ()
    """Indicators that ask for another kind of answer now."""
    kept: tuple[str, ...] = ()
    """Indicators whose scores survive."""
    parts: tuple[str, ...] = ()
    """Paths of what differs, in the new framework's order."""
    levels_reworded: tuple[str, ...] = ()
    """Indicators with another text for a level: only people can say that it means the same."""


_WORDS: Mapping[type, frozenset[str]] = {
    Framework: frozenset({"version", "title", "summary", "passages", "source", "weighting", "key"}),
    Criterion: frozenset({"title", "question", "weighting", "weight_range"}),
    Indicator: frozenset({"title", "question", "levels", "evidence", "passages", "standard", "help", "status"}),
    Gate: frozenset({"lifts_when", "conditional"}),
}
"""The parts that no score depends on."""


def kind_of_change(old: Framework, new: Framework) -> FrameworkChange:
    """How far a change reaches, the farthest part deciding; key and version do not count (METHOD 9).

    An indicator is known by its id. It survives where it is still answered the same way: moved to another criterion or
    weighed otherwise it is counted again; with another scale, unit or rule it must be scored again. A computed one is
    computed again and nobody's score is lost.
    """
    before, after = ({item.id: item for item in framework.indicators} for framework in (old, new))
    added = tuple(name for name in after if name not in before)
    removed = tuple(name for name in before if name not in after)
    kept = tuple(name for name in after if name in before)
    rescored = tuple(name for name in kept if asks_otherwise(before[name], after[name]))
    parts = tuple(differing(old, new))
    criteria = [{item.id for item in framework.criteria} for framework in (old, new)]
    if added or removed or rescored or criteria[0] != criteria[1]:
        kind = ChangeKind.CRITERIA
    elif _scores(old) != _scores(new):
        kind = ChangeKind.WEIGHTS
    else:
        kind = ChangeKind.WORDING if parts else ChangeKind.NONE
    return FrameworkChange(
        kind=kind,
        added=added,
        removed=removed,
        rescored=rescored,
        kept=tuple(name for name in kept if name not in rescored),
        parts=parts,
        levels_reworded=tuple(name for name in kept if before[name].levels != after[name].levels),
    )


def asks_otherwise(before: Indicator, after: Indicator) -> bool:
    """Whether an answer to the one is no answer to the other: another scale, unit or rule."""
    return (before.scale, before.unit, before.rule, before.figure) != (
        *(after.scale, after.unit, after.rule, after.figure),
    )


def _scores(framework: Framework) -> Any:
    """The framework without its words: equal where every project gets the same score."""
    wordless = _without_words(framework)
    return {**wordless, "criteria": {item["id"]: _by_indicator(item) for item in wordless["criteria"]}}


def _by_indicator(criterion: dict[str, Any]) -> dict[str, Any]:
    """Order is a matter of reading, not of scores."""
    return {**criterion, "indicators": {item["id"]: item for item in criterion["indicators"]}}


def _without_words(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        words = _WORDS.get(type(value), frozenset())
        return {
            field.name: _without_words(getattr(value, field.name)) for field in fields(value) if field.name not in words
        }
    if isinstance(value, tuple):
        return [_without_words(item) for item in value]
    return value


def differing(old: Framework, new: Framework) -> list[str]:
    """Paths at which two frameworks differ, criteria and indicators by their ids; key and version left out."""
    same = replace(new, key=old.key, version=old.version)
    return _differing(old, same, "")


def _differing(old: Any, new: Any, path: str) -> list[str]:
    if old == new:
        return []
    if is_dataclass(old) and type(old) is type(new):
        found = []
        for field in fields(old):
            found += _differing(getattr(old, field.name), getattr(new, field.name), f"{path}.{field.name}".lstrip("."))
        return found
    if _have_ids(old) and _have_ids(new):
        before, after = ({item.id: item for item in items} for items in (old, new))
        found = [f"{path}.{name}" for name in (*after, *before) if (name in before) != (name in after)]
        for name in after:
            found += _differing(before[name], after[name], f"{path}.{name}") if name in before else []
        return found or [f"{path} (order)"]
    return [path]


def _have_ids(items: Any) -> bool:
    return isinstance(items, tuple) and bool(items) and all(isinstance(item, Criterion | Indicator) for item in items)
