"""How far those who score agree (METHOD 9)."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from scoring.result import Figure, Missing

FloatArray = npt.NDArray[np.float64]
Measurement = Literal["nominal", "ordinal", "interval", "ratio"]


def krippendorff_alpha(ratings: FloatArray, level: Measurement = "ordinal") -> Figure:
    """Krippendorff's alpha: 1 is full agreement, 0 what chance gives, below 0 worse (Krippendorff 2011; METHOD 9).

    ratings: (raters, things rated), NaN where a rater gave none. Things rated once or never do not count.
    Returns Missing('no-pairs') where nothing was rated twice, Missing('no-variation') where all ratings are the same.
    Raises ValueError for another level of measurement or shape, infinite ratings and negative ones on a ratio scale.
    """
    given = np.asarray(ratings, dtype=np.float64)
    if given.ndim != 2:  # noqa: PLR2004 -- rows and columns
        raise ValueError("ratings are needed as a table of raters and things rated")
    if np.isinf(given).any():
        raise ValueError("ratings must be finite, or NaN where there is none")
    paired = given[:, (~np.isnan(given)).sum(axis=0) > 1]
    values = np.unique(paired[~np.isnan(paired)])
    if not values.size:
        return Missing("no-pairs")
    if values.size == 1:
        return Missing("no-variation")
    counts = (paired.T[:, :, np.newaxis] == values).sum(axis=1).astype(np.float64)
    coincidences = _coincidences(counts)
    totals = coincidences.sum(axis=0)
    distance = _distances(values, totals, level)
    observed = float((coincidences * distance).sum())
    expected = float((np.outer(totals, totals) * distance).sum()) / (totals.sum() - 1)
    return float(1 - observed / expected)


def _coincidences(counts: FloatArray) -> FloatArray:
    """How often each pair of values stands together in one thing; each thing weighs as many ratings as it has.

    counts: (things, values).
    """
    partners = counts.sum(axis=1) - 1
    together = np.einsum("uv,uw->uvw", counts, counts)
    values = np.arange(counts.shape[1])
    together[:, values, values] -= counts
    return np.asarray((together / partners[:, np.newaxis, np.newaxis]).sum(axis=0))


def _distances(values: FloatArray, totals: FloatArray, level: Measurement) -> FloatArray:
    """Squared difference between each two values, as the level of measurement sees it."""
    if level == "nominal":
        return 1 - np.eye(len(values))
    if level == "ordinal":
        middle = np.cumsum(totals) - totals / 2
        return np.asarray((middle[:, np.newaxis] - middle) ** 2)
    difference = values[:, np.newaxis] - values
    if level == "interval":
        return np.asarray(difference**2)
    if level == "ratio":
        if (values < 0).any():
            raise ValueError("a ratio scale has no negative ratings")
        both = values[:, np.newaxis] + values
        return np.divide(difference, both, out=np.zeros_like(both), where=both > 0) ** 2
    raise ValueError("the level of measurement is nominal, ordinal, interval or ratio")


def mean_range(said: Sequence[Sequence[float]]) -> float | None:
    """The highest level less the lowest, as a mean over the items that two or more gave a level (METHOD 9).

    said: for each item the levels given, unknown ones left out. None where no item has two. What a meeting looks at
    first; how far a panel agrees beyond chance is `krippendorff_alpha`'s to say.
    """
    ranges = [max(levels) - min(levels) for levels in said if len(levels) > 1]
    return sum(ranges) / len(ranges) if ranges else None
