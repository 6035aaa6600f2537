"""Writing a table of figures as tab-separated text that reads back as it was."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

_FIGURE = re.compile(r"-?[0-9]+\.[0-9]+")
_READ_BOTH_WAYS = 3
"""Decimals with which "1.234" could be a group of thousands."""


def write_table(years: Sequence[int], lines: Iterable[tuple[str, Sequence[Decimal | None]]]) -> str:
    """Years across, one row a line; None leaves the cell empty. Figures plain, with a decimal point."""
    rows = ["\t".join(["Item", *map(str, years)])]
    for label, amounts in lines:
        rows.append("\t".join([_quoted(label), *("" if amount is None else _plain(amount) for amount in amounts)]))
    return "\r\n".join(rows) + "\r\n"


def written_cells(rows: Iterable[Iterable[str]]) -> str:
    """Cells of any text as a paste of them: plain figures with a decimal point are read as what they are."""
    return "".join("\t".join(map(_unmistakable, row)) + "\r\n" for row in rows)


def _unmistakable(cell: str) -> str:
    return _plain(Decimal(cell)) if _FIGURE.fullmatch(cell) else _quoted(cell)


def _quoted(label: str) -> str:
    if not any(char in label for char in '\t\n\r"'):
        return label
    return '"' + label.replace('"', '""') + '"'


def _plain(amount: Decimal) -> str:
    text = f"{amount:f}"
    whole, _, decimals = text.partition(".")
    return f"{text}0" if len(decimals) == _READ_BOTH_WAYS else text if decimals else whole
