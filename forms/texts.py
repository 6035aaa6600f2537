"""Which characters a text may hold, and the one form in which it is kept (NFC)."""

import re
import unicodedata

# Control characters, the overrides that make text read in another order than it is stored, halves of surrogate pairs
# and code points that are no characters. Marks that scripts need (joiners, LRM, RLM) stay.
_ALWAYS_REFUSED = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
_REFUSED_IN_PROSE = re.compile(f"[{_ALWAYS_REFUSED}]")
_REFUSED_IN_LINE = re.compile(f"[{_ALWAYS_REFUSED}\t\n]")


def refused_character(text: str, *, prose: bool = False) -> str | None:
    """The first character that may not be stored, as U+XXXX, or None. Prose may hold line ends and tabs."""
    match = (_REFUSED_IN_PROSE if prose else _REFUSED_IN_LINE).search(text)
    return f"U+{ord(match[0]):04X}" if match else None


def kept(text: str) -> str:
    """The text as it is stored: composed (NFC), otherwise byte for byte."""
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """A label kept on one line: every run of white space becomes one space."""
    return kept(" ".join(text.split()))
