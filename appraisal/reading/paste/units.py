"""The unit of the figures: a scale (million, 억, crore, tỷ) and a currency, from headings and bracketed labels.

A scale word counts only beside a currency, in brackets, or where the cell says it names the unit: "O&M" is no million,
and a title may speak of two million people.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from forms.money_words import SCALE_WORDS, currency_of
from forms.numbers import plain_digits
from forms.texts import one_line

_LONGEST = 120
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,40})[)\]]")
_SAYS = (
    r"(?:units?|amounts?|figures|currency|values|all|in|단위|đơn vị tính|đơn vị|đvt|satuan|dalam|หน่วย|इकाई|单位|単位|"
    r"einheit|unité|unidad)\b\s*[:：=]?\s*(.+)"
)
_SAYS_UNIT = re.compile(rf"(?:.*\b)?{_SAYS}", re.DOTALL)
_SAYS_ONLY_UNIT = re.compile(_SAYS, re.DOTALL)
_MULTIPLIED = re.compile(r"(?:[x×*]|\bin) ?1((?:[ ,.']?000){1,4})\b|\b1((?:[ ,.']?000){1,4})s\b")
_THOUSANDS = {1: " thousand ", 2: " million ", 3: " billion ", 4: " trillion "}
_AFTER_A_MARK = re.compile(r"(?:[,;:]| in\b| –| -) +([^,;:()\[\]]{1,40})\Z")
_NEUTRAL = frozenset(
    {"us", "in", "of", "all", "figures", "amounts", "values", "real", "nominal", "constant", "prices", "में"}
)
_LONG_SCALE = 4
_TENS = ("10", "100")
_TOKEN = re.compile(
    r"'000s?|(?<![0-9])000s?|[a-z]{0,2}\$|[€£¥₩₹₫฿₱₺₽₪₴₦₸₮৳៛₭￥￦]|[^\W\d_\u0e00-\u0e7f]+(?:[\u0900-\u097f]+)?|[\u0e00-\u0e7f]+|[0-9]+"
)


@dataclass(frozen=True, slots=True)
class Unit:
    factor: int = 1
    currency: str | None = None
    text: str = ""
    """The words that said so, as pasted."""


def unit_of_heading(cell: str) -> Unit:
    """The unit a heading cell names: "USD million", "단위: 억원", "Costs (₹ crore)", "in '000 EUR"."""
    text = _folded(cell)
    if not text or len(text) > _LONGEST:
        return Unit()
    for part in _BRACKETS.findall(text):
        unit = _unit(part, bracketed=True)
        if unit is not None:
            return Unit(unit.factor, unit.currency, cell)
    said, after = _SAYS_UNIT.match(text), _AFTER_A_MARK.search(text)
    unit = _unit(said[1], bracketed=True) if said else None
    unit = unit or _unit(text, bracketed=False) or (_unit(after[1], bracketed=False) if after else None)
    return Unit(unit.factor, unit.currency, cell) if unit else Unit()


def is_only_a_unit(cell: str) -> bool:
    """Whether the cell names a unit and nothing else: “USD m”, “(₹ crore)”, “단위: 억원”; not “Capex (USD m)”."""
    if not unit_of_heading(cell).text:
        return False
    bare = _BRACKETS.sub("", _folded(cell)).strip()
    return not bare or _unit(bare, bracketed=False) is not None or _SAYS_ONLY_UNIT.match(bare) is not None


def unit_of_label(label: str) -> Unit:
    """The unit in brackets after a line's label, and nowhere else in it: "Capex (USD m)"."""
    text = _folded(label)
    for part in (*reversed(_BRACKETS.findall(text)), *_AFTER_A_MARK.findall(text)):
        if (unit := _unit(part, bracketed=False)) is not None:
            return Unit(unit.factor, unit.currency, label)
    return Unit()


def agreed(units: Iterable[Unit]) -> Unit | None:
    """The one unit that all given units allow, or None where two name different scales."""
    scales: dict[int, Unit] = {}
    currency: str | None = None
    for unit in units:
        if unit.text:
            scales.setdefault(unit.factor, unit)
            currency = currency or unit.currency
    named = {factor: unit for factor, unit in scales.items() if factor != 1}
    if len(named) > 1:
        return None
    unit = next(iter(named.values() or scales.values()), Unit())
    return Unit(unit.factor, unit.currency or currency, unit.text)


def _folded(text: str) -> str:
    """Lower case, ASCII digits, and "x 1,000" as a word."""
    plain = one_line(plain_digits(text)).casefold()
    return _MULTIPLIED.sub(lambda match: _THOUSANDS[(match[1] or match[2]).count("000")], plain)


def _unit(text: str, *, bracketed: bool) -> Unit | None:
    """Scale and currency where every word is one of them (or neutral); None where another word stands among them."""
    factor, currency, has_currency, has_scale = Decimal(1), None, False, False
    short = False
    for word in _words(text):
        is_currency, code = currency_of(word)
        if is_currency:
            has_currency, currency = True, code or currency
        elif word in SCALE_WORDS:
            factor, has_scale = factor * SCALE_WORDS[word], True
            short = short or len(word) < _LONG_SCALE
        elif word in _TENS:
            factor *= int(word)
        elif word not in _NEUTRAL and not _is_price_year(word):
            return None
    if not has_currency and not has_scale:
        return None
    # A short word alone ("m", "b", "k") may be metres or a column's letter: it needs a currency or brackets.
    if has_scale and not has_currency and short and not bracketed:
        return None
    return Unit(int(factor), currency, text)


def _is_price_year(word: str) -> bool:
    return word.isdecimal() and len(word) == len("2026")


def _words(text: str) -> list[str]:
    """Tokens, with compounds such as "억원", "tỷ đồng" and "usdm" taken apart."""
    found: list[str] = []
    for token in _TOKEN.findall(text):
        found.extend(_parts(token))
    # TEUR, T€: thousands, in German accounts.
    return ["tsd" if word == "t" and currency_of(after)[0] else word for word, after in pairwise([*found, ""])]


def _parts(token: str) -> list[str]:
    if currency_of(token)[0] or token in SCALE_WORDS:
        return [token]
    if token[0] == "t" and currency_of(token[1:])[0]:
        return ["t", token[1:]]
    for length in range(len(token) - 1, 0, -1):
        head, tail = token[:length], token[length:]
        if head in SCALE_WORDS and currency_of(tail)[0]:
            return [head, tail]
        if currency_of(head)[0] and tail in SCALE_WORDS:
            return [head, tail]
    return [token]
