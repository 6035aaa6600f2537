"""Recognising a year in a heading: 2026, FY2026/27, 31 Dec 2026, 2026년, พ.ศ. 2569, Year 0, t-1, or a bare 0."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from appraisal.reading.paste.eras import year_of_era
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
    part: str = ""
    """The day, month or quarter that the heading names with its year."""
    hyphen: bool = False
    """A hyphen stands before the number: a minus sign, or nothing but a hyphen ("Year-1, Year-2")."""


_LONGEST = 40
_BRACKET = re.compile(r" ?[(\[][^()\[\]0-9]*[)\]]\Z")
"""A remark after the year: (actual), [USD m]."""
_FOOTNOTE = re.compile(r" ?(?:[*†‡§¹²³⁴⁵⁶⁷⁸⁹]+|\[[a-z0-9]\]|\((?:[a-z]|[1-9])\))\Z", re.IGNORECASE)
_CENTURY = 2000
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec"
_MONTH = rf"(?:{_MONTHS})[a-z]*\.?"
_FISCAL = r"fy|fiscal year|financial year|budget year|f\.y\."
_STATES = (
    r"actuals?|act|est|estimated?|forecast|fcst|budget(?:ed)?|plan(?:ned)?|proj|projected|실적|예산|계획|전망|추정|"
    r"thực hiện|kế hoạch|dự kiến|ist|soll|prognose|prévision|réel"
)
_STATE = re.compile(rf"(?:{_STATES})\.?")
_BEFORE = (
    rf"{_FISCAL}|year|yr|y|cy|calendar year|năm|nam|tahun anggaran|tahun|thn|ta|वित्त वर्ष|वित्तीय वर्ष|वर्ष|साल|jahr|année|"
    r"annee|año|ano|anno|ปีงบประมาณ|ปี ค\.ศ\.|ปี|ค\.ศ\.|exercice|ejercicio|geschäftsjahr|haushaltsjahr|gj|a\.?d\.?|"
    rf"fye|ye|(?:fy|year|financial year|fiscal year) end(?:ed|ing)|(?:{_STATES})\.?"
)
_AFTER = rf"년도|년|年度|年|c\.?e\.?|a\.?d\.?|\(?(?:{_STATES}|[abefp])\.?\)?"
_CALENDAR = re.compile(
    rf"(?:(?:{_BEFORE})[ .:]*)?([12][0-9]{{3}})(?:\.0+)?(?: ?[/-] ?([0-9]{{4}}|[0-9]{{2}}))? ?(?:{_AFTER})?"
)
_SHORT = re.compile(rf"(?:(?:{_FISCAL}) ?'?|')([0-9]{{2}})(?: ?[/-] ?([0-9]{{2}}))? ?(?:{_AFTER})?")
_TO = re.compile(r"([12][0-9]{3}) (?:to|bis|à|đến) ([12][0-9]{3})")
_DATES = (
    re.compile(rf"(?P<part>(?:[0-9]{{1,2}}[ ./-])?(?:[0-9]{{1,2}}|{_MONTH})[ ./-])(?P<year>[12][0-9]{{3}})"),
    re.compile(r"(?P<year>[12][0-9]{3})(?P<part>[./-][0-9]{1,2}[./-][0-9]{1,2})(?:[ t]00:00(?::00(?:\.0{1,6})?)?)?"),
    re.compile(r"(?P<part>q[1-4]|h[12])[ /-]?(?P<year>[12][0-9]{3})"),
    re.compile(r"(?P<year>[12][0-9]{3})[ /-]?(?P<part>q[1-4]|h[12])"),
)
_SHORT_DATE = re.compile(rf"(?P<part>(?:[0-9]{{1,2}}[ -])?{_MONTH}[ -]?)'?(?P<year>[0-9]{{2}})")
_RELATIVE = re.compile(
    r"(?:project year|operating year|year|yr|y|t|n|period|năm thứ|năm|tahun ke|thn ke|tahun|ปีที่|वर्ष|jahr|année|an|"
    r"año|ano|anno|연차)[ .:=_]{0,3}([+-]?) ?([0-9]{1,3})"
)
_RELATIVE_AFTER = re.compile(
    r"([0-9]{1,3}) ?(?:년차|차년도|차년|연차|年目)|第([0-9]{1,3})年度?|"
    r"([0-9]{1,2})(?:st|nd|rd|th) (?:project |operating )?year"
)
_BARE = re.compile(r"(-?)([0-9]{1,3})")
_ALONE = re.compile(r"[tny]|year")
"""The year 0 beside t-1 and t+1."""


def read_year(text: str) -> YearMark | None:
    """The year a heading names, or None. Fiscal years count by the year in which they begin."""
    if len(text) > _LONGEST or not any(char.isdecimal() or char == "元" for char in text):
        return None
    heading = one_line(plain_digits(_FOOTNOTE.sub("", text.strip()))).casefold()
    if (year := year_of_era(heading)) is not None:
        return YearMark(YearKind.CALENDAR, year)
    heading = _BRACKET.sub("", heading)
    if (mark := _calendar_year(heading)) is not None:
        return mark if MIN_YEAR <= mark.number <= LAST_YEAR else None
    if match := _RELATIVE.fullmatch(heading):
        return YearMark(YearKind.RELATIVE, int(match[2]), hyphen=match[1] == "-")
    if match := _RELATIVE_AFTER.fullmatch(heading):
        return YearMark(YearKind.RELATIVE, int(next(group for group in match.groups() if group)))
    match = _BARE.fullmatch(heading)
    return YearMark(YearKind.BARE, int(match[2]), hyphen=bool(match[1])) if match else None


def read_headings(cells: Sequence[str]) -> dict[int, YearMark]:
    """The years that a row of headings names, by column; what a hyphen means is seen from the whole row."""
    marks = {column: mark for column, cell in enumerate(cells) if cell and (mark := read_year(cell)) is not None}
    if any(mark.kind is YearKind.RELATIVE for mark in marks.values()):
        zeros = [column for column, cell in enumerate(cells) if _ALONE.fullmatch(one_line(cell).casefold())]
        if len(zeros) == 1 and any(mark.number == 1 for mark in marks.values()):
            marks = dict(sorted({**marks, zeros[0]: YearMark(YearKind.RELATIVE, 0)}.items()))
    negative = _hyphens_are_minus(marks)
    return {
        column: replace(mark, number=-mark.number, hyphen=False) if mark.hyphen and negative else mark
        for column, mark in marks.items()
    }


def is_state(text: str) -> bool:
    """Whether a text says what kind of figures a year has: actual, budget, forecast."""
    return bool(_STATE.fullmatch(one_line(text).casefold()))


def _hyphens_are_minus(marks: Mapping[int, YearMark]) -> bool:
    """Year -2, Year -1, Year 0 count up to zero; Year-1, Year-2, Year-3 do not."""
    relative = [mark for mark in marks.values() if mark.kind is not YearKind.CALENDAR]
    hyphened = [mark.number for mark in relative if mark.hyphen]
    if not hyphened:
        return False
    return len(hyphened) < len(relative) or hyphened[0] > hyphened[-1] or relative[0].kind is YearKind.BARE


def _calendar_year(heading: str) -> YearMark | None:
    if match := _CALENDAR.fullmatch(heading):
        return _first_of(int(match[1]), match[2])
    if match := _SHORT.fullmatch(heading):
        return _first_of(_CENTURY + int(match[1]), match[2])
    if match := _TO.fullmatch(heading):
        return _first_of(int(match[1]), match[2])
    for date in _DATES:
        if match := date.fullmatch(heading):
            return YearMark(YearKind.CALENDAR, int(match["year"]), match["part"].strip(" ./-"))
    match = _SHORT_DATE.fullmatch(heading)
    return YearMark(YearKind.CALENDAR, _CENTURY + int(match["year"]), match["part"].strip(" -")) if match else None


def _first_of(year: int, second: str | None) -> YearMark | None:
    """The year of "2026/27"; None where the second part is not the next year: a month, or a span of years."""
    following = str(year + 1)
    if second is None or second in (following, following[-2:]):
        return YearMark(YearKind.CALENDAR, year)
    return None
