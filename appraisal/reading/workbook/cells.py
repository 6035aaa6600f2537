"""From one cell to the value its column takes, or to the rule that it breaks."""

import difflib
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from appraisal.reading.paste.years import YearKind, read_year
from appraisal.reading.problems import shown
from appraisal.reading.workbook.columns import Column, Kind
from appraisal.reading.workbook.countries import CODES
from appraisal.reading.workbook.findings import Notes
from appraisal.reading.workbook.in_cell_lists import read_figures, read_names, read_schedule
from appraisal.reading.workbook.tables import Value
from forms.numbers import DecimalMark, NumberProblem, read_number
from forms.registration.data_facts import NONE_APPLIES
from forms.texts import kept, one_line, refused_character
from scoring.limits import MAX_AMOUNT, MAX_AMOUNT_DECIMALS, MAX_YEAR, MIN_YEAR

ROUNDED = "{} amounts had more than six decimals and were rounded to six."
_SEPARATORS = re.compile(r"[;\n]")
_MOST_SHOWN = 6
_FLOAT_DECIMALS = 340
"""So that every float that a project file may hold can be written out."""
_TRUE = {"yes", "y", "true", "1", "x", "ja", "oui", "sí", "si"}
_FALSE = {"no", "n", "false", "0", "nein", "non"}
_SPREADSHEET_DIGITS = 15
_MOST_WHOLE = 10**15
_LAST_DECIMAL = Decimal(1).scaleb(-MAX_AMOUNT_DECIMALS)
_REPEATED = 1 << 14
"""Amounts and texts that are kept as they were read: sheets repeat theirs."""


class CellRefused(ValueError):
    """The value breaks a rule of its column; the message is the rule, in words."""


def is_empty(value: Value | None) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def read_cell(column: Column, value: Value, mark: DecimalMark | None, notes: Notes) -> Any:
    """The value as the project file's document takes it. Raises CellRefused. The cell is not empty."""
    if column.kind is Kind.MONEY:
        return read_amount(value, mark, notes)
    if column.kind is Kind.NUMBER:
        return read_plain_number(value, mark)
    return _READERS[column.kind](column, value)


def text_of(value: Value) -> str:
    """The cell as text: whole numbers without a point, days as year-month-day."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{_decimal(value):f}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != value.min.time() else value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def read_amount(value: Value, mark: DecimalMark | None, notes: Notes) -> Decimal:
    """Money or tonnes. A number of the sheet counts to 15 digits, which is what spreadsheets compute with."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise CellRefused("is not a number")
    if isinstance(value, str):
        return _number(value, mark, MAX_AMOUNT_DECIMALS, MAX_AMOUNT)
    amount, rounded = _amount(value)
    if rounded:
        notes.count(ROUNDED)
    return amount


@lru_cache(maxsize=_REPEATED, typed=True)
def _amount(value: float) -> tuple[Decimal, bool]:
    """The amount, and whether it was rounded."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _MOST_WHOLE:
        return Decimal(int(value)), False
    found = _decimal(value)
    if abs(found) > MAX_AMOUNT:
        raise CellRefused(f"is larger than {MAX_AMOUNT:,f}")
    rounded = found.quantize(_LAST_DECIMAL) if found % Decimal(1) else found
    return rounded, rounded != found


def read_plain_number(value: Value, mark: DecimalMark | None) -> Decimal:
    """A number that is no amount: a rate, a factor, a coordinate, the value of an indicator."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise CellRefused("is not a number")
    if isinstance(value, str):
        return _number(value, mark, _FLOAT_DECIMALS, MAX_AMOUNT)
    return _decimal(value)


def read_whole(value: Value) -> int:
    found = read_plain_number(value, None)
    if found != int(found):
        raise CellRefused("is not a whole number")
    return int(found)


def cell_year(value: Value) -> int:
    """2027, a day of it, or a heading such as FY2026/27."""
    if isinstance(value, date):
        year = value.year
    elif isinstance(value, str):
        mark = read_year(value)
        if mark is None or mark.kind is not YearKind.CALENDAR:
            raise CellRefused("is not a year")
        year = mark.number
    else:
        year = read_whole(value)
    if not MIN_YEAR <= year <= MAX_YEAR:
        raise CellRefused(f"is not a year from {MIN_YEAR} to {MAX_YEAR}")
    return year


