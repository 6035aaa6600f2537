"""Rules of consistency as data: what contradicts what, and how to say it (METHOD 9)."""

import operator
import string
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from scoring.criteria.facts import Fact, Value

_FILE = Path(__file__).with_name("consistency.toml")
OTHER_FACT = "@"
"""Marks a value of the file that is the name of another fact."""
MISSING = "missing"
_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "above": operator.gt,
    "at-least": operator.ge,
    "below": operator.lt,
    "at-most": operator.le,
}
TESTS = ("is", MISSING, *_COMPARED)


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of one fact; `value` begins with @ where it is another fact."""

    fact: str
    test: str
    value: Value | None = None

    @property
    def facts(self) -> tuple[str, ...]:
        other = self.value
        return (self.fact, other[1:]) if isinstance(other, str) and other.startswith(OTHER_FACT) else (self.fact,)

    def holds(self, facts: Mapping[str, Fact]) -> bool:
        """Whether it does; a fact that is not stated is missing, and passes no other test."""
        if not all(name in facts for name in self.facts):
            return False
        own = facts[self.fact].value
        if self.test == MISSING:
            return own is None
        other = facts[self.facts[1]].value if len(self.facts) > 1 else self.value
        if own is None or other is None:
            return False
        return own == other if self.test == "is" else _COMPARED[self.test](own, other)


@dataclass(frozen=True, slots=True)
class Rule:
    """Finds something where all conditions hold; `message` shows facts in braces."""

    id: str
    when: tuple[Condition, ...]
    message: str
    explainable: bool = True
    """Whether a reason can stand in for a correction."""

    @property
    def facts(self) -> tuple[str, ...]:
        """Facts of the conditions, each once, in their order."""
        return tuple(dict.fromkeys(name for condition in self.when for name in condition.facts))

    @property
    def shown(self) -> tuple[str, ...]:
        """Facts the message shows."""
        return tuple(name for _, name, _, _ in string.Formatter().parse(self.message) if name)


@lru_cache(maxsize=1)
def load_rules() -> tuple[Rule, ...]:
    """The built-in rules, read once."""
    return parse_rules(_FILE.read_text(encoding="utf-8"))


def parse_rules(text: str) -> tuple[Rule, ...]:
    """Rules from TOML text. Raises ValueError where one is not complete, has an unknown test or key, or comes twice."""
    rules = tuple(_rule(row) for row in tomllib.loads(text)["rules"])
    names = [rule.id for rule in rules]
    if len(set(names)) < len(names):
        raise ValueError(f"A rule comes twice: {', '.join(sorted({name for name in names if names.count(name) > 1}))}")
    return rules


def _rule(row: Mapping[str, Any]) -> Rule:
    unknown = set(row) - {"id", "when", "message", "explainable"}
    if unknown or not all(row.get(key) for key in ("id", "when", "message")):
        raise ValueError(f"A rule needs id, when and message, and may have explainable: {dict(row)}")
    return Rule(
        id=row["id"],
        when=tuple(_condition(row["id"], given) for given in row["when"]),
        message=row["message"],
        explainable=row.get("explainable", True),
    )


def _condition(rule: str, given: list[Any]) -> Condition:
    fact, test, *values = given
    if test not in TESTS or len(values) != (test != MISSING):
        raise ValueError(f"{rule}: {given} needs a fact, one of {', '.join(TESTS)}, and a value unless it is missing")
    value = values[0] if values else None
    # A truth stays one; a whole number is compared with facts that are fractions.
    return Condition(fact, test, float(value) if isinstance(value, int) and not isinstance(value, bool) else value)
