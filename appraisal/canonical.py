"""One text for one document: what is hashed, stored as snapshot and compared on replay (METHOD 12)."""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal


def canonical_json(document: object) -> str:
    """The document as JSON with sorted keys and no spaces; texts as they are, decimals exact and plain.

    Decimals lose trailing zeros and exponents (1E+6 and 1000000.0 are the same figure); floats are written by repr, the
    shortest text that reads back equal. Raises ValueError for NaN, infinities, lone surrogates and anything JSON has
    no word for.
    """
    return "".join(_written(document))


def sha256_of(document: object) -> str:
    """Hexadecimal SHA-256 of the canonical text in UTF-8."""
    return hashlib.sha256(canonical_json(document).encode("utf-8")).hexdigest()


def _written(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _written_mapping(value)
    elif isinstance(value, str | bytes) or not isinstance(value, Sequence):
        yield _scalar(value)
    else:
        yield "["
        for index, item in enumerate(value):
            yield "," if index else ""
            yield from _written(item)
        yield "]"


def _written_mapping(value: Mapping[object, object]) -> Iterator[str]:
    if not all(isinstance(key, str) for key in value):
        raise ValueError("a key of a JSON object must be text")
    yield "{"
    for index, key in enumerate(sorted(value, key=str)):
        yield f"{',' if index else ''}{_text(str(key))}:"
        yield from _written(value[key])
    yield "}"


def _scalar(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case int():
            return int.__repr__(value)
        case float():
            return _float(value)
        case Decimal():
            return _decimal(value)
    raise ValueError(f"JSON has no {type(value).__name__}")


def _text(value: str) -> str:
    written = json.dumps(value, ensure_ascii=False)
    try:
        written.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("a text holds half of a surrogate pair") from error
    return written


def _float(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a figure")
    return float.__repr__(value or 0.0)


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError(f"{value} is not a figure")
    plain = f"{value:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return plain if value else "0"
