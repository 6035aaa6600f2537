"""The words that JSON Schemas are written in here: texts, numbers, lists and objects within the limits."""

from enum import StrEnum
from typing import Any

from appraisal.reading.attribute_docs import attribute_docs
from scoring import limits
from scoring.project_file import CashFlowLine

Schema = dict[str, Any]

SOME_TEXT = r"\S"
"""The pattern of a text that must not be blank."""
LARGEST = int(limits.MAX_AMOUNT)


def object_of(kinds: type | tuple[type, ...], properties: Schema, *required: str) -> Schema:
    """An object of these keys; what each means is said below the fields of the dataclasses it becomes."""
    docs: dict[str, str] = {
        "schema": "The format and its version.",
        "class": attribute_docs(CashFlowLine)["line_class"],
    }
    for kind in kinds if isinstance(kinds, tuple) else (kinds,):
        docs |= attribute_docs(kind)
    described = {
        key: value if "description" in value else {"description": docs[key]} | value
        for key, value in properties.items()
    }
    needed = {"required": list(required)} if required else {}
    return {"type": "object", "properties": described, "additionalProperties": False} | needed


def map_of(values: Schema, longest_key: int, most: int) -> Schema:
    names = {"minLength": 1, "maxLength": longest_key}
    return {"type": "object", "propertyNames": names, "additionalProperties": values, "maxProperties": most}


def list_of(items: Schema, most: int) -> Schema:
    return {"type": "array", "items": items, "maxItems": most}


def text(longest: int) -> Schema:
    return {"type": "string", "maxLength": longest, "pattern": SOME_TEXT}


def optional_text(longest: int) -> Schema:
    return {"type": "string", "maxLength": longest}


def between(least: float, most: float) -> Schema:
    return {"type": "number", "minimum": least, "maximum": most}


def whole(least: int, most: int) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most}


def one_of(vocabulary: type[StrEnum]) -> Schema:
    return {"enum": [word.value for word in vocabulary]}


def several_of(vocabulary: type[StrEnum]) -> Schema:
    return {"type": "array", "items": one_of(vocabulary), "uniqueItems": True, "maxItems": len(vocabulary)}


def year() -> Schema:
    return whole(limits.MIN_YEAR, limits.MAX_YEAR)


def rate() -> Schema:
    return between(limits.MIN_RATE, limits.MAX_RATE)


def factor() -> Schema:
    return between(0, limits.MAX_FACTOR)


def share() -> Schema:
    return between(0, 1)


def money() -> Schema:
    return between(0, LARGEST)


def amounts(least: int = -LARGEST) -> Schema:
    """Money, tonnes or output by period."""
    amount = {"type": "number", "minimum": least, "maximum": LARGEST}
    described = f"By period, period 0 first; at most {limits.MAX_AMOUNT_DECIMALS} decimals; zero after its end."
    return list_of(amount, limits.MAX_PERIODS) | {"description": described}
