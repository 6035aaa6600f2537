"""Which texts go together: every text meets every field once, in as few requests as there are texts."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from random import Random
from urllib.parse import quote_plus

from tests.deep.forms import Target
from tests.deep.texts import NUMBERS

ALONE = 6
"""Texts that a field meets while all others are as they stood: only so is one kept that others would have refused."""
LONGEST_QUERY = 7_000
"""Of an address, in bytes: what servers and browsers carry."""
_NUMBER = re.compile("[0-9]+")
Sent = Mapping[str, str]
"""What is sent in place of the fields of these names."""


def requests_for(target: Target, texts: Sequence[str], chance: Random) -> Iterator[Sent]:
    """All of one target's: the fields all at once, then each kind alone, then every number text."""
    names = target.names
    room = LONGEST_QUERY // max(len(names), 1) if target.method == "GET" else None
    fitting = [shortened(text, room) for text in texts] if room else list(texts)
    order = chance.sample(fitting, len(fitting))
    starts = [chance.randrange(len(order)) for _ in names]
    for turn in range(len(order)):
        yield {name: order[(start + turn) % len(order)] for name, start in zip(names, starts, strict=True)}
    if len(names) > 1:
        for name in one_of_each(names, chance):
            yield from ({name: text} for text in chance.sample(fitting, min(ALONE, len(fitting))))
        for name in one_of_each(target.numbers, chance):
            yield from ({name: shortened(text, room)} for text in NUMBERS)


def one_of_each(names: Iterable[str], chance: Random) -> list[str]:
    """A table's thousand cells are alike: of names that differ by their numbers alone, one."""
    kinds: dict[str, list[str]] = {}
    for name in names:
        kinds.setdefault(_NUMBER.sub("#", name), []).append(name)
    return [chance.choice(alike) for alike in kinds.values()]


def shortened(text: str, room: int | None) -> str:
    """As much of the beginning as fits, quoted, into so many bytes."""
    if room is None:
        return text
    text = text[:room]
    while len(quoted(text)) > room:
        text = text[: len(text) * room // len(quoted(text))]
    return text


def quoted(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"))
