"""Ranked portfolios without a database: rows as the ranking makes them, in a round that counts in millions."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

import numpy as np

from appraisal.models import ProjectState, Round
from appraisal.services.portfolio_rows import CriterionScore, PortfolioRow
from appraisal.services.rank_and_cut import ranked_and_cut
from appraisal.services.ranking import Portfolio
from scoring.frameworks import Aggregation
from scoring.ranking.reweighting import point_scores, ranks_by

CRITERIA = ("bankability", "safeguards", "inclusiveness", "needs")
MILLION = 1_000_000


def criteria(scores: Sequence[float | None], weights: Sequence[float]) -> tuple[CriterionScore, ...]:
    return tuple(
        CriterionScore(
            criterion=key,
            position=at,
            title=key.capitalize(),
            weight=weights[at],
            score=scores[at],
            low=scores[at] or 0.0,
            high=100.0 if scores[at] is None else scores[at],
        )
        for at, key in enumerate(CRITERIA[: len(scores)])
    )


def portfolio(
    scores: dict[str, Sequence[float | None]],
    costs: dict[str, float],
    budget: float,
    *,
    weights: Sequence[float] = (0.25, 0.25, 0.25, 0.25),
    blocked: Sequence[str] = (),
    approved: Sequence[str] = (),
) -> Portfolio:
    """Projects by reference with their scores and their costs in millions, ranked and cut at the budget."""
    references = sorted(scores)
    points = np.array([[np.nan if value is None else value for value in scores[name]] for name in references])
    totals = point_scores(points, np.array(weights[: points.shape[1]]))
    rows = [
        PortfolioRow(
            state=ProjectState.APPROVED_WITH_CONDITIONS if name in approved else ProjectState.SUBMITTED,
            project_id=uuid5(NAMESPACE_URL, name),
            reference=name,
            title=f"Project {name}",
            city="Haneul",
            areas=("mobility",),
            run=at + 1,
            rank=int(rank),
            rank_low=int(rank),
            rank_high=int(rank),
            score=None if np.isnan(total) else float(total),
            low=0.0 if np.isnan(total) else float(total),
            high=100.0 if np.isnan(total) else float(total),
            completeness=1.0,
            criteria=criteria(scores[name], weights),
            risk_adjusted_return=1.0,
            economic_npv_p50=1.0,
            prob_negative=0.1,
            cost=Decimal(repr(costs[name])) * MILLION,
            currency="USD",
            unit=MILLION,
            failed=("DS1",) if name in blocked else (),
            open=("NE3",) if name in approved else (),
            stale=False,
        )
        for at, (name, rank, total) in enumerate(zip(references, ranks_by(totals), totals, strict=True))
    ]
    rows.sort(key=lambda row: (row.rank, row.reference))
    return funded(rows, budget)


def ranked_by(made: Portfolio, stated: Aggregation) -> Portfolio:
    """The same ranked by another aggregation, with the ranges that the record gives."""
    rows, first_out = ranked_and_cut(made.everyone, made.round, stated=stated)
    return replace(
        made,
        rows=tuple(rows),
        everyone=tuple(rows),
        funded=sum(row.funded for row in rows),
        first_out=first_out,
        aggregation=stated,
    )


def funded(rows: Sequence[PortfolioRow], budget: float) -> Portfolio:
    left, taken, first_out = Decimal(repr(budget)) * MILLION, [], None
    left -= sum((row.cost for row in rows if row.committed), Decimal(0))
    for row in rows:
        if row.committed:
            taken.append(replace(row, funded=True, inside=1.0))
            continue
        fits = first_out is None and not row.blocked
        if fits and row.cost > left:
            first_out, fits = row, False
        left -= row.cost if fits else 0
        taken.append(replace(row, funded=fits, inside=float(fits)))
    return Portfolio(
        round=Round(
            name="Round", place="Haneul", budget=Decimal(repr(budget)), currency="USD", unit=MILLION, price_year=2026
        ),
        rows=tuple(taken),
        everyone=tuple(taken),
        waiting=(),
        asked=sum((row.cost for row in rows), Decimal(0)),
        funded=sum(row.funded for row in taken),
        first_out=first_out,
        left_out=(),
        return_line=None,
        score_line=None,
    )
