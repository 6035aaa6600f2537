"""PDF: whole from its first byte to its last, readable by everyone, and nothing in it that runs (ADR 23).

Names of actions are searched in the file as it stands and in its packed objects; a name that is spelled with escapes
for no reason is refused. Drawing instructions and pictures are not unpacked: nothing in them can start anything.
"""

import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice

from appraisal.reading.evidence import pdf_packing
from appraisal.reading.evidence.refused import Refused

_HEADER = re.compile(rb"%PDF-[12]\.[0-9]")
_END = b"\x00\t\n\x0c\r "
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_OBJECT = re.compile(rb"\d[\x00\s]+obj[\x00\s<\[(/%]")
_FIRST = re.compile(rb"/First[\x00\s]+\d+(?!\d|[\x00\s]+\d+[\x00\s]+R)")
"""Where the first of packed objects begins: a number, where an outline names another object. Programs read such a
stream without asking for its type."""
_ELSEWHERE = re.compile(rb"/(First|Filter)[\x00\s]+\d+[\x00\s]+\d+[\x00\s]+R")
"""Said by another object: of an outline, or of packed objects that do not want to be known as such."""
_OTHER_PACKING = tuple(name for names in pdf_packing.NAMES.values() for name in names)
_AFTER_NAME = frozenset(b"\x00\t\n\x0b\x0c\r /<>[](){}%")
_LONG = (b"JavaScript", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"RichMedia", b"ImportData", b"SubmitForm")
_SHORT = (b"JS", b"XFA")
"""So short that they stand in any picture by chance: searched outside pictures alone."""
_ESCAPED = re.compile(rb"/([^\x00\s/<>\[\](){}%#]{0,40}#[^\x00\s/<>\[\](){}%]{0,120})")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_GUARDED = frozenset(
    {*_LONG, *_SHORT, *_OTHER_PACKING, b"ObjStm", b"First", b"N", b"Filter", b"DecodeParms", b"FlateDecode", b"Encrypt"}
)
_HIDES = "it is a PDF that hides what it does: print it to a new PDF and send that"
_MOST_ESCAPED, _MOST_STREAMS = 50_000, 200_000
_MOST_UNPACKED = 64 * 1024 * 1024
_CARRIES = {
    b"EmbeddedFile": "other files inside it",
    b"EmbeddedFiles": "other files inside it",
    b"RichMedia": "films or other media",
    b"XFA": "a form that runs programs",
    b"SubmitForm": "a form that sends data away",
    b"ImportData": "a form that fetches data",
    b"Launch": "an action that starts a program",
}


def check(content: bytes) -> None:
    """Raise Refused unless it is a whole PDF without programs, actions that start some, files inside, or a password."""
    if not _HEADER.match(content) or b"startxref" not in content or not content.rstrip(_END).endswith(b"%%EOF"):
        raise Refused("it is a PDF that is damaged, or that something else was added to: save it again as a PDF")
    _refuse(content, _LONG)
    _refuse_escaped(content)
    left, outside = _MOST_UNPACKED, bytearray()
    for between, packed in _parts(content):
        outside += between + b" "
        for objects in () if packed is None else _unpacked(between, packed, left):
            left -= len(objects)
            _refuse(objects, (*_LONG, *_SHORT))
            _refuse_escaped(objects)
    if _names(bytes(outside), b"Encrypt"):
        raise Refused("it is a PDF with a password or with locked rights: save it without")
    _refuse(bytes(outside), (*_LONG, *_SHORT))


def _parts(content: bytes) -> Iterator[tuple[bytes, bytes | None]]:
    """What stands before each stream, with the stream where it holds packed objects; then what follows the last."""
    at = count = 0
    while (found := _STREAM.search(content, at)) is not None:
        end = content.find(b"endstream", found.end())
        end = len(content) if end < 0 else end
        before, within = content[at : found.start()], content[found.end() : end]
        packs = b"/ObjStm" in before or _FIRST.search(before) is not None or _may_pack(before, within)
        if _OBJECT.search(within) or (packs and b"/DecodeParms" in before):
            raise Refused(_HIDES)
        yield before, within if packs else None
        at, count = end, count + 1
        if count > _MOST_STREAMS:
            raise Refused(f"it is a PDF of more than {_MOST_STREAMS:,} parts")
    yield content[at:], None


def _may_pack(before: bytes, within: bytes) -> bool:
    """Whether it holds objects for a program that looks up where their first begins; an outline in front of a picture
    reads the same, but a picture unpacks to no objects."""
    elsewhere = set(_ELSEWHERE.findall(before))
    if b"First" not in elsewhere or not _names(before, b"N"):
        return False
    if b"Filter" in elsewhere or any(_names(before, name) for name in _OTHER_PACKING):
        return True
    try:
        zlib.decompressobj().decompress(within, 1)
    except zlib.error:
        return False
    return True


def _unpacked(before: bytes, packed: bytes, most: int) -> Iterator[bytes]:
    """What the stream holds; an outline in front of a colour profile may pack it in any way."""
    packings = frozenset(key for key, names in pdf_packing.NAMES.items() if any(_names(before, name) for name in names))
    if packings and b"First" in _ELSEWHERE.findall(before) and b"/ObjStm" not in before:
        yield from pdf_packing.steps(packed, packings, most)
        return
    try:
        objects = zlib.decompressobj().decompress(packed, most + 1)
    except zlib.error:
        raise Refused("it is a PDF with packed objects that cannot be looked through: save it again") from None
    if len(objects) > most:
        raise Refused(f"it is a PDF that unpacks to more than {_MOST_UNPACKED // 1024**2} MiB")
    yield objects


def _refuse(text: bytes, actions: Iterable[bytes]) -> None:
    for action in actions:
        if _names(text, action):
            carries = _CARRIES.get(action, "a program (JavaScript)")
            raise Refused(f"it is a PDF with {carries}: print it to a new PDF and send that")


def _names(text: bytes, name: bytes) -> bool:
    """Whether the name stands in the text, whole."""
    at = text.find(b"/" + name)
    while at >= 0:
        after = at + 1 + len(name)
        if after == len(text) or text[after] in _AFTER_NAME:
            return True
        at = text.find(b"/" + name, after)
    return False


def _refuse_escaped(text: bytes) -> None:
    """A name is escaped where it holds characters that need it; none of these does."""
    for number, found in enumerate(islice(_ESCAPED.finditer(text), _MOST_ESCAPED + 1)):
        plain = _ESCAPE.sub(lambda code: bytes((int(code[1], 16),)), found[1])
        if plain in _GUARDED or number == _MOST_ESCAPED:
            raise Refused(_HIDES)
