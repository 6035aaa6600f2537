"""What may stand before and after the digits of a number: signs, brackets, percent, a currency, a scale."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from forms.money_words import SCALE_WORDS, currency_of

_MARKS = re.compile(r"[-+()%]")


class NumberProblem(StrEnum):
    EMPTY = "empty"
    FORMULA = "formula"
    EXCEL_ERROR = "excel_error"
    NOT_A_NUMBER = "not_a_number"
    BAD_GROUPING = "bad_grouping"
    TWO_SIGNS = "two_signs"
    MIXED_DIGITS = "mixed_digits"
    OTHER_DECIMAL_MARK = "other_decimal_mark"
    AMBIGUOUS = "ambiguous"
    TOO_LARGE = "too_large"
    TOO_MANY_DECIMALS = "too_many_decimals"


class UnreadableNumberError(Exception):
    """A text is no number; `problem` says why. It never leaves `read_number`."""

    def __init__(self, problem: NumberProblem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class BesideDigits:
    """What stands before and after the digits of a number."""

    negative: bool
    percent: bool
    currency: str | None
    scale: Decimal
    point_before: str
    point_after: str
    currency_after: bool = False

    @classmethod
    def read(cls, before: str, after: str) -> "BesideDigits":
        """Raises UnreadableNumberError for two signs, unpaired brackets, or words that are no money's."""
        marks = _MARKS.findall(before) + _MARKS.findall(after)
        brackets = (before.count("("), after.count(")"))
        if brackets not in ((0, 0), (1, 1)) or ")" in before or "(" in after or marks.count("%") > 1 or "+" in after:
            raise UnreadableNumberError(NumberProblem.NOT_A_NUMBER)
        if marks.count("-") + marks.count("+") + brackets[0] > 1:
            raise UnreadableNumberError(NumberProblem.TWO_SIGNS)
        head, point_before = _word_and_point(_MARKS.sub("", before).strip(), at_end=True)
        tail, point_after = _word_and_point(_MARKS.sub("", after).strip(), at_end=False)
        left, right = _known(head), _known(tail)
        if left.scale != 1 or (left.is_currency and right.is_currency):
            raise UnreadableNumberError(NumberProblem.NOT_A_NUMBER)
        return cls(
            negative="-" in marks or brackets == (1, 1),
            percent="%" in marks,
            currency=left.currency or right.currency,
            scale=right.scale,
            point_before=point_before,
            point_after=point_after,
            currency_after=right.is_currency,
        )

    def apply(self, value: Decimal) -> Decimal:
        """The reading with sign, percent and scale; exact, because the digits kept are within the limits."""
        scaled = value * self.scale / (100 if self.percent else 1)
        if int(scaled.as_tuple().exponent) > 0:
            scaled = scaled.quantize(Decimal(1))
        return -scaled if self.negative and scaled else scaled


@dataclass(frozen=True, slots=True)
class _Word:
    is_currency: bool = False
    currency: str | None = None
    scale: Decimal = Decimal(1)


def _known(word: str) -> _Word:
    """A currency, a scale, or a scale with a currency ("억원", "m USD")."""
    if not word:
        return _Word()
    found, code = currency_of(word)
    if found:
        return _Word(True, code)
    folded = unicodedata.normalize("NFC", word).casefold()
    for length in range(len(folded), 0, -1):
        scale = SCALE_WORDS.get(folded[:length].rstrip())
        rest = folded[length:].strip()
        found, code = currency_of(rest)
        if scale is not None and (found or not rest):
            return _Word(found, code, scale)
    raise UnreadableNumberError(NumberProblem.NOT_A_NUMBER)


def _word_and_point(word: str, *, at_end: bool) -> tuple[str, str]:
    """Split a decimal mark that touches the digits (".5", "5.") from the word beside it ("Rs.")."""
    if not word or (word[-1] if at_end else word[0]) not in ".,٫" or currency_of(word)[0]:
        return word, ""
    return (word[:-1].rstrip(), word[-1]) if at_end else (word[1:].lstrip(), word[0])
