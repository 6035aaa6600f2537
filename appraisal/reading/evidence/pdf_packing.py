"""What a stream of a PDF holds where it is packed otherwise than by Flate alone, step by step, within a limit."""

import base64
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress

from appraisal.reading.evidence.refused import Refused

NAMES = {
    "ascii85": (b"ASCII85Decode", b"A85"),
    "hex": (b"ASCIIHexDecode", b"AHx"),
    "lzw": (b"LZWDecode", b"LZW"),
    "runs": (b"RunLengthDecode", b"RL"),
}
MOST = 4 * 1024 * 1024
"""Packed so, an outline's neighbour is a colour profile of some kilobytes: what is larger is not looked through."""
_MOST_STEPS = 4
_UNSEEN = "it is a PDF with packed objects that cannot be looked through: save it again"
_TAKEN_FOR_ANOTHER = ({"lzw", "runs"}, {"ascii85", "hex"})
_START = 4096
_TEXT = bytes(range(0x20, 0x7F)) + b"\t\n\x0c\r"
_SPACE = b"\x00\t\n\x0c\r "
_ASCII85 = re.compile(rb"[!-uz\x00\t\n\x0c\r ]*(?:~>?)?[\x00\t\n\x0c\r ]*")
_HEX = re.compile(rb"[0-9A-Fa-f\x00\t\n\x0c\r ]*>?[\x00\t\n\x0c\r ]*")
_CLEAR, _END, _MOST_CODES = 256, 257, 4096


def steps(within: bytes, packings: frozenset[str], most: int) -> Iterator[bytes]:
    """What a stream is, as it stands and after each step of unpacking. packings: those that are named beside it.

    Raises Refused where it is too large to be looked through, where its steps cannot be told apart, or where what is
    left in the end is neither text, which holds all that it does, nor a colour profile nor a picture.
    """
    if len(within) > MOST or any(pair <= packings for pair in _TAKEN_FOR_ANOTHER):
        raise Refused(_UNSEEN)
    most, data, seen = min(most, 4 * MOST), within, False
    yield data
    for _ in range(_MOST_STEPS):
        found = list(_unpacked(data, packings, most))
        if not found:
            break
        yield from found
        seen = seen or any(map(_is_seen_through, found))
        data = found[0]
        most -= len(data)
    if not seen or next(_unpacked(data, packings - {"lzw", "runs"}, 1), None) is not None:
        raise Refused(_UNSEEN)


def _unpacked(data: bytes, packings: frozenset[str], most: int) -> Iterator[bytes]:
    """The next step, the likeliest first: some data can be unpacked in two ways, and either is looked through."""
    if "ascii85" in packings and _ASCII85.fullmatch(data):
        yield from _ascii85(data)
        return
    if "hex" in packings and _HEX.fullmatch(data):
        digits = data.translate(None, _SPACE + b">")
        yield bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
        return
    with suppress(zlib.error):
        yield zlib.decompressobj().decompress(data, most)
    if "lzw" in packings and (unpacked := _lzw(data, most)):
        yield unpacked
    if "runs" in packings and (unpacked := _runs(data, most)):
        yield unpacked


def _is_seen_through(data: bytes) -> bool:
    start = data[:_START]
    return data[36:40] == b"acsp" or data.startswith(b"\xff\xd8\xff") or not start.translate(None, _TEXT)


def _ascii85(data: bytes) -> Iterator[bytes]:
    with suppress(ValueError):
        yield base64.a85decode(data.translate(None, _SPACE).partition(b"~")[0])


def _lzw(data: bytes, most: int) -> bytes | None:
    """LZW as PDF has it: codes of 9 to 12 bits, widened one code early; None where the data is none."""
    out, table, last = bytearray(), _first_codes(), b""
    bits = width = position = 0
    size = 9
    while position < len(data) and len(out) < most:
        while width < size and position < len(data):
            bits, width, position = (bits << 8 | data[position]) & 0xFFFFFF, width + 8, position + 1
        code = bits >> (width - size) & ((1 << size) - 1) if width >= size else _END
        width -= size
        if code == _END:
            break
        if code == _CLEAR:
            table, last, size = _first_codes(), b"", 9
            continue
        if code > len(table) or (code == len(table) and not last):
            return None
        entry = table[code] if code < len(table) else last + last[:1]
        out += entry
        if last and len(table) < _MOST_CODES:
            table.append(last + entry[:1])
        last, size = entry, min(max((len(table) + 1).bit_length(), 9), 12)
    return bytes(out) or None


def _first_codes() -> list[bytes]:
    return [*(bytes((code,)) for code in range(256)), b"", b""]


def _runs(data: bytes, most: int) -> bytes | None:
    out, position, end = bytearray(), 0, 128
    while position < len(data) and data[position] != end and len(out) < most:
        length = data[position]
        run = (
            data[position + 1 : position + 2 + length]
            if length < end
            else data[position + 1 : position + 2] * (257 - length)
        )
        out += run
        position += 2 + length if length < end else 2
    return bytes(out) or None
