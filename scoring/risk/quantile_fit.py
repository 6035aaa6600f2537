"""Fit a three-point distribution to P10, P50 and P90 (METHOD 6)."""

from collections.abc import Callable

import numpy as np

from scoring.risk.marginals import Marginal
from scoring.risk.normal import FloatArray

_AT = np.array([0.1, 0.5, 0.9])


def fit_shape(shape: Callable[[float, float, float], Marginal], p10: float, p50: float, p90: float) -> Marginal | None:
    """The member of a family given by (low, mode, high) that has these quantiles; None where none is so skewed.

    Quantiles move with location and scale, so only where the mode lies between low and high is searched for:
    the share of [P10, P90] below P50 rises with it.
    """
    target = (p50 - p10) / (p90 - p10)
    left, right = 0.0, 1.0
    if not _share_below_median(shape, left) <= target <= _share_below_median(shape, right):
        return None
    for _ in range(60):
        middle = (left + right) / 2.0
        if _share_below_median(shape, middle) < target:
            left = middle
        else:
            right = middle
    mode = (left + right) / 2.0
    unit = _unit_quantiles(shape, mode)
    scale = (p90 - p10) / (unit[2] - unit[0])
    low = p10 - scale * unit[0]
    return shape(float(low), float(low + scale * mode), float(low + scale))


def _unit_quantiles(shape: Callable[[float, float, float], Marginal], mode: float) -> FloatArray:
    return shape(0.0, mode, 1.0).quantile(_AT)


def _share_below_median(shape: Callable[[float, float, float], Marginal], mode: float) -> float:
    q10, q50, q90 = _unit_quantiles(shape, mode)
    return float((q50 - q10) / (q90 - q10))
