"""A panel's levels as dots on a line from 0 to 4, one dot a member, with the median."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from appraisal.services.reconciling import ComparedIndicator
from scoring.criteria.scales import TOP
from scoring.result import Missing

LEFT, STEP, ROW, RADIUS = 10.0, 40.0, 11.0, 4.5
"""Pixels: where level 0 is, from a level to the next, from a dot to the one above it, and of a dot."""
NEAR = 0.25
"""Levels nearer than this stand on top of each other."""


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    own: bool
    name: str
    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Dots:
    dots: tuple[Dot, ...]
    median: float | None
    """Where the median's line stands; None where nobody gave a level."""
    width: float
    height: float
    axis: float
    label: str
    radius: float = RADIUS
    ticks: tuple[float, ...] = tuple(LEFT + STEP * level for level in range(TOP + 1))


def dots(item: ComparedIndicator) -> Dots:
    """One a member, by name, of what each gave alone."""
    rated = [
        (rating.level, rating.member.name, rating.member.own)
        for rating in item.ratings
        if not isinstance(rating.level, Missing)
    ]
    middle = item.alone.median
    return _placed(rated, None if isinstance(middle, Missing) else middle, "Levels given alone")


def nameless_dots(levels: Sequence[float]) -> Dots:
    """Of what was said last, whoever said it; one level at least."""
    return _placed([(level, "", False) for level in levels], median(levels), "Levels of the appraisers")


def _placed(rated: Sequence[tuple[float, str, bool]], middle: float | None, words: str) -> Dots:
    stacks: dict[int, int] = {}
    placed = []
    levels = [level for level, _, _ in rated]
    axis = ROW * max((_stack(levels, level) for level in levels), default=1) + RADIUS
    for level, name, own in rated:
        column = round(level / NEAR)
        stacks[column] = stacks.get(column, 0) + 1
        y = axis - ROW * stacks[column] + ROW / 2
        placed.append(Dot(LEFT + STEP * level, y, own, name, level))
    said = ", ".join(f"{dot.name}{' (you)' if dot.own else ''} {dot.level:.3g}".strip() for dot in placed)
    return Dots(
        dots=tuple(placed),
        median=None if middle is None else LEFT + STEP * middle,
        width=2 * LEFT + STEP * TOP,
        height=axis + ROW + 4,
        axis=axis,
        label=f"{words}: {said}{_median(middle)}" if placed else "Nobody gave a level",
    )


def _stack(levels: list[float], level: float) -> int:
    return sum(round(other / NEAR) == round(level / NEAR) for other in levels)


def _median(middle: float | None) -> str:
    return "" if middle is None else f"; median {middle:.3g}"
