"""Which texts go together: every text meets every field once, in as few requests as there are texts."""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from urllib.parse import quote_plus

from tests.deep.forms import Target
from tests.deep.texts import NUMBERS

ALONE = 6
"""Texts that a field meets while all others are as they stood: only so is one kept that others would have refused."""
LONGEST_QUERY = 7_000
"""Of an address, in bytes: what servers and browsers carry."""
Sent = Mapping[str, str]
"""What is sent in place of the fields of these names."""


def requests_for(target: Target, texts: Sequence[str], chance: Random) -> Iterator[Sent]:
    """All of one target's: the fields all at once, then each alone, then every number text where a number is meant."""
    names = target.names
    room = LONGEST_QUERY // max(len(names), 1) if target.method == "GET" else None
    fitting = [shortened(text, room) for text in texts] if room else list(texts)
    order = chance.sample(fitting, len(fitting))
    starts = [chance.randrange(len(order)) for _ in names]
    for turn in range(len(order)):
        yield {name: order[(start + turn) % len(order)] for name, start in zip(names, starts, strict=True)}
    if len(names) > 1:
        for name in names:
            yield from ({name: text} for text in chance.sample(fitting, min(ALONE, len(fitting))))
        for name in target.numbers:
            yield from ({name: shortened(text, room)} for text in NUMBERS)


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
