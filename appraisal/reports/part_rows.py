"""What one cell of the project workbook holds, and the rows of its sheets of which a project has several."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from appraisal.reading.workbook.cells import as_written
from appraisal.reading.workbook.columns import NOTHING, Column, Kind
from appraisal.reading.workbook.in_cell_lists import written_figures, written_names, written_rate
from appraisal.reading.workbook.part_columns import BIAS, KEPT, RISKS, PartSheet, Shape
from appraisal.reports.sheets.sheet import MOST_LETTERS
from forms.registration.data_facts import NONE_APPLIES
from scoring.project_document import Document

Cell = str | int | float | None


def at(document: Any, path: Sequence[str]) -> Any:
    for step in path:
        if not isinstance(document, Mapping) or step not in document:
            return None
        document = document[step]
    return document


def written(column: Column, value: Any) -> Cell:  # noqa: PLR0911 -- one line a kind of value
    if value is None:
        return None
    if column.kind is Kind.YES_NO:
        return column.choices["yes" if value else "no"]
    if column.kind is Kind.SEVERAL:
        none = column.choices.get(NONE_APPLIES)
        return "; ".join(column.choices[word] for word in value) or none
    if column.kind is Kind.CHOICE:
        return column.choices[str(value)]
    if column.kind is Kind.FIGURES:
        return written_figures(value)
    if column.kind is Kind.NAMES:
        return written_names(value)
    if column.kind is Kind.RATE:
        value = written_rate(value)
    if column.kind is Kind.SHARES:
        return "; ".join(f"{name}={Decimal(repr(share)):f}" for name, share in value.items())
    if isinstance(value, float | Decimal):
        return as_written(value)
    return value if isinstance(value, int) else str(value)


def figures_by_year(first_year: int, amounts: Sequence[Decimal]) -> dict[int, Cell]:
    return {first_year + period: as_written(amount) for period, amount in enumerate(amounts)}


def part_rows(part: PartSheet, documents: Iterable[Document]) -> Iterator[list[Cell]]:
    """A row for each of what the projects have of this sheet; one that says so where there is none, or no room."""
    for document in documents:
        reference = document["reference"]
        rows = [[reference, *(written(c, at(item, c.path)) for c in part.columns)] for item in _items(part, document)]
        if any(_unreadable(row) for row in rows):
            yield [reference, KEPT]
        elif not rows and _says_nothing(part, document):
            yield [reference, NOTHING]
        else:
            yield from rows


def output_rows(documents: Iterable[Document]) -> list[tuple[list[Cell], dict[int, Cell]]]:
    """What each project puts out, by year."""
    return [
        (
            [document["reference"], document["output"]["unit"]],
            figures_by_year(document["cash_flows"]["first_year"], document["output"]["amounts"]),
        )
        for document in documents
        if "output" in document
    ]


def _items(part: PartSheet, document: Document) -> list[Mapping[str, Any]]:
    stated = at(document, part.path) or {}
    keys = [column.key for column in part.columns]
    if part.shape is Shape.VALUES:
        return [dict(zip(keys, values, strict=True)) for values in stated]
    if part.shape is Shape.MAPPING:
        return [dict(zip(keys, pair, strict=True)) for pair in stated.items()]
    if part.shape is Shape.GROUPS:
        return [{keys[0]: group, **item} for group in part.groups for item in stated.get(group, ())]
    return list(stated)


def _unreadable(row: Sequence[Cell]) -> bool:
    """Whether a cell is longer than a workbook holds, or the row would be taken for a word about all rows."""
    alone = [cell for cell in row[1:] if cell not in (None, "")]
    return any(isinstance(cell, str) and len(cell) > MOST_LETTERS for cell in row) or alone in ([NOTHING], [KEPT])


def _says_nothing(part: PartSheet, document: Document) -> bool:
    """Whether the document has the part although it is empty: an uncertainty of which nothing is stated, …"""
    if part is RISKS:
        return document.get("uncertainty") == {}
    return part is BIAS and at(document, part.path) is not None
