"""The portfolio under other weights, budgets and pins, and what that changes: nothing here is stored (METHOD 10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.services.rank_and_cut import counts
from appraisal.services.ranking import Portfolio, index_line
from appraisal.services.yearly_calls import Calls
from forms.what_if import Call, WhatIf
from scoring.ranking import rank_intervals
from scoring.ranking.reweighting import (
    Field,
    funded_by_rank,
    needed_budgets,
    next_turn,
    point_scores,
    ranks_by,
)

FloatArray = npt.NDArray[np.float64]
ROUNDING = 1e-9


class Cause(StrEnum):
    """Why a project enters or leaves what is funded."""

    WEIGHTS = "weights"
    BUDGET = "budget"
    BOTH = "both"
    """Neither the weights nor the budgets alone would have done it."""
    PINNED_IN = "pinned-in"
    PINNED_OUT = "pinned-out"
    ROOM = "room"
    """What is pinned takes its room, or leaves it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A project that enters or leaves the funded set, why, and what would undo it."""

    row: PortfolioRow
    """As explored."""
    before: int
    """Its rank on the record."""
    cause: Cause
    criterion: str | None = None
    """Whose weight alone undoes it soonest; else the one that moved most. None where no weight moved."""
    weight_before: float = 0.0
    weight_now: float = 0.0
    """Of that criterion, 0-1."""
    turns_at: float | None = None
    """The weight of that criterion, 0-1, at which it returns or leaves again; None where no weight on the way does."""
    needed: Decimal | None = None
    """The total budget that reaches it, in single units; None where more money alone would not change its place."""

    @property
    def enters(self) -> bool:
        return self.row.funded


class Clash(StrEnum):
    TOO_DEAR = "too-dear"
    BLOCKED = "blocked"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Pins that cannot hold: must-do projects dearer than a budget, or pinned in although they cannot be funded."""

    clash: Clash
    references: tuple[str, ...]
    promised: bool = False
    """Approved projects, which are not among the references, take part of the money."""
    cost: Decimal = Decimal(0)
    budget: Decimal = Decimal(0)
    """In single units, for what is too dear."""
    call: Call | None = None
    """The capped year and source; None for the whole budget."""


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
    portfolio: Portfolio
    """As explored; its rows are everyone, by rank."""
    ranks_before: Mapping[str, int]
    changes: tuple[Change, ...]
    contradictions: tuple[Contradiction, ...]

    @property
    def entering(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.enters)

    @property
    def leaving(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if not change.enters)


def framework_weights(portfolio: Portfolio) -> dict[str, float]:
    """Of each criterion, 0-1, in the framework's order; empty where nothing is ranked."""
    return {item.criterion: item.weight for item in portfolio.everyone[0].criteria} if portfolio.everyone else {}


def explore(portfolio: Portfolio, what_if: WhatIf, calls: Mapping[str, Calls] | None = None) -> Exploration:
    """Rank and fund again as the what-if says. `calls` by reference are needed where it caps a year."""
    own = framework_weights(portfolio)
    weights = {key: what_if.weights[key] / 100 for key in own} if what_if.weights else own
    held = portfolio.round
    ranks_before = {row.reference: row.rank for row in portfolio.everyone}
    budget = None if held is None else what_if.budget if what_if.budget is not None else held.budget
    base = Exploration(
        what_if=what_if,
        calls=calls or {},
        weights=weights,
        own_weights=own,
        budget=budget,
        portfolio=portfolio,
        ranks_before=ranks_before,
        changes=(),
        contradictions=(),
    )
    if not what_if.explores or not portfolio.everyone:
        return base
    arena = _Arena(portfolio, what_if, calls or {})
    explored = _reranked(portfolio, arena, np.array(list(weights.values())))
    return replace(
        base,
        portfolio=explored,
        changes=_changes(portfolio, explored, arena, own, weights),
        contradictions=arena.contradictions(),
    )


def explored_field(explored: Exploration) -> Field:
    """The explored projects as one field, in the order of their references."""
    return _Arena(explored.portfolio, explored.what_if, explored.calls).field()


