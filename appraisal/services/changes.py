"""What a what-if changes against a baseline: who enters, who leaves, why, and what would undo it (METHOD 10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from appraisal.services.arena import Arena
from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.services.ranking import Portfolio
from scoring.ranking.reweighting import Field, funded_by_rank, needed_budgets, next_turn

FloatArray = npt.NDArray[np.float64]
ROUNDING = 1e-9
MOST_SOUGHT = 100
"""Changes whose turning weights are looked for, those nearest to the budget line."""


class Cause(StrEnum):
    """Why a project enters or leaves what is funded."""

    WEIGHTS = "weights"
    BUDGET = "budget"
    BOTH = "both"
    """Neither the weights nor the budgets alone would have done it."""
    PINNED_IN = "pinned-in"
    PINNED_OUT = "pinned-out"
    UNPINNED = "unpinned"
    """The baseline pins it, and this does not."""
    ROOM = "room"
    """What is pinned takes its room, or leaves it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A project that enters or leaves the funded set, why, and what would undo it."""

    row: PortfolioRow
    """As explored."""
    before: int
    """Its rank in the baseline."""
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

    sought: bool = True
    """Whether the turning weight was looked for: for the changes nearest to the budget line, under a weighted sum."""

    @property
    def enters(self) -> bool:
        return self.row.funded


def changes_between(
    before: Portfolio, after: Portfolio, arenas: tuple[Arena, Arena], old: Mapping[str, float], new: Mapping[str, float]
) -> tuple[Change, ...]:
    """Who is funded in one and not in the other, by rank in the second.

    arenas: of both. old, new: their weights by criterion, 0-1.
    """
    if before.round is None:
        return ()
    reasons = _reasons(*arenas, np.array(list(old.values())), np.array(list(new.values())))
    moved = [row for row in after.everyone if row.funded != before.by_reference[row.reference].funded]
    nearest = sorted(moved, key=lambda row: abs(row.rank - after.funded))[: MOST_SOUGHT if arenas[1].by_sum else 0]
    sought = {row.reference for row in nearest}
    return tuple(
        _change(row, before.by_reference[row.reference].rank, reasons, list(old), seek=row.reference in sought)
        for row in moved
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Reasons:
    """What would be funded if only the weights moved, only the budgets, or both but no pins; and ranks as explored."""

    base: Arena
    arena: Arena
    field: Field
    old: FloatArray
    new: FloatArray
    by_weights: npt.NDArray[np.bool_]
    by_budget: npt.NDArray[np.bool_]
    by_both: npt.NDArray[np.bool_]
    ranks: npt.NDArray[np.int64]

    def cause(self, row: PortfolioRow, at: int) -> Cause:
        base, arena = self.base, self.arena
        if arena.out[at] and not base.out[at]:
            return Cause.PINNED_OUT
        if row.funded and arena.pinned[at] and not base.pinned[at]:
            return Cause.PINNED_IN
        for cause, funded in (
            (Cause.WEIGHTS, self.by_weights),
            (Cause.BUDGET, self.by_budget),
            (Cause.BOTH, self.by_both),
        ):
            if bool(funded[at]) == row.funded:
                return cause
        released = base.out[at] and not arena.out[at] if row.funded else base.pinned[at] and not arena.pinned[at]
        return Cause.UNPINNED if released else Cause.ROOM


def _reasons(base: Arena, arena: Arena, old: FloatArray, new: FloatArray) -> _Reasons:
    before, after = arena.ranks(old), arena.ranks(new)
    return _Reasons(
        base=base,
        arena=arena,
        field=arena.field(),
        old=old,
        new=new,
        by_weights=funded_by_rank(base.field(), after),
        by_budget=funded_by_rank(arena.pinned_as(base), before),
        by_both=funded_by_rank(arena.pinned_as(base), after),
        ranks=after,
    )


def _change(row: PortfolioRow, before: int, reasons: _Reasons, criteria: Sequence[str], *, seek: bool) -> Change:
    at = reasons.arena.places[row.reference]
    cause = reasons.cause(row, at)
    needed = None
    if not row.funded and cause is not Cause.PINNED_OUT and not reasons.arena.caps:
        needed = Decimal(repr(float(needed_budgets(reasons.field, reasons.ranks, at)[0])))
    found = Change(row=row, before=before, cause=cause, needed=needed, sought=seek)
    if cause not in (Cause.WEIGHTS, Cause.BOTH):
        return found
    moved = sorted(
        np.flatnonzero(np.abs(reasons.new - reasons.old) > ROUNDING).tolist(),
        key=lambda k: -abs(reasons.new[k] - reasons.old[k]),
    )
    criterion, turns = _turn(reasons, at, moved) if seek else (moved[0], None)
    return replace(
        found,
        criterion=criteria[criterion],
        weight_before=float(reasons.old[criterion]),
        weight_now=float(reasons.new[criterion]),
        turns_at=turns,
    )


def _turn(reasons: _Reasons, at: int, moved: Sequence[int]) -> tuple[int, float | None]:
    """The criterion, and its weight between now and before, at which this project's funding turns back."""
    for criterion in moved:
        if np.delete(reasons.new, criterion).sum() <= 0:
            continue
        turns = next_turn(reasons.field, reasons.new, criterion, at, float(reasons.old[criterion]))
        if turns is not None:
            return criterion, turns
    return moved[0], None
