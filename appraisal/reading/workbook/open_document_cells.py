"""How many cells the sheets of an OpenDocument file are laid out as, told from the text before it is read.

No pattern crosses a "<", so that each part is gone through once, whatever it holds.
"""

import re
from dataclasses import dataclass

ATTRIBUTES = rb"""(?:[^<>"']|"[^"<]*+"|'[^'<]*+')*+"""
_TAG = re.compile(rb"<(/?)table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])(" + ATTRIBUTES + rb")>")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*(?:["']([0-9]{1,9})["'])?""")


def cells_laid_out(text: bytes, most: int) -> int:
    """Every row is as wide as the widest, repeated ones each; what is empty at the end is not laid out.

    most: above that it is not counted on.
    """
    whole, laid = 0, _Laid()
    for closing, tag, attributes in _TAG.findall(text):
        if tag == b"table":
            whole, laid = whole + laid.cells, _Laid()
        elif tag == b"table-row":
            if not closing:
                laid.repeat = _repeat_of(attributes, most)
            if closing or attributes.endswith(b"/"):
                laid.end_row()
        elif not closing:
            laid.add(_repeat_of(attributes, most), holds=b"value-type" in attributes or b"formula" in attributes)
        if whole + laid.cells > most:
            break
    return whole + laid.cells


@dataclass(slots=True)
class _Laid:
    """A sheet as far as it is laid out; what is empty counts once something follows it."""

    rows: int = 0
    empty_rows: int = 0
    widest: int = 0
    repeat: int = 1
    in_row: int = 0
    empty_in_row: int = 0

    @property
    def cells(self) -> int:
        return max(self.rows * self.widest, self.in_row)

    def add(self, repeat: int, *, holds: bool) -> None:
        self.empty_in_row += repeat
        if holds:
            self.in_row, self.empty_in_row = self.in_row + self.empty_in_row, 0

    def end_row(self) -> None:
        self.empty_rows += self.repeat
        if self.in_row:
            self.rows, self.empty_rows = self.rows + self.empty_rows, 0
        self.widest = max(self.widest, self.in_row)
        self.in_row = self.empty_in_row = 0
        self.repeat = 1


def _repeat_of(attributes: bytes, most: int) -> int:
    """As often as it says; what is no number as we read it is more than fits."""
    match = _REPEATED.search(attributes)
    return int(match[1] or most + 1) if match else 1
