"""How much a programme may lose, from the histograms of its projects' economic NPV (METHOD 11)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Histogram = tuple[FloatArray, FloatArray]
"""Edges, (bins + 1,), and counts, (bins,), of the draws; inside a bin they are spread evenly."""
DRAWS, SEED = 10_000, 20_211
KEPT = 200
"""Projects whose draws are kept between two questions: 160 kB each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """How likely the programme loses for society, between projects that move apart and projects that move as one."""

    apart: float
    together: float


def drawn(histogram: Histogram, at: FloatArray) -> FloatArray:
    """The values that stand at these parts, 0-1, of a histogram's draws."""
    edges, counts = histogram
    reached = np.concatenate([[0.0], counts.cumsum()]) / counts.sum()
    return np.interp(at, reached, edges)


def tail_loss(histogram: Histogram, part: float) -> float:
    """Mean loss over the worst `part` of the draws (CVaR of the loss at 1 - part), below 0 where even those gain.

    part: above 0, at most 1. Expected shortfall is subadditive (Rockafellar & Uryasev 2000): whatever moves together,
    the programme's is at most the sum of its projects'. Where that sum is 0 or less, the programme loses with a chance
    of `part` or less, for the loss that is passed with that chance is never more than the mean beyond it.
    """
    edges, counts = histogram
    shares = counts / counts.sum()
    taken = np.clip(part - (np.cumsum(shares) - shares), 0.0, shares)
    filled = np.divide(taken, shares, out=np.zeros_like(taken), where=shares > 0)
    means = edges[:-1] + np.diff(edges) * filled / 2
    return -float(taken @ means) / part


class Losses:
    """Projects' draws, each from a stream of its own, so that a programme's loss hangs on its projects alone."""

    def __init__(self, histograms: Sequence[Histogram | None]) -> None:
        self._histograms = histograms
        self._kept: dict[int, tuple[FloatArray, FloatArray]] = {}

    def of(self, parts: Iterable[tuple[int, float]]) -> Loss | None:
        """Of a programme of (project, what 1 of its value is worth there); None for none, and where one is unknown."""
        apart, together, count = np.zeros(DRAWS), np.zeros(DRAWS), 0
        for place, factor in parts:
            own = self._draws(place)
            if own is None:
                return None
            apart, together, count = apart + own[0] * factor, together + own[1] * factor, count + 1
        if not count:
            return None
        return Loss(apart=float(np.mean(apart < 0)), together=float(np.mean(together < 0)))

    def _draws(self, place: int) -> tuple[FloatArray, FloatArray] | None:
        """Of a project on its own stream, and in order of its quantiles."""
        histogram = self._histograms[place]
        if histogram is None:
            return None
        if (found := self._kept.get(place)) is not None:
            return found
        at = np.random.default_rng((SEED, place)).random(DRAWS)
        found = drawn(histogram, at), drawn(histogram, (np.arange(DRAWS) + 0.5) / DRAWS)
        if len(self._kept) < KEPT:
            self._kept[place] = found
        return found


def loss_of(histograms: Sequence[Histogram]) -> Loss | None:
    """Of a programme of these projects; None for none."""
    return Losses(histograms).of((place, 1.0) for place in range(len(histograms)))
