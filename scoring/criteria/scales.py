"""From an answer to a level of 0-4, after what its evidence can carry (METHOD 9)."""

from bisect import bisect_right
from dataclasses import dataclass

from scoring.frameworks import Indicator, ScaleKind
from scoring.project_file import Answer, EvidenceGrade
from scoring.result import Figure, Missing
from scoring.vocabulary import GRADE_WORDS

TOP = 4
UNANSWERED = Missing("unanswered")
_GRADES = list(EvidenceGrade)
_CAPS = ((2, EvidenceGrade.OWN_DOCUMENT), (3, EvidenceGrade.THIRD_PARTY))
"""(cap, grade needed to pass it), the lowest first: level 3 needs E1, level 4 needs E2."""


@dataclass(frozen=True, slots=True)
class Level:
    """What counts, what was stated, and why they differ; `explanation` says what a computed level rests on."""

    counted: Figure
    stated: Figure
    cap_reason: str = ""
    explanation: str = ""

    @property
    def capped(self) -> bool:
        return bool(self.cap_reason)


def _median_of_levels(value: float) -> bool:
    return 0 <= value <= TOP and (2 * value).is_integer()


def answered_level(indicator: Indicator, answer: Answer | None) -> Level:
    """The level an answer gives, after what its evidence can carry (METHOD 9).

    Missing('unanswered') where there is none, where it is declared unknown, and where a number cannot be true (a share
    of 72 is a slip, and must not count as full marks). A numeric scale can be answered by a level as well, and a scale
    of levels by a `value` that is a level or halfway between two, as a panel's median may be; any other is a slip.
    """
    if answer is None or answer.unknown:
        return Level(UNANSWERED, UNANSWERED)
    if indicator.scale is ScaleKind.NUMERIC and answer.value is not None and can_be_true(indicator, answer.value):
        return with_evidence(interpolated(indicator.points, answer.value), answer.evidence)
    if answer.level is not None:
        return with_evidence(float(answer.level), answer.evidence)
    if indicator.scale is ScaleKind.LEVEL and answer.value is not None and _median_of_levels(answer.value):
        return with_evidence(answer.value, answer.evidence)
    return Level(UNANSWERED, UNANSWERED)


def can_be_true(indicator: Indicator, number: float) -> bool:
    """Whether a number lies within the limits of the indicator's scale."""
    above = indicator.least is None or number >= indicator.least
    return above and (indicator.most is None or number <= indicator.most)


def interpolated(points: tuple[tuple[float, float], ...], number: float) -> float:
    """Piecewise-linear through the knots, flat outside them."""
    above = bisect_right([knot for knot, _ in points], number)
    if above == 0:
        return points[0][1]
    if above == len(points):
        return points[-1][1]
    (left, low), (right, high) = points[above - 1], points[above]
    return low + (high - low) * (number - left) / (right - left)


def with_evidence(stated: float, grade: EvidenceGrade | None) -> Level:
    """Cap a level that its evidence cannot carry: 3 needs E1, 4 needs E2; no grade counts as E0."""
    held = _GRADES.index(grade or EvidenceGrade.CLAIM)
    for cap, needed in _CAPS:
        if stated > cap and held < _GRADES.index(needed):
            return Level(float(cap), stated, _why_capped(stated, cap, _GRADES[held]))
    return Level(stated, stated)


def _why_capped(stated: float, cap: int, held: EvidenceGrade) -> str:
    """What the evidence that was given carries, and what the level that was stated takes."""
    passed, needed = next((above, grade) for above, grade in reversed(_CAPS) if stated > above)
    return (
        f"Counted as {cap}, not {stated:.3g}: {GRADE_WORDS[held]} ({held}) carries level {cap} at most. "
        f"More than level {passed} takes {GRADE_WORDS[needed]} ({needed})."
    )
