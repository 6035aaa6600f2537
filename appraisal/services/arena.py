"""The field that projects compete in under a what-if, and pins of it that cannot hold (METHOD 10)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from appraisal.services.ordering import Contest
from appraisal.services.rank_and_cut import counts
from appraisal.services.ranking import Portfolio
from appraisal.services.yearly_calls import Calls
from forms.what_if import Call, WhatIf
from scoring.frameworks import Method
from scoring.ranking.methods import ranks_of
from scoring.ranking.reweighting import Field, point_scores, ranks_by

FloatArray = npt.NDArray[np.float64]


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


def framework_weights(portfolio: Portfolio) -> dict[str, float]:
    """Of each criterion, 0-1, in the framework's order; empty where nothing is ranked."""
    return {item.criterion: item.weight for item in portfolio.everyone[0].criteria} if portfolio.everyone else {}


class Arena:
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
        order = tuple(framework_weights(portfolio))
        self.contest = Contest.of(portfolio.aggregation, [row.criteria for row in self.rows], order)
        self.points = self.contest.points
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

    @property
    def by_sum(self) -> bool:
        """Whether the framework adds points up: only then do single weights tell where ranks turn."""
        return self.portfolio.aggregation.method is Method.WEIGHTED_SUM

    def ranks(self, weights: FloatArray) -> npt.NDArray[np.int64]:
        """Ranks by the framework's method under other weights."""
        return ranks_by(point_scores(self.points, weights)) if self.by_sum else ranks_of(self.contest.scores(weights))

    def pinned_as(self, other: "Arena") -> Field:
        """With the pins of another what-if, under the budgets explored here; what is approved is no pin."""
        return replace(self.field(), eligible=other.able & ~other.out, must=other.pinned | other.committed)

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
