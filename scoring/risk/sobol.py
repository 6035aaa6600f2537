"""Scrambled Sobol' points, in compiled code that lets other threads run (METHOD 6).

The direction numbers are those of scipy (Joe and Kuo 2008), read off its unscrambled points. The scramble is a random
lower triangular matrix over the bits of each dimension and a digital shift (Matoušek 1998): the points remain a net,
and every point is uniform. scipy's own holds the interpreter's lock for most of what the draws of a small project cost.
"""

from functools import lru_cache
from math import ceil, log2

import numpy as np
from numpy.typing import NDArray

from scoring.compiled import compiled
from scoring.risk.normal import FloatArray

MOST_DIMENSIONS = 21_201
"""Dimensions the direction numbers reach to."""
BITS = 30
"""Of each coordinate; more points than 2^30 are never asked for."""

FINEST = 52
"""Bits of the shift: half of its last one still fits a float."""

IntArray = NDArray[np.uint64]


def sobol(generator: np.random.Generator, size: int, dimensions: int) -> FloatArray:
    """The first `size` points of a scrambled net, (size, dimensions), in (0, 1). Raises ValueError on too many."""
    if dimensions > MOST_DIMENSIONS:
        raise ValueError(f"At most {MOST_DIMENSIONS} dimensions, not {dimensions}")
    directions = _directions(max(ceil(log2(size)), 1), dimensions)
    rows = generator.integers(0, 2**BITS, (dimensions, BITS), dtype=np.uint64)
    shift = generator.integers(0, 2**FINEST, dimensions, dtype=np.uint64)
    points = np.empty((size, dimensions))
    _fill(_scrambled(directions, rows), shift, points)
    return points


@lru_cache(maxsize=64)
def _directions(bits: int, dimensions: int) -> IntArray:
    """(bits, dimensions): point n of the net is the sum without carry of those at the ones of n's Gray code."""
    from scipy.stats import qmc  # noqa: PLC0415

    engine = qmc.Sobol(max(dimensions, 1), scramble=False, bits=BITS)
    ordered = (engine.random_base2(bits)[:, :dimensions] * 2.0**BITS).astype(np.uint64)
    # The Gray code of 2^k has the bits k and k-1.
    directions: IntArray = ordered[2 ** np.arange(bits)]
    for bit in range(1, bits):
        directions[bit] ^= directions[bit - 1]
    directions.setflags(write=False)
    return directions


@compiled
def _scrambled(directions: IntArray, rows: IntArray) -> IntArray:
    """Each direction number times the lower triangular matrix of its dimension, whose rows are `rows` (dims, BITS)."""
    one, result = np.uint64(1), np.zeros_like(directions)
    for bit in range(directions.shape[0]):
        for dimension in range(directions.shape[1]):
            for place in range(BITS):
                # The place-th bit from the top depends on itself and on those above it.
                above = np.uint64(BITS - 1 - place)
                row = (rows[dimension, place] >> above | one) << above
                both = row & directions[bit, dimension]
                parity = np.uint64(0)
                while both:
                    both &= both - one
                    parity ^= one
                result[bit, dimension] |= parity << above
    return result


@compiled
def _fill(directions: IntArray, shift: IntArray, points: FloatArray) -> None:
    """Walk the net in the order of Gray codes: one direction number changes from each point to the next."""
    size, dimensions = points.shape
    state = np.zeros(dimensions, np.uint64)
    left = np.uint64(FINEST - BITS)
    for n in range(size):
        if n > 0:
            bit, rest = 0, n
            while rest & 1 == 0:
                rest >>= 1
                bit += 1
            for dimension in range(dimensions):
                state[dimension] ^= directions[bit, dimension]
        for dimension in range(dimensions):
            # In the middle of the finest cell, so that no coordinate is 0 or 1.
            points[n, dimension] = (np.float64((state[dimension] << left) ^ shift[dimension]) + 0.5) * 2.0**-FINEST