def as_written(value: float | Decimal) -> float | str:
    """The figure as a cell keeps it exactly: a number where 15 digits carry it, else its digits as text."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    number = float(exact)
    return number if _decimal(number) == exact else f"{exact:f}"


def _decimal(value: float) -> Decimal:
    if isinstance(value, int):
        if abs(value) > _MOST_WHOLE:
            raise CellRefused(f"is larger than {_MOST_WHOLE:,}")
        return Decimal(value)
    found = Decimal(f"{value:.{_SPREADSHEET_DIGITS}g}")
    if not found.is_finite():
        raise CellRefused("is not a number")
    return Decimal(int(found)) if found == found.to_integral_value() and abs(found) <= _MOST_WHOLE else found


def _number(text: str, mark: DecimalMark | None, decimals: int, largest: Decimal) -> Decimal:
    read = read_number(text, decimal_mark=mark, decimals=decimals, largest=largest)
    if read.problem is NumberProblem.AMBIGUOUS:
        raise CellRefused(f"{read.message}: say which decimal mark the file uses")
    if read.value is None:
        raise CellRefused(read.message)
    if read.percent and decimals == MAX_AMOUNT_DECIMALS:
        raise CellRefused("is a percentage, not an amount")
    return read.value


def _line(_: Column, value: Value) -> str:
    return _line_text(text_of(value))


@lru_cache(maxsize=_REPEATED)
def _line_text(text: str) -> str:
    return _storable(one_line(text) if refused_character(text, prose=True) is None else text, prose=False)


def _prose(_: Column, value: Value) -> str:
    return _storable(kept(text_of(value).replace("\r\n", "\n").replace("\r", "\n")).strip(), prose=True)


def _storable(text: str, *, prose: bool) -> str:
    if (character := refused_character(text, prose=prose)) is not None:
        raise CellRefused(f"holds the character {character}, which cannot be stored")
    return text


def _code(column: Column, value: Value) -> str:
    text = _line(column, value)
    code = (CODES.get(text.casefold(), text) if column.key == "country" else text).upper()
    if len(code) != 3 or not (code.isascii() and code.isalpha()):  # noqa: PLR2004 -- ISO 3166 and 4217
        raise CellRefused("must be a code of three letters, A to Z")
    return code


def _choice(column: Column, value: Value) -> str | int:
    chosen = _chosen(column, _line(column, value))
    return int(chosen) if column.whole else chosen


def _chosen(column: Column, text: str) -> str:
    known = _known(column)
    word = text.strip().casefold()
    if word in known:
        return known[word]
    near = difflib.get_close_matches(word[:64], known, n=1)
    labels = list(column.choices.values())
    some = ", ".join(labels[:_MOST_SHOWN]) + (" … (sheet Lists)" if len(labels) > _MOST_SHOWN else "")
    hint = f"; did you mean {column.choices[known[near[0]]]}?" if near else f". There are: {some}"
    raise CellRefused(f"{shown(text)} is not in the list{hint}")


def _known(column: Column) -> dict[str, str]:
    """The value by every word that names it; built once for each list of choices."""
    found = _WORDS.get(column.title)
    if found is None:
        by_label = {label.casefold(): value for value, label in column.choices.items()}
        found = by_label | {value.casefold(): value for value in column.choices} | dict(column.synonyms)
        _WORDS[column.title] = found
    return found


_WORDS: dict[str, dict[str, str]] = {}


def _several(column: Column, value: Value) -> list[str]:
    text = _prose(column, value)
    words = [word for word in _SEPARATORS.split(text) if word.strip()]
    if len(words) == 1 and "," in text and text.strip().casefold() not in _known(column):
        words = [word for word in text.split(",") if word.strip()]
    found = list(dict.fromkeys(_chosen(column, word) for word in words))
    if NONE_APPLIES in found:
        if len(found) > 1:
            raise CellRefused("says “None of these” beside others")
        return []
    return found


def _yes_no(column: Column, value: Value) -> bool:
    word = _line(column, value).casefold()
    if word in _TRUE | _FALSE:
        return word in _TRUE
    raise CellRefused("must be Yes or No, or empty while it is not known")


def _shares(column: Column, value: Value) -> dict[str, Decimal]:
    """ "q1=0.3; q2=0.2": who gains which part."""
    found: dict[str, Decimal] = {}
    for part in _SEPARATORS.split(_prose(column, value)):
        name, sign, share = part.rpartition("=")
        if not part.strip():
            continue
        if not sign or not name.strip() or name.strip() in found:
            raise CellRefused("must name each group once with its share, e.g. q1=0.3; q2=0.2")
        found[name.strip()] = _number(share, ".", _FLOAT_DECIMALS, MAX_AMOUNT)
    return found


def _exact(text: str) -> Decimal:
    return _number(text, ".", _FLOAT_DECIMALS, MAX_AMOUNT)


def _figures(column: Column, value: Value) -> list[Decimal]:
    """ "0.25; 0.75"; a number of the sheet is one."""
    if isinstance(value, str):
        return read_figures(_prose(column, value).replace("\n", ";"), _exact)
    return [read_plain_number(value, None)]


def _names(column: Column, value: Value) -> list[str]:
    try:
        return read_names(_line(column, value))
    except ValueError as error:
        raise CellRefused(str(error)) from None


def _rate(column: Column, value: Value) -> Decimal | list[list[Decimal]]:
    """A fraction a year, or "0: 0.035; 31: 0.03"."""
    text = _line(column, value) if isinstance(value, str) else ""
    return read_schedule(text, _exact) if ":" in text else read_plain_number(value, ".")


_READERS: Mapping[Kind, Callable[[Column, Value], Any]] = {
    Kind.LINE: _line,
    Kind.PROSE: _prose,
    Kind.CODE: _code,
    Kind.CHOICE: _choice,
    Kind.SEVERAL: _several,
    Kind.YES_NO: _yes_no,
    Kind.SHARES: _shares,
    Kind.FIGURES: _figures,
    Kind.NAMES: _names,
    Kind.RATE: _rate,
    Kind.WHOLE: lambda _, value: read_whole(value),
    Kind.YEAR: lambda _, value: cell_year(value),
}
