"""What reading a file of many projects gives: entries, and everything wrong with its place in the file."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from appraisal.reading.problems import Path

Document = dict[str, Any]
_MOST_WORDS, _LONGEST_WORD = 8, 40
MOST_TEXT = 200
"""Longest value that a problem quotes."""


@dataclass(frozen=True, slots=True)
class Place:
    """A cell, or a whole row where `column` is None. Rows and columns count from 0."""

    sheet: str
    row: int
    column: int | None = None
    heading: str = ""

    @property
    def cell(self) -> str:
        """As spreadsheets write it: C5, or "row 5"."""
        return f"row {self.row + 1}" if self.column is None else f"{column_letters(self.column)}{self.row + 1}"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of the person's sheet: its heading made unique, and where it stands."""

    column: int
    text: str
    key: str
    """How it is remembered: case, spaces and marks do not count."""


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong: sheet, cell, the value there and the rule it breaks. `place` is None for the file as a whole."""

    place: Place | None
    value: str
    rule: str

    @property
    def at(self) -> str:
        """Sheet and cell; nothing for the file as a whole."""
        return f"{self.place.sheet}, {self.place.cell}" if self.place else ""

    def __str__(self) -> str:
        return f"{self.at}: {self.rule}" if self.place else self.rule


@dataclass(slots=True)
class Entry:
    """One project as the file states it.

    `stated` is the part of a project file's document that the file speaks of; `whole` says that it is all of it, so
    that nothing of a stored project stays beside it. `places` says where each path of the document came from.
    """

    place: Place
    stated: Document
    reference: str = ""
    whole: bool = False
    places: dict[Path, Place] = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)
    lacking: dict[Path, Sequence[Path]] = field(default_factory=dict)
    """By the path of a list, what its sheet has no column for: that stays as it is stored of the same item."""
    row_said: str = ""
    """Digest of what the row says, where it has no reference and may be a project beside others of its name."""
    completing: Callable[[], None] | None = None
    """What is still to be put into it, such as its figures: of ten thousand, a few at a time are complete."""

    def complete(self) -> None:
        """Before its document, places or problems are asked for."""
        completing, self.completing = self.completing, None
        if completing is not None:
            completing()

    @property
    def title(self) -> str:
        return str(self.stated.get("title") or "")

    @property
    def city(self) -> str:
        return str(self.stated.get("city") or "")

    def place_of(self, path: Path) -> Place:
        """The nearest known place of a path: its own cell, that of the part it lies in, or the project's row."""
        for length in range(len(path), 0, -1):
            if (found := self.places.get(path[:length])) is not None:
                return found
        return self.place

    def let_go(self) -> None:
        """Keep only its name: the document became a project file, or will not be needed."""
        self.stated = {key: self.stated[key] for key in ("title", "city") if key in self.stated}
        self.places, self.lacking = {}, {}


@dataclass(frozen=True, slots=True)
class ReadFile:
    """Everything read from a file. `problems` belong to no single project; `notes` say what was left out or rounded."""

    entries: tuple[Entry, ...]
    problems: tuple[CellProblem, ...] = ()
    notes: tuple[str, ...] = ()


class Notes:
    """Counts what happened to many cells alike, and says it once."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._said: dict[str, None] = {}
        self._kept: dict[tuple[str, str], Counter[str]] = {}

    def count(self, sentence: str) -> None:
        """`sentence` has one place for the count: "{} figures were rounded"."""
        self._counts[sentence] = self._counts.get(sentence, 0) + 1

    def say(self, sentence: str) -> None:
        self._said[sentence] = None

    def keep(self, heading: str, wanted: str, said: str) -> None:
        """Count a cell whose words were kept as a note, because they are not what is wanted of its column."""
        self._kept.setdefault((heading, wanted), Counter())[said] += 1

    def all(self) -> tuple[str, ...]:
        counted = (sentence.format(f"{count:,}") for sentence, count in self._counts.items())
        return (*self._said, *counted, *(_kept_words(*key, words) for key, words in self._kept.items()))


def _kept_words(heading: str, wanted: str, words: Counter[str]) -> str:
    """One sentence a column, with the words that stand most often in it."""
    named = ", ".join(f"“{quoted(word)[:_LONGEST_WORD]}” ({count:,})" for word, count in words.most_common(_MOST_WORDS))
    more = f" and {len(words) - _MOST_WORDS:,} others" if len(words) > _MOST_WORDS else ""
    rows = "1 row" if words.total() == 1 else f"{words.total():,} rows"
    return f"“{heading}” holds no {wanted} in {rows}; its words are kept as a note: {named}{more}."


Defaults = Mapping[str, str]


def column_letters(column: int) -> str:
    """0 is A, 26 is AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def quoted(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= MOST_TEXT else f"{text[: MOST_TEXT - 1]}…"
