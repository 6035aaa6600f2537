"""Which unanswered indicator would narrow a score, and a rank, most (METHOD 9, 10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.criteria.applicability import NOT_APPLICABLE
from scoring.criteria.assessment import FUNDING
from scoring.criteria.drawn_score import DrawnScore, Interval, Rivals, Rows
from scoring.criteria.scales import TOP, UNANSWERED
from scoring.criteria.unevenness import geometric_mean
from scoring.frameworks.aggregation import Method
from scoring.result import CriteriaResult, GateStatus, IndicatorResult, Missing

LEVELS = tuple(level / TOP for level in range(TOP + 1))
"""Where an answer may fall, as parts of the points it can give; all equally likely, since nothing is known of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueOfAnswer:
    """What answering one indicator would do."""

    indicator: str
    narrows: float
    """Points of the total by which the score's interval becomes narrower: under a sum whatever the answer is, under a
    geometric mean in the mean of the five levels."""
    width_after: float
    """What then remains of the interval's width, in points."""
    ranks_narrowed: float | None
    """Mean over the five levels of how many places the rank's 90% range loses; None without other projects."""
    likely_narrows: float
    """Points by which the score's 90% range becomes narrower, in the mean of the five levels: less than `narrows`,
    since the unknowns are not all at their worst together, and evidence and returns stay open."""
    low_rises: float
    """Points by which the interval's low end rises at most: where the answer is the best."""
    high_falls: float
    """Points by which its high end falls at most: where it is the worst. No answer does both in full."""
    settles: tuple[str, ...]
    """Computed indicators that wait for this answer and are settled by it."""
    opens_gate: bool
    """Whether an open gate waits for it."""


def value_of_answers(
    result: CriteriaResult, *, rivals: Rivals | None = None, waiting: Mapping[str, str] | None = None
) -> tuple[ValueOfAnswer, ...]:
    """What each unanswered indicator would narrow, the most valuable first (METHOD 9, 10).

    By the score's 90% range, to a tenth of a point, then by the interval that takes every unknown at worst and at best.
    An answer is taken as sure: weak evidence would leave some of it open. rivals: the other projects in draws of their
    own, for the rank. waiting: computed indicator -> the answer it waits for; left out, a computed indicator that is
    unanswered waits for the certainty of funding (BK3), whose level it takes where there is no debt.
    Raises ValueError where the rivals' criteria are not the result's.
    """
    unanswered = [
        item for item in result.indicators if isinstance(item.level, Missing) and item.level != NOT_APPLICABLE
    ]
    waits = _waiting(unanswered) if waiting is None else waiting
    drawn = DrawnScore(result, rivals)
    found = [_value(item, unanswered, waits, result, drawn) for item in unanswered if not item.computed]
    return tuple(sorted(found, key=lambda value: (-round(value.likely_narrows, 1), -value.narrows, value.indicator)))


def _waiting(unanswered: Sequence[IndicatorResult]) -> Mapping[str, str]:
    return {item.id: FUNDING for item in unanswered if item.computed and item.level == UNANSWERED}


def _value(
    item: IndicatorResult,
    unanswered: Sequence[IndicatorResult],
    waits: Mapping[str, str],
    result: CriteriaResult,
    drawn: DrawnScore,
) -> ValueOfAnswer:
    settled = [other for other in unanswered if waits.get(other.id) == item.id]
    low, high = result.interval
    rows = [_answered(result, (item, *settled), part) for part in LEVELS]
    ends = [_interval(result, each) for each in rows]
    narrows = high - low - sum(most - least for least, most in ends) / len(ends)
    likely, places = drawn.width(), drawn.places()
    after = [(drawn.width(each), drawn.places(each)) for each in rows]
    return ValueOfAnswer(
        indicator=item.id,
        narrows=narrows,
        width_after=max(0.0, high - low - narrows),
        likely_narrows=likely - sum(width for width, _ in after) / len(after),
        ranks_narrowed=None if places is None else places - sum(left or 0 for _, left in after) / len(after),
        low_rises=max(0.0, max(least for least, _ in ends) - low),
        high_falls=max(0.0, high - min(most for _, most in ends)),
        settles=tuple(part.id for part in settled),
        opens_gate=any(gate.id == item.id and gate.status is GateStatus.OPEN for gate in result.gates),
    )


def _answered(result: CriteriaResult, items: Sequence[IndicatorResult], part: float) -> Rows:
    """Each criterion's (low, high) once these are answered with this part of what they can give."""
    found = []
    for row in result.by_criterion.values():
        width = sum(item.high - item.low for item in items if item.criterion == row.id)
        width = width / row.weight if row.weight > 0 else 0.0
        low = row.low + part * width
        found.append((low, max(low, row.high - (1 - part) * width)))
    return found


def _interval(result: CriteriaResult, rows: Rows) -> Interval:
    """The total's interval for these of its criteria."""
    weights = [row.weight for row in result.by_criterion.values()]
    lows, highs = ([row[end] for row in rows] for end in (0, 1))
    if result.aggregation is Method.WEIGHTED_GEOMETRIC_MEAN and any(weights):
        known = [at for at, weight in enumerate(weights) if weight > 0]
        shares = [weights[at] for at in known]
        return geometric_mean([lows[at] for at in known], shares), geometric_mean([highs[at] for at in known], shares)
    low, high = (sum(w * value for w, value in zip(weights, ends, strict=True)) for ends in (lows, highs))
    return low, high
