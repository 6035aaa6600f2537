"""A chart is a Vega-Lite specification with the finding it shows and the table of its figures."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from appraisal.reports import palette
from appraisal.reports.fonts import FAMILY

Spec = dict[str, Any]
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"

NARROW = 480
"""Below this width in pixels labels are shortened: the page of a phone."""

LINE_HEIGHT = 14
"""Pixels from one line of a title to the next."""

HATCH = "url(#hatch)"
LOSS_HATCH = "url(#hatch-loss)"
"""Fills that `render` turns into patterns: unknown, and loss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """`title` states the finding, `description` is the alternative text, `columns` and `rows` the table."""

    spec: Spec
    title: str
    description: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def chart(*, body: Spec, title: str, description: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Chart:
    """A chart whose specification carries its own title, alternative text and look."""
    spec = {
        "$schema": SCHEMA,
        "description": description,
        "usermeta": {"title": title},
        "background": palette.PAPER,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": 4,
        "config": look(),
        **body,
    }
    table = tuple(tuple(row) for row in rows)
    return Chart(spec=spec, title=title, description=description, columns=tuple(columns), rows=table)


def look() -> Spec:
    """Vega-Lite configuration: LOOK's type, ink and thin lines."""
    return {
        "aria": False,
        "font": FAMILY,
        "view": {"stroke": None},
        "axis": {
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": 400,
            "labelColor": palette.INK_2,
            "titleColor": palette.INK_2,
            "gridColor": palette.LINE,
            "domainColor": palette.INK_3,
            "tickColor": palette.INK_3,
            "titlePadding": 8,
        },
        "text": {"fontSize": 12, "color": palette.INK},
    }


def title_on_top(*parts: str, narrow: bool = False) -> Spec:
    """A vertical axis' title, written across above it; where the picture is narrow each part on its own line."""
    return {
        "title": list(parts) if narrow else " ".join(parts),
        "titleAngle": 0,
        "titleAlign": "left",
        "titleBaseline": "bottom",
        "titleX": 0,
        "titleY": -10 - (LINE_HEIGHT * (len(parts) - 1) if narrow else 0),
    }


def values(rows: Sequence[Spec]) -> Spec:
    return {"values": list(rows)}


def canonical(spec: Spec) -> str:
    """The specification as JSON of which equal specifications share every byte."""
    return json.dumps(spec, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
