"""Published figures of completed projects fitted by distributions of a factor on the plan (METHOD 6, PARAMETERS)."""

from functools import lru_cache
from statistics import NormalDist

import numpy as np

from scoring.parameters.reference_classes import (
    Bounds,
    CostOverrun,
    DemandRecord,
    Shape,
    Tail,
)
from scoring.risk.marginals import BodyAndTail, Lognormal, Marginal, Normal, Pareto, Point, Triangular, Truncated
from scoring.risk.normal import Z90

_score = NormalDist().inv_cdf


@lru_cache(maxsize=256)
def cost_factor(row: CostOverrun, tail: Tail, cap: float | None = None) -> Marginal:
    """Factor on planned capital cost (1 = as planned) that reproduces the row's published figures.

    cap: largest overrun as a fraction (20 = 2 000%); the file's where None. The published mean is kept at any cap, so
    a higher cap moves weight from the middle of the tail to its end.
    """
    if row.shape is Shape.LOGNORMAL:
        return _lognormal(row, tail.threshold)
    start = 1.0 + tail.threshold
    middle = 1.0 + row.body_mean
    body = Triangular(2.0 * middle - start, middle, start)
    end = _tail(start, 1.0 + row.tail_mean, 1.0 + (tail.cap if cap is None else cap))
    return BodyAndTail(body, end, row.share)


def demand_factor(row: DemandRecord) -> Marginal:
    """Use as a factor of its forecast, fitted as the row's `fit` says."""
    if row.overestimate_share is not None and row.mean_overestimate is not None:
        mu = -float(np.log1p(row.mean_overestimate))
        return Lognormal(mu, -mu / _score(row.overestimate_share))
    implied = [distance / _score(1.0 - share / 2.0) for distance, share in row.off_by]
    return Truncated(Normal(1.0, float(np.mean(implied))), 0.0, 2.0)


def bias_factor(bounds: Bounds) -> Marginal:
    """Factor with the uplift that is left, `upper`, as its mean and the lower bound at its tenth percentile.

    A point where the two are the same.
    """
    if bounds.upper <= bounds.lower:
        return Point(1.0 + bounds.lower)
    distance = float(np.log((1.0 + bounds.upper) / (1.0 + bounds.lower)))
    sigma = -Z90 + float(np.sqrt(Z90**2 + 2.0 * distance))
    return Lognormal(float(np.log1p(bounds.upper)) - sigma**2 / 2.0, sigma)


def shortfall_factor(bounds: Bounds) -> Marginal:
    """Factor on benefits with 1 - `upper` as its mean and 1 - `lower` at its ninetieth percentile; upper <= 0.5."""
    if bounds.upper <= bounds.lower:
        return Point(1.0 - bounds.lower)
    distance = float(np.log((1.0 - bounds.lower) / (1.0 - bounds.upper)))
    sigma = Z90 - float(np.sqrt(Z90**2 - 2.0 * distance))
    return Lognormal(float(np.log1p(-bounds.upper)) - sigma**2 / 2.0, sigma)


def _lognormal(row: CostOverrun, threshold: float) -> Lognormal:
    """Lognormal with mean 1 + `mean` and P(factor >= 1 + threshold) = `share`."""
    at = _score(row.share)
    distance = float(np.log((1.0 + row.mean) / (1.0 + threshold)))
    sigma = -at + float(np.sqrt(at**2 + 2.0 * distance))
    return Lognormal(float(np.log1p(row.mean)) - sigma**2 / 2.0, sigma)


def _tail(start: float, mean: float, cap: float) -> Marginal:
    """Pareto on [start, cap] with the given mean; a point where the mean is the start itself."""
    if mean <= start:
        return Point(start)
    if mean >= (cap - start) / float(np.log(cap / start)):
        raise ValueError(f"No Pareto tail from {start:g} to {cap:g} has the mean {mean:g}")
    left, right = 1e-6, 1e3
    for _ in range(200):
        alpha = float(np.sqrt(left * right))
        if Pareto(start, alpha, cap).mean > mean:
            left = alpha
        else:
            right = alpha
    return Pareto(start, float(np.sqrt(left * right)), cap)
