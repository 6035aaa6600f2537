"""A framework tried on projects before it counts: who moves, what separates nothing, what says the same twice (F5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

FEWEST = 5
"""Projects with a known level below which nothing is said about an indicator."""
SAME_FOR_ALL = 0.9
"""From this share of projects on one level an indicator separates too little to be worth asking."""
ROUNDING = 1e-12
OVERLAPPING = 0.9
"""From this correlation on, two indicators say nearly the same."""
Levels = Mapping[str, Sequence[float | None]]
"""Indicator -> counted level by project, None where unknown; all of one length."""


@dataclass(frozen=True, slots=True)
class Spread:
    indicator: str
    known: int
    """Projects of which the level is known."""
    low: float
    high: float
    deviation: float
    """Standard deviation of the known levels, over n."""
    share: float
    """Part of them on the most frequent level, rounded down to whole levels."""

    @property
    def separates(self) -> bool:
        return self.high > self.low and self.share < SAME_FOR_ALL


@dataclass(frozen=True, slots=True)
class Overlap:
    first: str
    second: str
    known: int
    correlation: float


def spreads(levels: Levels) -> tuple[Spread, ...]:
    """How far each indicator tells projects apart; one that fewer than 5 projects answer is left out."""
    found = []
    for name, given in levels.items():
        known = np.array([level for level in given if level is not None])
        if len(known) < FEWEST:
            continue
        counts = np.unique(np.floor(known), return_counts=True)[1]
        share = float(counts.max() / len(known))
        found.append(Spread(name, len(known), float(known.min()), float(known.max()), float(known.std()), share))
    return tuple(found)


def overlaps(levels: Levels) -> tuple[Overlap, ...]:
    """Pairs of indicators with a Pearson correlation of 0.9 or more, either way, over 5 projects or more known in both.

    The strongest first. Where one of them is the same for all there is no correlation, and no pair.
    """
    found = []
    for first, second in combinations(levels, 2):
        pairs = [
            pair
            for pair in zip(levels[first], levels[second], strict=True)
            if pair[0] is not None and pair[1] is not None
        ]
        correlation = _correlation(np.array(pairs, dtype=np.float64)) if len(pairs) >= FEWEST else None
        if correlation is not None and abs(correlation) >= OVERLAPPING:
            found.append(Overlap(first, second, len(pairs), correlation))
    return tuple(sorted(found, key=lambda pair: (-abs(pair.correlation), pair.first, pair.second)))


def _correlation(pairs: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float | None:
    away = pairs - pairs.mean(axis=0)
    length = float(np.sqrt((away[:, 0] ** 2).sum() * (away[:, 1] ** 2).sum()))
    return None if length <= ROUNDING else float((away[:, 0] * away[:, 1]).sum() / length)


@dataclass(frozen=True, slots=True)
class Move:
    """A project's place before and under the framework tried; None where a total does not exist."""

    key: str
    score_before: float | None
    score_after: float | None
    rank_before: int | None
    rank_after: int | None

    @property
    def places(self) -> int | None:
        """Places gained, negative where lost."""
        if self.rank_before is None or self.rank_after is None:
            return None
        return self.rank_before - self.rank_after


def moves(
    before: Mapping[str, float | None],
    after: Mapping[str, float | None],
    *,
    order_before: Mapping[str, float | None] | None = None,
    order_after: Mapping[str, float | None] | None = None,
) -> tuple[Move, ...]:
    """Ranks before and after, ties sharing the better place; the farthest moves first.

    Total scores rank, unless an order says otherwise. All mappings speak of the same projects.
    """
    ranks_before, ranks_after = _ranks(order_before or before), _ranks(order_after or after)
    found = [Move(key, before[key], after[key], ranks_before.get(key), ranks_after.get(key)) for key in before]
    return tuple(sorted(found, key=lambda move: (-abs(move.places or 0), move.rank_after or len(found), move.key)))


def _ranks(scores: Mapping[str, float | None]) -> dict[str, int]:
    known = {key: round(score, 9) for key, score in scores.items() if score is not None}
    return {key: 1 + sum(other > score for other in known.values()) for key, score in known.items()}
