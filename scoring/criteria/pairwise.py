"""Weights from pairwise comparison (AHP, METHOD 9)."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

RANDOM_INDEX = (0.0, 0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
"""Mean consistency index of random judgements by size of the matrix (Saaty 1980)."""
LARGEST = len(RANDOM_INDEX) - 1
RECIPROCAL_TOLERANCE = 0.02
"""1/3 is typed as 0.33: a product of 0.99 is still taken for 1."""


def ahp_priorities(matrix: FloatArray) -> tuple[FloatArray, float]:
    """Weights by the principal eigenvector, and Saaty's consistency ratio (METHOD 9).

    matrix: (n, n), entry [i, j] says how many times i matters as much as j; [j, i] is its reciprocal. n from 1 to 10.
    Returns ((n,) summing to 1, ratio). A ratio above 0.10 calls for looking at the judgements again; for n < 3 it is 0.
    Raises ValueError where the matrix is not square, positive and reciprocal or larger than 10.
    """
    given = np.asarray(matrix, dtype=np.float64)
    _check(given)
    size = len(given)
    values, vectors = np.linalg.eig(given)
    largest = int(np.argmax(values.real))
    weights: FloatArray = np.abs(vectors[:, largest].real)
    weights /= weights.sum()
    if RANDOM_INDEX[size] == 0:
        return weights, 0.0
    index = (float(values[largest].real) - size) / (size - 1)
    return weights, max(0.0, index / RANDOM_INDEX[size])


def _check(matrix: FloatArray) -> None:
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:  # noqa: PLR2004 -- rows and columns
        raise ValueError("a square matrix of comparisons is needed")
    if len(matrix) > LARGEST:
        raise ValueError(f"at most {LARGEST} things can be compared at once; compare them in groups")
    missing = np.argwhere(np.isnan(matrix))
    if missing.size:
        first, second = (missing[0] + 1).tolist()
        raise ValueError(f"the comparison of {first} with {second} is missing; every pair must be compared")
    if not (np.isfinite(matrix).all() and (matrix > 0).all()):
        raise ValueError("comparisons must be finite and above 0")
    if (np.abs(matrix * matrix.T - 1) > RECIPROCAL_TOLERANCE).any():
        raise ValueError("each comparison must be the reciprocal of the opposite one")
