"""PNG and JPEG: walked from the first byte to the last, so that nothing else rides along behind the picture."""

import re
import struct
import zlib

from appraisal.reading.evidence.refused import Refused

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_MOST_PIXELS = 200_000_000
_MOST_PARTS = 20_000
_END_OF_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_SCAN, _END, _ALONE = 0xDA, 0xD9, frozenset({0x01, *range(0xD0, 0xD9)})
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_EXIF, _POSITION = b"Exif\x00\x00", (b"\x88\x25\x00\x04", b"\x25\x88\x04\x00")
"""Where a camera's notes begin, and their entry for where on earth it stood, in both byte orders."""


def check_png(content: bytes) -> None:
    """Raise Refused unless every chunk is whole, the header first, the end last, and nothing behind it."""
    at, names = len(PNG), list[bytes]()
    while at < len(content) and (not names or names[-1] != b"IEND"):
        length, name = struct.unpack_from(">I4s", content, at) if at + 12 <= len(content) else (len(content), b"")
        body = content[at + 4 : at + 8 + length]
        at += 12 + length
        if at > len(content) or not name.isalpha() or len(names) > _MOST_PARTS:
            raise _damaged("PNG")
        if zlib.crc32(body) != struct.unpack_from(">I", content, at - 4)[0]:
            raise _damaged("PNG")
        names.append(name)
        if len(names) == 1:
            _check_size(*(struct.unpack_from(">II", body, 4) if name == b"IHDR" and length == 13 else (0, 0)))  # noqa: PLR2004
    if not names or names[-1] != b"IEND" or b"IDAT" not in names:
        raise _damaged("PNG")
    if at != len(content):
        raise _more_behind("PNG", len(content) - at)


def check_jpeg(content: bytes) -> None:
    """Raise Refused unless its segments follow each other to the end; more pictures of the same shot may follow."""
    at = _picture_end(content, 0)
    while content.startswith(JPEG, at):
        at = _picture_end(content, at)
    if content[at:].strip(b"\x00"):
        raise _more_behind("JPEG", len(content) - at)


def tells_where(content: bytes) -> bool:
    """Whether the camera noted where the picture was taken."""
    start = content.find(_EXIF)
    return start >= 0 and any(mark in content[start : start + 65_536] for mark in _POSITION)


def _picture_end(content: bytes, start: int) -> int:
    """Where the picture that begins there ends; raises Refused."""
    at, seen = start + 2, set[str]()
    for _ in range(_MOST_PARTS):
        while content[at : at + 2] == b"\xff\xff":
            at += 1
        if at + 2 > len(content) or content[at] != 0xFF:  # noqa: PLR2004 -- every marker begins with it
            break
        marker = content[at + 1]
        at += 2
        if marker == _END:
            if seen != {"frame", "scan"}:
                break
            return at
        if marker not in _ALONE:
            at = _after_segment(content, marker, at, seen)
    raise _damaged("JPEG")


def _after_segment(content: bytes, marker: int, at: int, seen: set[str]) -> int:
    """Where the next marker stands; a frame says how large the picture is, a scan is followed by its points."""
    length = int.from_bytes(content[at : at + 2], "big")
    if length < 2 or at + length > len(content):  # noqa: PLR2004 -- it counts its own two bytes
        raise _damaged("JPEG")
    if marker in _FRAMES:
        height, width = struct.unpack_from(">HH", content, at + 3) if length >= 8 else (0, 0)  # noqa: PLR2004
        _check_size(width, height)
        seen.add("frame")
    if marker != _SCAN:
        return at + length
    seen.add("scan")
    found = _END_OF_SCAN.search(content, at + length)
    if found is None:
        raise _damaged("JPEG")
    return found.start()


def _check_size(width: int, height: int) -> None:
    if not width or not height:
        raise Refused("it is a picture that is damaged: it has no size")
    if width * height > _MOST_PIXELS:
        raise Refused(f"it is a picture of {width:,} by {height:,} points; at most {_MOST_PIXELS:,} are taken")


def _damaged(kind: str) -> Refused:
    return Refused(f"it is a {kind} picture that is damaged: save it again with a picture program")


def _more_behind(kind: str, more: int) -> Refused:
    return Refused(f"it is a {kind} picture with {more:,} bytes of something else behind it: save it again")
