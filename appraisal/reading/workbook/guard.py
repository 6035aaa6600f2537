"""What is checked of a packed spreadsheet before anything reads it (SECURITY, Uploads and imports).

The reader lays cells out densely and copies shared texts, so a small file could ask for any amount of memory: the XML
is scanned for what it would become. Everything here runs in time and memory bounded by the unpacked size.
"""

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise
from operator import methodcaller

from appraisal.reading.problems import Problem, Unreadable
from appraisal.reading.workbook.open_document_cells import ATTRIBUTES, cells_laid_out

MOST_PACKED = 20 * 1024 * 1024
MOST_UNPACKED = 64 * 1024 * 1024
MOST_PARTS = 1000
MOST_RATIO = 200
_SMALL = 1024 * 1024
"""Below this size no ratio is too large."""
MOST_CELLS = 1_500_000
MOST_CHARACTERS = 40_000_000
"""Of all cells together, shared texts counted wherever they stand: each is copied twice, to four bytes a character."""

_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# No pattern crosses a "<", so that each part is gone through once, whatever it holds. None counts on few blanks or
# short attributes: what the reader takes and a pattern passes by would be laid out uncounted.
_NAME = rb"(?:\w{1,20}:)?"
_AT = rb"""(?<![\w:.-])r\s*=\s*["']"""
"""Rows and cells say where they are, and the reader asks for no blank before it."""
_PLACE = re.compile(_AT + rb"""([A-Za-z]{0,3})([0-9]{1,7})["']""")
_BEYOND = re.compile(_AT + rb"""(?:[A-Za-z]{4,}+[0-9]|[A-Za-z]{0,3}[0-9]{8})""")
_ADDRESS = re.compile(_AT + rb"""([A-Za-z]{1,3})([0-9]{1,7})["']""")
_CELL = re.compile(rb"<" + _NAME + rb"c(\s" + ATTRIBUTES + rb")?>(?:\s*+<" + _NAME + rb"v>\s*+([0-9]{1,9})<)?")
_CELL_START = re.compile(rb"<" + _NAME + rb"c[\s>/]")
_TEXT_START = re.compile(rb"<" + _NAME + rb"si[\s>/]")
_IS_SHARED, _IS_ERROR = (re.compile(rb"""(?<![\w:.-])t\s*=\s*["']""" + kind + rb"""["']""") for kind in (b"s", b"e"))
_UNSTORED = re.compile(
    rb"<" + _NAME + rb"c(\s[^<>]{0,300})>\s{0,9}<" + _NAME + rb"f(?:\s[^<>]{0,300})?(?:/>|>[^<]{0,9000}</" + _NAME
    + rb"f>)\s{0,9}(?:<" + _NAME + rb"v\s{0,9}/>|<" + _NAME + rb"v>\s{0,9}</" + _NAME + rb"v>)?\s{0,9}</" + _NAME
    + rb"c>"
)  # fmt: skip
_SHEET_TAG = re.compile(rb"<" + _NAME + rb"sheet\s[^<>]{0,2000}>")
_RELATION = re.compile(rb"<" + _NAME + rb"Relationship\s[^<>]{0,2000}>")
# Called for each of a million cells: by functions in C.
_LETTERS, _ROW = methodcaller("group", 1), methodcaller("group", 2)
_MOST_MARKED = 1000
"""Addresses kept of each kind and sheet: a file with more is mended before it is read again."""


@dataclass(frozen=True, slots=True)
class PackedSheets:
    """What the XML shows and the reader does not: cells that hold an error, and formulas whose value was not stored."""

    errors: dict[str, list[str]] = field(default_factory=dict)
    unstored: dict[str, list[str]] = field(default_factory=dict)


def check_packed(content: bytes) -> PackedSheets:
    """Raise Unreadable unless the archive is sound and of bounded size; say what is wrong inside its sheets."""
    parts = unpacked(content)
    if "content.xml" in parts:
        if cells_laid_out(parts["content.xml"], MOST_CELLS) > MOST_CELLS:
            raise _refused(f"The sheets hold more than {MOST_CELLS:,} cells: split the file.")
        return PackedSheets()
    _check_workbook(parts)
    sheets = sheet_parts(parts)
    return PackedSheets(
        errors={name: found for name, text in sheets.items() if (found := _errors(text))},
        unstored={name: found for name, text in sheets.items() if (found := _unstored(text))},
    )


def unpacked(content: bytes) -> dict[str, bytes]:
    """The XML parts of the archive by their names, of bounded size; raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return dict(_parts(archive, len(content)))
    except Unreadable:
        raise
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError, RuntimeError) as error:
        encrypted = isinstance(error, RuntimeError) and "encrypted" in str(error)
        raise _refused(
            "The file is protected by a password: save it without one."
            if encrypted
            else "The file is damaged: it cannot be unpacked. Open it in a spreadsheet program and save it again."
        ) from None


def sheet_parts(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The XML of each sheet by the sheet's name, or by its part where the workbook does not name it."""
    names = _sheet_names(parts)
    return {names.get(name, name): text for name, text in parts.items() if _is_sheet(name)}


