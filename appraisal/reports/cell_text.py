"""Text that a spreadsheet would take for a formula (SECURITY, Content)."""

import re
import unicodedata

FORMULA_STARTS = frozenset("=+-@")
LINE_STARTS = ("\t", "\r", "\n")
_INVISIBLE = re.compile("^[\\s\ufeff\u200b-\u200f\u2060\u00ad\u202a-\u202e\u2066-\u2069\\x00-\\x1f]+")


def reads_as_formula(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula: also after spaces or a byte order mark, or wide."""
    if text.startswith(LINE_STARTS):
        return True
    visible = _INVISIBLE.sub("", text)
    return bool(visible) and unicodedata.normalize("NFKC", visible[0])[0] in FORMULA_STARTS


def neutral(text: str) -> str:
    """The text with an apostrophe before it where it could be read as a formula."""
    return f"'{text}" if reads_as_formula(text) else text
