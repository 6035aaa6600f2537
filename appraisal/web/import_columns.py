"""What was posted of a file's columns."""

from collections.abc import Mapping

from appraisal.reading.workbook.columns import DEFAULTED
from appraisal.reading.workbook.files import Opened
from appraisal.reading.workbook.listing import Choices
from appraisal.reading.workbook.matching import column_named, guesses, heading_row, list_table, targets
from appraisal.services.importing import SentFile
from forms.numbers import plain_digits
from forms.texts import refused_character

LONGEST = 200


def chosen(form: Mapping[str, str], sent: SentFile, opened: Opened) -> Choices:
    """What was posted, as far as it is among what was offered."""
    sheet = form.get("sheet", "")[:LONGEST]
    table = list_table(opened.tables, sheet)
    row = heading_row(table) if table else None
    columns: dict[str, str] = {}
    if table is not None and row is not None:
        for guess in guesses(table, row, sent.remembered, {}):
            target = form.get(f"column-{guess.heading.column}", "")
            offered = target in targets() or target == guess.target
            columns[guess.heading.key] = target if offered else guess.target
    defaults = {key: plain_digits(form.get(f"default-{key}", ""))[:LONGEST].strip() for key in DEFAULTED}
    mark = form.get("decimal_mark", "")
    return Choices(
        table.name if table else "",
        columns,
        {key: text for key, text in defaults.items() if text},
        mark if mark in (".", ",") else "",
    )


def unkeepable(defaults: Mapping[str, str]) -> str:
    """What is wrong with a text that is to hold for every row, in words; empty where nothing is."""
    for key, text in defaults.items():
        if (character := refused_character(text)) is not None:
            return f"What stands for every row as “{targets()[key]}” holds {character}, which cannot be kept."
    return ""


def taken_twice(columns: Mapping[str, str]) -> str:
    """What two columns are taken for, in words; empty where no two are."""
    named = [target for target in columns.values() if column_named(target) is not None]
    double = next((target for target in named if named.count(target) > 1), None)
    return targets()[double] if double else ""
