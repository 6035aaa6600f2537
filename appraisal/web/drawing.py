"""What the score bar draws, from a scoring result."""

from collections.abc import Iterable
from dataclasses import dataclass

from scoring.result import CriterionResult


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
