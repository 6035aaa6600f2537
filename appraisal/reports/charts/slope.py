"""Who rises and who falls between two rankings: the base at the left, the what-if at the right."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten

from appraisal.reports import palette
from appraisal.reports.charts.chart import NARROW, Chart, Spec, chart, values

ROW = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    reference: str
    title: str
    left: int
    right: int
    """Ranks, 1 for the first."""
    left_in: bool
    right_in: bool
    """Whether the budget funds it."""

    @property
    def crosses(self) -> bool:
        return self.left_in != self.right_in


def slope_chart(slopes: Sequence[Slope], *, left: str, right: str, width: int = 720) -> Chart:
    """One line a project; strong where it enters or leaves what is funded, dashed where it leaves."""
    entering = [item.reference for item in slopes if item.right_in and not item.left_in]
    leaving = [item.reference for item in slopes if item.left_in and not item.right_in]
    title = _title(entering, leaving, sum(item.left != item.right for item in slopes))
    return chart(
        body=_body(slopes, left, right, width),
        title=title,
        description=f"Ranks of {len(slopes)} projects, {left} at the left and {right} at the right. {title}.",
        columns=("Project", "Reference", f"Rank: {left}", f"Rank: {right}", "Funded"),
        rows=[
            (item.title, item.reference, str(item.left), str(item.right), _standing(item))
            for item in sorted(slopes, key=lambda item: (item.left, item.reference))
        ],
    )


def _title(entering: Sequence[str], leaving: Sequence[str], moved: int) -> str:
    parts = [
        f"{', '.join(names[:4])}{f' and {len(names) - 4} more' if len(names) > 4 else ''} {verb}"  # noqa: PLR2004
        for names, verb in (
            (entering, "enters" if len(entering) == 1 else "enter"),
            (leaving, "leaves" if len(leaving) == 1 else "leave"),
        )
        if names
    ]
    if parts:
        return "; ".join(parts)
    return f"The funded projects stay the same; {moved} change rank" if moved else "Both sides rank alike"


def _standing(item: Slope) -> str:
    words = {(True, True): "on both sides", (False, False): "on neither", (False, True): "enters"}
    return words.get((item.left_in, item.right_in), "leaves")


def _body(slopes: Sequence[Slope], left: str, right: str, width: int) -> Spec:
    narrow = width < NARROW
    sides = [shorten(side, 14, placeholder="…") or f"{side[:13]}…" if narrow else side for side in (left, right)]
    if sides[0] == sides[1]:
        sides = ["base", "what-if"]
    lines = [
        {
            "side": side,
            "rank": rank,
            "project": item.reference,
            "kind": "enters" if item.right_in > item.left_in else "leaves" if item.left_in > item.right_in else "stays",
        }
        for item in slopes
        for side, rank in zip(sides, (item.left, item.right), strict=True)
    ]
    crossing = [item for item in slopes if item.crosses] or sorted(
        slopes, key=lambda item: -abs(item.left - item.right)
    )[:6]
    label: Spec = {"type": "text", "fontSize": 11.5}
    last = max((max(item.left, item.right) for item in slopes), default=1)
    x: Spec = {
        "field": "side",
        "type": "ordinal",
        "scale": {"domain": sides, "padding": 0.5 if narrow else 0.9},
        "axis": {"title": None, "labelAngle": 0, "orient": "top", "domain": False, "ticks": False},
    }
    y: Spec = {
        "field": "rank",
        "type": "quantitative",
        "scale": {"domain": [last + 0.5, 0.5], "nice": False},
        "axis": {"title": "rank", "grid": False, "domain": False, "tickMinStep": 1},
    }
    kinds = {"domain": ["stays", "leaves", "enters"]}
    name = (lambda item: item.reference) if narrow else (lambda item: f"{item.reference} {item.title[:24]}")
    return {
        "width": width,
        "height": max(160, last * ROW),
        "layer": [
            {
                "data": values(lines),
                "mark": {"type": "line", "point": {"size": 18, "filled": True}},
                "encoding": {
                    "x": x,
                    "y": y,
                    "detail": {"field": "project"},
                    "color": {
                        "field": "kind",
                        "type": "nominal",
                        "scale": {**kinds, "range": [palette.LINE, palette.INK, palette.ACCENT]},
                        "legend": None,
                    },
                    "strokeDash": {
                        "field": "kind",
                        "type": "nominal",
                        "scale": {**kinds, "range": [[1, 0], [5, 3], [1, 0]]},
                        "legend": None,
                    },
                    "size": {
                        "field": "kind",
                        "type": "nominal",
                        "scale": {**kinds, "range": [1.2, 2.5, 2.5]},
                        "legend": None,
                    },
                },
            },
            *(
                {
                    "data": values(
                        [{"side": side, "rank": getattr(item, end), "text": name(item)} for item in crossing]
                    ),
                    "mark": {**label, "align": align, "dx": -7 if align == "right" else 7},
                    "encoding": {"x": x, "y": y, "text": {"field": "text"}},
                }
                for side, end, align in ((sides[0], "left", "right"), (sides[1], "right", "left"))
            ),
        ],
    }
