"""Dependence between drivers: a Gaussian copula from rank correlations (METHOD 6)."""

from dataclasses import dataclass

import numpy as np

from scoring.risk.normal import FloatArray

_SMALLEST_EIGENVALUE = 1e-10
"""A repaired matrix keeps this much in every direction, so that its Cholesky factor exists."""
_ROUNDING = 1e-8
"""A change this small makes room for rounding and is no repair."""
_STEPS, _CONVERGED = 1000, 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Copula:
    """`factor` (k, k) lower triangular turns independent standard normal scores into correlated ones."""

    factor: FloatArray
    largest_repair: float
    """Largest change of a normal correlation that made the matrix valid; 0 where it was."""


def normal_from_spearman(spearman: FloatArray) -> FloatArray:
    """Correlation of the normal scores that gives these rank correlations: 2 sin(pi r / 6) (Pearson 1907)."""
    return np.asarray(2.0 * np.sin(np.pi * np.asarray(spearman) / 6.0))


def spearman_from_normal(correlation: FloatArray) -> FloatArray:
    """Rank correlation of a Gaussian copula: (6/pi) asin(rho / 2)."""
    return np.asarray(6.0 / np.pi * np.arcsin(np.asarray(correlation) / 2.0))


def copula(spearman: FloatArray) -> Copula:
    """Gaussian copula with these rank correlations (k, k), repaired where no joint distribution has them."""
    asked = normal_from_spearman(spearman)
    np.fill_diagonal(asked, 1.0)
    if float(np.linalg.eigvalsh(asked)[0]) >= _SMALLEST_EIGENVALUE:
        return Copula(np.asarray(np.linalg.cholesky(asked), dtype=np.float64), 0.0)
    repaired = nearest_correlation(asked)
    change = float(np.abs(repaired - asked).max())
    return Copula(np.asarray(np.linalg.cholesky(repaired), dtype=np.float64), change if change > _ROUNDING else 0.0)


def nearest_correlation(matrix: FloatArray) -> FloatArray:
    """Nearest correlation matrix (k, k) in the Frobenius norm: alternating projections with Dykstra's correction.

    Higham (2002), "Computing the nearest correlation matrix", IMA J. Numer. Anal. 22. The last step mixes in as
    little of the identity as leaves every eigenvalue positive.
    """
    current, correction = matrix.copy(), np.zeros_like(matrix)
    for _ in range(_STEPS):
        shifted = current - correction
        projected = _onto_semidefinite(shifted)
        correction = projected - shifted
        following = projected.copy()
        np.fill_diagonal(following, 1.0)
        change = float(np.abs(following - current).max())
        current = following
        if change < _CONVERGED:
            break
    smallest = float(np.linalg.eigvalsh(current)[0])
    if smallest < _SMALLEST_EIGENVALUE:
        mix = (_SMALLEST_EIGENVALUE - smallest) / (1.0 - smallest)
        current = (1.0 - mix) * current + mix * np.eye(len(current))
    return current


def _onto_semidefinite(matrix: FloatArray) -> FloatArray:
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2.0)
    projected = (vectors * np.maximum(values, 0.0)) @ vectors.T
    return np.asarray((projected + projected.T) / 2.0)
