"""Plain text and CSV: UTF-8 without control characters, and no page, drawing or program under another name."""

import csv
import io
import re
from itertools import islice

from appraisal.evidence import FileKind
from appraisal.reading.evidence.refused import Refused

_CONTROL = bytes((*range(9), 11, *range(14, 32), 127))
_MARKUP = re.compile(r"\s*<[A-Za-z!?/]")
_RUNS = (b"<script", b"<html", b"<svg", b"<iframe", b"<object", b"<embed", b"<?php", b"javascript:")
_PROGRAMS = ("#!", "%!PS", "@echo", "{\\rtf", "MIME-Version:")
_LINES, _LONGEST_LINE = 50, 10_000


def check(content: bytes) -> FileKind:
    """CSV or plain text, by what it holds; raises Refused."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise Refused("it is text in UTF-16: save it as UTF-8") from None
        raise Refused(f"it is no kind of file that is known here, and no UTF-8 text (byte {error.start:,})") from None
    if len(content.translate(None, _CONTROL)) < len(content):
        raise Refused("it is no kind of file that is known here, and no text: it holds control characters")
    small = content.lower()
    if _MARKUP.match(text[:_LONGEST_LINE]) or any(word in small for word in _RUNS):
        raise Refused("it is a web page, a drawing or other markup (HTML, SVG, XML), which can run programs")
    if text.startswith(_PROGRAMS):
        raise Refused("it is a program, or a document of a kind that is not taken")
    return FileKind.CSV if _is_table(text) else FileKind.TEXT


def _is_table(text: str) -> bool:
    """Whether the first lines have one and the same number of cells, more than one."""
    lines = [line for line in islice(io.StringIO(text, newline=""), _LINES * 4) if line.strip()][:_LINES]
    if len(lines) < 2 or max(map(len, lines)) > _LONGEST_LINE:  # noqa: PLR2004 -- a heading and a row
        return False
    for mark in (",", ";", "\t"):
        try:
            widths = {len(row) for row in csv.reader(lines, delimiter=mark) if row}
        except csv.Error:
            continue
        if len(widths) == 1 and widths.pop() > 1:
            return True
    return False
