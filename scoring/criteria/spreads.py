"""What criterion scores are drawn from beside what is unknown: evidence and simulated returns (METHOD 9, 10)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scoring.criteria.evidence_spread import DECIMALS, KNOTS

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
ByteArray = npt.NDArray[np.uint8]
SmallArray = npt.NDArray[np.int16]

FUTURES = 100
"""Futures of a project, each as likely as any other; `scoring.risk.futures`."""
STEPS = 256
"""Equally likely values that stand for the distribution between its quantiles: one random byte chooses."""
_MIDDLES = np.interp([NormalDist().inv_cdf((at + 0.5) / STEPS) for at in range(STEPS)], KNOTS, np.arange(len(KNOTS)))
"""Where the middle of each of them lies among KNOTS; what is farther out than the last knot stands at it."""
AT_ONCE = 2**16
"""Scores drawn together: so many stay in the near caches."""
BLOCK = 512
"""Projects whose tables do as well."""
STREAM = 20
"""Sets these draws apart from those of weights and unknown answers, which stay what they would be without them."""
_SCALE, _STORED = 10**DECIMALS, "<i2"


@dataclass(frozen=True, slots=True, eq=False)
class Spreads:
    """Of n projects on each criterion, in hundredths of a point of its score; zeros where nothing is off."""

    evidence: SmallArray
    """(n, criteria, KNOTS): quantiles of what the evidence leaves open."""
    futures: SmallArray
    """(n, criteria, FUTURES): by how much each future moves it from the score that counts."""

    @classmethod
    def read(cls, written: Sequence[Sequence[bytes]], criteria: int) -> "Spreads":
        """From what `written` makes of each project's criteria, (n, criteria); empty bytes are no spread.

        Raises ValueError where bytes are of another length.
        """
        flat = [each for row in written for each in row]
        filled = [at for at, each in enumerate(flat) if each]
        width = len(KNOTS) + FUTURES
        found: SmallArray = np.zeros((len(flat), width), dtype=np.int16)
        found[filled] = np.frombuffer(b"".join(flat), dtype=_STORED).reshape(len(filled), width)
        table = found.reshape(len(written), criteria, width)
        return cls(evidence=table[:, :, : len(KNOTS)], futures=table[:, :, len(KNOTS) :])

    @classmethod
    def none(cls, projects: int, criteria: int) -> "Spreads":
        """Nothing is off."""
        return cls.read([[b""] * criteria] * projects, criteria)

    def of(self, projects: npt.NDArray[np.bool_] | IntArray) -> "Spreads":
        """Those of some of the projects."""
        return Spreads(self.evidence[projects], self.futures[projects])

    def shifts(self, draws: int, seed: int, futures: ByteArray | None = None) -> Iterator["Shift"]:
        """By how many points scores are off in every draw, part by part; what is left out is not off (METHOD 10).

        Of one project all criteria look at the same future; evidence is drawn apart on each. futures: (draws, n), which
        future each draw looks at, where it is drawn elsewhere; 0 is the worst by economic NPV. The same for the same
        seed, whatever is drawn beside it. Each part is written over by the next.
        """
        random = np.random.default_rng((seed, STREAM))
        moved, doubted = (np.asarray(part.any(axis=2)) for part in (self.futures, self.evidence))
        if futures is None and moved.any():
            futures = _looked_at(random, draws, len(moved))
        for criterion in range(moved.shape[1]):
            rows = np.flatnonzero(moved[:, criterion] | doubted[:, criterion])
            steps = _steps(random, draws, len(rows))
            for first in range(0, len(rows), BLOCK):
                block = slice(first, first + BLOCK)
                yield from self._block(criterion, rows[block], steps[:, block], futures)

    def _block(self, criterion: int, rows: IntArray, steps: ByteArray, futures: ByteArray | None) -> Iterator["Shift"]:
        """Of a few projects in all draws; steps: (draws, rows), where each stands between its quantiles."""
        evidence, future = _between(self.evidence[rows, criterion]), self.futures[rows, criterion] / _SCALE
        together = max(1, AT_ONCE // len(rows))
        at, (shift, more) = np.empty((together, len(rows)), dtype=np.intp), np.empty((2, together, len(rows)))
        for start in range(0, len(steps), together):
            part = slice(start, min(start + together, len(steps)))
            size = part.stop - start
            _choose(evidence, steps[part], at[:size], shift[:size])
            if futures is not None and future.any():
                shift[:size] += _choose(future, futures[part, rows], at[:size], more[:size])
            yield Shift(criterion, part, rows, shift[:size])

    def drawn(self, draws: int, seed: int, futures: ByteArray | None = None) -> FloatArray | None:
        """The same as one table, (draws, n, criteria), for portfolios it is small for; None where nothing is off."""
        found = None
        for shift in self.shifts(draws, seed, futures):
            found = np.zeros((draws, *self.evidence.shape[:2])) if found is None else found
            found[shift.draws, shift.projects, shift.criterion] = shift.points
        return found


class Shift(NamedTuple):
    """By how many points some projects' scores on one criterion are off in some draws."""

    criterion: int
    draws: slice
    projects: IntArray
    points: FloatArray
    """(draws, projects)"""


