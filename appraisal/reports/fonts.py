"""The fonts reports are set in, from installed packages only, and which characters they can show.

Only Noto Sans is required. Each further package that is installed adds its scripts. A PDF/UA file may not hold a
character without a glyph, so what no font covers is written as its code point.
"""

import re
import struct
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

PACKAGES: dict[str, tuple[str, ...]] = {
    "fontpkg_noto_sans": ("files",),
    "fontpkg_noto_sans_thai": ("files",),
    "fontpkg_noto_sans_devanagari": ("files",),
    "fontpkg_noto_sans_arabic": ("files",),
    "justmytype_intl_cjk": ("fonts/ofl/notosanskr", "fonts/ofl/notosanssc"),
    "manimgx_fonts": (".",),
}
"""Package -> its folders of fonts, in the order in which a character is looked for."""

FAMILY = "Noto Sans"
_ALWAYS_SHOWN = frozenset("\n\t")


class FontError(RuntimeError):
    """The font package the reports need is not installed."""


@lru_cache(maxsize=1)
def directories() -> tuple[Path, ...]:
    """Folders of the installed font packages; raises FontError without Noto Sans."""
    found: list[Path] = []
    for package, folders in PACKAGES.items():
        spec = find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            continue
        root = Path(next(iter(spec.submodule_search_locations)))
        found.extend(root / folder for folder in folders)
    if not found or "fontpkg_noto_sans" not in found[0].parts:
        raise FontError("Reports need the font package fontpkg-noto-sans; install the locked requirements again.")
    return tuple(found)


def showable(text: str) -> str:
    """The text with every character that no installed font covers written as its code point, `[U+1F600]`."""
    unknown = set(text) - covered() - _ALWAYS_SHOWN
    if not unknown:
        return text
    pattern = f"[{''.join(re.escape(character) for character in sorted(unknown))}]"
    return re.sub(pattern, lambda match: f"[U+{ord(match.group()):04X}]", text)


def needed(text: str) -> tuple[Path, ...]:
    """The folders whose fonts this text needs, Noto Sans first: typesetting slows with every font it is given."""
    first, *others = directories()
    chosen, missing = [first], set(text) - _covered_by(first)
    for folder in others:
        if missing & _covered_by(folder):
            chosen.append(folder)
            missing -= _covered_by(folder)
    return tuple(chosen)


@lru_cache(maxsize=1)
def covered() -> frozenset[str]:
    """Every character that some installed font has a glyph for."""
    return frozenset[str]().union(*map(_covered_by, directories()))


@lru_cache
def _covered_by(folder: Path) -> frozenset[str]:
    files = sorted(folder.glob("*.ttf"))
    return frozenset(chr(code) for file in files for code in _code_points(file.read_bytes()))


def _code_points(font: bytes) -> set[int]:
    """Code points of a TrueType file's Unicode cmap subtables, formats 4 and 12 (OpenType 1.9, cmap)."""
    tables = struct.unpack_from(">H", font, 4)[0]
    records = (struct.unpack_from(">4sLLL", font, 12 + 16 * i) for i in range(tables))
    start = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    points: set[int] = set()
    for i in range(struct.unpack_from(">H", font, start + 2)[0]):
        platform, _, offset = struct.unpack_from(">HHL", font, start + 4 + 8 * i)
        form = struct.unpack_from(">H", font, start + offset)[0]
        if platform in UNICODE_PLATFORMS and form in READERS:
            points |= READERS[form](font, start + offset)
    return points


def _segments(font: bytes, at: int) -> set[int]:
    count = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    starts = struct.unpack_from(f">{count}H", font, at + 16 + 2 * count)
    return {code for low, high in zip(starts, ends, strict=True) for code in range(low, high + 1)} - {0xFFFF}


def _groups(font: bytes, at: int) -> set[int]:
    count = struct.unpack_from(">L", font, at + 12)[0]
    groups = (struct.unpack_from(">LLL", font, at + 16 + 12 * i) for i in range(count))
    return {code for low, high, _ in groups for code in range(low, high + 1)}


UNICODE_PLATFORMS = (0, 3)
READERS = {4: _segments, 12: _groups}
"""Format of a cmap subtable -> what reads it."""
