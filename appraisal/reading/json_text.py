"""Strict JSON: numbers exact, and everything refused that JSON readers differ over or that exhausts them."""

import re
from decimal import Decimal
from typing import Any, NoReturn

import simplejson

from appraisal.reading.problems import Path, Problem, Unreadable, shown, shown_path
from forms.texts import kept, refused_character

MAX_CHARACTERS = 5_000_000
MAX_DEPTH = 32
MAX_KEYS = 2_000
MAX_ENTRIES = 10_000
_MOST_PROBLEMS = 100
_STRINGS_AND_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
PROSE_KEYS = frozenset({"summary", "reason", "source"})
"""Texts that may hold line ends."""


def read_json(text: str | bytes, *, all_prose: bool = False) -> Any:
    """The document with decimals exact (Decimal, int), texts composed (NFC). Raises Unreadable.

    Refused: more than one document, NaN and Infinity, duplicate keys, nesting deeper than 32, more than 5 million
    characters, 2 000 keys or 10 000 entries, numbers without end, control characters, bidi overrides, lone surrogates.
    Line ends are refused in texts other than prose, unless the format knows no difference (`all_prose`).
    """
    text = _decoded(text)
    if len(text) > MAX_CHARACTERS:
        raise Unreadable([Problem("", f"is longer than {MAX_CHARACTERS:,} characters")])
    _check_depth(text)
    problems: list[Problem] = []
    document = _kept(_parsed(text), (), problems, all_prose=all_prose)
    if problems:
        raise Unreadable(problems)
    return document


def _decoded(text: str | bytes) -> str:
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable([Problem("", f"is not UTF-8: byte {error.start} cannot be read")]) from None


def _check_depth(text: str) -> None:
    """Before parsing, because a parser that recurses may not survive the nesting."""
    depth = 0
    for match in _STRINGS_AND_BRACKETS.finditer(text):
        mark = match[0]
        if mark in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise Unreadable([Problem("", f"is nested deeper than {MAX_DEPTH} levels")])
        elif mark in "]}":
            depth -= 1


class _DuplicateKeyError(ValueError):
    pass


class _TooManyKeysError(ValueError):
    pass


class _NotANumberError(ValueError):
    pass


def _parsed(text: str) -> Any:
    try:
        return simplejson.loads(
            text, use_decimal=True, parse_constant=_refuse_constant, object_pairs_hook=_without_duplicates
        )
    except _DuplicateKeyError as error:
        message = f"the key {shown(str(error))} stands twice in one object"
    except _TooManyKeysError:
        message = f"has an object of more than {MAX_KEYS:,} keys"
    except _NotANumberError as error:
        message = f"{error} is not a number that JSON has"
    except simplejson.JSONDecodeError as error:
        message = f"is not JSON: {error.msg.lower()} (line {error.lineno}, column {error.colno})"
    except (ValueError, ArithmeticError):
        message = "holds a number with more digits than can be read"
    raise Unreadable([Problem("", message)])


def _refuse_constant(name: str) -> NoReturn:
    raise _NotANumberError(name)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MAX_KEYS:
        raise _TooManyKeysError
    found: dict[str, Any] = {}
    for key, value in pairs:
        key = kept(key)  # noqa: PLW2901 - keys equal after composition are one key
        if key in found:
            raise _DuplicateKeyError(key)
        found[key] = value
    return found


def _kept(value: Any, path: Path, problems: list[Problem], *, all_prose: bool) -> Any:
    """The value with its texts composed; texts that may not be stored are reported."""
    if len(problems) >= _MOST_PROBLEMS:
        return value
    if isinstance(value, str):
        prose = all_prose or (bool(path) and path[-1] in PROSE_KEYS)
        _check_characters(value, path, problems, prose=prose)
        return kept(value)
    if isinstance(value, list) and len(value) > MAX_ENTRIES:
        problems.append(Problem(shown_path(path), f"has more than {MAX_ENTRIES:,} entries"))
    elif isinstance(value, list):
        return [_kept(item, (*path, index), problems, all_prose=all_prose) for index, item in enumerate(value)]
    if isinstance(value, dict):
        for key in value:
            _check_characters(key, (*path, key), problems, prose=False)
        return {key: _kept(item, (*path, key), problems, all_prose=all_prose) for key, item in value.items()}
    if isinstance(value, Decimal) and not value.is_finite():
        problems.append(Problem(shown_path(path), "is larger than any number that can be read"))
    return value


def _check_characters(text: str, path: Path, problems: list[Problem], *, prose: bool) -> None:
    if character := refused_character(text, prose=prose):
        problems.append(Problem(shown_path(path), f"holds the character {character}, which cannot be stored"))
