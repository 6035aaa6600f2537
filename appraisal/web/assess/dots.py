"""A panel's levels as dots on a line from 0 to 4, one dot a member, with the median."""

from dataclasses import dataclass

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
    rated = [(rating.level, rating.member) for rating in item.ratings if not isinstance(rating.level, Missing)]
    stacks: dict[int, int] = {}
    placed = []
    highest = max((_stack(levels, level) for levels in [[level for level, _ in rated]] for level in levels), default=1)
    axis = ROW * highest + RADIUS
    for level, member in rated:
        column = round(level / NEAR)
        stacks[column] = stacks.get(column, 0) + 1
        y = axis - ROW * stacks[column] + ROW / 2
        placed.append(Dot(LEFT + STEP * level, y, member.own, member.name, level))
    median = item.alone.median
    said = ", ".join(f"{dot.name}{' (you)' if dot.own else ''} {dot.level:.3g}" for dot in placed)
    words = "" if isinstance(median, Missing) else f"; median {median:.3g}"
    return Dots(
        dots=tuple(placed),
        median=None if isinstance(median, Missing) else LEFT + STEP * median,
        width=2 * LEFT + STEP * TOP,
        height=axis + ROW + 4,
        axis=axis,
        label=f"Levels given alone: {said}{words}" if placed else "Nobody gave a level",
    )


def _stack(levels: list[float], level: float) -> int:
    return sum(round(other / NEAR) == round(level / NEAR) for other in levels)
