"""The total as a geometric mean of the criteria, and what their unevenness takes from each (METHOD 9)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from scoring.criteria.aggregation import weighted_geometric_mean
from scoring.criteria.contributions import geometric_mean_parts
from scoring.criteria_result import CriterionResult
from scoring.figure import Missing

FULL = 100.0


def geometric_mean(scores: Sequence[float], weights: Sequence[float]) -> float:
    """Of criterion scores, 0-100: the product of score^weight, weights made to sum to 1; 0 where one of them is 0."""
    return min(FULL, float(weighted_geometric_mean(np.array([scores]), np.array(weights))[0]))


def uneven(by_criterion: Mapping[str, CriterionResult]) -> dict[str, CriterionResult]:
    """The criteria with what their unevenness takes away, so that contributions add up to the geometric mean.

    by_criterion: with the contributions of a weighted sum. Criteria without an answer stay as they are: the mean is
    that of the others, whose weights share theirs. A criterion of weight w and score s bears
    w (s - G - G ln(s / G)) for a mean G, which is 0 where s = G and never negative; where a score of 0 makes the mean
    0, each loses all it gave.
    """
    known = {name: row for name, row in by_criterion.items() if not isinstance(row.contribution, Missing)}
    if not any(row.weight > 0 for row in known.values()):
        return dict(by_criterion)
    scores = np.array([[0.0 if isinstance(row.score, Missing) else row.score for row in known.values()]])
    parts = geometric_mean_parts(scores, np.array([row.weight for row in known.values()]))[0].tolist()
    return {**by_criterion, **{name: _lowered(known[name], part) for name, part in zip(known, parts, strict=True)}}


def _lowered(row: CriterionResult, part: float) -> CriterionResult:
    plain = 0.0 if isinstance(row.contribution, Missing) else row.contribution
    return replace(row, contribution=part, adjustment=min(0.0, part - plain))
