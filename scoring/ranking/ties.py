"""Places of scores, ties being ties (METHOD 10)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

TIE = 1e-9
"""Scores closer than this, relative to the largest, are the same score: they differ by rounding only."""


@dataclass(frozen=True, slots=True)
class Places:
    """Rows of scores put in order; every array is (rows, n), and place 0 is the best."""

    order: IntArray
    """Which score stands at each place; inside a tie by chance."""
    first: IntArray
    """Place at which the tie around each place begins."""
    last: IntArray
    """Place at which it ends; the same where there is no tie."""


def rounding(scores: FloatArray) -> float:
    """The difference up to which scores, of any shape, are the same."""
    return TIE * max(1.0, float(np.abs(scores).max(initial=0)))


def places(scores: FloatArray, random: np.random.Generator) -> Places:
    """Put every row of scores, (rows, n), in order, the highest first; `random` decides inside a tie."""
    same = rounding(scores)
    jittered = random.random(scores.shape)
    jittered *= -same
    jittered -= scores
    order = np.argsort(jittered, axis=1)
    del jittered  # as large as all the rest
    ranked = np.take_along_axis(scores, order, axis=1)
    begins = np.ones(scores.shape, dtype=np.bool_)
    np.greater(ranked[:, :-1] - ranked[:, 1:], same, out=begins[:, 1:])
    del ranked
    place = np.broadcast_to(np.arange(scores.shape[1]), scores.shape)
    if begins.all():
        return Places(order, place, place)
    ends = np.ones_like(begins)
    ends[:, :-1] = begins[:, 1:]
    first = np.maximum.accumulate(np.where(begins, place, 0), axis=1)
    last = np.minimum.accumulate(np.where(ends, place, scores.shape[1])[:, ::-1], axis=1)[:, ::-1]
    return Places(order, first, last)


def competition_ranks(scores: FloatArray) -> IntArray:
    """1 for the highest; equal scores share the better rank and the next ranks are left out (1, 2, 2, 4).

    scores: (n,). Returns (n,).
    """
    given = np.asarray(scores, dtype=np.float64)
    found = places(given[np.newaxis], np.random.default_rng(0))
    ranks = np.empty(given.size, dtype=np.int64)
    ranks[found.order[0]] = found.first[0] + 1
    return ranks
