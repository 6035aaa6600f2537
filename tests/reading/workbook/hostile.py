"""Files that are small and ask for much, and the process that reads one: `python -m tests.reading.workbook.hostile`."""

import io
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import xlsxwriter

from appraisal.reading.problems import Unreadable
from appraisal.reading.workbook.files import open_file
from tests.archives import packed

_SHEET = "xl/worksheets/sheet1.xml"


def _shared_texts() -> bytes:
    """One long text, which a hundred thousand cells name."""
    text = b"<sst><si><t>" + b"x" * 32_000 + b"</t></si></sst>"
    cells = b'<row r="1">' + b'<c t="s"><v>0</v></c>' * 100_000 + b"</row>"
    return packed(
        {"xl/sharedStrings.xml": text, _SHEET: b"<worksheet><sheetData>" + cells + b"</sheetData></worksheet>"}
    )


def _empty_rows() -> bytes:
    """A million rows that hold nothing, the last of them far to the right."""
    rows = b"".join(b'<row r="%d"/>' % number for number in range(1, 1_000_001))
    last = b'<row r="1000001"><c r="XFD1000001"><v>1</v></c></row>'
    return packed({_SHEET: b"<worksheet><sheetData>" + rows + last + b"</sheetData></worksheet>"})


def _texts_within_limits() -> bytes:
    """As many characters as are read at once; one of them makes all of its text take four bytes each."""
    out = io.BytesIO()
    text = "\U0001f600" + "text " * 6_000
    with xlsxwriter.Workbook(out) as workbook:
        sheet = workbook.add_worksheet()
        for number in range(1_300):
            sheet.write_string(number, 0, text)
    return out.getvalue()


KINDS: Mapping[str, Callable[[], bytes]] = {
    "zip bomb": lambda: packed({_SHEET: b"0" * (200 * 1024**2)}),
    "bomb of many parts": lambda: packed({f"xl/worksheets/sheet{n}.xml": b"0" * (4 * 1024**2) for n in range(40)}),
    "shared texts": _shared_texts,
    "texts within the limits": _texts_within_limits,
    "cells within the limits": lambda: b"".join(b"a%d,b,c,d%d,e,f\n" % (n, n) for n in range(240_000)),
    "a million empty rows": _empty_rows,
    "empty rows of a table": lambda: b",,,,,,,,\n" * 1_000_000,
    "repeated cells": lambda: packed(
        {"content.xml": b'<table:table-row table:number-rows-repeated="9999999"><table:table-cell '
         b'office:value-type="float" table:number-columns-repeated="9999"/></table:table-row>'}
    ),
    "deep JSON": lambda: b'{"a":' * 3_000_000,
    "wide JSON": lambda: json.dumps({"schema": "appraisal-project/1", "answers": [0] * 5_000_000}).encode(),
}  # fmt: skip


def _highest_memory() -> float:
    """MiB that the process ever held, not its parent, from which ru_maxrss begins."""
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024


def main(path: str) -> None:
    try:
        found = open_file(Path(path).read_bytes())
        outcome = "refused" if found.read is not None and found.read.problems else "read"
    except Unreadable:
        outcome = "refused"
    sys.stdout.write(f"{outcome} {_highest_memory():.0f}\n")


if __name__ == "__main__":
    main(sys.argv[1])
