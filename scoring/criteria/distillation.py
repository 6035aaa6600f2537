"""ELECTRE III's two distillations of a credibility matrix, and the partial order that both together give (METHOD 9).

Roy (1978); Figueira, Mousseau & Roy, ELECTRE methods, in Multiple Criteria Decision Analysis (2005).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.criteria.tables import FloatArray

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

SLOPE, INTERCEPT = -0.15, 0.30
"""Of the discrimination threshold s(c) = 0.30 - 0.15 c, by which one credibility must exceed another: Roy's own."""
ROUNDING = 1e-9
"""Credibilities that differ by no more are the same."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Distillation:
    """Two complete preorders of the same alternatives. Where they contradict each other, two are incomparable."""

    descending: IntArray
    """Places from the best downwards, (alternatives,): 1 the best, ties sharing the better place."""
    ascending: IntArray
    """The same from the worst upwards."""

    @property
    def preferred(self) -> BoolArray:
        """(alternatives, alternatives): the row's stands before the column's in one preorder, and in neither behind."""
        ahead, level = self._ahead
        return np.asarray((ahead[0] & (ahead[1] | level[1])) | (ahead[1] & level[0]))

    @property
    def incomparable(self) -> BoolArray:
        """(alternatives, alternatives): one stands before the other in one preorder, and behind it in the other."""
        ahead, _ = self._ahead
        return np.asarray((ahead[0] & ahead[1].T) | (ahead[1] & ahead[0].T))

    @property
    def scores(self) -> FloatArray:
        """Share of the others that it stands before, less the share that stands before it, as a mean of both preorders.

        (alternatives,), -1 to 1, summing to 0. Whoever is preferred has more. It orders the incomparable too, which the
        partial order does not.
        """
        ahead, _ = self._ahead
        return np.asarray((ahead.sum(axis=2) - ahead.sum(axis=1)).mean(axis=0) / max(1, len(self.descending) - 1))

    @property
    def _ahead(self) -> tuple[BoolArray, BoolArray]:
        places = np.stack([self.descending, self.ascending])
        return places[:, :, np.newaxis] < places[:, np.newaxis, :], places[:, :, np.newaxis] == places[:, np.newaxis, :]


def distilled(credibility: FloatArray) -> Distillation:
    """Distil a credibility matrix from above and from below.

    credibility: (alternatives, alternatives), 0 to 1. At a level one outranks another where that is more credible than
    the level, and than the reverse by more than s. Those with the most outranked less outranking (from below: the
    least) are compared again at the next level, the greatest credibility between them that is below the present one by
    more than s, until one is left or the level is 0; then the others begin anew. Raises ValueError where the matrix is
    not square or not within 0 and 1.
    """
    from scoring.criteria.kernels import distil  # noqa: PLC0415 -- loads numba

    table = np.asarray(credibility, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] != table.shape[1]:  # noqa: PLR2004 -- rows and columns
        raise ValueError("a credibility for every pair is needed")
    if not ((table >= 0) & (table <= 1 + ROUNDING)).all():
        raise ValueError("credibilities lie between 0 and 1")
    clearly = np.where(table > table.T + INTERCEPT + SLOPE * table + ROUNDING, table, 0.0)
    return Distillation(
        descending=distil(table, clearly, 1, (INTERCEPT, SLOPE), ROUNDING),
        ascending=distil(table, clearly, -1, (INTERCEPT, SLOPE), ROUNDING),
    )