class _Arena:
    """The rows in the order of their references, and the field they compete in, with and without the what-if.

    What is approved has its money first, as what is pinned in has, unless the what-if pins it out.
    """

    def __init__(self, portfolio: Portfolio, what_if: WhatIf, calls: Mapping[str, Calls]) -> None:
        self.portfolio, self.what_if = portfolio, what_if
        self.rows = sorted(portfolio.everyone, key=lambda row: row.reference)
        self.places = {row.reference: at for at, row in enumerate(self.rows)}
        held = portfolio.round
        self.able = np.array([held is not None and counts(row, held) for row in self.rows])
        self.out = np.isin(np.array([row.reference for row in self.rows]), what_if.out)
        self.committed = self.able & np.array([row.committed for row in self.rows], dtype=np.bool_)
        self.pinned = np.isin(np.array([row.reference for row in self.rows]), what_if.must)
        scores = [[np.nan if item.score is None else item.score for item in row.criteria] for row in self.rows]
        self.points = np.array(scores, dtype=np.float64)
        costs = np.array([float(row.cost) for row in self.rows])[:, np.newaxis]
        self.budgets = np.zeros(0)
        self.caps: list[Call] = sorted(what_if.caps) if held is not None else []
        if held is None:
            self.costs = np.zeros((len(self.rows), 0))
            return
        total = what_if.budget if what_if.budget is not None else held.budget
        limits = [total, *(what_if.caps[call] for call in self.caps)]
        self.budgets = np.array([float(limit * held.unit) for limit in limits])
        called = [[calls.get(row.reference, {}).get(call, 0.0) for call in self.caps] for row in self.rows]
        self.costs = np.hstack([costs, np.array(called).reshape(len(self.rows), len(self.caps))])

    def field(self) -> Field:
        return Field(self.points, self.costs, self.budgets, self.able & ~self.out, self.pinned | self.committed)

    def unpinned(self) -> Field:
        """Without the pins, under the budgets explored; what is approved is no pin."""
        return replace(self.field(), eligible=self.able, must=self.committed)

    def own_field(self) -> Field:
        """The record's: its budget, no caps, no pins."""
        held = self.portfolio.round
        budgets = np.zeros(0) if held is None else np.array([float(held.budget * held.unit)])
        return replace(self.unpinned(), costs=self.costs[:, : len(budgets)], budgets=budgets)

    def contradictions(self) -> tuple[Contradiction, ...]:
        held = self.portfolio.round
        if held is None:
            return ()
        refused = [row for row, pinned, able in zip(self.rows, self.pinned, self.able, strict=True) if pinned > able]
        kinds = {
            Clash.BLOCKED: tuple(row.reference for row in refused if row.blocked),
            Clash.FOREIGN: tuple(row.reference for row in refused if not row.blocked),
        }
        found = [Contradiction(clash=clash, references=names) for clash, names in kinds.items() if names]
        promised = self.committed & ~self.out
        first = (self.pinned & self.able) | promised
        names = tuple(row.reference for row, named in zip(self.rows, first & ~promised, strict=True) if named)
        spent = self.costs[first].sum(axis=0)
        for call, cost, budget in zip([None, *self.caps], spent.tolist(), self.budgets.tolist(), strict=True):
            if cost > budget * (1 + 1e-12):
                found.append(
                    Contradiction(
                        clash=Clash.TOO_DEAR,
                        references=names,
                        promised=bool(promised.any()),
                        cost=Decimal(repr(cost)),
                        budget=Decimal(repr(budget)),
                        call=call,
                    )
                )
        return tuple(found)


