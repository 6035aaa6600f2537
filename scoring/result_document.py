"""A result as a plain document in the layout of `appraisal-result/1`, ready for JSON.

A missing figure is None with its reason beside it: `irr` None and `irr_reason` "no-sign-change".
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from scoring.frameworks.aggregation import Method
from scoring.result import SCHEMA, GateResult, Missing, Result

Document = dict[str, Any]

_WHOLE = frozenset({"dscr_min_year"})
"""Figures that are counts or years: written without a fraction."""
UNLESS_SUM: Mapping[str, object] = {"aggregation": Method.WEIGHTED_SUM, "adjustment": 0.0}
"""Written only where the total is no weighted sum, so that every result before there was a choice keeps its bytes."""


def to_document(result: Result) -> Document:
    """The result as JSON-ready dicts and lists. Raises ValueError, naming the figure, for a NaN or an infinity.

    `irr_reason` also stands beside an IRR that is one of several (`multiple-roots`); figures are in the project's
    currency and unit, rates and probabilities are fractions.
    """
    return {"schema": SCHEMA} | _of_dataclass(result, "")


def _of_dataclass(value: object, path: str) -> Document:
    if isinstance(value, GateResult):
        return _gate(value)
    document: Document = {}
    for field in fields(value):  # type: ignore[arg-type]
        _put(document, field.name, getattr(value, field.name), f"{path}.{field.name}".lstrip("."))
    return document


def _put(document: Document, name: str, value: object, path: str) -> None:
    if name in UNLESS_SUM and value == UNLESS_SUM[name]:
        return
    if name == "irr_note":
        if value is not None:
            document["irr_reason"] = value
    elif isinstance(value, Missing):
        document[name] = None
        document[f"{name}_reason"] = value.reason
    elif name in _WHOLE and isinstance(value, float):
        document[name] = int(value)
    else:
        document[name] = _plain(value, path)


def _plain(value: object, path: str) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{path} is {value}, which is not a figure")
    if isinstance(value, float):
        return value + 0.0  # no minus before zero
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return _of_dataclass(value, path)
    if isinstance(value, Mapping):
        return {str(key): _plain(item, f"{path}.{key}") for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item, f"{path}[{index}]") for index, item in enumerate(value)]
    return value


def _gate(gate: GateResult) -> Document:
    """`passed` is false for every gate that blocks, an open one included."""
    return {
        "id": gate.id,
        "title": gate.title,
        "status": gate.status.value,
        "passed": not gate.blocks,
        "lifts_when": gate.lifts_when,
    }
