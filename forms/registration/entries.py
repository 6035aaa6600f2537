"""Lists of fields as rows and years of a table: what was not sent keeps its place."""

from collections.abc import Iterable, Iterator

from wtforms import FieldList

MOST_DIGITS = 4


class Entries(FieldList):  # type: ignore[type-arg]  # generic in its published types alone
    """A list of fields whose entries stand at the numbers they were sent under.

    The library's own closes gaps, so that a figure could move to another year, and fails on digits that are no numbers.
    """

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        sent = [self._number(key, prefix) for key in formdata]
        yield from range(max((number for number in sent if number is not None), default=-1) + 1)

    @staticmethod
    def _number(key: str, prefix: str) -> int | None:
        if not key.startswith(f"{prefix}-"):
            return None
        head = key[len(prefix) + 1 :].split("-", 1)[0]
        return int(head) if head.isascii() and head.isdecimal() and len(head) <= MOST_DIGITS else None
