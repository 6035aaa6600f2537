"""Checking a document against a schema, and saying in plain words what does not fit."""

import difflib
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from appraisal.reading.problems import Path, Problem, shown, shown_path
from appraisal.reading.schema_words import SOME_TEXT, Schema
from scoring.limits import LAST_YEAR

MOST_PROBLEMS = 100
_LONGEST_GUESSED = 64


def exact_validator(schema: Schema) -> Validator:
    """A validator that compares decimals with the limits as they are written: -0.99 and not the float next to it."""
    validator: Validator = _Validator(_exact(schema))
    return validator


def _exact(value: Any) -> Any:
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, dict):
        return {key: _exact(item) for key, item in value.items()}
    return [_exact(item) for item in value] if isinstance(value, list) else value


def schema_problems(document: Any, validator: Validator) -> list[tuple[Path, Problem]]:
    """Everything the schema finds wrong, at most 100, in the order of the schema's parts."""
    found = (problem for error in validator.iter_errors(document) for problem in _problems(error))
    return [(path, Problem(shown_path(path), message)) for path, message in islice(found, MOST_PROBLEMS)]


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """ "; did you mean amounts?", or nothing where no known word is near."""
    by_letters = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), by_letters, n=1) if len(word) <= _LONGEST_GUESSED else []
    return f"; did you mean {by_letters[near[0]]}?" if near else ""


def _is_whole(_: object, value: object) -> bool:
    if isinstance(value, Decimal):
        return value.is_finite() and value == value.to_integral_value()
    return isinstance(value, int) and not isinstance(value, bool)


def _items(validator: Any, items: Any, instance: Any, schema: Schema) -> Iterator[ValidationError]:
    """As the standard keyword, without a validator's overhead for each of the many plain numbers of a file."""
    plain = (
        isinstance(items, Mapping) and items.get("type") == "number" and set(items) <= {"type", "minimum", "maximum"}
    )
    if not plain or not isinstance(instance, list):
        yield from _STANDARD_ITEMS(validator, items, instance, schema)
        return
    least, most = items.get("minimum", -math.inf), items.get("maximum", math.inf)
    for index, item in enumerate(instance):
        if not isinstance(item, int | Decimal) or isinstance(item, bool) or not least <= item <= most:
            yield from validator.descend(item, items, path=index)


def _additional_properties(validator: Any, allowed: Any, instance: Any, schema: Schema) -> Iterator[ValidationError]:
    """As the standard keyword, in the order of the file rather than that of a set."""
    if not isinstance(instance, Mapping):
        return
    extra = [key for key in instance if key not in schema.get("properties", {})]
    if isinstance(allowed, Mapping):
        for key in extra:
            yield from validator.descend(instance[key], allowed, path=key)
    elif extra:
        yield ValidationError("unknown keys")


def _unique_items(_: Any, unique: Any, instance: Any, __: Schema) -> Iterator[ValidationError]:
    """By hashing: comparing all pairs of a hostile list would take hours."""
    if unique and isinstance(instance, list):
        texts = [item for item in instance if isinstance(item, str)]
        if len(set(texts)) < len(texts):
            yield ValidationError("twice")


_STANDARD_ITEMS: Callable[..., Iterator[ValidationError]] = Draft202012Validator.VALIDATORS["items"]
_Validator = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    validators={"items": _items, "uniqueItems": _unique_items, "additionalProperties": _additional_properties},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole),
)


def _problems(error: ValidationError) -> Iterator[tuple[Path, str]]:
    path: Path = tuple(error.absolute_path)
    rule, value, schema = str(error.validator), error.validator_value, _schema_of(error)
    instance: Any = error.instance
    if rule == "additionalProperties":
        known = list(schema["properties"])
        for key in instance:
            if key not in known:
                yield (*path, key), f"is not a key of the format{did_you_mean(key, known)}"
    elif rule == "required":
        # The validator reports each missing key on its own; its message names the key first.
        keys: Any = value
        missing = [key for key in keys if key not in instance and error.message.startswith(repr(key))]
        yield from (((*path, key), "is missing") for key in missing)
    else:
        yield path, _SAYINGS[rule](value, instance, schema)


def _schema_of(error: ValidationError) -> Schema:
    return dict(error.schema) if isinstance(error.schema, Mapping) else {}


def _type(value: str, instance: object, _: Schema) -> str:
    return f"must be {_TYPES[value]}, not {_kind_of(instance)}"


def _enum(words: Sequence[object], instance: object, schema: Schema) -> str:
    near = did_you_mean(instance, [str(word) for word in words]) if isinstance(instance, str) else ""
    if "title" in schema:
        return f"must be {schema['title']}, not {_kind_of(instance)}{near}"
    return f"must be one of {', '.join(map(str, words))}, not {_kind_of(instance)}{near}"


def _pattern(value: str, instance: object, _: Schema) -> str:
    if value == SOME_TEXT:
        return "must not be blank"
    return f"must be a code of three capital letters, not {_kind_of(instance)}"


def _one_of(options: Sequence[Schema], instance: object, _: Schema) -> str:
    names = [name for option in options for name in option["required"]]
    has = [name for name in names if isinstance(instance, Mapping) and name in instance]
    return f"must have exactly one of {' and '.join(names)}, not {'both' if has else 'neither'}"


_SAYINGS: dict[str, Callable[[Any, Any, Schema], str]] = {
    "type": _type,
    "enum": _enum,
    "const": lambda value, instance, _: f"must be {shown(value)}, not {_kind_of(instance)}",
    "pattern": _pattern,
    "oneOf": _one_of,
    "minimum": lambda value, instance, _: f"must be at least {_figure(value)}, not {shown(instance)}",
    "maximum": lambda value, instance, _: f"must be at most {_figure(value)}, not {shown(instance)}",
    "exclusiveMinimum": lambda value, instance, _: f"must be more than {_figure(value)}, not {shown(instance)}",
    "items": lambda _, instance, schema: f"has {len(instance):,} values, more than {len(schema['prefixItems'])}",
    "uniqueItems": lambda _, instance, __: f"names {_twice(instance)} twice",
    "minLength": lambda *_: "must not be empty",
    "maxLength": lambda most, instance, _: f"has {len(instance):,} characters, more than {most:,}",
    "maxItems": lambda most, instance, _: f"has {len(instance):,} entries, more than {most:,}",
    "minItems": lambda least, instance, _: f"has {len(instance):,} entries, fewer than {least:,}",
    "maxProperties": lambda most, instance, _: f"has {len(instance):,} entries, more than {most:,}",
}
_TYPES = {
    "object": "an object { … }",
    "array": "a list [ … ]",
    "string": "text in quotation marks",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
}


def _twice(items: Sequence[object]) -> str:
    return next((shown(item) for at, item in enumerate(items) if item in items[:at]), "something")


def _figure(limit: Any) -> str:
    """A limit as people write it: years plain, large amounts grouped."""
    return f"{limit:,.0f}" if abs(limit) > LAST_YEAR else f"{limit:g}"


def _kind_of(value: object) -> str:
    if isinstance(value, Mapping):
        return "an object"
    return "a list" if isinstance(value, list) else shown(value)
