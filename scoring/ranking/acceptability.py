"""Rank acceptability: how often each alternative takes each rank (METHOD 10, SMAA)."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def acceptability(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Share of weight draws in which each alternative takes each rank; ties share their ranks.

    values: (alternatives, indicators), more is better. weights: (draws, indicators).
    Returns (alternatives, ranks): rows and columns each sum to 1. Raises ValueError where shapes do not fit.
    """
    table, draws = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if table.ndim != 2 or draws.ndim != 2 or draws.shape[1] != table.shape[1] or not draws.size:  # noqa: PLR2004
        raise ValueError("values (alternatives, indicators) and weights (draws, indicators) must have equal columns")
    scores = draws @ table.T
    count = table.shape[0]
    shares = np.zeros((count, count))
    for row in scores:
        ordered = np.sort(row)[::-1]
        first = count - np.searchsorted(ordered[::-1], row, side="right")
        last = count - np.searchsorted(ordered[::-1], row, side="left")
        for alternative, (begin, end) in enumerate(zip(first, last, strict=True)):
            shares[alternative, begin:end] += 1 / (end - begin)
    return shares / len(scores)
