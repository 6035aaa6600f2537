"""The published JSON Schema (2020-12) of the result, built from its dataclasses."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from appraisal.reading.attribute_docs import attribute_docs
from appraisal.reading.schema import DIALECT
from appraisal.reading.schema_words import Schema
from scoring.reasons import REASONS
from scoring.result import SCHEMA, Figure, GateResult, Missing, Result
from scoring.result_document import UNLESS_SUM

_PASSED = "False where the gate blocks a recommendation, unanswered or failed."
_NUMBER_OR_NULL = {"type": ["number", "null"]}


@cache
def result_schema() -> Schema:
    """The schema of `appraisal-result/1`. A missing figure is null and its reason stands beside it."""
    body = _object(Result)
    head = {"$schema": DIALECT, "$id": f"urn:{SCHEMA.replace('/', ':')}", "title": "Appraisal result"}
    properties = {"schema": {"const": SCHEMA, "description": "The format and its version."}} | body["properties"]
    required: Schema = {"properties": properties, "required": ["schema", *body["required"]]}
    return head | body | required | {"$defs": {"reason": _reasons()}}


def _reasons() -> Schema:
    """Every reason code with what it means."""
    codes = [{"const": code, "description": words} for code, words in REASONS.items()]
    return {"description": "Why a figure is null, or what to know of it.", "oneOf": codes}


def _object(kind: type) -> Schema:
    properties: Schema = {}
    required, conditions = [], []
    for name, hint in _hints(kind).items():
        if name == "irr_note":
            continue
        properties[name] = _schema_of(hint) | {"description": _meaning(kind, name)}
        if name not in UNLESS_SUM:
            required.append(name)
        if hint == Figure:
            why = f"Why `{name}` is null, or what to know of it."
            properties[f"{name}_reason"] = {"$ref": "#/$defs/reason", "description": why}
            null = {"properties": {name: {"type": "null"}}}
            conditions.append({"if": null, "then": {"required": [f"{name}_reason"]}})
    described = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return described | ({"allOf": conditions} if conditions else {})


def _meaning(kind: type, name: str) -> str:
    """What stands below the field; that of a standard error is the same everywhere."""
    docs = attribute_docs(kind)
    if name.endswith("_se") and name not in docs:
        return f"Monte Carlo standard error of `{name.removesuffix('_se')}`, in its unit."
    return _PASSED if kind is GateResult and name == "passed" else docs[name]


def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    named = {field.name: hints[field.name] for field in fields(kind)}
    return named | {"passed": bool} if kind is GateResult else named


def _schema_of(hint: Any) -> Schema:
    origin, arguments = get_origin(hint), get_args(hint)
    if hint == Figure:
        return _NUMBER_OR_NULL
    if origin in (Union, UnionType):
        return _optional(arguments)
    if origin is tuple:
        return _tuple(arguments)
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema_of(arguments[1])}
    return _plain(hint)


def _plain(kind: type) -> Schema:
    if is_dataclass(kind):
        return _object(kind)
    if issubclass(kind, Enum):
        return {"enum": [word.value for word in kind]}
    return {"type": {float: "number", int: "integer", bool: "boolean", str: "string"}[kind]}


def _optional(arguments: tuple[Any, ...]) -> Schema:
    described = _schema_of(next(kind for kind in arguments if kind not in (NoneType, Missing)))
    if isinstance(described.get("type"), str) and described["type"] != "object":
        return described | {"type": [described["type"], "null"]}
    return {"anyOf": [described, {"type": "null"}]}


def _tuple(arguments: tuple[Any, ...]) -> Schema:
    if arguments[-1] is Ellipsis:
        return {"type": "array", "items": _schema_of(arguments[0])}
    items = [_schema_of(argument) for argument in arguments]
    return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}
