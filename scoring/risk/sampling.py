"""Points of the unit cube that depend on the project's reference and the seed alone (METHOD 6, 12)."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from math import ceil, log2

import numpy as np

from scoring.risk.normal import FloatArray

REPLICATES = 10
"""Independent scrambles: the spread of an estimate between them is its Monte Carlo standard error."""
_SOBOL_DIMENSIONS = 21_201
"""Dimensions the direction numbers of the Sobol' sequence reach to (Joe and Kuo 2008)."""


class Sampler(StrEnum):
    SOBOL = "sobol"
    PSEUDO_RANDOM = "pseudo-random"


@dataclass(frozen=True, slots=True, eq=False)
class Replicate:
    """One scramble: `points` (n, dimensions) in (0, 1), and `key` for random numbers drawn by counter."""

    points: FloatArray
    key: np.uint64


def replicate_sizes(draws: int) -> tuple[int, ...]:
    """How many draws each replicate holds; they differ by one at most and add up to `draws`."""
    share, rest = divmod(draws, REPLICATES)
    return tuple(share + (index < rest) for index in range(REPLICATES))


def replicates(
    reference: str, seed: int, draws: int, dimensions: int, sampler: Sampler = Sampler.SOBOL
) -> Iterator[Replicate]:
    """Give the replicates one by one, so that memory holds one of them.

    Sobol' points by default (linear matrix scramble and digital shift), pseudo-random ones on request. The same
    arguments give the same bits in any process, however many run.
    """
    root = np.random.SeedSequence(int.from_bytes(sha256(f"{reference}\n{seed}".encode()).digest(), "big"))
    for size, child in zip(replicate_sizes(draws), root.spawn(REPLICATES), strict=True):
        generator = np.random.Generator(np.random.PCG64(child))
        key = np.uint64(generator.integers(0, 2**64, dtype=np.uint64))
        if sampler is Sampler.SOBOL:
            points = _sobol(generator, size, dimensions)
        else:
            points = generator.random((size, dimensions))
        # Scrambling can hit 0 exactly, whose normal score is infinite.
        yield Replicate(np.clip(points, 2.0**-53, 1.0 - 2.0**-53), key)


def _sobol(generator: np.random.Generator, size: int, dimensions: int) -> FloatArray:
    from scipy.stats import qmc  # noqa: PLC0415

    if dimensions > _SOBOL_DIMENSIONS:
        raise ValueError(f"At most {_SOBOL_DIMENSIONS} dimensions, not {dimensions}")
    engine = qmc.Sobol(max(dimensions, 1), scramble=True, rng=generator)
    points: FloatArray = engine.random_base2(ceil(log2(size)))[:size, :dimensions]
    return points
