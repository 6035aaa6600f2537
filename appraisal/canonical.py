"""One text for one document: what is hashed, stored as snapshot and compared on replay (METHOD 12)."""

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring


def canonical_json(document: object) -> str:
    """The document as JSON with sorted keys and no spaces; texts as they are, decimals exact and plain.

    Decimals lose trailing zeros and exponents (1E+6 and 1000000.0 are the same figure); floats are written by repr, the
    shortest text that reads back equal. Raises ValueError for NaN, infinities, lone surrogates and anything JSON has
    no word for.
    """
    written: list[str] = []
    _write(document, written.append)
    text = "".join(written)
    _in_utf8(text)
    return text


def sha256_of(document: object) -> str:
    """Hexadecimal SHA-256 of the canonical text in UTF-8."""
    return sha256_of_text(canonical_json(document))


def sha256_of_text(text: str) -> str:
    """The same of a canonical text that is there already: a result is long, and is written once."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _write(value: object, put: Callable[[str], None]) -> None:
    # A run's result holds ten thousand values, nearly all of these kinds.
    if type(value) is float:
        put(_float(value))
    elif type(value) is str:
        put(encode_basestring(value))
    elif isinstance(value, Mapping):
        _write_mapping(value, put)
    elif isinstance(value, str | bytes) or not isinstance(value, Sequence):
        put(_scalar(value))
    else:
        put("[")
        for index, item in enumerate(value):
            if index:
                put(",")
            _write(item, put)
        put("]")


def _write_mapping(value: Mapping[object, object], put: Callable[[str], None]) -> None:
    if not all(isinstance(key, str) for key in value):
        raise ValueError("a key of a JSON object must be text")
    before = "{"
    for key in sorted(value, key=str):
        put(before)
        put(_key(str(key)))
        _write(value[key], put)
        before = ","
    put("}" if value else "{}")


@lru_cache(maxsize=4096)
def _key(key: str) -> str:
    return encode_basestring(key) + ":"


def _scalar(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return encode_basestring(value)
        case int():
            return int.__repr__(value)
        case float():
            return _float(value)
        case Decimal():
            return _decimal(value)
    raise ValueError(f"JSON has no {type(value).__name__}")


def _in_utf8(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("a text holds half of a surrogate pair") from error


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
