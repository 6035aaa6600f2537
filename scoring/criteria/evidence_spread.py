"""How far a criterion's score may be off, by the evidence of its answers: quantiles of a sum (METHOD 9, ADR 20).

A level is drawn from a symmetric triangle around the level that counts; what would pass an end of the scale stays at
the end. So the level that counts is the median of what is drawn, whatever the grade, and a wider grade moves no
quantile inwards. Answers are drawn apart from one another.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.criteria.scales import TOP

FloatArray = npt.NDArray[np.float64]

KNOTS: tuple[float, ...] = tuple(step / 2 for step in range(-6, 7))
"""Standard normal scores at which quantiles are kept: a sum of many is near to normal, so straight between them."""
STEP = 0.05
"""Points of the criterion to which sums are told apart."""
DECIMALS = 2
"""Of the quantiles that are kept, in points of 100."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One level, and how far it may be off."""

    level: float
    """The one that counts, 0 to 4."""
    half_width: float
    """Of the triangle, in levels."""
    points: float
    """Points of the criterion's score that a level gives."""


def triangle(at: FloatArray) -> FloatArray:
    """P(T <= at) of the symmetric triangle on [-1, 1], any shape."""
    inside = np.clip(at, -1.0, 1.0)
    return np.asarray(np.where(inside < 0, (1 + inside) ** 2 / 2, 1 - (1 - inside) ** 2 / 2))


def level_quantile(level: float, half_width: float, probability: float) -> float:
    """What a level is at most with this probability: the triangle's quantile, kept on the scale (METHOD 9)."""
    part = math.sqrt(2 * probability) - 1 if probability < 0.5 else 1 - math.sqrt(2 * (1 - probability))  # noqa: PLR2004
    return min(max(level + half_width * part, 0.0), float(TOP))


def evidence_spread(doubts: Iterable[Doubt]) -> tuple[float, ...]:
    """By how many points the criterion's score is off at each of KNOTS; empty where nothing may be off (METHOD 9)."""
    mass, least, most = np.ones(1), 0.0, 0.0
    first = 0
    for doubt in doubts:
        if doubt.half_width <= 0 or doubt.points <= 0:
            continue
        own, start = _mass(doubt)
        mass, first = np.convolve(mass, own), first + start
        least -= doubt.points * min(doubt.half_width, doubt.level)
        most += doubt.points * min(doubt.half_width, TOP - doubt.level)
    if most <= least:
        return ()
    reached = np.concatenate([[0.0], mass.cumsum()])
    edges = (first - 0.5 + np.arange(len(reached))) * STEP
    asked = [(1 + math.erf(score / math.sqrt(2))) / 2 for score in KNOTS]
    quantiles = np.clip(np.interp(asked, reached / reached[-1], edges), least, most)
    kept = tuple(float(value) for value in np.round(quantiles, DECIMALS) + 0.0)
    return kept if any(kept) else ()


def _mass(doubt: Doubt) -> tuple[FloatArray, int]:
    """What falls on each step around the level that counts, (steps,), and the first step; the ends keep what passes."""
    below = round(doubt.points * min(doubt.half_width, doubt.level) / STEP)
    above = round(doubt.points * min(doubt.half_width, TOP - doubt.level) / STEP)
    upper = (np.arange(-below, above, dtype=np.float64) + 0.5) * STEP / (doubt.points * doubt.half_width)
    return np.diff(np.concatenate([[0.0], triangle(upper), [1.0]])), -below
