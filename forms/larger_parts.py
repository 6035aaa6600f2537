"""Amounts told in several scales, the larger first: 1억 2,500만, 3조 2천억, 1 crore 25 lakh, 1 tỷ 200 triệu."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from forms.digit_groups import Reading, read_digits
from forms.money_words import SCALE_WORDS
from forms.number_marks import BesideDigits, NumberProblem, UnreadableNumberError

_LARGER = re.compile(r"([0-9][0-9., ']*?)\s*([^\s0-9.,'()%+-]+\.?)\s*(?=[0-9])")
_MOST_DIGITS = 20


@dataclass(frozen=True, slots=True)
class LargerParts:
    """What stands before the last part, in the scale of that one."""

    scale: Decimal
    """The scale word that the figure carries, if the last part has none ("… 6,789원")."""
    sum: Decimal
    below: Decimal
    """What the last part must stay below, or it would have been told with the part before it."""
    decimal_mark: str | None
    """The convention that the groups of the larger parts need."""

    def with_rest(self, rest: Sequence[Reading], decimal_mark: str | None) -> tuple[Reading, ...]:
        """The whole. Of a last part with two readings ("2,500만") the whole number is meant. Raises if none fits."""
        marks = {self.decimal_mark, decimal_mark} - {None}
        fitting = [r for r in rest if r.value < self.below and (r.decimal_mark is None or marks <= {r.decimal_mark})]
        if not fitting or len(marks) > 1:
            raise UnreadableNumberError(NumberProblem.NOT_A_NUMBER)
        whole = max(fitting, key=lambda reading: reading.value)
        return (Reading(self.sum + whole.value, whole.decimal_mark or self.decimal_mark),)


def larger_parts(body: str, beside: BesideDigits) -> tuple[LargerParts | None, str]:
    """The larger parts of an amount, if there are any, and the digits of its last part.

    body: from the first digit to the last. beside: what stands around it, with the scale of the last part. Raises
    UnreadableNumberError where the scales do not fall, or where nothing says what the last part counts ("1억 2,345").
    """
    parts: list[tuple[Decimal, Decimal]] = []
    marks: set[str] = set()
    position = 0
    while match := _LARGER.match(body, position):
        scale = SCALE_WORDS.get(unicodedata.normalize("NFC", match[2]).casefold())
        if scale is None:
            return None, body
        reading = _whole(match[1])
        parts.append((reading.value, scale))
        marks |= {reading.decimal_mark} if reading.decimal_mark else set()
        position = match.end()
    if not parts:
        return None, body
    scales = [scale for _, scale in parts] + [beside.scale]
    says_what_it_counts = beside.scale != 1 or beside.currency_after
    fall = all(larger > smaller for larger, smaller in pairwise(scales))
    fits = all(value * scale < before for (value, scale), before in zip(parts[1:], scales, strict=False))
    if not (says_what_it_counts and fall and fits) or len(marks) > 1:
        raise UnreadableNumberError(NumberProblem.NOT_A_NUMBER)
    total = sum((value * scale for value, scale in parts), Decimal(0))
    last = scales[-2]
    return LargerParts(last, total / beside.scale, last / beside.scale, next(iter(marks), None)), body[position:]


def _whole(digits: str) -> Reading:
    readings = [r for r in read_digits(digits) or () if r.value == r.value.to_integral_value()]
    if not readings or len(digits) > _MOST_DIGITS:
        raise UnreadableNumberError(NumberProblem.NOT_A_NUMBER)
    return max(readings, key=lambda reading: reading.value)
