"""How figures are written for people: pure functions, used as template filters and by every export of text.

A figure that does not exist is written as its reason, never as 0 (METHOD 1). Digits are limited by what is known:
by the standard error where there is one, else by a number of significant digits.
"""

import math
from datetime import UTC, date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal

from flask import Flask

from appraisal.reports.figures import chance
from appraisal.reports.reasons import reason_short, reason_text
from scoring.result import Figure, Missing

Number = float | Decimal | Missing | None

MINUS = "\u2212"
SCALES = (
    (Decimal(10) ** 12, "tn", "trillion"),
    (Decimal(10) ** 9, "bn", "billion"),
    (Decimal(10) ** 6, "m", "million"),
    (Decimal(10) ** 3, "k", "thousand"),
    (Decimal(1), "", ""),
)
MANY = 100
"""From here on figures have no decimals."""
WAITS = ((3600, "hour"), (60, "minute"), (1, "second"))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def is_missing(value: object) -> bool:
    return value is None or isinstance(value, Missing)


def missing_reason(value: Missing | None) -> str:
    """The reason in a few words, e.g. "no sign change"."""
    return reason_short(value.reason if isinstance(value, Missing) else "not-given")


def missing_text(value: Missing | None) -> str:
    return f"none: {missing_reason(value)}"


def number(
    value: Number, decimals: int | None = None, *, digits: int = 3, se: Figure | None = None, signed: bool = False
) -> str:
    """A figure with thousands separators: `decimals` places in a column, else `digits` significant ones.

    Without `decimals`, one decimal at most from 1 on and two figures below it, as in reports.
    se: standard error; no place below its first digit is written. Raises ValueError on NaN and infinities.
    """
    if value is None or isinstance(value, Missing):
        return missing_text(value)
    return _written(_rounded(_exact(value), decimals, digits, _error(se)), signed=signed)


def amount(value: Decimal) -> str:
    """An amount exactly as it is stored, with thousands separators and no trailing zeros: "1,234.5"."""
    text = f"{abs(value):,f}"
    plain = text.rstrip("0").rstrip(".") if "." in text else text
    return MINUS + plain if value < 0 else plain


def money(
    value: Number,
    currency: str = "",
    unit: int = 1,
    *,
    digits: int = 3,
    se: Figure | None = None,
    signed: bool = False,
    long: bool = False,
) -> str:
    """An amount with its currency and a scale that keeps it short: "USD 64.2 m", long "USD 64.2 million".

    value, se: in `unit` units of the currency.
    """
    if value is None or isinstance(value, Missing):
        return missing_text(value)
    amount, error = _exact(value) * unit, _error(se)
    for size, short_name, long_name in SCALES:
        scaled = _rounded(amount / size, None, digits, None if error is None else error * unit / size)
        if abs(scaled) >= 1:
            return _joined(currency, _written(scaled, signed=signed), long_name if long else short_name)
    small = _rounded(amount, None, digits, None if error is None else error * unit)
    return _joined(currency, _written(small, signed=signed))


def percent(value: Number, decimals: int = 1, *, se: Figure | None = None, signed: bool = False) -> str:
    """A fraction as per cent: 0.139 is "13.9%"."""
    if value is None or isinstance(value, Missing):
        return missing_text(value)
    error = _error(se)
    hundredfold = _rounded(_exact(value) * 100, decimals, 3, None if error is None else error * 100)
    return f"{_written(hundredfold, signed=signed)}%"


def in_100(probability: Number, *, se: Figure | None = None) -> str:
    """A probability as people count: "14 in 100"; what is possible is never written as 0, nor what is open as 100."""
    if probability is None:
        return missing_text(probability)
    return chance(probability if isinstance(probability, Missing) else float(probability), se)


def score(total: Number, low: float | None = None, high: float | None = None) -> str:
    """A score out of 100, or its range where something is unknown: "75", "71–82"."""
    if total is None or isinstance(total, Missing):
        return missing_text(total)
    ends = [_written(_rounded(_exact(end), 0, 3, None)) for end in (low, high) if end is not None]
    if len(ends) == 2 and ends[0] != ends[1]:  # noqa: PLR2004 - both ends of the range
        return "–".join(ends)
    return number(total, 0)


def years(value: Number, decimals: int = 1) -> str:
    """A length of time in years: "4.2 years"."""
    if value is None or isinstance(value, Missing):
        return missing_text(value)
    written = number(value, decimals)
    return f"{written} year" if written == "1" else f"{written} years"


def duration(seconds: float) -> str:
    """A wait, rounded up: "40 seconds", "3 minutes", "2 hours"."""
    size, name = next((pair for pair in WAITS if seconds >= pair[0]), WAITS[-1])
    count = max(1, math.ceil(seconds / size))
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def file_size(count: int) -> str:
    """A number of bytes: "20 MiB", "300 KiB"."""
    for size, name in ((1 << 20, "MiB"), (1 << 10, "KiB")):
        if count >= size:
            return f"{number(count / size, digits=2)} {name}"
    return f"{count} bytes"


def day(value: date | None) -> str:
    """A date without doubt about its order: "23 Nov 2026"."""
    return missing_text(None) if value is None else f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime | None, zone: tzinfo = UTC) -> str:
    """A time with its zone: "23 Nov 2026, 14:05 UTC". A time without zone is taken as UTC, as it is stored."""
    if value is None:
        return missing_text(None)
    local = (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(zone)
    return f"{day(local.date())}, {local:%H:%M} {local.tzname()}"


def register_filters(app: Flask) -> None:
    """Make every function here a template filter of its own name, and `missing` a test."""
    for function in (amount, number, money, percent, in_100, score, years, duration, file_size, day, moment):
        app.add_template_filter(function, function.__name__)
    app.add_template_filter(missing_reason, "missing_reason")
    app.add_template_filter(missing_text, "missing_text")
    app.add_template_filter(reason_text, "reason_text")
    app.add_template_test(is_missing, "missing")


def _exact(value: float | Decimal) -> Decimal:
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    if not exact.is_finite():
        raise ValueError("a figure that is not finite cannot be written")
    return exact


def _error(se: Figure | None) -> Decimal | None:
    """The standard error, None where there is none to limit the digits."""
    if se is None or isinstance(se, Missing) or se <= 0:
        return None
    return _exact(se)


def _rounded(value: Decimal, decimals: int | None, digits: int, se: Decimal | None) -> Decimal:
    if decimals is None:
        place = _place(value)
        if se is None and value:
            place = max(place, min(value.adjusted() - digits + 1, 0))  # whole numbers are not cut
    else:
        place = -decimals
    if se is not None:
        place = max(place, se.adjusted())
    rounded = value.quantize(Decimal(1).scaleb(place), rounding=ROUND_HALF_UP)
    if decimals is None and se is None and rounded == rounded.to_integral_value():
        return rounded.quantize(Decimal(1))
    return rounded


def _place(value: Decimal) -> int:
    """The last place of a figure of which nothing else is known, as in reports: one decimal at most."""
    if abs(value) >= 1 or not value:
        return 0 if abs(value) >= MANY or not value else -1
    return value.adjusted() - 1


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _written(value: Decimal, *, signed: bool = False) -> str:
    text = f"{abs(value):,f}" if value.as_tuple().exponent else f"{abs(value):,}"
    if value == 0:
        return text
    return MINUS + text if value < 0 else ("+" if signed else "") + text
