"""A what-if as its address says it: weights, locks, budget, yearly caps, pins. Everything is on an allow-list.

What cannot be used is left out and said; an address that someone shortened or mistyped still opens.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from forms.numbers import read_number
from scoring.limits import LAST_YEAR, MAX_AMOUNT, MIN_YEAR
from scoring.scenarios import built_in_scenarios

WEIGHT, CAP = "w-", "cap-"
LOCK, BUDGET, MUST, OUT = "lock", "budget", "must", "out"
SOURCES = {"": "all sources", "grants": "grants", "debt": "debt", "equity": "equity"}
_CAP = re.compile(r"cap-([0-9]{4})(?:-(grants|debt|equity))?")
WHOLE = 100.0
SHOWN = 1
"""Decimals of a weight in per cent."""

Call = tuple[int, str]
"""A calendar year and a source of funds; "" is all sources together."""


class Arguments(Protocol):
    """What an address or a form carries: names, each with one or more texts."""

    def getlist(self, key: str) -> list[str]: ...
    def keys(self) -> Iterable[str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    key: str
    title: str
    weights: Mapping[str, float]
    why: str


_WHY = {
    "quick-cheap-easy": "what pays back and builds on what is there",
    "inclusive-sustainable-complex": "who is reached and how well their data are kept",
}
PRESETS = tuple(
    Preset(
        key=item.key,
        title=item.title,
        weights={key: round(WHOLE * weight, SHOWN) for key, weight in item.changes.weights.items()},
        why=_WHY[item.key],
    )
    for item in built_in_scenarios()
    if item.key in _WHY
)
"""The two ends that the brief sets against each other; how much each weighs is this tool's reading of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What is explored; empty is the record itself."""

    weights: Mapping[str, float] = field(default_factory=dict)
    """Per cent by criterion, which sum to 100; empty is the framework's."""
    locked: tuple[str, ...] = ()
    budget: Decimal | None = None
    """In the round's unit; None is the round's."""
    caps: Mapping[Call, Decimal] = field(default_factory=dict)
    must: tuple[str, ...] = ()
    out: tuple[str, ...] = ()
    """References pinned in and pinned out."""
    problems: tuple[tuple[str, str], ...] = ()
    """What could not be used: the name of the field, and why."""

    @property
    def explores(self) -> bool:
        """Whether anything differs from the record."""
        return bool(self.changes)

    @property
    def changes(self) -> list[tuple[str, str]]:
        """What of the address differs from the record: a lock alone changes nothing."""
        return [pair for pair in self.parameters() if pair[0] != LOCK]

    def parameters(self) -> list[tuple[str, str]]:
        """The address that says it, always in the same order."""
        return [
            *((f"{WEIGHT}{key}", written(weight)) for key, weight in self.weights.items()),
            *((LOCK, key) for key in self.locked),
            *([(BUDGET, plain(self.budget))] if self.budget is not None else []),
            *((cap_name(call), plain(cap)) for call, cap in sorted(self.caps.items())),
            *((MUST, reference) for reference in self.must),
            *((OUT, reference) for reference in self.out),
        ]


def cap_name(call: Call) -> str:
    year, source = call
    return f"{CAP}{year}-{source}" if source else f"{CAP}{year}"


def plain(amount: Decimal) -> str:
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def written(weight: float) -> str:
    return f"{weight:.{SHOWN}f}".removesuffix(".0")


def read_what_if(
    arguments: Arguments,
    criteria: Mapping[str, float],
    references: Container[str],
    *,
    own_budget: Decimal | None = None,
) -> WhatIf:
    """Read what an address explores.

    criteria: the framework's weights by criterion, as fractions, in order. references: the projects that may be pinned.
    own_budget: the round's, which is no change where it is given again.
    """
    problems: list[tuple[str, str]] = []
    locked = tuple(key for key in criteria if key in arguments.getlist(LOCK))
    weights = _weights(arguments, criteria, locked, problems)
    budget = _amount(arguments, BUDGET, problems)
    caps = _caps(arguments, problems)
    must, out = (_pins(arguments, name, references, problems) for name in (MUST, OUT))
    if both := [reference for reference in must if reference in out]:
        problems.append((MUST, f"{_listed(both)} cannot be pinned in and out at once: left as ranked."))
        must, out = (tuple(item for item in pins if item not in both) for pins in (must, out))
    return WhatIf(
        weights=weights,
        locked=locked,
        budget=None if budget == own_budget else budget,
        caps=caps,
        must=must,
        out=out,
        problems=tuple(problems),
    )


