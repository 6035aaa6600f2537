"""Parts of a stored result back as dataclasses: what was computed once need not be simulated again."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from scoring.result import EconomicReturn, EquityReturn, FinancialReturn, Missing, RiskReturn

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Returns:
    """What the criteria look at."""

    financial: FinancialReturn
    equity: EquityReturn
    economic: EconomicReturn
    risk: RiskReturn


def returns_of(document: Mapping[str, Any]) -> Returns:
    """The returns of an `appraisal-result/1` document, equal to those it was written from.

    Raises KeyError where the document is of an engine that knew other figures.
    """
    return _record(Returns, document)


def _record(kind: type[T], document: Mapping[str, Any]) -> T:
    hints = get_type_hints(kind)
    return kind(**{field.name: _field(field.name, hints[field.name], document) for field in fields(kind)})  # type: ignore[arg-type]


def _field(name: str, hint: Any, document: Mapping[str, Any]) -> Any:
    if name == "irr_note":
        return document.get("irr_reason") if document["irr"] is not None else None
    if Missing in get_args(hint):
        given = document[name]
        return Missing(document[f"{name}_reason"]) if given is None else float(given)
    return _value(hint, document[name])


def _value(hint: Any, given: Any) -> Any:
    inner = get_args(hint)
    if NoneType in inner:
        return None if given is None else _value(next(part for part in inner if part is not NoneType), given)
    if get_origin(hint) is tuple:
        return tuple(_value(inner[0], item) for item in given)
    if is_dataclass(hint) and isinstance(hint, type):
        return _record(hint, given)
    return float(given) if hint is float else given
