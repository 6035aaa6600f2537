"""Years counted from another beginning: Buddhist, Japanese and Taiwanese are read; others are named and refused."""

import re

_OFFSETS = {"buddhist": -543, "reiwa": 2018, "heisei": 1988, "showa": 1925, "minguo": 1911}
_THAI = r"(?:ปีงบประมาณ|ปี พ\.ศ\.|ปี|พ\.ศ\.|พศ|b\.?e\.?)"
_BUDDHIST = (
    re.compile(rf"{_THAI} ?(2[4-7][0-9]{{2}})"),
    re.compile(r"(2[4-7][0-9]{2}) ?\(?(?:b\.?e\.?|พ\.?ศ\.?)\)?"),
)
_BOTH = re.compile(r"(?:ค\.ศ\. ?|พ\.ศ\. ?)?([12][0-9]{3}) ?[(/] ?(?:ค\.ศ\. ?|พ\.ศ\. ?)?([12][0-9]{3})\)?")
_NAMES = {"令和": "reiwa", "平成": "heisei", "昭和": "showa", "民國": "minguo", "民国": "minguo", "中華民國": "minguo"}
_EAST = re.compile(rf"({'|'.join(sorted(_NAMES, key=len, reverse=True))}) ?([0-9]{{1,3}}|元)(?:年度?)?")
_EAST_SHORT = re.compile(r"r([0-9]{1,2})年度?")
_WITH_WESTERN = re.compile(
    r"([12][0-9]{3})年?(?:度)? ?\(([^()]+)\) ?(?:年度?)?|([^()0-9]+[0-9]{1,3}年?度?) ?\(([12][0-9]{3})年?度?\)"
)
_OTHER = re.compile(
    r"1[34][0-9]{2}|(?:.* )?(?:1[3-5]|20)[0-9]{2} ?\(?(?:persian|solar hijri|hijri|s\.?h\.?|a\.?h\.?|a\.?p\.?|"
    r"ه\.?ش\.?|هـ?|b\.?s\.?|bikram sambat|saka)\)?|(?:वि\.? ?सं\.?|b\.?s\.?|saka|शक) ?[12][0-9]{3}|"
    r"2[4-7][0-9]{2}|57[0-9]{2}|[0-9]{3}年度?"
)


def year_of_era(heading: str) -> int | None:
    """The calendar year of พ.ศ. 2569, 2569 BE, 令和8年 or 民國115年, alone or beside the same year of our era."""
    for pattern in _BUDDHIST:
        if match := pattern.fullmatch(heading):
            return int(match[1]) + _OFFSETS["buddhist"]
    if match := _BOTH.fullmatch(heading):
        first, second = sorted((int(match[1]), int(match[2])))
        return first if second + _OFFSETS["buddhist"] == first else None
    if match := _WITH_WESTERN.fullmatch(heading):
        year = int(match[1] or match[4])
        return year if _eastern(match[2] or match[3]) == year else None
    return _eastern(heading)


def is_of_another_calendar(heading: str) -> bool:
    """Whether a heading looks like a year that is counted otherwise: 1405, 1448 AH, 2083 BS, a bare 2569."""
    return bool(_OTHER.fullmatch(heading))


def _eastern(heading: str) -> int | None:
    if match := _EAST.fullmatch(heading.strip()):
        return _OFFSETS[_NAMES[match[1]]] + (1 if match[2] == "元" else int(match[2]))
    match = _EAST_SHORT.fullmatch(heading.strip())
    return _OFFSETS["reiwa"] + int(match[1]) if match else None
