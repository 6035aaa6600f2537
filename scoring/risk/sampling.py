"""Points of the unit cube that depend on the project's reference and the seed alone (METHOD 6, 12)."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

import numpy as np

from scoring.risk import normal
from scoring.risk.normal import FloatArray
from scoring.risk.sobol import sobol

REPLICATES = 10
"""Independent scrambles: the spread of an estimate between them is its Monte Carlo standard error."""


class Sampler(StrEnum):
    SOBOL = "sobol"
    PSEUDO_RANDOM = "pseudo-random"


@dataclass(frozen=True, slots=True, eq=False)
class Replicate:
    """One scramble: `scores` (n, normals), standard normal, `points` (n, the other dimensions) in (0, 1), and `key` for
    random numbers drawn by counter."""

    scores: FloatArray
    points: FloatArray
    key: np.uint64


def replicate_sizes(draws: int) -> tuple[int, ...]:
    """How many draws each replicate holds; they differ by one at most and add up to `draws`."""
    share, rest = divmod(draws, REPLICATES)
    return tuple(share + (index < rest) for index in range(REPLICATES))


def replicates(
    reference: str, seed: int, draws: int, dimensions: int, sampler: Sampler = Sampler.SOBOL, *, normals: int = 0
) -> Iterator[Replicate]:
    """Give the replicates one by one, so that memory holds one of them; the first `normals` dimensions come as scores.

    Sobol' points by default (linear matrix scramble and digital shift), pseudo-random ones on request. The same
    arguments give the same bits in any process, however many run.
    """
    root = np.random.SeedSequence(int.from_bytes(sha256(f"{reference}\n{seed}".encode()).digest(), "big"))
    for size, child in zip(replicate_sizes(draws), root.spawn(REPLICATES), strict=True):
        generator = np.random.Generator(np.random.PCG64(child))
        key = np.uint64(generator.integers(0, 2**64, dtype=np.uint64))
        if sampler is Sampler.SOBOL:
            points = sobol(generator, size, dimensions)
            scores, points = normal.score(points[:, :normals]), points[:, normals:]
        else:
            scores = generator.standard_normal((size, normals))
            points = np.maximum(generator.random((size, dimensions - normals)), 2.0**-53)
        yield Replicate(scores, points, key)
