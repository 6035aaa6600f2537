"""The rules of the project file for thousands of documents: the same verdict as for one, without asking twice.

A schema's verdict on a part depends on texts only by their length and blankness and on amounts only by their range.
Parts that are alike in everything else are asked about once.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from jsonschema.protocols import Validator

from appraisal.reading.problems import Path
from appraisal.reading.project_rules import rule_problems
from appraisal.reading.schema import project_schema
from appraisal.reading.schema_problems import exact_validator, schema_problems
from scoring import limits

_FREE = {
    "title": limits.MAX_NAME, "name": limits.MAX_NAME, "reference": limits.MAX_REFERENCE, "city": limits.MAX_NAME,
    "summary": limits.MAX_SUMMARY, "reason": limits.MAX_REASON, "source": limits.MAX_SOURCE,
    "class": limits.MAX_NAME,
}  # fmt: skip
"""Texts without a vocabulary, by their longest length."""
_AMOUNTS = frozenset({"amounts", "tonnes", "equity", "grants"})
_MOST_KNOWN = 50_000

Problems = list[tuple[Path, str]]


class DocumentChecker:
    """Checks documents of project files one after another; what it learned of one serves the next."""

    def __init__(self) -> None:
        self._sound: set[str] = set()

    def problems(self, document: Mapping[str, Any]) -> Problems:
        """Everything wrong with the document, each at its path; at most 100 of the schema's."""
        parts = _parts()
        doubtful = {
            key: part for key, part in document.items() if key not in parts or not self._part_is_sound(key, part)
        }
        by_path = []
        if doubtful or not set(project_schema()["required"]) <= set(document):
            # What is sound is left out, which makes the schema miss it.
            by_path = [
                (path, problem.message)
                for path, problem in schema_problems(doubtful, _validator())
                if not (len(path) == 1 and path[0] in document and path[0] not in doubtful)
            ]
        broken = [path for path, _ in by_path]
        return by_path + [(path, problem.message) for path, problem in rule_problems(document, broken)]

    def _part_is_sound(self, key: str, part: Any) -> bool:
        if key == "cash_flows" and isinstance(part, Mapping) and isinstance(part.get("lines"), list):
            lines = part["lines"]
            return len(lines) <= limits.MAX_LINES and all(
                self._is_sound(key, {**part, "lines": [line]}) for line in lines or [_NO_LINE]
            )
        if key == "answers" and isinstance(part, Mapping) and 0 < len(part) <= limits.MAX_LINES:
            return all(self._is_sound(key, {name: answer}) for name, answer in part.items())
        return self._is_sound(key, part)

    def _is_sound(self, key: str, part: Any) -> bool:
        if isinstance(part, Mapping) and part.get("lines") == [_NO_LINE]:
            part = {**part, "lines": []}
        shaped = _shaped(key, part)
        known = f"{key}:{shaped!r}"
        if known in self._sound:
            return True
        if next(_parts()[key].iter_errors(shaped), None) is not None:
            return False
        if len(self._sound) < _MOST_KNOWN:
            self._sound.add(known)
        return True


_NO_LINE: dict[str, Any] = {}


def _shaped(key: str | int, value: Any) -> Any:
    """The value with every sound free text as "x" and every sound list of amounts as an empty one."""
    if isinstance(value, str):
        longest = _FREE.get(str(key))
        return "x" if longest is not None and value.strip() and len(value) <= longest else value
    if isinstance(value, Mapping):
        return {name: _shaped(name, item) for name, item in value.items()}
    if isinstance(value, list):
        if key in _AMOUNTS and len(value) <= limits.MAX_PERIODS and all(map(_is_amount, value)):
            return []
        return [_shaped(index, item) for index, item in enumerate(value)]
    return value


def _is_amount(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return False
    # Below zero some may be and some may not: the schema is asked.
    return 0 <= value <= limits.MAX_AMOUNT


@cache
def _validator() -> Validator:
    return exact_validator(project_schema())


@cache
def _parts() -> dict[str, Validator]:
    return {key: exact_validator(part) for key, part in project_schema()["properties"].items()}
