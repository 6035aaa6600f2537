"""From a text as people type or paste it to an exact number, or to the reason why it is none.

Raw text never reaches `float()` or `Decimal()`, which accept "nan", "1_000" and digits of any script. No locale is
guessed: a text that two conventions read differently carries both readings.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from forms.digit_groups import Reading, read_digits
from forms.larger_parts import larger_parts
from forms.money_words import currency_of
from forms.number_marks import BesideDigits, NumberProblem, UnreadableNumberError
from scoring.limits import MAX_AMOUNT, MAX_AMOUNT_DECIMALS

__all__ = ["DecimalMark", "NumberProblem", "NumberText", "Reading", "plain_digits", "read_number"]

DecimalMark = Literal[".", ","]


@dataclass(frozen=True, slots=True)
class NumberText:
    """What a text says as a number: one reading, two where it is ambiguous, or none and a problem."""

    text: str
    readings: tuple[Reading, ...] = ()
    problem: NumberProblem | None = None
    message: str = ""
    percent: bool = False
    currency: str | None = None
    scale: Decimal = Decimal(1)
    """The scale word beside the figure ("12 lakh" has 100 000), already in the readings."""

    @property
    def value(self) -> Decimal | None:
        """The number, where there is exactly one reading and no problem."""
        return self.readings[0].value if self.problem is None else None


_MAX_TEXT = 1000
_MINUS_SIGNS = "-‐‑‒–—−﹣－﹘⁻"
_APOSTROPHES = "'’‘ʼ＇´"
_DIRECTION_MARKS = "\u200e\u200f\u061c\ufeff"
_SAME_AS = str.maketrans(
    dict.fromkeys(_MINUS_SIGNS, "-") | dict.fromkeys(_APOSTROPHES, "'") | dict.fromkeys(_DIRECTION_MARKS)
)
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DASHES = re.compile(r"-+")
_MOST_DASHES = 3
_NO_CENTS = re.compile(r"(?:[.,]--?|/[-=])(?=\s|\Z)")
_ERROR = re.compile(r"#(?![0-9])|err:", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9](?:.*[0-9])?", re.DOTALL)


def read_number(
    text: str,
    *,
    decimal_mark: DecimalMark | None = None,
    largest: Decimal = MAX_AMOUNT,
    decimals: int = MAX_AMOUNT_DECIMALS,
) -> NumberText:
    """Read one number; with `decimal_mark` given, only under that convention. Never raises.

    Understands brackets and trailing minus, every minus sign and digit script, currency marks, percent, scientific
    notation, scale words (k, lakh, 억, tỷ) also in a row (1억 2,500만), European, Indian, Swiss and spaced groups; a
    lone dash is zero.
    """
    read = _remembered if len(text) <= _SHORT else _read
    return read(text, decimal_mark, largest, decimals)


def _read(text: str, decimal_mark: DecimalMark | None, largest: Decimal, decimals: int) -> NumberText:
    plain = plain_digits(text)
    try:
        match = _DIGITS.search(_looked_over(text, plain))
        if match is None:
            return _without_digits(text, plain)
        # "1'200.-" and "Rs. 1,200/-" are the Swiss and the Indian way to write no cents, not a trailing minus.
        beside = BesideDigits.read(plain[: match.start()], _NO_CENTS.sub("", plain[match.end() :], count=1))
        larger, digits = larger_parts(match[0], beside)
        scale = larger.scale if larger and beside.scale == 1 else beside.scale
        readings = _readings(f"{beside.point_before}{digits}{beside.point_after}", decimal_mark)
        _check_limits(readings, beside, largest, decimals)
        if larger:
            readings = larger.with_rest(readings, decimal_mark)
            _check_limits(readings, beside, largest, decimals)
    except UnreadableNumberError as refusal:
        message = _MESSAGES[refusal.problem].format(largest=f"{largest:,f}", decimals=decimals)
        return NumberText(text, problem=refusal.problem, message=message)
    return _told(text, tuple(Reading(beside.apply(r.value), r.decimal_mark) for r in readings), beside, scale)


# A sheet repeats its figures, and is read more than once until its unit is known.
_SHORT = 40
_remembered = lru_cache(maxsize=1 << 14)(_read)


def plain_digits(text: str) -> str:
    """The text with ASCII digits, minus signs, apostrophes and spaces in place of their look-alikes."""
    if text.isascii():
        return text.strip()
    folded = text.translate(_SAME_AS).translate(_FULL_WIDTH)
    return "".join(_plain_char(char) for char in folded).strip()


def _plain_char(char: str) -> str:
    if char.isascii():
        return char
    if char.isspace():
        return " "
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    return char


def _looked_over(text: str, plain: str) -> str:
    """The text itself, once it is known to be no formula, no error of a spreadsheet and no abuse."""
    if not plain:
        raise UnreadableNumberError(NumberProblem.EMPTY)
    if plain[0] == "=":
        raise UnreadableNumberError(NumberProblem.FORMULA)
    if _ERROR.match(plain):
        raise UnreadableNumberError(NumberProblem.EXCEL_ERROR)
    if len(plain) > _MAX_TEXT:
        raise UnreadableNumberError(NumberProblem.TOO_LARGE if read_digits(plain) else NumberProblem.NOT_A_NUMBER)
    if len({ord(char) - unicodedata.decimal(char) for char in text if char.isdecimal()}) > 1:
        raise UnreadableNumberError(NumberProblem.MIXED_DIGITS)
    return plain


def _without_digits(text: str, plain: str) -> NumberText:
    """A lone dash, beside a currency or in brackets as accounting formats write it, is zero."""
    dashes = _DASHES.findall(plain)
    found, code = currency_of(word := plain.replace("-", " ").strip("() "))
    if len(dashes) == 1 and len(dashes[0]) <= _MOST_DASHES and (found or not word):
        return NumberText(text, (Reading(Decimal(0)),), currency=code)
    raise UnreadableNumberError(NumberProblem.NOT_A_NUMBER)


def _readings(digits: str, decimal_mark: DecimalMark | None) -> tuple[Reading, ...]:
    readings = read_digits(digits)
    if readings is None:
        raise UnreadableNumberError(NumberProblem.NOT_A_NUMBER)
    if not readings:
        raise UnreadableNumberError(NumberProblem.BAD_GROUPING)
    fitting = tuple(r for r in readings if decimal_mark is None or r.decimal_mark in (None, decimal_mark))
    if not fitting:
        raise UnreadableNumberError(NumberProblem.OTHER_DECIMAL_MARK)
    return fitting


def _check_limits(readings: tuple[Reading, ...], beside: BesideDigits, largest: Decimal, decimals: int) -> None:
    """Compared before any arithmetic, which would round a number of 400 digits."""
    shift = beside.scale / 100 if beside.percent else beside.scale
    for reading in readings:
        if reading.value and reading.value.adjusted() + shift.adjusted() > largest.adjusted():
            raise UnreadableNumberError(NumberProblem.TOO_LARGE)
        _, digits, exponent = reading.value.as_tuple()
        significant = "".join(map(str, digits)).rstrip("0")
        last_place = int(exponent) + len(digits) - len(significant) + shift.adjusted()
        if significant and -last_place > decimals + (2 if beside.percent else 0):
            raise UnreadableNumberError(NumberProblem.TOO_MANY_DECIMALS)
        if abs(reading.value) * shift > largest:
            raise UnreadableNumberError(NumberProblem.TOO_LARGE)


def _told(text: str, readings: tuple[Reading, ...], beside: BesideDigits, scale: Decimal) -> NumberText:
    problem, message = None, ""
    if len(readings) > 1 and readings[0].value != readings[1].value:
        problem = NumberProblem.AMBIGUOUS
        message = f"can be read as {readings[0].value:f} or as {readings[1].value:f}"
    return NumberText(text, readings, problem, message, beside.percent, beside.currency, scale)


_MESSAGES = {
    NumberProblem.EMPTY: "is empty",
    NumberProblem.FORMULA: "is a formula: paste its value",
    NumberProblem.EXCEL_ERROR: "is an error of the spreadsheet",
    NumberProblem.NOT_A_NUMBER: "is not a number",
    NumberProblem.BAD_GROUPING: "has separators where no number format puts them",
    NumberProblem.TWO_SIGNS: "has more than one sign",
    NumberProblem.MIXED_DIGITS: "mixes the digits of two scripts",
    NumberProblem.OTHER_DECIMAL_MARK: "does not fit the chosen decimal mark",
    NumberProblem.TOO_LARGE: "is larger than {largest}",
    NumberProblem.TOO_MANY_DECIMALS: "has more than {decimals} decimals",
}