def balanced(weights: Mapping[str, float], locked: Sequence[str]) -> dict[str, float] | None:
    """Weights that sum to 100: what is locked stays, the others share the rest in proportion.

    None where the locked ones leave no way: they sum to more than 100, or to less with nothing else to raise.
    """
    fixed = sum(weights[key] for key in locked)
    free = [key for key in weights if key not in locked]
    rest, loose = WHOLE - fixed, sum(weights[key] for key in free)
    tolerance = 0.5 * 10**-SHOWN
    if rest < -tolerance or (not free and abs(rest) > tolerance):
        return None
    share = {key: weights[key] / loose if loose > 0 else 1 / len(free) for key in free}
    found = {key: weights[key] if key in locked else round(max(rest, 0.0) * share[key], SHOWN) for key in weights}
    if free:
        largest = max(free, key=lambda key: found[key])
        found[largest] = round(found[largest] + WHOLE - sum(found.values()), SHOWN)
    return found


def _weights(
    arguments: Arguments, criteria: Mapping[str, float], locked: tuple[str, ...], problems: list[tuple[str, str]]
) -> dict[str, float]:
    asked = {key: text for key in criteria if (text := _text(arguments, f"{WEIGHT}{key}"))}
    own = {key: round(WHOLE * weight, SHOWN) for key, weight in criteria.items()}
    if not asked:
        return {}
    given = dict(own)
    for key, text in asked.items():
        value = read_number(text, decimal_mark=".").value
        if value is None or not 0 <= value <= Decimal(WHOLE):
            problems.append((f"{WEIGHT}{key}", f"A weight is a number from 0 to 100, not “{text[:20]}”."))
            return {}
        given[key] = round(float(value), SHOWN)
    if sum(given.values()) <= 0:
        problems.append((f"{WEIGHT}{next(iter(criteria))}", "One weight must be above 0."))
        return {}
    found = balanced(given, locked)
    if found is None:
        total = sum(given[key] for key in locked)
        problems.append(
            (f"{WEIGHT}{locked[0]}", f"The locked weights sum to {written(total)}; all together must make 100.")
        )
        return {}
    return {} if all(abs(found[key] - own[key]) < 0.5 * 10**-SHOWN for key in own) else found


def _amount(arguments: Arguments, name: str, problems: list[tuple[str, str]]) -> Decimal | None:
    text = _text(arguments, name)
    if not text:
        return None
    value = read_number(text, decimal_mark=".").value
    if value is None or not 0 <= value <= MAX_AMOUNT:
        problems.append((name, f"A budget is an amount of 0 or more, not “{text[:20]}”."))
        return None
    return value


def _caps(arguments: Arguments, problems: list[tuple[str, str]]) -> dict[Call, Decimal]:
    found: dict[Call, Decimal] = {}
    for name in sorted(set(arguments.keys())):
        match = _CAP.fullmatch(name)
        if not match:
            continue
        year = int(match[1])
        if not MIN_YEAR <= year <= LAST_YEAR:
            problems.append((name, f"No project can spend in {match[1]}: that budget is left out."))
        elif (cap := _amount(arguments, name, problems)) is not None:
            found[year, match[2] or ""] = cap
    return found


def _pins(
    arguments: Arguments, name: str, references: Container[str], problems: list[tuple[str, str]]
) -> tuple[str, ...]:
    asked = list(dict.fromkeys(text for text in arguments.getlist(name) if text))
    unknown = [text[:40] for text in asked if text not in references]
    if unknown:
        problems.append((name, f"Not among the ranked projects, and left out: {_listed(unknown[:5])}."))
    return tuple(text for text in asked if text in references)


def _text(arguments: Arguments, name: str) -> str:
    return next((text.strip() for text in arguments.getlist(name) if text.strip()), "")


def _listed(items: Sequence[str]) -> str:
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