def _parts(archive: zipfile.ZipFile, packed: int) -> Iterator[tuple[str, bytes]]:
    """The XML parts, unpacked under a limit that does not trust what the archive says of itself."""
    infos = archive.infolist()
    if len(infos) > MOST_PARTS:
        raise _refused(f"The file has {len(infos):,} parts; at most {MOST_PARTS:,} are read.")
    if len({info.filename for info in infos}) < len(infos):
        raise _refused("The file is damaged: two of its parts have one name.")
    left = MOST_UNPACKED
    for info in infos:
        with archive.open(info) as part:
            text = part.read(left + 1)
        left -= len(text)
        if left < 0:
            raise _refused(f"The file unpacks to more than {MOST_UNPACKED // 1024**2} MiB: split it.")
        if MOST_UNPACKED - left > max(_SMALL, packed * MOST_RATIO):
            raise _refused(f"The file unpacks to more than {MOST_RATIO} times its size, as no spreadsheet does.")
        if info.filename.endswith((".xml", ".rels")):
            if b"\x00" in text[:200] or _DECLARATION.search(text):
                raise _refused("The file declares entities, which are not read.")
            yield info.filename, text


def _is_sheet(name: str) -> bool:
    return "worksheets/" in name and name.endswith(".xml")


def _check_workbook(parts: dict[str, bytes]) -> None:
    shared = parts.get("xl/sharedStrings.xml", b"")
    starts = [match.start() for match in _TEXT_START.finditer(shared)]
    texts = [after - before for before, after in pairwise([*starts, len(shared)])]
    longest, characters, cells = max(texts, default=0), 0, 0
    for name, text in parts.items():
        if not _is_sheet(name):
            continue
        spanned, count = _span(text)
        cells += max(spanned, count)
        if cells > MOST_CELLS:
            raise _refused(
                f"The sheets span more than {MOST_CELLS:,} cells. Delete the empty rows and columns after the data, "
                "or split the file."
            )
        if longest * count > MOST_CHARACTERS:
            named = (int(match[2]) for match in _CELL.finditer(text) if match[2] and _IS_SHARED.search(match[1] or b""))
            characters += sum(texts[index] for index in named if index < len(texts))
        if characters > MOST_CHARACTERS:
            raise _refused("The texts of the file are longer than is read at once: split it.")


def _span(text: bytes) -> tuple[int, int]:
    """How many cells the sheet spans from its first to its last, and how many it states, as far as the limit."""
    count = sum(1 for _ in islice(_CELL_START.finditer(text), MOST_CELLS + 1))
    if _BEYOND.search(text) is not None:
        return MOST_CELLS + 1, count
    rows = max(map(int, map(_ROW, _PLACE.finditer(text))), default=1)
    columns = max(map(_column_number, set(map(_LETTERS, _PLACE.finditer(text)))), default=1)
    return rows * max(columns, 1), count


def _errors(text: bytes) -> list[str]:
    if _IS_ERROR.search(text) is None:
        return []
    marked = (match[1] for match in _CELL.finditer(text) if match[1] and _IS_ERROR.search(match[1]))
    return _addresses(marked)


def _unstored(text: bytes) -> list[str]:
    return _addresses(match[1] for match in _UNSTORED.finditer(text))


def _addresses(cells: Iterator[bytes]) -> list[str]:
    """The addresses that the attributes of these cells name."""
    found = (_ADDRESS.search(attributes) for attributes in islice(cells, _MOST_MARKED))
    return [(match[1] + match[2]).decode("ascii").upper() for match in found if match]


def _sheet_names(parts: dict[str, bytes]) -> dict[str, str]:
    """The sheet's name by its part, where the workbook says it."""
    relations = {
        _attribute(tag, "Id"): _attribute(tag, "Target")
        for tag in _RELATION.findall(parts.get("xl/_rels/workbook.xml.rels", b""))
    }
    names = {}
    for tag in _SHEET_TAG.findall(parts.get("xl/workbook.xml", b"")):
        target = relations.get(_attribute(tag, r"\w+:id"), "")
        path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        names[path] = html.unescape(_attribute(tag, "name"))
    return names


def _attribute(tag: bytes, name: str) -> str:
    match = re.search(rf"""\s{name}\s*=\s*["']([^"']*)["']""".encode(), tag)
    return match[1].decode("utf-8", errors="replace") if match else ""


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _refused(message: str) -> Unreadable:
    return Unreadable([Problem("", message)])
