"""The range that a project's total keeps in 90 of 100 draws of what is not sure about it (METHOD 9, ADR 20)."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from scoring.criteria.aggregation import weighted_geometric_mean
from scoring.criteria.spreads import Spreads, written
from scoring.criteria_result import CriterionResult
from scoring.frameworks.aggregation import Method

FloatArray = npt.NDArray[np.float64]

DRAWS, SEED = 4_000, 20_211
"""So many that an end of the range is told to within 4% of the standard deviation (its standard error)."""
ENDS = (0.05, 0.95)
FULL = 100.0


def spreads_of(rows: Sequence[CriterionResult]) -> Spreads:
    """What one project's criteria are drawn from, as one project of `Spreads`."""
    return Spreads.read([[written(row.evidence, row.futures) for row in rows]], len(rows))


def drawn_shifts(rows: Sequence[CriterionResult], draws: int, seed: int = SEED) -> FloatArray | None:
    """What evidence and futures move each criterion by in every draw, (draws, criteria); None where nothing does."""
    shifts = spreads_of(rows).drawn(draws, seed)
    return None if shifts is None else shifts[:, 0]


def totals_of(values: FloatArray, shifts: FloatArray | None, weights: FloatArray, method: Method) -> FloatArray:
    """Totals, (draws,), of drawn criterion scores, (draws, criteria), moved by the shifts and kept from 0 to 100.

    weights: (criteria,), or (draws, criteria) that are drawn too. method: of the total (METHOD 9).
    """
    moved = values if shifts is None else np.clip(values + shifts, 0.0, FULL)
    if method is Method.WEIGHTED_GEOMETRIC_MEAN and (weights > 0).any():
        if weights.ndim == 1:
            return weighted_geometric_mean(moved, weights)
        with np.errstate(divide="ignore"):
            return np.asarray(np.exp((weights * np.log(moved)).sum(axis=1) / weights.sum(axis=1)))
    return np.asarray((moved * weights).sum(axis=1))


def drawn_totals(rows: Sequence[CriterionResult], method: Method, draws: int = DRAWS, seed: int = SEED) -> FloatArray:
    """The total in every draw, (draws,), at the criteria's own weights (METHOD 9, 10).

    What is unknown of a criterion is uniform between its worst and its best; its evidence and the project's futures
    come on top. method: of the total. The same for the same seed.
    """
    low, high, weights = (np.array([getattr(row, name) for row in rows]) for name in ("low", "high", "weight"))
    values = low + (high - low) * np.random.default_rng(seed).random((draws, len(rows)))
    return totals_of(values, drawn_shifts(rows, draws, seed), weights, method)


def score_range(rows: Sequence[CriterionResult], method: Method, total: float | None) -> tuple[float, float]:
    """The total at 5% and 95% of the draws; it always holds the point total, as a rank's range holds the rank."""
    low, high = (float(value) for value in np.quantile(drawn_totals(rows, method), ENDS))
    return (low, high) if total is None else (min(low, total), max(high, total))
