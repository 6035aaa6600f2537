"""Plain documents into dataclasses by their annotations, with every mismatch at its key."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from types import NoneType
from typing import Any, Final, get_args, get_origin, get_type_hints

from scoring.errors import InputProblem

Problems = list[InputProblem]
Checks = Mapping[type, Callable[[Any, str], Iterable[InputProblem]]]
"""What must hold beyond the types: called with every dataclass that could be built, and its path."""

UNREADABLE: Final = object()
"""Stands for a part that could not be read; its problems are already listed."""

_ARTICLES = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


def read_part(hint: Any, value: Any, path: str, problems: Problems, checks: Checks) -> Any:
    """The value as its annotation says, or UNREADABLE with what is wrong added to `problems`."""
    if is_dataclass(hint) and isinstance(hint, type):
        return _record(hint, value, path, problems, checks)
    origin, inner = get_origin(hint), get_args(hint)
    if NoneType in inner:
        given = next(kind for kind in inner if kind is not NoneType)
        return None if value is None else read_part(given, value, path, problems, checks)
    if origin is tuple:
        return _sequence(inner, value, path, problems, checks)
    if origin is Mapping:
        return _table(inner, value, path, problems, checks)
    return _plain(hint, value, path, problems)


def _record(kind: type[Any], value: Any, path: str, problems: Problems, checks: Checks) -> Any:
    if not isinstance(value, Mapping):
        return _refused(path, "needs a table of keys.", problems)
    hints = get_type_hints(kind)
    problems.extend(InputProblem(_at(path, key), "is not a key of the format.") for key in value if key not in hints)
    missing = [field.name for field in fields(kind) if _required(field) and field.name not in value]
    problems.extend(InputProblem(_at(path, name), "is missing.") for name in missing)
    parts = {
        key: read_part(hints[key], given, _at(path, key), problems, checks)
        for key, given in value.items()
        if key in hints
    }
    if missing or any(part is UNREADABLE for part in parts.values()):
        return UNREADABLE
    built = kind(**parts)
    problems.extend(checks[kind](built, path) if kind in checks else ())
    return built


def _sequence(inner: tuple[Any, ...], value: Any, path: str, problems: Problems, checks: Checks) -> Any:
    if not isinstance(value, list | tuple):
        return _refused(path, "needs a list.", problems)
    hints = [inner[0]] * len(value) if inner[-1] is Ellipsis else list(inner)
    if len(hints) != len(value):
        return _refused(path, f"needs {len(hints)} entries; there are {len(value)}.", problems)
    parts = [
        read_part(hint, given, f"{path}[{position}]", problems, checks)
        for position, (hint, given) in enumerate(zip(hints, value, strict=True))
    ]
    return UNREADABLE if any(part is UNREADABLE for part in parts) else tuple(parts)


def _table(inner: tuple[Any, ...], value: Any, path: str, problems: Problems, checks: Checks) -> Any:
    if not isinstance(value, Mapping):
        return _refused(path, "needs a table of keys.", problems)
    keys = {given: _key(inner[0], given) for given in value}
    bad = [given for given, key in keys.items() if key is UNREADABLE]
    problems.extend(InputProblem(_at(path, given), f"needs {_ARTICLES[inner[0]]} as its key.") for given in bad)
    parts = {
        keys[given]: read_part(inner[1], entry, _at(path, given), problems, checks) for given, entry in value.items()
    }
    return UNREADABLE if bad or any(part is UNREADABLE for part in parts.values()) else parts


def _key(hint: Any, given: Any) -> Any:
    """TOML and JSON have only texts as keys: a whole number is read from one."""
    if hint is int and isinstance(given, str) and given.isascii() and given.isdigit():
        return int(given)
    return given if isinstance(given, hint) else UNREADABLE


def _plain(hint: Any, value: Any, path: str, problems: Problems) -> Any:
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        known = [item.value for item in hint]
        return hint(value) if value in known else _refused(path, f"needs one of {', '.join(known)}.", problems)
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if _finite(value) else _refused(path, "needs a finite number.", problems)
    if isinstance(value, hint) and isinstance(value, bool) is (hint is bool):
        return value
    return _refused(path, f"needs {_ARTICLES[hint]}.", problems)


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond what a float holds
        return False


def _refused(path: str, message: str, problems: Problems) -> object:
    problems.append(InputProblem(path, message))
    return UNREADABLE


def _at(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)


def _required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING
