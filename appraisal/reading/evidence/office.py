"""Word, Excel, PowerPoint and OpenDocument: packed files whose parts are gone through under limits, without macros."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import IO

from appraisal.evidence import FileKind
from appraisal.reading.evidence.refused import Refused

MOST_UNPACKED = 128 * 1024 * 1024
MOST_PARTS = 2_000
MOST_RATIO = 200
_SMALL = 1024 * 1024
"""Below this size no ratio is too large."""
_LARGEST_READ = 16 * 1024 * 1024
"""Of the parts that are read and not only looked through."""
_AT_ONCE = 256 * 1024
_END_RECORD = b"PK\x05\x06"
_END_SIZE = 22
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_TYPES = "[Content_Types].xml"
_MAIN = {
    b"wordprocessingml.document.main+xml": FileKind.WORD,
    b"spreadsheetml.sheet.main+xml": FileKind.EXCEL,
    b"presentationml.presentation.main+xml": FileKind.POWERPOINT,
}
_OPEN = {
    b"application/vnd.oasis.opendocument.text": FileKind.OPEN_TEXT,
    b"application/vnd.oasis.opendocument.spreadsheet": FileKind.OPEN_SHEET,
}
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
_LONGEST_DECLARATION = 16
_RELATION = re.compile(rb"<(?:\w{1,20}:)?Relationship\s[^<>]{0,4000}>")
_FETCHED = re.compile(
    rb"relationships/(?:attachedTemplate|oleObject|frame|subDocument|externalLinkPath)", re.IGNORECASE
)
_MACROS = re.compile(r"vbaProject|vbaData|(?:^|/)(?:activeX|macrosheets|ctrlProps)/|^(?:Basic|Scripts)/", re.IGNORECASE)
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!")
_OBJECT = b"\xd0\xcf\x11\xe0"
"""An object of another program, or a document of the old format: both can hold macros that nothing here can see."""
_INNER = (".docx", ".xlsx", ".pptx")
_SAYING = (_TYPES, "mimetype", "META-INF/manifest.xml")


def check(content: bytes) -> FileKind:
    """Which kind of document it is; raises Refused where it is none, too large, protected, or can run something."""
    return _checked(content, MOST_UNPACKED, inside=False)[0]


def _checked(content: bytes, left: int, *, inside: bool) -> tuple[FileKind, int]:
    if content[-_END_SIZE : -_END_SIZE + 4] != _END_RECORD or content[-2:] != b"\x00\x00":
        raise Refused("it is a packed file that is damaged, or that something else was added to")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_list(archive.infolist())
            parts, left = _read(archive, len(content), left, inside=inside)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError, RuntimeError):
        raise Refused("it is a packed file that is damaged: open it in its program and save it again") from None
    return _kind(parts), left


def _check_list(infos: list[zipfile.ZipInfo]) -> None:
    names = [info.filename for info in infos]
    if len(names) > MOST_PARTS:
        raise Refused(f"it is packed from {len(names):,} parts; at most {MOST_PARTS:,} are gone through")
    if len({name.casefold() for name in names}) < len(names) or any(map(_leads_out, names)):
        raise Refused("it is a packed file with parts under names that no document has")
    if not infos or min(info.header_offset for info in infos):
        raise Refused("it is a packed file with something else in front of it")
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise Refused("it is protected by a password: save it without")
    if any(info.compress_type not in _METHODS for info in infos):
        raise Refused("it is packed in a way that no office program uses")


def _leads_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/") or not name.isprintable()


def _read(archive: zipfile.ZipFile, packed: int, left: int, *, inside: bool) -> tuple[Mapping[str, bytes], int]:
    """The parts that say what it is; every part is unpacked and looked at, under a limit that trusts no header."""
    kept: dict[str, bytes] = {}
    least = left - max(_SMALL, packed * MOST_RATIO)
    for info in archive.infolist():
        name = info.filename
        if _MACROS.search(name):
            raise Refused("it is a document with macros or controls: save it without macros and send that")
        wanted = name in _SAYING or name.endswith((".rels", *_INNER))
        part = bytearray()
        with archive.open(info) as stream:
            for block in _blocks(stream, name):
                left -= len(block)
                if left < max(0, least) or (wanted and len(part) > _LARGEST_READ):
                    raise Refused("it is a packed file that unpacks to more than any document holds")
                if wanted:
                    part += block
        if name.endswith(_INNER):
            if inside:
                raise Refused("it is a document with documents inside documents")
            left = _checked(bytes(part), left, inside=True)[1]
        elif name.endswith(".rels"):
            _check_relations(bytes(part))
        elif wanted:
            kept[name] = bytes(part)
    return kept, left


def _blocks(stream: IO[bytes], name: str) -> Iterator[bytes]:
    """The part piece by piece; raises Refused for a program, and for XML that declares what is to be read instead."""
    before, xml = b"", name.endswith((".xml", ".rels"))
    while block := stream.read(_AT_ONCE):
        if not before and block.startswith((*_PROGRAMS, _OBJECT)):
            raise Refused("it is a document with a program, or an object of another program, inside it")
        if xml and (b"\x00" in block[:200] or any(each in before + block for each in _DECLARATIONS)):
            raise Refused("it is a document that declares entities, which no office program writes")
        before = block[-_LONGEST_DECLARATION:]
        yield block


def _check_relations(part: bytes) -> None:
    for relation in _RELATION.findall(part[:_SMALL]):
        if b"External" in relation and _FETCHED.search(relation):
            raise Refused("it is a document that fetches other files when it is opened")
    if len(part) > _SMALL:
        raise Refused("it is a document with more relations than any has")


def _kind(parts: Mapping[str, bytes]) -> FileKind:
    types = parts.get(_TYPES, b"")
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise Refused("it is a document with macros: save it without macros and send that")
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise Refused("it is protected by a password: save it without")
    found = {kind for mark, kind in _MAIN.items() if mark in types}
    if stated := _OPEN.get(parts.get("mimetype", b"").strip()):
        found.add(stated)
    if len(found) != 1:
        raise Refused("it is a packed file (ZIP) that is no document of a kind that is taken")
    return found.pop()
