"""The field that projects compete in under a what-if, and pins of it that cannot hold (METHOD 10)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

import numpy as np

from appraisal.services.ranking import Portfolio, counts
from appraisal.services.yearly_calls import Calls
from forms.what_if import Call, WhatIf
from scoring.ranking.reweighting import Field


class Clash(StrEnum):
    TOO_DEAR = "too-dear"
    BLOCKED = "blocked"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Pins that cannot hold: must-do projects dearer than a budget, or pinned in although they cannot be funded."""

    clash: Clash
    references: tuple[str, ...]
    cost: Decimal = Decimal(0)
    budget: Decimal = Decimal(0)
    """In single units, for what is too dear."""
    call: Call | None = None
    """The capped year and source; None for the whole budget."""


class Arena:
    """The rows in the order of their references, and the field they compete in, with and without the what-if."""

    def __init__(self, portfolio: Portfolio, what_if: WhatIf, calls: Mapping[str, Calls]) -> None:
        self.portfolio, self.what_if = portfolio, what_if
        self.rows = sorted(portfolio.everyone, key=lambda row: row.reference)
        self.places = {row.reference: at for at, row in enumerate(self.rows)}
        held = portfolio.round
        self.able = np.array([held is not None and counts(row, held) for row in self.rows])
        self.out = np.isin(np.array([row.reference for row in self.rows]), what_if.out)
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
        return Field(self.points, self.costs, self.budgets, self.able & ~self.out, self.pinned)

    def pinned_as(self, other: "Arena") -> Field:
        """With the pins of another what-if, under the budgets explored here."""
        return replace(self.field(), eligible=other.able & ~other.out, must=other.pinned)

    def contradictions(self) -> tuple[Contradiction, ...]:
        held = self.portfolio.round
        if held is None:
            return ()
        refused = [row for row, pinned, able in zip(self.rows, self.pinned, self.able, strict=True) if pinned > able]
        kinds = {
            Clash.BLOCKED: tuple(row.reference for row in refused if row.blocking),
            Clash.FOREIGN: tuple(row.reference for row in refused if not row.blocking),
        }
        found = [Contradiction(clash=clash, references=names) for clash, names in kinds.items() if names]
        first = self.pinned & self.able
        names = tuple(row.reference for row, pinned in zip(self.rows, first, strict=True) if pinned)
        spent = self.costs[first].sum(axis=0)
        for call, cost, budget in zip([None, *self.caps], spent.tolist(), self.budgets.tolist(), strict=True):
            if cost > budget * (1 + 1e-12):
                found.append(
                    Contradiction(
                        clash=Clash.TOO_DEAR,
                        references=names,
                        cost=Decimal(repr(cost)),
                        budget=Decimal(repr(budget)),
                        call=call,
                    )
                )
        return tuple(found)
