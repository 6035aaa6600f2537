"""The portfolio under other weights, budgets and pins: nothing here is stored (METHOD 10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from appraisal.services.arena import Arena, Contradiction, framework_weights
from appraisal.services.changes import Change, changes_between
from appraisal.services.ordering import Contest
from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.services.ranking import Portfolio, index_line
from appraisal.services.yearly_calls import Calls
from forms.what_if import WhatIf
from scoring.criteria.aggregation import weighted_geometric_mean
from scoring.frameworks import Method
from scoring.ranking.reweighting import Field, funded_by_rank, point_scores

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration:
    what_if: WhatIf
    calls: Mapping[str, Calls]
    """By reference, where they were needed."""
    weights: Mapping[str, float]
    """By criterion, 0-1: as explored, or the framework's."""
    own_weights: Mapping[str, float]
    budget: Decimal | None
    """In the round's unit; None where no round is open."""
    budget_before: Decimal | None
    """The baseline's."""
    portfolio: Portfolio
    """As explored; its rows are everyone, by rank."""
    before: Portfolio
    """The baseline: the record, or what another what-if makes of it."""
    against: WhatIf
    """The baseline's what-if; empty where it is the record."""
    changes: tuple[Change, ...]
    contradictions: tuple[Contradiction, ...]

    def places_gained(self, row: PortfolioRow) -> int:
        """By which a row is better than in the baseline; negative where it is worse."""
        return self.before.by_reference[row.reference].rank - row.rank

    @property
    def differs(self) -> bool:
        """Whether this is something else than the baseline."""
        return self.what_if.changes != self.against.changes

    @property
    def entering(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.enters)

    @property
    def leaving(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if not change.enters)


def explore(
    portfolio: Portfolio, what_if: WhatIf, calls: Mapping[str, Calls] | None = None, against: WhatIf | None = None
) -> Exploration:
    """Rank and fund again as the what-if says. `calls` by reference are needed where it caps a year.

    against: what the changes are told from, where that is not the record.
    """
    own, base = framework_weights(portfolio), WhatIf() if against is None else against
    weights, before = _weights(own, what_if), _weights(own, base)
    found = Exploration(
        what_if=what_if,
        against=base,
        calls=calls or {},
        weights=weights,
        own_weights=own,
        budget=_budget(portfolio, what_if),
        budget_before=_budget(portfolio, base),
        portfolio=portfolio,
        before=portfolio,
        changes=(),
        contradictions=(),
    )
    if not (what_if.explores or base.explores) or not portfolio.everyone:
        return found
    arenas = tuple(Arena(portfolio, each, found.calls) for each in (base, what_if))
    was, now = (
        _reranked(portfolio, arena, np.array(list(each.values()))) if arena.what_if.explores else portfolio
        for arena, each in zip(arenas, (before, weights), strict=True)
    )
    return replace(
        found,
        portfolio=now,
        before=was,
        changes=changes_between(was, now, (arenas[0], arenas[1]), before, weights),
        contradictions=arenas[1].contradictions(),
    )


def _weights(own: Mapping[str, float], what_if: WhatIf) -> Mapping[str, float]:
    return {key: what_if.weights[key] / 100 for key in own} if what_if.weights else own


def _budget(portfolio: Portfolio, what_if: WhatIf) -> Decimal | None:
    held = portfolio.round
    return None if held is None else what_if.budget if what_if.budget is not None else held.budget


def explored_contest(explored: Exploration) -> Contest:
    """The explored projects by their criteria, in the order of their references."""
    return Arena(explored.portfolio, explored.what_if, explored.calls).contest


def explored_weights(explored: Exploration, contest: Contest) -> FloatArray:
    """What the ranges of the explored list are drawn around: (criteria,), or (n, criteria), each row's own, where the
    record is not explored and its framework weighs projects by their place."""
    if explored.what_if.explores or contest.stated.method.relative:
        return np.array(list(explored.weights.values()))
    rows = sorted(explored.portfolio.everyone, key=lambda row: row.reference)
    named = [{item.criterion: item.weight for item in row.criteria} for row in rows]
    return np.array([[own[key] for key in contest.criteria] for own in named])


def explored_field(explored: Exploration) -> Field:
    """The explored projects as one field, in the order of their references."""
    return Arena(explored.portfolio, explored.what_if, explored.calls).field()


def _reranked(portfolio: Portfolio, arena: Arena, weights: FloatArray) -> Portfolio:
    field, held = arena.field(), portfolio.round
    contest, total_by = arena.contest, portfolio.aggregation.total
    scores = point_scores(field.points, weights) if arena.by_sum else contest.scores(weights, total_by)
    low, high = (_totals(total_by, part, weights) for part in (contest.low, contest.high))
    funded = funded_by_rank(field, arena.ranks(weights))
    first = field.must & field.eligible
    # What is pinned in takes its money before the ranks do.
    left = np.maximum(field.budgets - field.costs[first].sum(axis=0), 0.0)
    intervals = contest.intervals(
        contest.scores(weights) if portfolio.aggregation.method.relative else scores,
        weights,
        costs=None if held is None else field.costs,
        budget=None if held is None else left,
        eligible=field.eligible & ~first,
    )
    rows = [
        replace(
            row,
            rank=interval.rank,
            rank_low=interval.low,
            rank_high=interval.high,
            score=None if np.isnan(score) else float(score),
            low=float(low[at]),
            high=float(high[at]),
            funded=bool(funded[at]),
            inside=1.0 if first[at] else interval.funded,
        )
        for at, (row, interval, score) in enumerate(zip(arena.rows, intervals, scores, strict=True))
    ]
    rows.sort(key=lambda row: (row.rank, row.reference))
    return replace(
        portfolio,
        rows=tuple(rows),
        everyone=tuple(rows),
        funded=sum(row.funded for row in rows),
        first_out=_first_out(rows, arena),
        return_line=index_line(rows, held, lambda row: row.risk_adjusted_return, arena.what_if.budget),
        score_line=index_line(rows, held, lambda row: row.score, arena.what_if.budget),
    )


def _totals(method: Method, scores: FloatArray, weights: FloatArray) -> FloatArray:
    """Each project's own total of known criteria scores."""
    if method is Method.WEIGHTED_GEOMETRIC_MEAN:
        return weighted_geometric_mean(scores, weights)
    return np.array([row @ weights for row in scores])


def _first_out(rows: Sequence[PortfolioRow], arena: Arena) -> PortfolioRow | None:
    able = arena.field().eligible
    return next((row for row in rows if able[arena.places[row.reference]] and not row.funded), None)
