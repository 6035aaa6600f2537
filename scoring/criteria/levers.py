"""What would lift a score: by how much each indicator could, and which few would reach a target (METHOD 9)."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from scoring.criteria.scales import TOP
from scoring.criteria.unevenness import FULL, geometric_mean
from scoring.frameworks.aggregation import Method
from scoring.result import CriteriaResult, IndicatorResult, Missing

ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One answered indicator, moved up its scale with the evidence that level needs."""

    indicator: str
    criterion: str
    level: float
    """The level counted now."""
    to: float = TOP
    """The level it moves to."""
    adds: float
    """Points of its criterion's own score."""
    gain: float
    """Points of the total, if nothing else moves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The fewest levers that together reach a target, none higher than it must be."""

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


@dataclass(frozen=True, slots=True)
class _Total:
    """The total of one project with points added to its criteria's scores."""

    method: Method
    scores: Mapping[str, float]
    """Criteria with an answer."""
    weights: Mapping[str, float]

    def with_added(self, added: Mapping[str, float]) -> float:
        scores = [score + added.get(name, 0.0) for name, score in self.scores.items()]
        weights = [self.weights[name] for name in self.scores]
        if self.method is Method.WEIGHTED_GEOMETRIC_MEAN:
            return geometric_mean(scores, weights)
        return sum(score * weight for score, weight in zip(scores, weights, strict=True)) / sum(weights)

    def worth(self, criterion: str, added: float) -> float:
        """What the criterion brings to the total in a unit in which criteria add up; -infinity where it makes it 0."""
        share, score = self.weights[criterion], self.scores[criterion] + added
        if self.method is not Method.WEIGHTED_GEOMETRIC_MEAN:
            return share * score
        return 0.0 if share <= 0 else share * math.log(score) if score > 0 else -math.inf


def levers(result: CriteriaResult) -> tuple[Lever, ...]:
    """What each answered indicator that people score could add to the total, the largest first (METHOD 9).

    Under a sum a gain is the indicator's weight among the answered ones times what is missing to the top of its scale;
    under a geometric mean it is what the total gains if this one alone moves, which is nothing while another criterion
    is at 0. Nothing that is computed is a lever of its own, and an unknown is none: answering it can lower the score
    (see `value_of_answers`).
    """
    total = _total(result)
    if total is None or isinstance(result.total, Missing):
        return ()
    answered = [item for item in result.indicators if not isinstance(item.level, Missing)]
    within = {name: sum(item.weight for item in answered if item.criterion == name) for name in total.scores}
    before = total.with_added({})
    found = []
    for item in answered:
        adds = _adds(item, within.get(item.criterion, 0.0))
        if item.computed or adds <= ROUNDING or isinstance(item.level, Missing) or total.weights[item.criterion] <= 0:
            continue
        gain = total.with_added({item.criterion: adds}) - before
        found.append(
            Lever(indicator=item.id, criterion=item.criterion, level=item.level, adds=adds, gain=max(0.0, gain))
        )
    return tuple(sorted(found, key=lambda lever: (-lever.gain, -lever.adds, lever.indicator)))


def _total(result: CriteriaResult) -> _Total | None:
    rows = {name: row for name, row in result.by_criterion.items() if not isinstance(row.score, Missing)}
    if sum(row.weight for row in rows.values()) <= 0:
        return None
    scores = {name: row.score for name, row in rows.items() if not isinstance(row.score, Missing)}
    return _Total(result.aggregation, scores, {name: row.weight for name, row in rows.items()})


def _adds(item: IndicatorResult, answered: float) -> float:
    """Points of its criterion's score from the level counted to the top."""
    level = TOP if isinstance(item.level, Missing) else item.level
    return item.weight / answered * FULL * (TOP - level) / TOP if answered > 0 else 0.0


def reach(result: CriteriaResult, target: float, found: Sequence[Lever] | None = None) -> Reach | None:
    """The fewest levers that lift the total to the target, largest first; None where there is no total.

    target: points of 100. found: the levers to choose from; all, if left out. Of one criterion the largest are taken
    first, and every number of them is weighed against the other criteria's, so that no fewer would do. Then, the
    smallest gain first, each is lowered to the least whole level that still reaches it. Where all together do not
    reach it, all are given, at the top.
    """
    total = _total(result)
    if isinstance(result.total, Missing) or total is None:
        return None
    chosen: tuple[Lever, ...] = ()
    if result.total < target - ROUNDING:
        chosen = _lowered(_fewest(levers(result) if found is None else found, target, total), target, total)
    after = total.with_added(_sums(chosen)) if chosen else result.total
    return Reach(target=target, gap=target - result.total, levers=chosen, total=after)


def _fewest(found: Sequence[Lever], target: float, total: _Total) -> tuple[Lever, ...]:
    """Best worth of every number of levers, criterion by criterion; the first number that reaches the target."""
    best: list[tuple[float, tuple[Lever, ...]]] = [(0.0, ())]
    for name in total.scores:
        own = sorted((lever for lever in found if lever.criterion == name), key=lambda lever: -lever.adds)
        worth = [total.worth(name, sum(lever.adds for lever in own[:count])) for count in range(len(own) + 1)]
        joined: list[tuple[float, tuple[Lever, ...]]] = []
        for count in range(len(best) + len(own)):
            splits = [(taken, count - taken) for taken in range(len(own) + 1) if 0 <= count - taken < len(best)]
            taken, before = max(splits, key=lambda split: worth[split[0]] + best[split[1]][0])
            joined.append((worth[taken] + best[before][0], (*best[before][1], *own[:taken])))
        best = joined
    reaching = (chosen for _, chosen in best if total.with_added(_sums(chosen)) >= target - ROUNDING)
    return _in_order(next(reaching, best[-1][1]))


def _lowered(chosen: tuple[Lever, ...], target: float, total: _Total) -> tuple[Lever, ...]:
    kept = {lever.indicator: lever for lever in chosen}
    for lever in reversed(chosen):
        for level in range(math.floor(lever.level) + 1, int(TOP)):
            lower = _to_level(lever, level, total)
            others = [other for other in kept.values() if other.indicator != lever.indicator]
            if total.with_added(_sums([*others, lower])) >= target - ROUNDING:
                kept[lever.indicator] = lower
                break
    return _in_order(kept.values())


def _to_level(lever: Lever, level: int, total: _Total) -> Lever:
    adds = lever.adds * (level - lever.level) / (TOP - lever.level)
    gain = total.with_added({lever.criterion: adds}) - total.with_added({})
    return replace(lever, to=float(level), adds=adds, gain=max(0.0, gain))


def _in_order(found: Iterable[Lever]) -> tuple[Lever, ...]:
    return tuple(sorted(found, key=lambda lever: (-lever.gain, -lever.adds, lever.indicator)))


def _sums(chosen: Sequence[Lever]) -> dict[str, float]:
    added: dict[str, float] = {}
    for lever in chosen:
        added[lever.criterion] = added.get(lever.criterion, 0.0) + lever.adds
    return added
