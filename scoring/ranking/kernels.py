"""How often each alternative takes each place over many draws, in compiled code: import it where it is needed."""

import numpy as np
import numpy.typing as npt

from scoring.compiled import compiled

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
CountArray = npt.NDArray[np.int32]
SmallArray = npt.NDArray[np.uint16]

TOGETHER = 32
"""Places whose counts are made at once: so many stay in the near cache."""


@compiled
def stand(rows: FloatArray, bits: IntArray, nobody: int, tie: float, standing: SmallArray, shared: FloatArray) -> None:
    """Say who stands at each place of each draw, and share among those that stand level the places that they take.

    rows: (draws, n), sorted upwards; neighbours closer than `tie`, relative to the largest of the draw, stand level.
    bits: those of rows, of which the last ones, those set in `nobody`, say who it is. standing: (draws, n), where
    `nobody` is written for all that stand level. shared: (n, n + 1), to which each one's part is added at the first
    place of its tie and taken away behind the last one.
    """
    draws, count = rows.shape
    for draw in range(draws):
        row, of_row, here = rows[draw], bits[draw], standing[draw]
        same = tie * max(1.0, abs(row[0]), abs(row[count - 1]))
        level = 0
        for place in range(count):
            here[place] = of_row[place] & nobody
        for place in range(1, count):
            level += row[place] - row[place - 1] <= same
        first = 0
        while level > 0 and first < count:
            end = first + 1
            while end < count and row[end] - row[end - 1] <= same:
                end += 1
            if end > first + 1:
                for place in range(first, end):
                    shared[here[place], first] += 1 / (end - first)
                    shared[here[place], end] -= 1 / (end - first)
                    here[place] = nobody
            first = end


@compiled
def count(standing: SmallArray, counts: CountArray) -> None:
    """Add to counts, (places, alternatives and nobody), who stands where, (draws, places)."""
    draws, places = standing.shape
    for start in range(0, places, TOGETHER):
        end = min(start + TOGETHER, places)
        for draw in range(draws):
            for place in range(start, end):
                counts[place, standing[draw, place]] += 1
