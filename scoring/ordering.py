"""Order found by sorting numbers that carry their position, which takes a third of the time of sorting positions.

It loads numba: import it where it is needed.
"""

import numpy as np
import numpy.typing as npt

from scoring.compiled import compiled

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def marks(count: int) -> int:
    """The last bits of a number in which a position from 0 to count - 1 is written; set in full, they are none."""
    return (1 << count.bit_length()) - 1


@compiled
def mark(bits: IntArray, last: int) -> None:
    """Write into the `last` bits of every number of each row, in place, where in the row it stands.

    bits: (rows, n), a view of finite numbers, each of which changes by less than 2n in 2^52 of itself.
    """
    for row in range(bits.shape[0]):
        for position in range(bits.shape[1]):
            bits[row, position] = (bits[row, position] & ~last) | position


def rising(numbers: FloatArray) -> tuple[IntArray, FloatArray]:
    """Positions of finite numbers, (n,), from the least to the greatest, and the numbers in that order.

    Equal ones stand in any order.
    """
    marked, last = np.array(numbers), marks(numbers.size)
    bits = marked.view(np.int64)
    mark(bits[np.newaxis], last)
    marked.sort()
    order: IntArray = bits & last
    found = numbers[order]
    if not (found[:-1] <= found[1:]).all():
        # Some differ in their last bits alone, and were sorted by position.
        order = np.argsort(numbers)
        found = numbers[order]
    return order, found
