"""What a stream of a PDF holds where it is packed otherwise than by Flate alone, step by step, within a limit."""

import base64
import re
import zlib
from collections.abc import Iterator

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
_SPACE = b"\x00\t\n\x0c\r "
_ASCII85 = re.compile(rb"[!-uz\x00\t\n\x0c\r ]*(?:~>?)?[\x00\t\n\x0c\r ]*")
_HEX = re.compile(rb"[0-9A-Fa-f\x00\t\n\x0c\r ]*>?[\x00\t\n\x0c\r ]*")
_CLEAR, _END, _MOST_CODES = 256, 257, 4096


def steps(within: bytes, packings: frozenset[str], most: int) -> Iterator[bytes]:
    """What a stream is after each step of unpacking. packings: those that its dictionary names, by `NAMES`.

    Raises Refused where it is too large to be looked through, or where its steps cannot be told apart.
    """
    if len(within) > MOST or {"lzw", "runs"} <= packings:
        raise Refused("it is a PDF with packed objects that cannot be looked through: save it again")
    data = within
    for _ in range(_MOST_STEPS):
        unpacked = _step(data, packings, min(most, 4 * MOST))
        if unpacked is None:
            return
        data = unpacked
        most -= len(data)
        yield data


def _step(data: bytes, packings: frozenset[str], most: int) -> bytes | None:
    if "ascii85" in packings and _ASCII85.fullmatch(data):
        return _ascii85(data)
    if "hex" in packings and _HEX.fullmatch(data):
        digits = data.translate(None, _SPACE + b">")
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii")) or None
    try:
        return zlib.decompressobj().decompress(data, most)
    except zlib.error:
        pass
    if "lzw" in packings:
        return _lzw(data, most)
    return _runs(data, most) if "runs" in packings else None


def _ascii85(data: bytes) -> bytes | None:
    try:
        return base64.a85decode(data.translate(None, _SPACE).partition(b"~")[0]) or None
    except ValueError:
        return None


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
