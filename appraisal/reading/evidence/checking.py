"""Which kind of file it is, from the allow-list; its name and what a browser declares it to be are not asked."""

import re
from dataclasses import dataclass

from appraisal.evidence import ALLOWED, FileKind
from appraisal.reading.evidence import office, pdf, pictures, texts
from appraisal.reading.evidence.refused import Refused

_WHOLE = (
    (b"%PDF-", FileKind.PDF, pdf.check),
    (pictures.PNG, FileKind.PNG, pictures.check_png),
    (pictures.JPEG, FileKind.JPEG, pictures.check_jpeg),
)
_KNOWN = (
    (b"MZ", "a program (Windows)"),
    (b"\x7fELF", "a program (Linux)"),
    (b"\xca\xfe\xba\xbe", "a program (Java or macOS)"),
    (b"\xcf\xfa\xed\xfe", "a program (macOS)"),
    (
        b"\xd0\xcf\x11\xe0",
        "a document of an old Office format, or one with a password: save it as .docx, .xlsx or .pptx",
    ),
    (b"GIF8", "a GIF picture: save it as PNG"),
    (b"II*\x00", "a TIFF picture: save it as PNG or JPEG"),
    (b"MM\x00*", "a TIFF picture: save it as PNG or JPEG"),
    (b"BM", "a BMP picture: save it as PNG"),
    (b"Rar!", "a packed file (RAR): unpack it and send what is inside"),
    (b"7z\xbc\xaf", "a packed file (7z): unpack it and send what is inside"),
    (b"\x1f\x8b", "a packed file (gzip): unpack it and send what is inside"),
    (b"OggS", "a recording"),
    (b"ID3", "a recording"),
)
_BOXED = {b"heic": "a HEIC picture: save it as JPEG", b"heif": "a HEIC picture: save it as JPEG", b"mif1":
          "a HEIC picture: save it as JPEG", b"avif": "an AVIF picture: save it as PNG"}  # fmt: skip
_LATEST_PDF = 1024
"""Within so many bytes programs look for where a PDF begins."""
_END_RECORD, _DIRECTORY = b"PK\x05\x06", b"PK\x01\x02"
_LOCATOR, _LOCATOR_SIZE = b"PK\x06\x07", 20
"""Right before the end record of a ZIP64, which says nothing of its size."""
_PACKED_PART = re.compile(rb"PK\x03\x04[\x00-\x3f]\x00[\x00-\xff]{2}[\x00\x08\x09\x0c\x0e\x5d\x5f\x62]\x00")
"""The head of a part as every program packs it: version, flags and method, so that no picture has it by chance."""


@dataclass(frozen=True, slots=True)
class Checked:
    kind: FileKind
    tells_where: bool = False
    """A picture that says where on earth it was taken."""


def check(content: bytes) -> Checked:
    """What the file is; raises Refused with what it is instead and what is taken."""
    try:
        return _checked(content)
    except Refused as refused:
        raise Refused(f"{refused}. Taken are {ALLOWED}") from None


def _checked(content: bytes) -> Checked:
    if content.startswith(b"PK\x03\x04"):
        return Checked(office.check(content))
    _refuse_two_in_one(content)
    for start, kind, read in _WHOLE:
        if content.startswith(start):
            read(content)
            return Checked(kind, tells_where=kind is FileKind.JPEG and pictures.tells_where(content))
    for start, words in _KNOWN:
        if content.startswith(start):
            raise Refused(f"it is {words}")
    if content[4:8] == b"ftyp":
        raise Refused(f"it is {_BOXED.get(content[8:12], 'a film or a recording')}")
    return Checked(texts.check(content))


def _refuse_two_in_one(content: bytes) -> None:
    if not content:
        raise Refused("it is empty")
    if _is_packed_too(content):
        raise Refused("it is two files in one: a packed file (ZIP) hides in it")
    if b"%PDF-" in content[1:_LATEST_PDF]:
        raise Refused("it is a PDF with something else in front of it: save it again as a PDF")


def _is_packed_too(content: bytes) -> bool:
    """Whether a ZIP stands anywhere in the file: programs find one by its parts, or by the record at its end, whatever
    follows that."""
    if _PACKED_PART.search(content) is not None:
        return True
    at = content.find(_END_RECORD)
    while at >= 0:
        if content[max(0, at - _LOCATOR_SIZE) :].startswith(_LOCATOR):
            return True
        size = int.from_bytes(content[at + 12 : at + 16], "little")
        if at + 22 + int.from_bytes(content[at + 20 : at + 22], "little") == len(content):
            return True
        if size and content[max(0, at - size) :].startswith(_DIRECTORY):
            return True
        at = content.find(_END_RECORD, at + 1)
    return False
