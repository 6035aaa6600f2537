"""The words of `words.toml` as patterns: one for each kind of line and of total."""

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files


@cache
def patterns(section: str) -> dict[str, re.Pattern[str]]:
    """By name, in the order of the file: "kinds" (to search for) or "totals" (to match whole)."""
    document = tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))
    return {name: _any_of(by_language) for name, by_language in document[section].items()}


def _any_of(by_language: dict[str, list[str]]) -> re.Pattern[str]:
    words = [unicodedata.normalize("NFC", word) for words in by_language.values() for word in words]
    return re.compile("|".join(f"(?:{word})" for word in words))