def futures_looked_at(draws: int, projects: int, seed: int) -> ByteArray:
    """Which future each project looks at in every draw, (draws, projects), as `Spreads.shifts` draws it by itself."""
    return _looked_at(np.random.default_rng((seed, STREAM)), draws, projects)


def _looked_at(random: np.random.Generator, draws: int, projects: int) -> ByteArray:
    return random.integers(0, FUTURES, (draws, projects), dtype=np.uint8)


def written(evidence: Sequence[float], futures: Sequence[float]) -> bytes:
    """Quantiles and futures of one criterion as stored beside its score: hundredths of a point, two bytes each.

    Empty where both are; either may be empty. Raises ValueError where their lengths are others than KNOTS and FUTURES.
    """
    if not evidence and not futures:
        return b""
    parts = (evidence or (0.0,) * len(KNOTS), futures or (0.0,) * FUTURES)
    if (len(parts[0]), len(parts[1])) != (len(KNOTS), FUTURES):
        raise ValueError(f"{len(KNOTS)} quantiles and {FUTURES} futures are needed")
    stored: npt.NDArray[np.int16] = np.round(np.array([*parts[0], *parts[1]]) * _SCALE).astype(_STORED)
    return stored.tobytes()


def _steps(random: np.random.Generator, draws: int, rows: int) -> ByteArray:
    """Which of the equally likely steps each draw takes, (draws, rows)."""
    found = np.empty((draws, rows), dtype=np.uint8)
    together = max(1, AT_ONCE // max(1, rows))
    for start in range(0, draws if rows else 0, together):  # how many are asked for at once is part of the stream
        part = found[start : start + together]
        part[:] = random.integers(0, STEPS, part.shape, dtype=np.uint8)
    return found


def _between(hundredths: SmallArray) -> FloatArray:
    """Equally likely values between the quantiles, (rows, KNOTS) in hundredths -> (rows, STEPS) in points."""
    quantiles = hundredths / _SCALE
    left = np.minimum(_MIDDLES.astype(np.intp), len(KNOTS) - 2)
    part = _MIDDLES - left
    return np.ascontiguousarray(quantiles[:, left] * (1 - part) + quantiles[:, left + 1] * part)


def _choose(table: FloatArray, drawn: ByteArray, at: IntArray, into: FloatArray) -> FloatArray:
    """Of each row of a table, (rows, values), the values at the positions drawn, (draws, rows); at: room for sums."""
    np.add(drawn, np.arange(len(table)) * table.shape[1], out=at)
    return table.ravel().take(at, out=into, mode="clip")
