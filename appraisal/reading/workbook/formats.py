"""Which cells of a workbook are shown as something else than what they hold: as a percentage, or divided by thousands.

The reader gives stored values alone. The parts were looked over by `guard` before; no pattern here crosses a "<".
"""

import html
import re
from dataclasses import dataclass
from itertools import islice

from appraisal.reading.workbook.guard import MOST_CELLS, sheet_parts, unpacked

_NAME = rb"(?:\w{1,20}:)?"
_STYLED = re.compile(rb"<" + _NAME + rb"c\s([^<>]{0,300})>")
_ADDRESS = re.compile(rb"""(?:^|\s)r\s{0,9}=\s{0,9}["']([A-Za-z]{1,3}[0-9]{1,7})["']""")
_STYLE = re.compile(rb"""(?:^|\s)s\s{0,9}=\s{0,9}["']([0-9]{1,6})["']""")
_CELL_STYLES = re.compile(rb"<" + _NAME + rb"cellXfs[\s>](.*?)</" + _NAME + rb"cellXfs>", re.DOTALL)
_STYLE_START = re.compile(rb"<" + _NAME + rb"""xf\s([^<>]{0,2000})>""")
_FORMAT_ID = re.compile(rb"""\snumFmtId\s{0,9}=\s{0,9}["']([0-9]{1,6})["']""")
_FORMAT = re.compile(rb"<" + _NAME + rb"numFmt(\s[^<>]{0,2000})>")
_FORMAT_CODE = re.compile(rb"""\sformatCode\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)')""")
_BUILT_IN_PERCENT = {9: "0%", 10: "0.00%"}
_NOT_A_MARK = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
"""What a format writes as it stands: quoted texts, escaped characters, spaces, colours and conditions."""
_THOUSANDS = re.compile(r"[0#?](,+)(?=[^0#?,]|\Z)")
"""Commas after the last digit: each divides what is shown by a thousand."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Addresses of the cells of one sheet that are shown otherwise than they are stored."""

    percent: frozenset[str] = frozenset()
    divided: frozenset[str] = frozenset()


def shown_otherwise(content: bytes) -> dict[str, Shown]:
    """By sheet, for a workbook that was read; sheets in which no cell is are left out. Raises Unreadable."""
    parts = unpacked(content)
    codes = _codes(parts.get("xl/styles.xml", b""))
    percent = {style for style, code in enumerate(codes) if "%" in code}
    divided = {style for style, code in enumerate(codes) if _THOUSANDS.search(code)}
    if not percent and not divided:
        return {}
    return {
        name: Shown(_cells_of(text, percent), _cells_of(text, divided)) for name, text in sheet_parts(parts).items()
    }


def _codes(styles: bytes) -> list[str]:
    """The number format of each style of cells, without what it writes as it stands."""
    named = dict(_BUILT_IN_PERCENT)
    for attributes in _FORMAT.findall(styles):
        number, code = _FORMAT_ID.search(attributes), _FORMAT_CODE.search(attributes)
        if number and code:
            named[int(number[1])] = html.unescape((code[1] or code[2] or b"").decode("utf-8", errors="replace"))
    found = _CELL_STYLES.search(styles)
    numbers = [_FORMAT_ID.search(b" " + each) for each in _STYLE_START.findall(found[1])] if found else []
    return [_NOT_A_MARK.sub("", named.get(int(number[1]), "")) if number else "" for number in numbers]


def _cells_of(text: bytes, styles: set[int]) -> frozenset[str]:
    found = set()
    for match in islice(_STYLED.finditer(text), MOST_CELLS) if styles else ():
        style, address = _STYLE.search(match[1]), _ADDRESS.search(match[1])
        if style and address and int(style[1]) in styles:
            found.add(address[1].decode("ascii").upper())
    return frozenset(found)
