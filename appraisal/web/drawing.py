"""What the small pictures of the pages draw: the score bar, and the line of cumulative cash under the money grid."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scoring.result import CriterionResult

LINE_WIDTH, LINE_HEIGHT = 560.0, 96.0
"""The field in which the line of cumulative cash is drawn, in units of its picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSegment:
    """One criterion's certain part of the total, in points of 100."""

    criterion: str
    title: str
    start: float
    points: float


def score_segments(criteria: Iterable[CriterionResult]) -> tuple[ScoreSegment, ...]:
    """The points each criterion gives for certain, end to end: together they reach the interval's low end."""
    segments: list[ScoreSegment] = []
    start = 0.0
    for criterion in criteria:
        points = criterion.weight * criterion.low
        segments.append(ScoreSegment(criterion=criterion.id, title=criterion.title, start=start, points=points))
        start += points
    return tuple(segments)


@dataclass(frozen=True, slots=True, kw_only=True)
class CashLine:
    """A line through the years, downwards positive as in a picture, and what is said at its marks."""

    points: tuple[tuple[float, float], ...]
    zero: float
    """Height of the line at which the money is back."""
    first_year: int
    last_year: int
    deepest: float
    deepest_year: int
    deepest_at: tuple[float, float]
    end: float

    @property
    def path(self) -> str:
        """For the `points` of a polyline."""
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.points)


def cash_line(years: Sequence[int], cumulative: Sequence[float]) -> CashLine | None:
    """The cumulative cash as a line with zero in sight; None for fewer than two years or figures beyond all bounds."""
    top, bottom = max(0.0, *cumulative, 0.0), min(0.0, *cumulative, 0.0)
    span = top - bottom
    if len(years) < 2 or not 0 < span < math.inf:  # noqa: PLR2004 -- a line has two ends
        return None
    places = [
        (LINE_WIDTH * i / (len(years) - 1), LINE_HEIGHT * (top - value) / span) for i, value in enumerate(cumulative)
    ]
    deepest = min(range(len(years)), key=lambda i: cumulative[i])
    return CashLine(
        points=tuple(places),
        zero=LINE_HEIGHT * top / span,
        first_year=years[0],
        last_year=years[-1],
        deepest=cumulative[deepest],
        deepest_year=years[deepest],
        deepest_at=places[deepest],
        end=cumulative[-1],
    )
