"""Recognising a year in a heading: 2026, FY2026/27, 31 Dec 2026, 2026년, พ.ศ. 2569, Year 0, 1년차, or a bare 0."""

import re
from dataclasses import dataclass
from enum import IntEnum

from forms.numbers import plain_digits
from forms.texts import one_line
from scoring.limits import LAST_YEAR, MIN_YEAR


class YearKind(IntEnum):
    """How sure a heading is to be a year, least sure first."""

    BARE = 0
    RELATIVE = 1
    CALENDAR = 2


@dataclass(frozen=True, slots=True)
class YearMark:
    kind: YearKind
    number: int
    """The calendar year, or the number of a relative year."""


_LONGEST = 40
_BRACKET = re.compile(r" ?[(\[][^()\[\]0-9]*[)\]]\Z")
"""A remark after the year: (actual), [USD m]."""
_BUDDHIST_OFFSET = 543
_CENTURY = 2000
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec"
_MONTH = rf"(?:{_MONTHS})[a-z]*\.?"
_FISCAL = r"fy|fiscal year|financial year|budget year|f\.y\."
_THAI = r"ปีงบประมาณ|ปี พ\.ศ\.|ปี|พ\.ศ\.|พศ|b\.?e\.?"
_BEFORE = (
    rf"{_FISCAL}|year|yr|y|cy|calendar year|năm|nam|tahun anggaran|tahun|thn|ta|वित्त वर्ष|वित्तीय वर्ष|वर्ष|साल|jahr|année|"
    r"annee|año|ano|anno|ปีงบประมาณ|ปี ค\.ศ\.|ปี|ค\.ศ\."
)
_AFTER = (
    r"년도|년|年度|年|\(?(?:actual|act|est|estimate|estimated|forecast|fcst|budget|plan|planned|proj|projected|"
    r"[abefp])\.?\)?"
)
_CALENDAR = re.compile(rf"(?:(?:{_BEFORE})[ .:]*)?([12][0-9]{{3}})(?: ?[/-] ?([0-9]{{4}}|[0-9]{{2}}))? ?(?:{_AFTER})?")
_SHORT = re.compile(rf"(?:(?:{_FISCAL}) ?'?|')([0-9]{{2}})(?: ?[/-] ?([0-9]{{2}}))? ?(?:{_AFTER})?")
_BUDDHIST = re.compile(rf"(?:{_THAI}) ?(2[4-7][0-9]{{2}})")
_DATES = (
    re.compile(rf"(?:[0-9]{{1,2}}[ ./-])?(?:[0-9]{{1,2}}|{_MONTH})[ ./-]([12][0-9]{{3}})"),
    re.compile(r"([12][0-9]{3})[./-][0-9]{1,2}[./-][0-9]{1,2}(?:[ t]00:00(?::00(?:\.0{1,6})?)?)?"),
    re.compile(r"(?:q[1-4]|h[12])[ /-]?([12][0-9]{3})"),
    re.compile(r"([12][0-9]{3})[ /-]?(?:q[1-4]|h[12])"),
)
_SHORT_DATE = re.compile(rf"(?:[0-9]{{1,2}}[ -])?{_MONTH}[ -]?'?([0-9]{{2}})")
_RELATIVE = re.compile(
    r"(?:project year|operating year|year|yr|y|t|period|năm thứ|năm|tahun ke|tahun|ปีที่|वर्ष|jahr|année|año|연차)"
    r"[ .:=+_-]{0,3}([0-9]{1,3})"
)
_RELATIVE_AFTER = re.compile(r"([0-9]{1,3}) ?(?:년차|차년도|차년|연차|年目)|第([0-9]{1,3})年度?")
_BARE = re.compile(r"[0-9]{1,3}")


def read_year(text: str) -> YearMark | None:
    """The year a heading names, or None. Fiscal years count by the year in which they begin."""
    if len(text) > _LONGEST or not any(char.isdecimal() for char in text):
        return None
    heading = _BRACKET.sub("", one_line(plain_digits(text)).casefold())
    if (year := _calendar_year(heading)) is not None:
        return YearMark(YearKind.CALENDAR, year) if MIN_YEAR <= year <= LAST_YEAR else None
    if match := _RELATIVE.fullmatch(heading) or _RELATIVE_AFTER.fullmatch(heading):
        return YearMark(YearKind.RELATIVE, int(next(group for group in match.groups() if group)))
    return YearMark(YearKind.BARE, int(heading)) if _BARE.fullmatch(heading) else None


def _calendar_year(heading: str) -> int | None:
    if match := _BUDDHIST.fullmatch(heading):
        return int(match[1]) - _BUDDHIST_OFFSET
    if match := _CALENDAR.fullmatch(heading):
        return _first_of(int(match[1]), match[2])
    if match := _SHORT.fullmatch(heading):
        return _first_of(_CENTURY + int(match[1]), match[2])
    for date in _DATES:
        if match := date.fullmatch(heading):
            return int(match[1])
    match = _SHORT_DATE.fullmatch(heading)
    return _CENTURY + int(match[1]) if match else None


def _first_of(year: int, second: str | None) -> int | None:
    """The year of "2026/27"; None where the second part is not the next year: a month, or a span of years."""
    if second is None:
        return year
    following = str(year + 1)
    return year if second in (following, following[-2:]) else None
