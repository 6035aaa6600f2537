"""The user's own totals: recognised by their label, left out of the lines, compared with what the lines give."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from itertools import accumulate, pairwise
from operator import add, sub

from appraisal.reading.paste.words import patterns
from forms.texts import one_line

Row = tuple[Decimal, ...]


class TotalKind(Enum):
    TOTAL = "total"
    """It says total and nothing else."""
    TOTAL_OF = "total_of"
    """"Total capex": a total where lines above or below add up to it or could, else a line of its own."""
    NET = "net"
    CUMULATIVE = "cumulative"
    MEASURE = "measure"
    """Neither a flow nor the sum of flows: a net present value, a rate, a balance."""


_TRAILING_BRACKET = re.compile(r" *[(\[][^()\[\]]*[)\]]\Z")


def total_kind(label: str) -> TotalKind | None:
    """What kind of total a label announces, or None for a line."""
    text = one_line(label).casefold().strip(" :：*=()[]")
    bare = _TRAILING_BRACKET.sub("", text)
    for name, pattern in patterns("totals").items():
        if pattern.fullmatch(bare) or (name == TotalKind.CUMULATIVE.value and pattern.fullmatch(text)):
            return TotalKind(name)
    return None


@dataclass(frozen=True, slots=True)
class CheckedTotal:
    index: int
    """Of the row in the table."""
    agrees: bool
    expected: Row
    """What the lines give: the sum that the total agrees with, or agrees with in most years."""


def check_totals(labels: Sequence[str], rows: Sequence[Row], signs: Sequence[int]) -> list[CheckedTotal]:
    """The rows that are totals, each with the sum it is checked against. Rows not listed are lines.

    signs: -1 for a line that is money out although it was pasted positive, by row; only a net flow needs them.
    """
    kinds = [total_kind(label) for label in labels]
    if all(kinds):
        return []
    table = _Table(rows, kinds, signs)
    checked: list[CheckedTotal] = []
    for index, kind in enumerate(kinds):
        expected = list(table.expected(index, kind, checked)) if kind else []
        agreeing = next((row for row in expected if row == rows[index]), None)
        if kind is None or (kind is TotalKind.TOTAL_OF and agreeing is None and table.lines_since_total <= 1):
            table.add_line(index)
        else:
            nearest = max(expected, key=lambda row: _agreements(row, rows[index]))
            checked.append(CheckedTotal(index, agreeing is not None, agreeing or nearest))
            table.close_stretch()
    return checked


class _Table:
    """Running sums from the top, and sums of every stretch below, so that each row is added up once."""

    def __init__(self, rows: Sequence[Row], kinds: Sequence[TotalKind | None], signs: Sequence[int]) -> None:
        self._rows, self._kinds = rows, kinds
        self._zero: Row = (Decimal(0),) * len(rows[0])
        self._above = self._since_total = self._signed_above = self._zero
        self._signs = signs
        self._lines_above = self.lines_since_total = 0
        self._below = list(accumulate((self._if_line(i) for i in reversed(range(len(rows)))), combined))[::-1]
        self._signed_whole = self._zero
        for index in range(len(rows)):
            self._signed_whole = combined(self._signed_whole, self._signed(self._if_line(index), index))
        self._next_total = self._positions_of_next_total()

    def add_line(self, index: int) -> None:
        row = self._rows[index]
        self._above = combined(self._above, row)
        self._since_total = combined(self._since_total, row)
        self._signed_above = combined(self._signed_above, self._signed(row, index))
        self._lines_above += 1
        self.lines_since_total += 1

    def close_stretch(self) -> None:
        self._since_total, self.lines_since_total = self._zero, 0

    def expected(self, index: int, kind: TotalKind, checked: Sequence[CheckedTotal]) -> Iterator[Row]:
        """What the row may mean, the most natural first."""
        if kind in (TotalKind.NET, TotalKind.CUMULATIVE):
            flows = list(self._net_flows(index, checked))
            yield from (tuple(accumulate(flow)) for flow in flows if kind is TotalKind.CUMULATIVE)
            yield from flows
            if kind is TotalKind.CUMULATIVE:
                yield from (tuple(accumulate(self._rows[line])) for line in range(index) if self._kinds[line] is None)
            return
        if self.lines_since_total:
            yield self._since_total
        if self._lines_above:
            yield self._above
        following = self._next_total[index]
        if following > index + 1:
            yield combined(self._below_from(index + 1), self._below_from(following), sub)
        yield self._whole(index)
        yield self._signed_above if self._lines_above else self._signed_whole

    def _net_flows(self, index: int, checked: Sequence[CheckedTotal]) -> Iterator[Row]:
        yield self._signed_above if self._lines_above else self._signed_whole
        yield self._above if self._lines_above else self._whole(index)
        for first, second in pairwise(self._rows[total.index] for total in checked[-2:]):
            yield combined(first, second, sub)
            yield combined(second, first, sub)
        for last in (self._rows[total.index] for total in checked[-1:]):
            yield last
            if self.lines_since_total:  # "Revenue" below "Total costs", or the other way round
                yield combined(self._since_total, last, sub)
                yield combined(last, self._since_total, sub)
                yield combined(self._since_total, last)
        yield self._signed_whole
        yield self._whole(index)

    def _whole(self, index: int) -> Row:
        return combined(self._above, self._below_from(index))

    def _below_from(self, index: int) -> Row:
        return self._below[index] if index < len(self._below) else self._zero

    def _if_line(self, index: int) -> Row:
        return self._rows[index] if self._kinds[index] is None else self._zero

    def _signed(self, row: Row, index: int) -> Row:
        return tuple(-amount for amount in row) if self._signs[index] < 0 else row

    def _positions_of_next_total(self) -> list[int]:
        positions = [len(self._rows)] * len(self._rows)
        for index in range(len(self._rows) - 2, -1, -1):
            positions[index] = index + 1 if self._kinds[index + 1] else positions[index + 1]
        return positions


def _agreements(expected: Row, said: Row) -> int:
    """In how many years two rows say the same; of equally near ones, the most natural comes first."""
    return sum(ours == theirs for ours, theirs in zip(expected, said, strict=True))


def combined(left: Row, right: Row, operation: Callable[[Decimal, Decimal], Decimal] = add) -> Row:
    return tuple(map(operation, left, right))
