"""Weights drawn from all that are allowed: within bounds, in an order of importance, around given ones (METHOD 10)."""

import numpy as np
import numpy.typing as npt

from scoring.ranking.intervals import CONCENTRATION, SEED, dirichlet
from scoring.ranking.weight_limits import ROUNDING, WeightLimits, WeightRegion, weight_region

FloatArray = npt.NDArray[np.float64]

TRIAL = 2_000
"""Draws that show which share of them keeps to the limits."""
LEAST_KEPT = 0.05
"""Below this share the limits are walked inside instead of thrown at."""
CHAINS, BURN_IN, THINNING = 500, 20, 2
"""Walks side by side; their steps before the first draw and between two, for each criterion."""


def sample_weights(
    criteria: int,
    draws: int,
    *,
    around: FloatArray | None = None,
    concentration: float = CONCENTRATION,
    limits: WeightLimits | None = None,
    seed: int = SEED,
) -> FloatArray:
    """Weights that sum to 1, (draws, criteria), the same for the same seed (METHOD 10; Lahdelma & Salminen 2001).

    Uniform over all weights, or from a Dirichlet around given ones (criteria,), conditioned on the limits. Where
    few draws would keep to them, they come from walks inside (hit-and-run: Smith 1984; Metropolis steps for the
    Dirichlet), which are spread alike but not independent.
    Raises ValueError where limits do not fit or no weights keep to them, where there is nothing to draw, and where
    weights to draw around are negative or sum to 0.
    """
    if criteria < 1 or draws < 1:
        raise ValueError("at least one criterion and one draw are needed")
    shares = None if around is None else _shares(around, criteria)
    if shares is not None and not 0 < concentration < np.inf:
        raise ValueError("the concentration must be above 0")
    alpha = np.ones(criteria) if shares is None else concentration * np.maximum(shares, ROUNDING)
    random = np.random.default_rng(seed)
    if limits is None:
        return _thrown(alpha, draws, random)
    region = weight_region(limits, criteria)
    # Uniform weights may be put in order, which loses none of them: all orders of a draw are equally likely.
    sort = region.order if shares is None else ()
    thrown = _thrown(alpha, TRIAL, random, sort)
    kept = thrown[region.contains(thrown)]
    if len(kept) < LEAST_KEPT * TRIAL:
        return _walked(region if shares is None else region.without(shares <= 0), alpha, draws, random)
    while len(kept) < draws:
        thrown = _thrown(alpha, TRIAL, random, sort)
        kept = np.vstack([kept, thrown[region.contains(thrown)]])
    return kept[:draws]


def _shares(around: FloatArray, criteria: int) -> FloatArray:
    given = np.asarray(around, dtype=np.float64)
    if given.shape != (criteria,) or not np.isfinite(given).all() or (given < 0).any() or given.sum() <= 0:
        raise ValueError("weights to draw around must be 0 or more, one for each criterion, and one above 0")
    shares: FloatArray = given / given.sum()
    return shares


def _thrown(alpha: FloatArray, draws: int, random: np.random.Generator, sort: tuple[int, ...] = ()) -> FloatArray:
    """Draws of a Dirichlet; the weights of the criteria in `sort` are given to them in falling order."""
    total = float(alpha.sum())
    drawn = dirichlet(alpha / total, total, draws, random)
    drawn[:, sort] = -np.sort(-drawn[:, sort], axis=1)
    return drawn


def _walked(region: WeightRegion, alpha: FloatArray, draws: int, random: np.random.Generator) -> FloatArray:
    """Draws from walks that start in the middle and step along random lines inside the limits."""
    criteria = len(region.low)
    chains = min(CHAINS, draws)
    here = np.tile(region.middle, (chains, 1))
    free = np.flatnonzero(region.high - region.low > ROUNDING)
    for _ in range(BURN_IN * criteria):
        here = _step(here, free, region, alpha, random)
    found = [here]
    while len(found) * chains < draws:
        for _ in range(THINNING * criteria):
            here = _step(here, free, region, alpha, random)
        found.append(here)
    return np.vstack(found)[:draws]


def _step(
    here: FloatArray, free: npt.NDArray[np.intp], region: WeightRegion, alpha: FloatArray, random: np.random.Generator
) -> FloatArray:
    """One step of every walk: a random line through it that keeps the sum, and a point on its part inside."""
    if len(free) < 2:  # noqa: PLR2004 -- with one free criterion the sum fixes it
        return here
    line = np.zeros_like(here)
    line[:, free] = random.standard_normal((len(here), len(free)))
    line[:, free] -= line[:, free].mean(axis=1, keepdims=True)
    room = np.hstack([here - region.low, region.high - here, here @ region.rises.T])
    speed = np.hstack([line, -line, line @ region.rises.T])
    with np.errstate(divide="ignore", invalid="ignore"):
        times = -room / speed
    forward = np.where(speed < 0, times, np.inf).min(axis=1)
    back = np.where(speed > 0, times, -np.inf).max(axis=1)
    there = here + (back + (forward - back) * random.random(len(here)))[:, np.newaxis] * line
    there = np.clip(there, region.low, region.high)
    return np.where(_accepted(here, there, alpha, random)[:, np.newaxis], there, here)


def _accepted(
    here: FloatArray, there: FloatArray, alpha: FloatArray, random: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """Metropolis: a step to a less likely point is taken as often as its density is of that here."""
    if (alpha == 1).all():
        return np.ones(len(here), dtype=np.bool_)
    tiny = np.finfo(np.float64).tiny
    gain = (np.log(np.maximum(there, tiny)) - np.log(np.maximum(here, tiny))) @ (alpha - 1)
    return np.asarray(np.log(np.maximum(random.random(len(here)), tiny)) <= gain)
