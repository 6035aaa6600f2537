"""Names that differ in one word: what a corrected word of a list would make a second project of."""

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")
_LEAST_SHARED = 2
"""Words that two names have in common at least."""
Name = tuple[str, str]
"""Title and city, as `city_key` writes them."""


class Namesakes(Generic[T]):
    """Finds what has nearly a name: one word of it is another, is there besides, or is missing; in the same city.

    Words with digits tell projects apart, as in “Line 2”, and are never the one that differs. Each name is kept by its
    words without each of them, so that no two names are ever compared.
    """

    def __init__(self, named: Iterable[tuple[Name, T]]) -> None:
        self._found: dict[tuple[str, ...], list[T]] = {}
        for name, item in named:
            for key in _keys(name):
                self._found.setdefault(key, []).append(item)

    def of(self, name: Name) -> T | None:
        """The one that has nearly this name; None where none has, or several have."""
        near = {id(item): item for key in _keys(name) for item in self._found.get(key, ())}
        return next(iter(near.values())) if len(near) == 1 else None


def _keys(name: Name) -> Iterator[tuple[str, ...]]:
    title, city = name
    words = title.split()
    if len(words) >= _LEAST_SHARED:
        yield (city, *words)
    for at, word in enumerate(words):
        if len(words) > _LEAST_SHARED and not any(letter.isdigit() for letter in word):
            yield (city, *words[:at], *words[at + 1 :])
