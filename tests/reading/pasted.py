"""A pasted table in the words that tests compare."""

from decimal import Decimal
from typing import Any

from appraisal.reading.pasted_table import read_pasted


def amounts_of(text: str, **arguments: Any) -> dict[str, list[Decimal | None]]:
    table = read_pasted(text, **arguments)
    assert table.ok, table.issues
    return {line.label: list(line.amounts) for line in table.lines}


def codes(text: str, **arguments: Any) -> tuple[bool, list[str], list[str]]:
    table = read_pasted(text, **arguments)
    return table.ok, [question.code for question in table.questions], [issue.code for issue in table.issues]
