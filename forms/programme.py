"""The rules of a programme as its address says them: objective, risk, start years, phases, choices, shares.

What cannot be used is left out and said at its field.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from forms.programme_lines import (
    Lines,
    MinimumPart,
    Phase,
    StartYears,
    exclusive_of,
    least_of,
    phases_of,
    requires_of,
    starts_of,
)
from forms.what_if import Arguments

Objective = Literal["value", "score", "mix"]
OBJECTIVES: Mapping[str, str] = {
    "value": "Value to society, certainty equivalent",
    "score": "Sum of scores",
    "mix": "A mix of both",
}
FIELDS = ("objective", "mix", "risk", "later", "start", "phases", "one", "needs", "least")
TEXTS = ("start", "phases", "one", "needs", "least")
MOST_LINES, LONGEST = 40, 300
EVEN = 50
RISKS = (1.0, 50.0)
"""Per cent: rarer losses than one in 100 are not known from the draws, and likelier ones are no cap."""
MOST_LATER = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeRules:
    objective: Objective = "value"
    mix: int = EVEN
    """Of a mix, the part of value in per cent."""
    risk: float | None = None
    """The programme's chance of a loss for society is at most this, in per cent; None is no cap."""
    later: int = 0
    """Years by which any project that is not approved may start later than planned."""
    starts: Mapping[str, StartYears]
    """By reference, the years in which a project may start, whatever else holds for the others."""
    phases: tuple[Phase, ...] = ()
    exclusive: tuple[tuple[str, ...], ...] = ()
    requires: tuple[tuple[str, tuple[str, ...]], ...] = ()
    least: tuple[MinimumPart, ...] = ()
    texts: Mapping[str, str]
    """The fields as they were typed."""
    problems: tuple[tuple[str, str], ...] = ()

    def parameters(self) -> list[tuple[str, str]]:
        """The address that says it."""
        given = {"objective": self.objective, "mix": str(self.mix)} | dict(self.texts)
        if self.risk is not None:
            given["risk"] = f"{self.risk:g}"
        if self.later:
            given["later"] = str(self.later)
        return list(_changed(given))

    def years_of(self, reference: str, own: int, *, committed: bool) -> tuple[int, ...]:
        """The years in which a project may start, its own first where it is among them."""
        stated = self.starts.get(reference)
        last = own if committed else own + self.later
        years = range(stated.first, stated.last + 1) if stated else range(own, last + 1)
        return tuple(sorted(years, key=lambda year: (year != own, year)))


def carried(arguments: Arguments) -> list[tuple[str, str]]:
    """The rules in an address, unread: what other pages pass on, and scenarios keep."""
    lines = {name: "\n".join(_lines(arguments, name)) for name in TEXTS}
    words = {name: next((text.strip()[:12] for text in arguments.getlist(name) if text.strip()), "") for name in FIELDS}
    return list(_changed(words | lines))


def _changed(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    plain = {"objective": "value", "mix": str(EVEN), "later": "0"}
    return ((name, given[name]) for name in FIELDS if given.get(name) and given[name] != plain.get(name))


def read_programme(
    arguments: Arguments,
    references: Sequence[str],
    groups: Mapping[str, Collection[str]],
    years: Mapping[str, int] | None = None,
    committed: Collection[str] = (),
) -> ProgrammeRules:
    """Read the rules.

    groups: the action areas and cities that may have a minimum share, by name, with their projects. years: the year in
    which each project starts, where its plan says so; the others cannot be moved. committed: projects approved already.
    """
    problems: list[tuple[str, str]] = []
    lines = Lines({name: _lines(arguments, name) for name in TEXTS}, tuple(references), years or {}, problems)
    objective = next((value for value in arguments.getlist("objective") if value in OBJECTIVES), "value")
    later = _whole(arguments, "later", 0, MOST_LATER, problems)
    rules = ProgrammeRules(
        objective=cast("Objective", objective),
        mix=_whole(arguments, "mix", EVEN, 100, problems),
        risk=_risk(arguments, problems),
        later=later,
        starts=starts_of(lines),
        exclusive=tuple(exclusive_of(lines)),
        requires=tuple(requires_of(lines)),
        least=tuple(least_of(lines, groups)),
        texts={name: "\n".join(lines.texts[name]) for name in TEXTS},
    )

    def allowed(reference: str) -> tuple[int, ...]:
        return rules.years_of(reference, lines.years[reference], committed=reference in committed)

    return _with(rules, tuple(phases_of(lines, allowed)), problems)


def _with(rules: ProgrammeRules, phases: tuple[Phase, ...], problems: list[tuple[str, str]]) -> ProgrammeRules:
    order = {name: at for at, name in enumerate(FIELDS)}
    return replace(rules, phases=phases, problems=tuple(sorted(problems, key=lambda each: order[each[0]])))


def _lines(arguments: Arguments, name: str) -> list[str]:
    lines = [line.strip() for text in arguments.getlist(name) for line in text.splitlines() if line.strip()]
    return [line[:LONGEST] for line in lines[:MOST_LINES]]


def _text(arguments: Arguments, name: str) -> str:
    return next((text.strip() for text in arguments.getlist(name) if text.strip()), "")


_WHOLES = {"mix": "The part of value", "later": "By how many years projects may start later"}


def _whole(arguments: Arguments, name: str, plain: int, most: int, problems: list[tuple[str, str]]) -> int:
    text = _text(arguments, name) or str(plain)
    if not re.fullmatch(r"[0-9]{1,3}", text) or int(text) > most:
        problems.append((name, f"{_WHOLES[name]} is a whole number from 0 to {most}, not “{text[:20]}”."))
        return plain
    return int(text)


def _risk(arguments: Arguments, problems: list[tuple[str, str]]) -> float | None:
    text = _text(arguments, "risk").removesuffix("%").strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", text) or not RISKS[0] <= float(text) <= RISKS[1]:
        least, most = RISKS
        problems.append(
            ("risk", f"The chance of a loss is capped at {least:g} to {most:g} per cent, not “{text[:20]}”.")
        )
        return None
    return float(text)
