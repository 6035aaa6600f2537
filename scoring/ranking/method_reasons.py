"""What stands behind a place: distances to the best and the worst, who outranks whom, which veto (METHOD 9)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.criteria.aggregation import scaled_columns
from scoring.criteria.distillation import distilled
from scoring.criteria.outranking import outranking_pairs

FloatArray = npt.NDArray[np.float64]

CREDIBLE = 0.75
"""Credibility from which one project is said to outrank another: three quarters of the weight, no veto against it."""


def distances(values: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """To the best and to the worst that is found on every criterion, in TOPSIS's own unit, (n,) each (METHOD 9).

    values: (n, criteria), more is better; weights: (criteria,). The distance to the worst over the sum of both is
    `topsis`. Raises ValueError as there.
    """
    scaled = scaled_columns(values, weights)
    to_best = np.sqrt(((scaled - scaled.max(axis=0)) ** 2).sum(axis=1))
    to_worst = np.sqrt(((scaled - scaled.min(axis=0)) ** 2).sum(axis=1))
    return to_best, to_worst


@dataclass(frozen=True, slots=True)
class Veto:
    other: int
    """Position of the project that it would outrank, were it not for the veto."""
    criterion: int
    """Column on which it is too far behind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outranking:
    """One project against the others by ELECTRE III, by position."""

    outranks: tuple[int, ...]
    """Those it credibly is at least as good as, and that are not as good as it."""
    outranked_by: tuple[int, ...]
    descending: int
    """Place when the best are taken first, 1 the best."""
    ascending: int
    """Place when the worst are taken first."""
    incomparable: tuple[int, ...]
    """Those that one of these orders puts before it and the other behind it."""
    vetoed: tuple[Veto, ...]
    """Enough weight speaks for it, but a veto stops it altogether: one for each such criterion."""


def outrankings(
    values: FloatArray,
    weights: FloatArray,
    *,
    indifference: FloatArray | float,
    preference: FloatArray | float,
    veto: FloatArray | float | None,
) -> tuple[Outranking, ...]:
    """Who outranks whom, what the distillations make of it, and where a veto alone stands against it (METHOD 9).

    values: (n, criteria), more is better; thresholds in their unit. Raises ValueError as `credibility`.
    """
    pairs = outranking_pairs(values, weights, indifference=indifference, preference=preference, veto=veto)
    credibility = pairs.credibility
    places, as_good = distilled(credibility), credibility >= CREDIBLE
    incomparable = places.incomparable
    np.fill_diagonal(as_good, val=False)
    stopped = (pairs.vetoes <= 0) & (pairs.agreed >= CREDIBLE)
    return tuple(
        Outranking(
            outranks=_where(as_good[at] & ~as_good[:, at]),
            outranked_by=_where(as_good[:, at] & ~as_good[at]),
            descending=int(places.descending[at]),
            ascending=int(places.ascending[at]),
            incomparable=_where(incomparable[at]),
            vetoed=tuple(Veto(other, column) for other, column in np.argwhere(stopped[:, at].T).tolist()),
        )
        for at in range(len(as_good))
    )


def _where(row: npt.NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(np.flatnonzero(row).tolist())
