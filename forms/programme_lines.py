"""The rules of a programme that are written one a line: start years, phases, choices, needs and minimum shares."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

MOST_MEMBERS = 40
FARTHEST = 10
"""Years from its own in which a project may start at most: its figures say less and less about a later one."""
WHOLE = 100
_BETWEEN = re.compile(r"[,;\s]+")
_NEEDS = re.compile(r"\s+needs\s+|\s*[:>]\s*", re.IGNORECASE)
_LEAST = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*%?\s*(?:for|to|in)?\s+(.+)", re.IGNORECASE)
_START = re.compile(
    r"(\S+?)\s*[:,]?\s+(?:(?:from|in)\s+)?([0-9]{4})(?:\s*(?:to|until|[-\N{EN DASH}])\s*([0-9]{4}))?", re.IGNORECASE
)
_THEN = re.compile(r"\s+then\s+(?:(?:after\s+)?([0-9]{1,2})\s+years?\s+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lines:
    """What was typed, what it may name, and where what cannot be used is said."""

    texts: Mapping[str, list[str]]
    references: tuple[str, ...]
    years: Mapping[str, int]
    problems: list[tuple[str, str]]

    def say(self, field: str, text: str) -> None:
        self.problems.append((field, text))

    def members(self, field: str, text: str) -> tuple[str, ...] | None:
        members = tuple(dict.fromkeys(part for part in _BETWEEN.split(text.strip()) if part))[:MOST_MEMBERS]
        unknown = [member for member in members if member not in self.references]
        if unknown or not members:
            self.say(field, f"Not among the ranked projects: {', '.join(unknown[:5])[:100] or 'nothing given'}.")
            return None
        return members


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumPart:
    """At least so much of the money goes to projects of an action area or a city."""

    per_cent: float
    whose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartYears:
    """A project starts in one of these years, both ends included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A later phase, and the one that it follows by so many years or more."""

    later: str
    earlier: str
    years: int


def starts_of(lines: Lines) -> dict[str, StartYears]:
    """“A 2028 to 2030”, or “A 2028”; the last line on a project counts."""
    found: dict[str, StartYears] = {}
    for line in lines.texts["start"]:
        match = _START.fullmatch(line)
        if match is None:
            lines.say("start", f"Write “{lines.references[0]} 2028 to 2030”, not “{line[:60]}”.")
            continue
        members = lines.members("start", match[1])
        if members is None:
            continue
        reference, first, last = members[0], int(match[2]), int(match[3] or match[2])
        own = lines.years.get(reference)
        if own is None:
            lines.say("start", f"{reference} has no yearly investment that could start in another year.")
        elif not own - FARTHEST <= first <= last <= own + FARTHEST:
            lines.say(
                "start",
                f"{reference} is planned for {own}: it can start from {own - FARTHEST} to {own + FARTHEST}, "
                f"the first year before the last, not {first} to {last}.",
            )
        else:
            found[reference] = StartYears(first=first, last=last)
    return found


def phases_of(lines: Lines, allowed: Callable[[str], Collection[int]]) -> Iterator[Phase]:
    """“A then B then C”: each a year or more after the one before, or “A then after 3 years B”.

    allowed: the years in which a project may start.
    """
    for line in lines.texts["phases"]:
        parts = _THEN.split(line)
        if len(parts) == 1 or any(len(part.split()) != 1 for part in parts[::2]):
            lines.say("phases", f"{_phases_form(lines)}, not “{line[:60]}”.")
            continue
        names = [lines.members("phases", part) for part in parts[::2]]
        if None in names:
            continue
        flat = [name[0] for name in names if name is not None and len(name) == 1]
        if len(flat) < 2 or len(set(flat)) < len(names):  # noqa: PLR2004 -- a phase and the next
            lines.say("phases", f"{_phases_form(lines)}, each project once, not “{line[:60]}”.")
            continue
        for earlier, gap, later in zip(flat, parts[1::2], flat[1:], strict=False):
            yield from _phase(lines, Phase(later=later, earlier=earlier, years=int(gap or 1)), allowed)


def _phases_form(lines: Lines) -> str:
    first, second = (*lines.references, "A", "B")[:2]
    return f"Write “{first} then {second}”, or “{first} then after 2 years {second}”"


def _phase(lines: Lines, phase: Phase, allowed: Callable[[str], Collection[int]]) -> Iterator[Phase]:
    undated = [name for name in (phase.earlier, phase.later) if name not in lines.years]
    if undated:
        lines.say("phases", f"{' and '.join(undated)}: no yearly investment says when that starts.")
        return
    first, last = min(allowed(phase.earlier)), max(allowed(phase.later))
    if first + phase.years > last:
        lines.say(
            "phases",
            f"{phase.later} starts in {last} at the latest, and {phase.earlier} in {first} at the earliest: it cannot "
            f"follow by {phase.years} {'year' if phase.years == 1 else 'years'}. Let it start later.",
        )
        return
    yield phase


def exclusive_of(lines: Lines) -> Iterator[tuple[str, ...]]:
    """“A, B”: at most one of them."""
    for line in lines.texts["one"]:
        members = lines.members("one", line)
        if members is None:
            continue
        if len(members) < 2:  # noqa: PLR2004 -- a choice needs two
            lines.say("one", f"“{line[:60]}” names one project: at most one of it is no rule.")
            continue
        yield members


def requires_of(lines: Lines) -> Iterator[tuple[str, tuple[str, ...]]]:
    """“A needs B or C”."""
    for line in lines.texts["needs"]:
        parts = _NEEDS.split(line, maxsplit=1)
        if len(parts) != 2:  # noqa: PLR2004 -- who needs, and what
            lines.say("needs", f"Write “A needs B”, not “{line[:60]}”.")
            continue
        dependant = lines.members("needs", parts[0])
        needed = lines.members("needs", re.sub(r"\s+or\s+", ",", parts[1]))
        if dependant is None or needed is None:
            continue
        if len(dependant) != 1 or dependant[0] in needed:
            lines.say("needs", f"“{line[:60]}” must name one project, and another that it needs.")
            continue
        yield dependant[0], needed


def least_of(lines: Lines, groups: Mapping[str, Collection[str]]) -> tuple[MinimumPart, ...]:
    """“20% for Mobility”; none where shares of groups that have no project in common are more than the whole."""
    named = {group.casefold(): group for group in groups}
    found = []
    for line in lines.texts["least"]:
        match = _LEAST.fullmatch(line)
        whose = named.get(match[2].strip().casefold()) if match else None
        if match is None or whose is None or not 0 <= float(match[1]) <= WHOLE:
            known = ", ".join(list(groups)[:6])
            lines.say("least", f"Write “20% for Mobility”, not “{line[:60]}”. There are: {known} …")
            continue
        found.append(MinimumPart(per_cent=float(match[1]), whose=whose))
    apart = _apart(found, groups)
    total = sum(part.per_cent for part in apart)
    if total > WHOLE + 1e-9:
        parts = " and ".join(f"{part.per_cent:g}% for {part.whose}" for part in apart)
        lines.say(
            "least",
            f"{parts} make {total:g}% together, and have no project in common: at most 100% can be spent. "
            "Until that is mended no share counts.",
        )
        return ()
    return tuple(found)


def _apart(parts: list[MinimumPart], groups: Mapping[str, Collection[str]]) -> list[MinimumPart]:
    """Of shares whose groups have no project in common those that sum to the most, taken greedily from each."""
    most: list[MinimumPart] = []
    order = sorted(parts, key=lambda part: -part.per_cent)
    for first in order:
        taken, kept = set(groups[first.whose]), [first]
        for part in order:
            if part is not first and taken.isdisjoint(groups[part.whose]):
                kept.append(part)
                taken |= set(groups[part.whose])
        if sum(part.per_cent for part in kept) > sum(part.per_cent for part in most):
            most = kept
    return most
