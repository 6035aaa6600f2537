"""What would lift a score: by how much each indicator could, and which few would reach a target (METHOD 9)."""

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.criteria.scales import TOP
from scoring.result import CriteriaResult, IndicatorResult, Missing

FULL = 100.0
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One answered indicator, moved to the top of its scale with the evidence that level needs."""

    indicator: str
    level: float
    """The level counted now."""
    gain: float
    """Points of the total."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The fewest levers that together reach a target."""

    target: float
    gap: float
    """Points missing; not above 0 where the target is reached already."""
    levers: tuple[Lever, ...]
    """The largest gains first; empty where it is reached already."""
    total: float
    """The score with all of them."""

    @property
    def reached(self) -> bool:
        return self.total >= self.target - ROUNDING


def levers(result: CriteriaResult) -> tuple[Lever, ...]:
    """What each answered indicator that people score could add to the total, the largest first (METHOD 9).

    The point estimate is the weighted mean of what is answered, so that a gain is the indicator's weight among the
    answered ones times what is missing to the top of its scale. Nothing that is computed is a lever of its own, and an
    unknown is none: answering it can lower the score (see `value_of_answers`).
    """
    answered = [item for item in result.indicators if not isinstance(item.level, Missing)]
    within = {
        criterion: sum(item.weight for item in answered if item.criterion == criterion)
        for criterion in result.by_criterion
    }
    carried = sum(result.by_criterion[criterion].weight for criterion, weight in within.items() if weight > 0)
    found = [
        Lever(indicator=item.id, level=item.level, gain=gain)
        for item in answered
        if not item.computed
        and not isinstance(item.level, Missing)
        and (gain := _gain(item, item.level, within[item.criterion], result, carried)) > ROUNDING
    ]
    return tuple(sorted(found, key=lambda lever: (-lever.gain, lever.indicator)))


def _gain(item: IndicatorResult, level: float, answered: float, result: CriteriaResult, carried: float) -> float:
    share = item.weight / answered * result.by_criterion[item.criterion].weight / carried
    return share * FULL * (TOP - level) / TOP


def reach(result: CriteriaResult, target: float, found: Sequence[Lever] | None = None) -> Reach | None:
    """The fewest levers that lift the total to the target, largest first; None where there is no total.

    target: points of 100. found: the levers to choose from; all, if left out. Gains add up, since each moves an
    indicator of its own, so that taking the largest first takes the fewest. Where all together do not reach it, all are
    given.
    """
    if isinstance(result.total, Missing):
        return None
    total, chosen = result.total, []
    for lever in levers(result) if found is None else found:
        if total >= target - ROUNDING:
            break
        chosen.append(lever)
        total += lever.gain
    return Reach(target=target, gap=target - result.total, levers=tuple(chosen), total=total)
