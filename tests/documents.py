"""Small files of every kind that evidence may be, each whole and made here."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from appraisal.evidence import FileKind

TYPES = "application/vnd.openxmlformats-officedocument."
MAIN = {
    FileKind.WORD: "wordprocessingml.document.main+xml",
    FileKind.EXCEL: "spreadsheetml.sheet.main+xml",
    FileKind.POWERPOINT: "presentationml.presentation.main+xml",
}


def pdf(body: bytes = b"", *, packed: bytes | None = None) -> bytes:
    """A PDF with one object; `packed` becomes an object stream."""
    stream = b""
    if packed is not None:
        squeezed = zlib.compress(packed)
        stream = b"2 0 obj <</Type /ObjStm /Filter /FlateDecode /Length %d>> stream\n" % len(squeezed)
        stream += squeezed + b"\nendstream endobj\n"
    start = b"%PDF-1.7\n1 0 obj <</Type /Catalog " + body + b">> endobj\n" + stream
    return start + b"xref\n0 1\ntrailer <</Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(start)


def png(width: int = 2, height: int = 2, *, more: bytes = b"") -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    points = zlib.compress(bytes(width + 1) * height) if width * height < 10_000 else zlib.compress(b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + more + chunk(b"IDAT", points) + chunk(b"IEND", b"")


def jpeg(*segments: bytes) -> bytes:
    """The frame and one scan of a JPEG, with further segments in front: (marker, body) as written by `segment`."""
    frame = segment(0xC0, b"\x08\x00\x02\x00\x02\x01\x01\x11\x00")
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34"
    return b"\xff\xd8" + b"".join(segments or (segment(0xE0, b"JFIF\x00"),)) + frame + scan + b"\xff\xd9"


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def packed(parts: Mapping[str, bytes], *, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
        archive.comment = comment
    return out.getvalue()


def office(kind: FileKind = FileKind.WORD, more: Mapping[str, bytes] | None = None) -> bytes:
    types = f'<Types><Override ContentType="{TYPES}{MAIN[kind]}"/></Types>'.encode()
    return packed({"[Content_Types].xml": types, "word/document.xml": b"<document/>", **(more or {})})


def open_document(kind: str = "text", more: Mapping[str, bytes] | None = None) -> bytes:
    mimetype = f"application/vnd.oasis.opendocument.{kind}".encode()
    return packed({"mimetype": mimetype, "content.xml": b"<office/>", **(more or {})})


EVERY_KIND: Mapping[FileKind, bytes] = {
    FileKind.PDF: pdf(),
    FileKind.PNG: png(),
    FileKind.JPEG: jpeg(),
    FileKind.WORD: office(FileKind.WORD),
    FileKind.EXCEL: office(FileKind.EXCEL),
    FileKind.POWERPOINT: office(FileKind.POWERPOINT),
    FileKind.OPEN_TEXT: open_document("text"),
    FileKind.OPEN_SHEET: open_document("spreadsheet"),
    FileKind.CSV: "City,Cost\nHaneul,4.5\n하나,3\n".encode(),
    FileKind.TEXT: "Minutes of the meeting, ประชุม.\n".encode(),
}
