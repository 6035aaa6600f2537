"""The standard normal distribution on arrays; scipy is imported on first use, so that importing this stays cheap."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

Z90 = 1.2815515655446004
"""Score of probability 0.9."""


def score(probability: FloatArray) -> FloatArray:
    """The inverse of `probability_of`, any shape."""
    from scipy.special import ndtri  # noqa: PLC0415

    return np.asarray(ndtri(probability), dtype=np.float64)


def probability_of(scores: FloatArray) -> FloatArray:
    """P(Z <= score), any shape."""
    from scipy.special import ndtr  # noqa: PLC0415

    return np.asarray(ndtr(scores), dtype=np.float64)
