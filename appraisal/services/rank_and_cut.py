"""Ranks, how sure they are, and what the budget funds by rank: the same for the record and for a scenario of it."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from appraisal.models import Round
from appraisal.services.ordering import Contest
from appraisal.services.portfolio_rows import PortfolioRow
from scoring.frameworks import Aggregation


def counts(row: PortfolioRow, held: Round) -> bool:
    """Whether the round's budget may pay for it: it is in its currency, and approved or blocked by no gate."""
    return row.currency == held.currency and not row.blocked


def ranked_and_cut(
    rows: Sequence[PortfolioRow],
    held: Round | None,
    budget: Decimal | None = None,
    *,
    stated: Aggregation | None = None,
) -> tuple[list[PortfolioRow], PortfolioRow | None]:
    """The rows by rank, funded in order until the budget ends, and the first left out (METHOD 10).

    Scores and weights are the rows' own, their order that of the stated aggregation, a weighted sum where None. budget:
    in the round's unit; the round's where None.
    """
    if not rows:
        return [], None
    rows = sorted(rows, key=lambda row: row.reference)  # as a what-if has them: the same draws for the same question
    money = None if held is None else (held.budget if budget is None else budget) * held.unit
    costs = eligible = None
    committed = np.zeros(len(rows), dtype=np.bool_)
    if held is not None:
        costs = np.array([float(row.cost) for row in rows])
        able = np.array([counts(row, held) for row in rows])
        committed = np.array([row.committed for row in rows]) & able
        eligible = able & ~committed
    contest = Contest.of(stated or Aggregation(), [row.criteria for row in rows])
    named = [{item.criterion: item.weight for item in row.criteria} for row in rows]
    weights = np.array([[own[key] for key in contest.criteria] for own in named])
    if contest.stated.method.relative:
        weights = weights[0]
        scores = contest.scores(weights)
    else:
        scores = np.array([np.nan if row.score is None else row.score for row in rows])
    limit = None if money is None or costs is None else max(0.0, float(money) - float(costs[committed].sum()))
    intervals = contest.intervals(scores, weights, costs=costs, budget=limit, eligible=eligible)
    order = sorted(range(len(rows)), key=lambda at: intervals[at].rank)  # of equal ranks the first by reference
    reached, first_out = [False] * len(rows), None
    if held is not None and money is not None:
        reached, first_out = _reach([rows[at] for at in order], held, money)
    ranked = [
        replace(
            rows[at],
            rank=(found := intervals[at]).rank,
            rank_low=found.low,
            rank_high=found.high,
            inside=1.0 if committed[at] else found.funded,
            funded=funded,
        )
        for at, funded in zip(order, reached, strict=True)
    ]
    return ranked, None if first_out is None else ranked[first_out]


def cut(
    rows: Sequence[PortfolioRow], held: Round, money: Decimal, liftable: Collection[str] = ()
) -> tuple[list[PortfolioRow], PortfolioRow | None]:
    """What is approved has its money; of the rest, what no gate blocks is funded in order until the next project does
    not fit.

    rows: by rank. money: in single units. liftable: references whose gates do not count as blocking here.
    """
    reached, first_out = _reach(rows, held, money, liftable)
    funded = [row if row.funded == now else replace(row, funded=now) for row, now in zip(rows, reached, strict=True)]
    return funded, None if first_out is None else rows[first_out]


def _reach(
    rows: Sequence[PortfolioRow], held: Round, money: Decimal, liftable: Collection[str] = ()
) -> tuple[list[bool], int | None]:
    """Whether the money reaches each row, and the position of the first that it does not."""
    able = [counts(row, held) for row in rows]
    reached = [row.committed and can for row, can in zip(rows, able, strict=True)]
    left = money - sum((row.cost for row, promised in zip(rows, reached, strict=True) if promised), Decimal(0))
    for at, row in enumerate(rows):
        if reached[at] or not (able[at] or (row.reference in liftable and row.currency == held.currency)):
            continue
        if row.cost > left:
            return reached, at
        left -= row.cost
        reached[at] = True
    return reached, None
