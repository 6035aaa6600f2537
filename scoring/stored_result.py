"""A stored document of `appraisal-result/1` as the result it was written from.

Reading is the reverse of `scoring.result_document`: it follows the types of `Result`, so that a field added there is
read without a line here.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import lru_cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from scoring.result import SCHEMA, Figure, Missing, Result


class UnreadableResult(ValueError):
    """The document is not of this layout; the message names the place."""


def from_document(document: Mapping[str, Any]) -> Result:
    """The result whose `to_document` is this document; raises UnreadableResult where the layout is another."""
    if document.get("schema") != SCHEMA:
        raise UnreadableResult(f"schema is {document.get('schema')!r}, not {SCHEMA!r}")
    result: Result = _dataclass(Result, document, "")
    return result


@lru_cache(maxsize=64)
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _dataclass(kind: Any, document: Any, path: str) -> Any:
    if not isinstance(document, Mapping):
        raise UnreadableResult(f"{path} is not an object")
    values = {}
    for field in fields(kind):
        place = f"{path}.{field.name}".lstrip(".")
        if field.name == "irr_note":  # stands beside an IRR that exists; beside one that does not it is its reason
            values[field.name] = document.get("irr_reason") if document.get("irr") is not None else None
        elif field.name in document:
            values[field.name] = _field(_hints(kind)[field.name], document, field.name, place)
        elif field.default is MISSING and field.default_factory is MISSING:
            raise UnreadableResult(f"{place} is not in the document")
    return kind(**values)


def _field(hint: Any, document: Mapping[str, Any], name: str, path: str) -> Any:
    if hint == Figure:
        value, reason = document[name], document.get(f"{name}_reason")
        if value is None:
            return Missing(str(reason))
        return _value(float, value, path)
    return _value(hint, document[name], path)


def _value(hint: Any, value: Any, path: str) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        kept = next(argument for argument in arguments if argument is not type(None))
        return None if value is None else _value(kept, value, path)
    if origin is tuple:
        return _row(arguments, value, path)
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(value, Mapping):
            raise UnreadableResult(f"{path} is not an object")
        return {key: _value(arguments[1], item, f"{path}.{key}") for key, item in value.items()}
    return _plain(hint, value, path)


def _row(kinds: tuple[Any, ...], value: Any, path: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise UnreadableResult(f"{path} is not a list")
    if kinds[-1] is Ellipsis:
        kinds = kinds[:1] * len(value)
    if len(kinds) != len(value):
        raise UnreadableResult(f"{path} has {len(value)} entries, not {len(kinds)}")
    return tuple(_value(kind, item, f"{path}[{i}]") for i, (kind, item) in enumerate(zip(kinds, value, strict=True)))


def _plain(hint: Any, value: Any, path: str) -> Any:
    if is_dataclass(hint):
        return _dataclass(hint, value, path)
    if issubclass(hint, Enum):
        return hint(value)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not hint:
        raise UnreadableResult(f"{path} is {value!r}, not of type {hint.__name__}")
    return value
