"""Exact rank acceptability for two or three criteria: lengths and areas instead of draws (METHOD 10, SMAA-2).

Two alternatives change places along a line through the weights. The lines cut what is allowed, a segment or a polygon,
into convex cells inside which nobody changes places.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from scoring.ranking.acceptability import rank_shares
from scoring.ranking.smaa import NEVER_FIRST
from scoring.ranking.ties import rounding
from scoring.ranking.weight_limits import WeightLimits, WeightRegion, weight_region
from scoring.result import Missing

FloatArray = npt.NDArray[np.float64]

MOST_ALTERNATIVES = 12
"""Of n alternatives up to n^4/8 cells come; more are answered well enough by draws."""
CORNERS = 1e-12
"""Weights that differ by less are the same corner."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExactAcceptability:
    shares: FloatArray
    """(alternatives, ranks): share of all allowed weights that give each rank; rows and columns sum to 1."""
    central: tuple[FloatArray | Missing, ...]
    """Mean of the weights that put each alternative first, (criteria,), or Missing('never-first')."""


def exact_acceptability(values: FloatArray, limits: WeightLimits | None = None) -> ExactAcceptability:
    """Acceptabilities and central weights over all allowed weights alike (Lahdelma & Salminen 2001; METHOD 10).

    values: (alternatives, criteria), more is better, of two or three criteria and up to 12 alternatives. Ties that hold
    at every weight share their ranks. Raises ValueError for another number, where a value is not finite, where no
    weights keep to the limits, and where those that do have no extent.
    """
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] not in (2, 3) or not 1 <= len(table) <= MOST_ALTERNATIVES:  # noqa: PLR2004
        raise ValueError(f"exact shares need two or three criteria and from 1 to {MOST_ALTERNATIVES} alternatives")
    if not np.isfinite(table).all():
        raise ValueError("values must be finite")
    cells = [_allowed(weight_region(limits or WeightLimits(), table.shape[1]))]
    whole, _ = _extent(cells[0])
    if whole <= 0:
        raise ValueError("the limits leave single weights only, over which there are no shares")
    same = rounding(table)
    for first, second in combinations(table, 2):
        if np.abs(first - second).max() > same:
            cells = [part for cell in cells for part in (_cut(cell, first - second), _cut(cell, second - first))]
            cells = [cell for cell in cells if _extent(cell)[0] > CORNERS * whole]
    return _summed(table, cells)


def _summed(table: FloatArray, cells: list[FloatArray]) -> ExactAcceptability:
    found = [_extent(cell) for cell in cells]
    extents = np.array([extent for extent, _ in found]) / sum(extent for extent, _ in found)
    middles = np.array([middle for _, middle in found])
    ranks = np.stack([rank_shares(scores[np.newaxis]) for scores in middles @ table.T])
    first = extents[:, np.newaxis] * ranks[:, :, 0]
    sums, times = first.T @ middles, first.sum(axis=0)
    return ExactAcceptability(
        shares=np.asarray(np.tensordot(extents, ranks, axes=1)),
        central=tuple(NEVER_FIRST if times[at] <= 0 else sums[at] / times[at] for at in range(len(table))),
    )


def _allowed(region: WeightRegion) -> FloatArray:
    """Corners of the region in their order around it, (corners, criteria)."""
    criteria = len(region.low)
    corners = np.eye(criteria)
    # As the weights sum to 1, a bound is a plane through 0 as well: w_k >= b is w_k - b (w_1 + ... ) >= 0.
    sides = [*(np.eye(criteria) - region.low[:, np.newaxis]), *(region.high[:, np.newaxis] - np.eye(criteria))]
    for side in (*sides, *region.rises):
        corners = _cut(corners, side)
    return corners


def _cut(corners: FloatArray, side: FloatArray) -> FloatArray:
    """The part of a cell where side times the weights is 0 or more (Sutherland & Hodgman 1974)."""
    if not len(corners):
        return corners
    height = corners @ side
    height[np.abs(height) <= CORNERS * np.abs(side).max()] = 0.0
    kept = []
    for at in range(len(corners)):
        here, before = height[at], height[at - 1]
        if here * before < 0:
            kept.append((corners[at - 1] * here - corners[at] * before) / (here - before))
        if here >= 0:
            kept.append(corners[at])
    cut = np.array(kept).reshape(-1, corners.shape[1])
    # A segment is gone round there and back: both its crossings are the same.
    return cut[np.unique(cut.round(15), axis=0, return_index=True)[1]] if corners.shape[1] == 2 else cut  # noqa: PLR2004


def _extent(corners: FloatArray) -> tuple[float, FloatArray]:
    """Length or area of a cell, and its centroid."""
    if len(corners) < corners.shape[1]:
        return 0.0, np.zeros(corners.shape[1])
    if corners.shape[1] == 2:  # noqa: PLR2004 -- a segment
        return float(np.ptp(corners[:, 0])), corners.mean(axis=0)
    start, edges = corners[0], (corners[1:] - corners[0])[:, :2]
    areas = np.abs(edges[:-1, 0] * edges[1:, 1] - edges[:-1, 1] * edges[1:, 0]) / 2
    if areas.sum() <= 0:
        return 0.0, start
    middles = (start + corners[1:-1] + corners[2:]) / 3
    return float(areas.sum()), np.asarray(areas @ middles / areas.sum())
