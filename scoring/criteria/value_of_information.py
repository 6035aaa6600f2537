"""Which unanswered indicator would narrow a score, and a rank, most (METHOD 9, 10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.criteria.applicability import NOT_APPLICABLE
from scoring.criteria.assessment import FUNDING
from scoring.criteria.scales import TOP, UNANSWERED
from scoring.criteria.unevenness import geometric_mean
from scoring.frameworks.aggregation import Method
from scoring.result import CriteriaResult, GateStatus, IndicatorResult, Missing

Interval = tuple[float, float]
LEVELS = tuple(level / TOP for level in range(TOP + 1))
"""Where an answer may fall, as parts of the points it can give; all equally likely, since nothing is known of it."""
ROUNDING = 1e-9


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
    """Mean over the five levels of how many places the rank's interval loses; None without other projects."""
    settles: tuple[str, ...]
    """Computed indicators that wait for this answer and are settled by it."""
    opens_gate: bool
    """Whether an open gate waits for it."""


def value_of_answers(
    result: CriteriaResult,
    *,
    others: Sequence[Interval] | None = None,
    waiting: Mapping[str, str] | None = None,
) -> tuple[ValueOfAnswer, ...]:
    """What each unanswered indicator would narrow, the most valuable first (METHOD 9, 10).

    The interval of the total takes every unknown at worst and at best, so that an answer takes its whole width away.
    What narrows the score most narrows the rank no less than any other. others: (low, high) totals of the other
    projects. waiting: computed indicator -> the answer it waits for; left out, a computed indicator that is
    unanswered waits for the certainty of funding (BK3), whose level it takes where there is no debt.
    Raises ValueError where an interval of the others has its low above its high.
    """
    if others is not None and any(not low <= high for low, high in others):
        raise ValueError("the others' intervals must not have their low above their high")
    unanswered = [
        item for item in result.indicators if isinstance(item.level, Missing) and item.level != NOT_APPLICABLE
    ]
    waits = _waiting(unanswered) if waiting is None else waiting
    found = [_value(item, unanswered, waits, result, others) for item in unanswered if not item.computed]
    return tuple(sorted(found, key=lambda value: (-value.narrows, value.indicator)))


def rank_interval(own: Interval, others: Sequence[Interval]) -> tuple[int, int]:
    """Best and worst rank whatever is still unknown: only who is surely ahead, or may be, counts (METHOD 10)."""
    low, high = own
    surely = sum(other_low > high + ROUNDING for other_low, _ in others)
    perhaps = sum(other_high > low + ROUNDING for _, other_high in others)
    return 1 + surely, 1 + perhaps


def _waiting(unanswered: Sequence[IndicatorResult]) -> Mapping[str, str]:
    return {item.id: FUNDING for item in unanswered if item.computed and item.level == UNANSWERED}


def _value(
    item: IndicatorResult,
    unanswered: Sequence[IndicatorResult],
    waits: Mapping[str, str],
    result: CriteriaResult,
    others: Sequence[Interval] | None,
) -> ValueOfAnswer:
    settled = [other for other in unanswered if waits.get(other.id) == item.id]
    low, high = result.interval
    after = [_answered(result, (item, *settled), part) for part in LEVELS]
    narrows = sum(part.high - part.low for part in (item, *settled))
    if result.aggregation is Method.WEIGHTED_GEOMETRIC_MEAN:
        narrows = high - low - sum(most - least for least, most in after) / len(after)
    return ValueOfAnswer(
        indicator=item.id,
        narrows=narrows,
        width_after=max(0.0, high - low - narrows),
        ranks_narrowed=None if others is None else _ranks_narrowed(result.interval, after, others),
        settles=tuple(part.id for part in settled),
        opens_gate=any(gate.id == item.id and gate.status is GateStatus.OPEN for gate in result.gates),
    )


def _answered(result: CriteriaResult, items: Sequence[IndicatorResult], part: float) -> Interval:
    """The total's interval once these are answered with this part of what they can give."""
    low, high = result.interval
    if result.aggregation is not Method.WEIGHTED_GEOMETRIC_MEAN:
        narrows = sum(item.high - item.low for item in items)
        return low + part * narrows, high - (1 - part) * narrows
    rows = [row for row in result.by_criterion.values() if row.weight > 0]
    lows, highs = [row.low for row in rows], [row.high for row in rows]
    for at, row in enumerate(rows):
        width = sum(item.high - item.low for item in items if item.criterion == row.id) / row.weight
        lows[at] += part * width
        highs[at] = max(lows[at], highs[at] - (1 - part) * width)
    weights = [row.weight for row in rows]
    return geometric_mean(lows, weights), geometric_mean(highs, weights)


def _ranks_narrowed(own: Interval, answered: Sequence[Interval], others: Sequence[Interval]) -> float:
    first, last = rank_interval(own, others)
    after = [rank_interval(interval, others) for interval in answered]
    return (last - first) - sum(worst - best for best, worst in after) / len(after)
