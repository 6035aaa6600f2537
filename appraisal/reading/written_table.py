"""Writing a table of figures as tab-separated text that reads back as it was."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

_READ_BOTH_WAYS = 3
"""Decimals with which "1.234" could be a group of thousands."""


def write_table(years: Sequence[int], lines: Iterable[tuple[str, Sequence[Decimal | None]]]) -> str:
    """Years across, one row a line; None leaves the cell empty. Figures plain, with a decimal point."""
    rows = ["\t".join(["Item", *map(str, years)])]
    for label, amounts in lines:
        rows.append("\t".join([_quoted(label), *("" if amount is None else _plain(amount) for amount in amounts)]))
    return "\r\n".join(rows) + "\r\n"


def _quoted(label: str) -> str:
    if not any(char in label for char in '\t\n\r"'):
        return label
    return '"' + label.replace('"', '""') + '"'


def _plain(amount: Decimal) -> str:
    text = f"{amount:f}"
    whole, _, decimals = text.partition(".")
    return f"{text}0" if len(decimals) == _READ_BOTH_WAYS else text if decimals else whole
