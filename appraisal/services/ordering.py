"""The order a framework's own method gives the portfolio's projects (METHOD 9, 10)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from appraisal.models import RunCriterion
from appraisal.services.portfolio_rows import CriterionScore
from scoring.criteria.spreads import Spreads
from scoring.frameworks import Aggregation, Method
from scoring.ranking import RankDraws, RankInterval, rank_draws, rank_intervals
from scoring.ranking.methods import (
    Standing,
    drawn_around,
    drawn_method_scores,
    draws_for,
    method_draws,
    method_rank_intervals,
    standing,
)
from scoring.ranking.reweighting import UNSCORED

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """Projects in one order of rows: their criteria's scores, known or not."""

    stated: Aggregation
    criteria: tuple[str, ...]
    points: FloatArray
    """(n, criteria), NaN where a criterion has no answer."""
    low: FloatArray
    high: FloatArray
    spreads: Spreads | None = None
    """What the scores are drawn from beside what is unknown; None where nothing is drawn."""

    @classmethod
    def of(
        cls,
        stated: Aggregation,
        projects: Sequence[Sequence[CriterionScore | RunCriterion]],
        order: tuple[str, ...] = (),
    ) -> "Contest":
        """Of what each project's run has by criterion, in the order given, else in the first project's."""
        order = order or (tuple(item.criterion for item in projects[0]) if projects else ())
        rows = [_in_order(items, order) for items in projects]
        points = [[np.nan if item.score is None else item.score for item in items] for items in rows]
        low, high = ([[getattr(item, name) for item in items] for items in rows] for name in ("low", "high"))
        shape = (len(rows), len(order))
        spreads = Spreads.read([[item.spread or b"" for item in items] for items in rows], len(order))
        known, least, most = (np.array(part, dtype=np.float64).reshape(shape) for part in (points, low, high))
        return cls(stated, order, known, least, most, spreads)

    def of_those(self, chosen: BoolArray) -> "Contest":
        """The same between some of the projects, (n,)."""
        spreads = None if self.spreads is None else self.spreads.of(chosen)
        return replace(self, points=self.points[chosen], low=self.low[chosen], high=self.high[chosen], spreads=spreads)

    def scores(self, weights: FloatArray, method: Method | None = None) -> FloatArray:
        """What ranks them by the framework's method, or by another one: (n,), NaN where nothing is answered."""
        return self.standing(weights, method or self.stated.method).scores

    def standing(self, weights: FloatArray, method: Method) -> Standing:
        """How one method sees them under these weights."""
        return standing(method, self.stated, self.criteria, self.points, self.low, self.high, weights)

    def drawn(self, weights: FloatArray, method: Method | None = None) -> FloatArray:
        """Scores by the method under each set of drawn weights, and in each draw of the scores."""
        by = method or self.stated.method
        return drawn_method_scores(by, self.stated, self.criteria, self.low, self.high, weights, spreads=self.spreads)

    def draws(self, weights: FloatArray, draws: int | None = None) -> RankDraws:
        """What `intervals` tells ranks by around these weights; `draws` where others than its number are asked for."""
        method = self.stated.method
        if method is Method.WEIGHTED_SUM:
            return rank_draws(self.low, self.high, weights, spreads=self.spreads, draws=draws)
        most = draws_for(method, len(self.points))
        drawn = drawn_around(weights, most if draws is None else min(draws, most))
        return method_draws(drawn, self.drawn(drawn))

    def intervals(
        self,
        scores: FloatArray,
        weights: FloatArray,
        *,
        costs: FloatArray | None = None,
        budget: float | FloatArray | None = None,
        eligible: BoolArray | None = None,
    ) -> tuple[RankInterval, ...]:
        """Ranks by these scores with how sure they are, around these weights, (criteria,) or (n, criteria)."""
        method = self.stated.method
        if method is Method.WEIGHTED_SUM:
            point = np.where(np.isnan(scores), UNSCORED, scores)
            return rank_intervals(
                self.low,
                point,
                self.high,
                weights,
                costs=costs,
                budget=budget,
                eligible=eligible,
                spreads=self.spreads,
            )
        drawn = self.drawn(drawn_around(weights, draws_for(method, len(self.points))))
        return method_rank_intervals(scores, drawn, costs=costs, budget=budget, eligible=eligible)


def _in_order(
    items: Sequence[CriterionScore | RunCriterion], order: tuple[str, ...]
) -> Sequence[CriterionScore | RunCriterion]:
    """Most are already."""
    stands = all(item.criterion == key for item, key in zip(items, order, strict=True))
    return items if stands else sorted(items, key=lambda item: order.index(item.criterion))
