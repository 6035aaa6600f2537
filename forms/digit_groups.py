"""Digits and the marks between them: which decimal marks a text allows, and the exact value under each.

A single mark with three digits after it ("1.234") is a group under one convention and a fraction under the other, so
both readings are given; every other well-formed text has one.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

_EXPONENT = re.compile(r"[eE]([+-]?[0-9]{1,12})\Z")
_ONLY_MARKED_DIGITS = re.compile(r"[0-9.,' ٫٬]+\Z")
_ARABIC_POINT, _ARABIC_GROUP = "٫", "٬"
_GROUP_SIZE, _INDIAN_GROUP_SIZE = 3, 2
_MOST_KINDS_OF_MARK = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """One way of reading a text. `decimal_mark` is the convention it needs, None where either does."""

    value: Decimal
    decimal_mark: str | None = None


def read_digits(body: str) -> tuple[Reading, ...] | None:
    """Every reading of unsigned ASCII digits with marks and an optional exponent.

    An empty tuple: the marks are not where any number format puts them. None: not a number at all.
    """
    match = _EXPONENT.search(body)
    exponent = int(match[1]) if match else 0
    body = body[: match.start()] if match else body
    if not _ONLY_MARKED_DIGITS.match(body) or not body.strip(".,' ٫٬"):
        return None
    marks = [char for char in body if not char.isdigit()]
    if match and len(marks) == 1 and marks[0] in ".,":
        # A mantissa is never grouped, so its one mark is the decimal mark.
        head, tail = body.split(marks[0])
        return (Reading(_exact(head, tail, exponent), marks[0]),)
    return _marked_digits(body, marks, exponent)


def _marked_digits(body: str, marks: list[str], exponent: int) -> tuple[Reading, ...]:
    kinds = set(marks)
    if not kinds:
        return (Reading(_exact(body, "", exponent)),)
    if len(kinds) == 1:
        return _one_kind_of_mark(body, marks[0], len(marks), exponent)
    last = marks[-1]
    if len(kinds) > _MOST_KINDS_OF_MARK or marks.count(last) > 1 or last not in f".,{_ARABIC_POINT}":
        return ()
    head, tail = body.rsplit(last, 1)
    groups = head.split(marks[0])
    if not _are_groups(groups, marks[0]):
        return ()
    return (Reading(_exact("".join(groups), tail, exponent), None if last == _ARABIC_POINT else last),)


def _one_kind_of_mark(body: str, mark: str, count: int, exponent: int) -> tuple[Reading, ...]:
    parts = body.split(mark)
    grouped = _are_groups(parts, mark)
    whole = _exact("".join(parts), "", exponent)
    if mark in f"' {_ARABIC_GROUP}":
        return (Reading(whole),) if grouped else ()
    if count > 1:
        return (Reading(whole, _other(mark)),) if grouped and mark != _ARABIC_POINT else ()
    if mark == _ARABIC_POINT:
        return (Reading(_exact(parts[0], parts[1], exponent)),)
    as_fraction = Reading(_exact(parts[0], parts[1], exponent), mark)
    if not grouped:
        return (as_fraction,)
    # The reading with a decimal point comes first, whichever mark was met.
    readings = (as_fraction, Reading(whole, _other(mark)))
    return readings if mark == "." else readings[::-1]


def _are_groups(groups: list[str], mark: str) -> bool:
    if len(groups) == 1:
        return groups[0] != ""
    first, *middle, last = groups
    if not first or first[0] == "0" or len(last) != _GROUP_SIZE:
        return False
    western = len(first) <= _GROUP_SIZE and all(len(group) == _GROUP_SIZE for group in middle)
    indian = (
        mark == "," and len(first) <= _INDIAN_GROUP_SIZE and all(len(group) == _INDIAN_GROUP_SIZE for group in middle)
    )
    return western or indian


def _other(mark: str) -> str:
    return "," if mark == "." else "."


def _exact(whole: str, fraction: str, exponent: int) -> Decimal:
    """Built from its digits, because arithmetic would round a long number to the context's precision."""
    digits = (whole + fraction).lstrip("0")
    return Decimal((0, tuple(map(int, digits)), exponent - len(fraction))) if digits else Decimal(0)
