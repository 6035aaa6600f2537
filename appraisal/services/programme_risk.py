"""How much a programme may lose, from the histograms of its projects' economic NPV (METHOD 11)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Histogram = tuple[FloatArray, FloatArray]
"""Edges, (bins + 1,), and counts, (bins,), of the draws; inside a bin they are spread evenly."""
DRAWS, SEED = 10_000, 20_211


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


def loss_of(histograms: Sequence[Histogram]) -> Loss | None:
    """Of a programme of these projects; None for none."""
    if not histograms:
        return None
    random = np.random.default_rng(SEED)
    apart = sum(drawn(found, random.random(DRAWS)) for found in histograms)
    steps = (np.arange(DRAWS) + 0.5) / DRAWS
    together = sum(drawn(found, steps) for found in histograms)
    return Loss(apart=float(np.mean(apart < 0)), together=float(np.mean(together < 0)))
