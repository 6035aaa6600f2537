"""Rank acceptability: how often each alternative takes each rank (METHOD 10, SMAA)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from scoring.ranking.ties import TIE, places

FloatArray = npt.NDArray[np.float64]
Fill = Callable[[slice, FloatArray], object]

MANY = 1_000_000
"""Scores from which on compiled code ranks them; fewer are ranked before it is loaded."""
SORTED, STANDING = 2**17, 2**21
"""Scores that are sorted, and places that are held, before they are counted: so many stay in the near caches."""
SMALL = 2**18
"""Multiplications up to which BLAS starts no threads of its own, which would wait for those of the other part."""
SPREAD = 8
"""More than one count wider than needed, or the counts of one alternative at all places meet in the same cache line."""
MOST = 2**16 - 1
"""Alternatives that compiled code can tell apart."""


def acceptability(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Share of weight draws in which each alternative takes each rank; ties share their ranks (SMAA-2, METHOD 10).

    values: (alternatives, indicators), more is better. weights: (draws, indicators).
    Returns (alternatives, ranks): rows and columns each sum to 1. Raises ValueError where shapes do not fit or a number
    is not finite.
    """
    table, draws = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if table.ndim != 2 or draws.ndim != 2 or draws.shape[1] != table.shape[1] or not draws.size:  # noqa: PLR2004
        raise ValueError("values (alternatives, indicators) and weights (draws, indicators) must have equal columns")
    if not (np.isfinite(table).all() and np.isfinite(draws).all()):
        raise ValueError("values and weights must be finite")
    if not _many(len(draws), len(table)):
        return rank_shares(draws @ table.T)
    less = np.ascontiguousarray(-table.T)
    step = max(1, SMALL // less.size)

    def fill(block: slice, losses: FloatArray) -> None:
        drawn = draws[block]
        for first in range(0, len(drawn), step):
            np.matmul(drawn[first : first + step], less, out=losses[first : first + step])

    return _counted(len(draws), len(table), fill)


def rank_shares(scores: FloatArray) -> FloatArray:
    """Share of rows in which each alternative takes each rank, from finite scores (draws, alternatives).

    Returns (alternatives, ranks) as `acceptability` does.
    """
    count = scores.shape[1]
    if _many(*scores.shape):
        return _counted(len(scores), count, lambda block, losses: np.negative(scores[block], out=losses))
    found = places(scores, np.random.default_rng(0))
    part = (1 / (found.last - found.first + 1)).ravel()
    # Each alternative gets its part from the first rank of its tie to the last: what begins less what has ended.
    alternative = found.order * (count + 1)
    begun = np.bincount((alternative + found.first).ravel(), part, count * (count + 1))
    ended = np.bincount((alternative + found.last + 1).ravel(), part, count * (count + 1))
    changes = np.asarray(begun - ended, dtype=np.float64).reshape(count, count + 1)
    return _shares(changes, len(scores))


def _many(draws: int, alternatives: int) -> bool:
    return draws * alternatives >= MANY and alternatives < MOST


def _counted(draws: int, count: int, fill: Fill) -> FloatArray:
    """As `rank_shares`, of scores that `fill` writes for one block of draws after another, with their signs turned."""
    middle = draws // 2
    with ThreadPoolExecutor(2) as pool:  # always two parts, so that nothing depends on the machine's cores
        one, other = pool.map(lambda start, end: _part(start, end, count, fill), (0, middle), (middle, draws))
    counts, shared = one[0] + other[0], np.asarray(one[1] + other[1], dtype=np.float64)
    shares: FloatArray = (counts[:, :count] / draws).T
    level = np.flatnonzero(shared.any(axis=1))
    shares[level] += _shares(shared[level], draws)
    return shares


def _part(start: int, end: int, count: int, fill: Fill) -> tuple[npt.NDArray[np.int32], FloatArray]:
    """Who stood at each place alone in draws from start to end, (places, n and more), and changes of shares in ties."""
    from scoring import ordering  # noqa: PLC0415 -- loads numba
    from scoring.ranking import kernels  # noqa: PLC0415

    nobody, block = ordering.marks(count), max(1, SORTED // count)
    most = block * (STANDING // SORTED)
    losses, standing = np.empty((block, count)), np.empty((most, count), dtype=np.uint16)
    shared, counts = np.zeros((count, count + 1)), np.zeros((count, nobody + SPREAD), dtype=np.int32)
    held = 0
    for first in range(start, end, block):
        rows = losses[: end - first]
        fill(slice(first, first + len(rows)), rows)
        bits = rows.view(np.int64)
        ordering.mark(bits, nobody)
        rows.sort(axis=1)
        kernels.stand(rows, bits, nobody, TIE, standing[held:], shared)
        held += len(rows)
        if held + block > most or first + block >= end:
            kernels.count(standing[:held], counts)
            held = 0
    return counts, shared


def _shares(changes: FloatArray, draws: int) -> FloatArray:
    """Shares by rank from what is added and taken away at each, (alternatives, ranks and one more)."""
    shares: FloatArray = changes.cumsum(axis=1)[:, :-1]
    return np.asarray(np.maximum(shares, 0) / draws)