def _reranked(portfolio: Portfolio, arena: _Arena, weights: FloatArray) -> Portfolio:
    field, held = arena.field(), portfolio.round
    scores = point_scores(field.points, weights)
    low = np.array([[item.low for item in row.criteria] for row in arena.rows])
    high = np.array([[item.high for item in row.criteria] for row in arena.rows])
    funded = funded_by_rank(field, ranks_by(scores))
    first = field.must & field.eligible
    # What is pinned in takes its money before the ranks do.
    left = np.maximum(field.budgets - field.costs[first].sum(axis=0), 0.0)
    intervals = rank_intervals(
        low,
        np.where(np.isnan(scores), -1.0, scores),
        high,
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
            low=float(low[at] @ weights),
            high=float(high[at] @ weights),
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


def _first_out(rows: Sequence[PortfolioRow], arena: _Arena) -> PortfolioRow | None:
    able = arena.field().eligible
    return next((row for row in rows if able[arena.places[row.reference]] and not row.funded), None)


@dataclass(frozen=True, slots=True, eq=False)
class _Reasons:
    """What would be funded if only the weights moved, only the budgets, or both but no pins; and ranks as explored."""

    arena: _Arena
    field: Field
    old: FloatArray
    new: FloatArray
    by_weights: npt.NDArray[np.bool_]
    by_budget: npt.NDArray[np.bool_]
    by_both: npt.NDArray[np.bool_]
    ranks: npt.NDArray[np.int64]

    def cause(self, row: PortfolioRow, at: int) -> Cause:
        if self.arena.out[at]:
            return Cause.PINNED_OUT
        if row.funded and self.arena.pinned[at]:
            return Cause.PINNED_IN
        for cause, funded in (
            (Cause.WEIGHTS, self.by_weights),
            (Cause.BUDGET, self.by_budget),
            (Cause.BOTH, self.by_both),
        ):
            if bool(funded[at]) == row.funded:
                return cause
        return Cause.ROOM


def _reasons(arena: _Arena, old: FloatArray, new: FloatArray) -> _Reasons:
    before, after = (ranks_by(point_scores(arena.points, weights)) for weights in (old, new))
    return _Reasons(
        arena=arena,
        field=arena.field(),
        old=old,
        new=new,
        by_weights=funded_by_rank(arena.own_field(), after),
        by_budget=funded_by_rank(arena.unpinned(), before),
        by_both=funded_by_rank(arena.unpinned(), after),
        ranks=after,
    )


def _changes(
    before: Portfolio, after: Portfolio, arena: _Arena, own: Mapping[str, float], weights: Mapping[str, float]
) -> tuple[Change, ...]:
    if before.round is None:
        return ()
    was = {row.reference: row for row in before.everyone}
    reasons = _reasons(arena, np.array(list(own.values())), np.array(list(weights.values())))
    moved = [row for row in after.everyone if row.funded != was[row.reference].funded]
    return tuple(_change(row, was[row.reference].rank, reasons, list(own)) for row in moved)


def _change(row: PortfolioRow, before: int, reasons: _Reasons, criteria: Sequence[str]) -> Change:
    at = reasons.arena.places[row.reference]
    cause = reasons.cause(row, at)
    needed = None
    if not row.funded and cause is not Cause.PINNED_OUT and not reasons.arena.caps:
        needed = Decimal(repr(float(needed_budgets(reasons.field, reasons.ranks, at)[0])))
    found = Change(row=row, before=before, cause=cause, needed=needed)
    if cause not in (Cause.WEIGHTS, Cause.BOTH):
        return found
    criterion, turns = _turn(reasons.field, at, reasons.old, reasons.new)
    return replace(
        found,
        criterion=criteria[criterion],
        weight_before=float(reasons.old[criterion]),
        weight_now=float(reasons.new[criterion]),
        turns_at=turns,
    )


def _turn(field: Field, at: int, old: FloatArray, new: FloatArray) -> tuple[int, float | None]:
    """The criterion, and its weight between now and before, at which this project's funding turns back."""
    moved = sorted(np.flatnonzero(np.abs(new - old) > ROUNDING).tolist(), key=lambda k: -abs(new[k] - old[k]))
    for criterion in moved:
        if np.delete(new, criterion).sum() <= 0:
            continue
        turns = next_turn(field, new, criterion, at, float(old[criterion]))
        if turns is not None:
            return criterion, turns
    return moved[0], None
