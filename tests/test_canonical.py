"""The canonical text of a document, by hand and by property."""

import hashlib
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.canonical import canonical_json, sha256_of


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ({"b": 1, "a": [True, None, 'é\n"ก']}, '{"a":[true,null,"é\\n\\"ก"],"b":1}'),
        (Decimal("1.500"), "1.5"),
        (Decimal("1E+6"), "1000000"),
        (Decimal("1000000.00"), "1000000"),
        (Decimal("-0.00"), "0"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal(100), "100"),
        (0.1, "0.1"),
        (-0.0, "0.0"),
        (1e22, "1e+22"),
        (10**20, "100000000000000000000"),
        ((1, 2), "[1,2]"),
        ({}, "{}"),
    ],
)
def test_canonical_text(document: object, text: str) -> None:
    assert canonical_json(document) == text


@pytest.mark.parametrize(
    "document",
    [float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity"), {1: 2}, b"x", {1, 2}, "\ud800", object()],
)
def test_what_json_has_no_word_for_is_refused(document: object) -> None:
    with pytest.raises(ValueError, match=r"not a figure|JSON|surrogate"):
        canonical_json({"a": [document]} if not isinstance(document, dict) else document)


def test_the_digest_is_that_of_the_utf8_text() -> None:
    assert sha256_of({"ก": Decimal("1.0")}) == hashlib.sha256('{"ก":1}'.encode()).hexdigest()


documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


def _shuffled(document: Any) -> Any:
    if isinstance(document, dict):
        return {key: _shuffled(document[key]) for key in reversed(document)}
    return [_shuffled(item) for item in document] if isinstance(document, list) else document


@given(documents)
def test_the_text_reads_back_equal_and_does_not_depend_on_the_order_of_keys(document: Any) -> None:
    text = canonical_json(document)
    assert json.loads(text) == document
    assert canonical_json(_shuffled(document)) == text
    assert canonical_json(json.loads(text)) == text
