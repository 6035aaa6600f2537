"""The rules of a programme as its address says them: objective, what excludes or needs what, and minimum shares."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from forms.what_if import Arguments

Objective = Literal["value", "score", "mix"]
OBJECTIVES: Mapping[str, str] = {
    "value": "Value to society, certainty equivalent",
    "score": "Sum of scores",
    "mix": "A mix of both",
}
FIELDS = ("objective", "mix", "one", "needs", "least")
MOST_LINES, MOST_MEMBERS = 40, 40
EVEN = 50
_BETWEEN = re.compile(r"[,;\s]+")
_NEEDS = re.compile(r"\s+needs\s+|\s*[:>]\s*", re.IGNORECASE)
_LEAST = re.compile(r"(\d+(?:\.\d+)?)\s*%?\s*(?:for|to|in)?\s+(.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumPart:
    """At least so much of the money goes to projects of an action area or a city."""

    per_cent: float
    whose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeRules:
    objective: Objective = "value"
    mix: int = EVEN
    """Of a mix, the part of value in per cent."""
    exclusive: tuple[tuple[str, ...], ...] = ()
    requires: tuple[tuple[str, tuple[str, ...]], ...] = ()
    least: tuple[MinimumPart, ...] = ()
    texts: Mapping[str, str]
    """The fields as they were typed."""
    problems: tuple[tuple[str, str], ...] = ()

    def parameters(self) -> list[tuple[str, str]]:
        """The address that says it."""
        given = {"objective": self.objective, "mix": str(self.mix)} | dict(self.texts)
        plain = {"objective": "value", "mix": str(EVEN)}
        return [(name, given[name]) for name in FIELDS if given.get(name) and given[name] != plain.get(name)]


def read_programme(arguments: Arguments, references: Sequence[str], groups: Sequence[str]) -> ProgrammeRules:
    """Read the rules; groups are the action areas and cities that may have a minimum share, by name."""
    problems: list[tuple[str, str]] = []
    texts = {name: "\n".join(_lines(arguments, name)) for name in ("one", "needs", "least")}
    objective = next((value for value in arguments.getlist("objective") if value in OBJECTIVES), "value")
    return ProgrammeRules(
        objective=cast("Objective", objective),
        mix=_mix(arguments, problems),
        exclusive=tuple(_exclusive(_lines(arguments, "one"), references, problems)),
        requires=tuple(_requires(_lines(arguments, "needs"), references, problems)),
        least=tuple(_least(_lines(arguments, "least"), groups, problems)),
        texts=texts,
        problems=tuple(problems),
    )


def _lines(arguments: Arguments, name: str) -> list[str]:
    lines = [line.strip() for text in arguments.getlist(name) for line in text.splitlines() if line.strip()]
    return [line[:300] for line in lines[:MOST_LINES]]


def _mix(arguments: Arguments, problems: list[tuple[str, str]]) -> int:
    text = next((value for value in arguments.getlist("mix") if value), str(EVEN))
    if not re.fullmatch(r"\d{1,3}", text) or int(text) > 100:  # noqa: PLR2004 -- per cent
        problems.append(("mix", f"The part of value is a whole number from 0 to 100, not “{text[:20]}”."))
        return EVEN
    return int(text)


def _exclusive(
    lines: Sequence[str], references: Sequence[str], problems: list[tuple[str, str]]
) -> list[tuple[str, ...]]:
    found = []
    for line in lines:
        members = _members("one", line, references, problems)
        if members is None:
            continue
        if len(members) < 2:  # noqa: PLR2004 -- a choice needs two
            problems.append(("one", f"“{line[:60]}” names one project: at most one of it is no rule."))
            continue
        found.append(members)
    return found


def _requires(
    lines: Sequence[str], references: Sequence[str], problems: list[tuple[str, str]]
) -> list[tuple[str, tuple[str, ...]]]:
    found = []
    for line in lines:
        parts = _NEEDS.split(line, maxsplit=1)
        if len(parts) != 2:  # noqa: PLR2004 -- who needs, and what
            problems.append(("needs", f"Write “A needs B”, not “{line[:60]}”."))
            continue
        dependant = _members("needs", parts[0], references, problems)
        needed = _members("needs", re.sub(r"\s+or\s+", ",", parts[1]), references, problems)
        if dependant is None or needed is None:
            continue
        if len(dependant) != 1 or dependant[0] in needed:
            problems.append(("needs", f"“{line[:60]}” must name one project, and another that it needs."))
            continue
        found.append((dependant[0], needed))
    return found


def _least(lines: Sequence[str], groups: Sequence[str], problems: list[tuple[str, str]]) -> list[MinimumPart]:
    named = {group.casefold(): group for group in groups}
    found = []
    for line in lines:
        match = _LEAST.fullmatch(line)
        whose = named.get(match[2].strip().casefold()) if match else None
        if match is None or whose is None or not 0 <= float(match[1]) <= 100:  # noqa: PLR2004 -- per cent
            known = ", ".join(list(groups)[:6])
            problems.append(("least", f"Write “20% for Mobility”, not “{line[:60]}”. There are: {known} …"))
            continue
        found.append(MinimumPart(per_cent=float(match[1]), whose=whose))
    return found


def _members(
    field: str, text: str, references: Sequence[str], problems: list[tuple[str, str]]
) -> tuple[str, ...] | None:
    members = tuple(dict.fromkeys(part for part in _BETWEEN.split(text.strip()) if part))[:MOST_MEMBERS]
    unknown = [member for member in members if member not in references]
    if unknown or not members:
        problems.append((field, f"Not among the ranked projects: {', '.join(unknown[:5])[:100] or 'nothing given'}."))
        return None
    return members
