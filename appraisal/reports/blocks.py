"""The blocks a document is made of, as plain JSON-able data: what the Typst templates know how to lay out."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from appraisal.reports import figures
from appraisal.reports.charts.chart import Chart
from appraisal.reports.charts.render import render_svg
from scoring.result import Figure, Missing

_FIGURE = re.compile("[+\N{MINUS SIGN}-]?[0-9][0-9,.]*%?|none|")
LONG_TITLE = 24
"""Letters beyond which the title of a column of figures is broken, so that it takes no room from words."""
Block = dict[str, Any]
Cell = str | dict[str, Any]


def heading(text: str, level: int = 1) -> Block:
    return {"kind": "heading", "text": text, "level": level}


def finding(text: str) -> Block:
    return {"kind": "finding", "text": text}


def text(words: str) -> Block:
    return {"kind": "text", "text": words}


def note(words: str) -> Block:
    return {"kind": "note", "text": words}


def new_page() -> Block:
    return {"kind": "page"}


def column(title: str, width: str = "auto", *, number: bool = False) -> Block:
    """`width` is `auto`, a share such as `2fr`, or millimetres such as `18mm`."""
    return {"title": title, "width": width, "align": "right" if number else "left"}


def row(*cells: Cell, total: bool = False) -> Block:
    return {"cells": list(cells), "total": total}


def figure(value: Figure, written: str) -> Cell:
    """A figure as written; of one that does not exist, the reason in small type."""
    return {"text": "none", "note": figures.reason(value)} if isinstance(value, Missing) else written


def table(
    columns: Sequence[Block], rows: Iterable[Block], *, note: str = "", folds: int = 1, size: float = 8.5
) -> Block:
    """`folds` lays a long, narrow table out in that many side by side."""
    return {"kind": "table", "columns": list(columns), "rows": list(rows), "note": note, "folds": folds, "size": size}


def chart(made: Chart, note: str = "") -> Block:
    return {"kind": "chart", "svg": render_svg(made.spec), "title": made.title, "alt": made.description, "note": note}


def chart_table(made: Chart, *, folds: int = 1, by_kind: bool = False) -> Block:
    """The figures of a chart; folded tables hold numbers only, others begin with words.

    by_kind: words stand left wherever they are, the widest column of them takes the room there is.
    """
    first, *others = made.columns
    if folds > 1:
        columns = [column(title, "1fr", number=True) for title in made.columns]
    elif by_kind:
        columns = _columns_by_kind(made)
    else:
        columns = [column(first, "1fr"), *(column(title, number=True) for title in others)]
    return table(columns, [row(*cells) for cells in made.rows], folds=folds, size=8)


def _columns_by_kind(made: Chart) -> list[Block]:
    cells = list(zip(*made.rows, strict=True)) if made.rows else [()] * len(made.columns)
    numeric = [all(_FIGURE.fullmatch(cell) for cell in each) for each in cells]
    lengths = [
        0 if is_number else max(map(len, each), default=0) for each, is_number in zip(cells, numeric, strict=True)
    ]
    widest = lengths.index(max(lengths))
    return [
        column(
            title,
            "1fr" if at == widest else "26mm" if numeric[at] and len(title) > LONG_TITLE else "auto",
            number=numeric[at],
        )
        for at, title in enumerate(made.columns)
    ]
