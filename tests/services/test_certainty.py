"""How sure ranks are, and the weights at which neighbours and the funded set change."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from appraisal.services.certainty import rank_certainty
from appraisal.services.exploring import explore
from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.services.ranking import Portfolio
from forms.what_if import WhatIf
from scoring.criteria.spreads import FUTURES, written
from scoring.frameworks import Aggregation, Method
from scoring.ranking import swaps_between
from tests.services.portfolios import portfolio, ranked_by
from tests.services.test_exploring import COSTS, SCORES


def test_shares_sum_to_one_and_order_by_expected_rank() -> None:
    found = rank_certainty(explore(portfolio(SCORES, COSTS, 9.0), WhatIf()))
    assert found is not None
    assert [sum(item.shares) for item in found.rows] == pytest.approx([1, 1, 1])
    assert [item.expected for item in found.rows] == sorted(item.expected for item in found.rows)
    first = found.rows[0]
    assert first.row.reference == "A"
    assert first.central is not None
    assert sum(first.central.values()) == pytest.approx(1)


def test_who_is_worse_on_every_criterion_names_its_dominator() -> None:
    found = rank_certainty(
        explore(portfolio({"A": (80.0,) * 4, "B": (70.0,) * 4}, {"A": 1.0, "B": 1.0}, 5.0), WhatIf())
    )
    assert found is not None
    assert {item.row.reference: item.dominators for item in found.rows} == {"A": (), "B": ("A",)}
    assert found.rows[1].central is None
    assert found.neighbours[0].wins == 1.0
    assert set(found.neighbours[0].turns.values()) == {None}


def test_neighbours_change_places_at_the_exact_swap_weight() -> None:
    found = rank_certainty(explore(portfolio(SCORES, COSTS, 9.0), WhatIf()))
    assert found is not None
    values = np.array([SCORES["A"], SCORES["B"]])
    swaps = swaps_between(values, np.full(4, 0.25), 0, 1)
    pair = found.neighbours[0]
    for swap, turn in zip(swaps, pair.turns.values(), strict=True):
        if isinstance(swap.weight, float):
            assert turn == pytest.approx(swap.weight)
        else:
            assert turn is None


def test_the_strip_marks_where_the_funded_set_changes() -> None:
    found = rank_certainty(explore(portfolio(SCORES, COSTS, 9.0), WhatIf()))
    assert found is not None
    strip = next(item for item in found.stability if item.criterion == "inclusiveness")
    assert strip.high == pytest.approx(20 / 70)  # A and B change places there: by hand in test_exploring
    entering = {mark.reference: mark.enters for mark in strip.marks if mark.weight == pytest.approx(20 / 70)}
    assert entering == {"A": False, "B": True}


def with_spreads(base: Portfolio, spreads: dict[str, bytes | None]) -> Portfolio:
    """The portfolio with this spread on every criterion of these projects, and none open on the others'."""
    rows = tuple(
        replace(row, criteria=tuple(replace(item, spread=spreads.get(row.reference, b"")) for item in row.criteria))
        for row in base.everyone
    )
    return replace(base, everyone=rows, rows=rows)


BAD = written((), [-30.0] * 20 + [0.0] * (FUTURES - 20))


def test_simulated_futures_decide_ranks_funding_and_wins() -> None:
    """A leads by 20 on every criterion, and loses 30 on all of them in twenty of its hundred futures."""
    base = portfolio({"A": (80.0,) * 4, "B": (60.0,) * 4}, {"A": 1.0, "B": 1.0}, 1.0)
    found = rank_certainty(explore(with_spreads(base, {"A": BAD}), WhatIf()), draws=10_000)
    assert found is not None
    ahead = found.rows[0]
    assert (ahead.row.reference, ahead.row.rank) == ("A", 1)
    assert ahead.shares == pytest.approx((0.8, 0.2), abs=0.02)
    assert ahead.funded == pytest.approx(0.8, abs=0.02)
    assert found.neighbours[0].wins == pytest.approx(0.8, abs=0.02)
    assert found.rows[1].central is not None
    assert sum(found.rows[1].central.values()) == pytest.approx(1)
    assert found.without_draws == 0
    plain = rank_certainty(explore(with_spreads(base, {"A": None}), WhatIf()))
    assert plain is not None
    assert plain.rows[0].shares == (1, 0)
    assert plain.without_draws == 1


def test_a_what_if_draws_the_same_futures() -> None:
    base = with_spreads(portfolio({"A": (80.0,) * 4, "B": (60.0,) * 4}, {"A": 1.0, "B": 1.0}, 1.0), {"A": BAD})
    weights = {"bankability": 40.0, "safeguards": 20.0, "inclusiveness": 20.0, "needs": 20.0}
    found = explore(base, WhatIf(weights=weights)).portfolio
    row = found.by_reference["A"]
    assert (row.rank, row.rank_low, row.rank_high) == (1, 1, 2)
    assert row.inside == pytest.approx(0.8, abs=0.03)
    assert (row.score, row.low, row.high) == (80, 80, 80)


OPEN: dict[str, Sequence[float | None]] = {
    "A": (70.0, None, 40.0, 55.0),
    "B": (62.0, 61.0, 63.0, 60.0),
    "C": (50.0, 90.0, 48.0, 52.0),
    "D": (65.0, 40.0, None, 81.0),
}
HEAVY = {"bankability": 40.0, "safeguards": 20.0, "inclusiveness": 20.0, "needs": 20.0}


BY_PLACE = [(Method.WEIGHTED_SUM, True), (Method.WEIGHTED_GEOMETRIC_MEAN, True)]


@pytest.mark.parametrize(
    ("method", "by_place"),
    [*BY_PLACE, (Method.WEIGHTED_SUM, False), (Method.WEIGHTED_GEOMETRIC_MEAN, False), (Method.TOPSIS, False)],
)
@pytest.mark.parametrize("what_if", [WhatIf(), WhatIf(weights=HEAVY), WhatIf(budget=Decimal(3), must=("C",))])
def test_the_list_and_the_certainty_are_told_by_the_same_draws(method: Method, what_if: WhatIf, by_place: bool) -> None:
    """Whatever order the runs were made in, and where the framework weighs projects by their place."""
    base = portfolio(OPEN, dict.fromkeys(OPEN, 1.0), 2.0, blocked=("D",))
    rows = tuple(replace(row, run=9 - row.run) for row in base.everyone)
    if by_place:
        rows = tuple(weighed(row, (0.4, 0.2, 0.2, 0.2)) if row.reference in "AB" else row for row in rows)
    explored = explore(ranked_by(replace(base, everyone=rows), Aggregation(method=method)), what_if)
    found = rank_certainty(explored)
    assert found is not None
    for item in found.rows:
        reached = np.cumsum(item.shares)
        low, high = (int((reached < share - 1e-9).sum()) + 1 for share in (0.05, 0.95))
        assert (min(low, item.row.rank), max(high, item.row.rank)) == (item.row.rank_low, item.row.rank_high)
        assert item.funded == (None if item.row.blocked else item.row.inside)
        assert item.expected == pytest.approx(sum(rank * share for rank, share in enumerate(item.shares, 1)))


def weighed(row: PortfolioRow, weights: Sequence[float]) -> PortfolioRow:
    own = tuple(replace(item, weight=weight) for item, weight in zip(row.criteria, weights, strict=True))
    return replace(row, criteria=own)


def test_a_budget_moves_no_range() -> None:
    base = ranked_by(portfolio(OPEN, dict.fromkeys(OPEN, 1.0), 2.0), Aggregation())
    other = explore(base, WhatIf(budget=Decimal(3))).portfolio
    assert {row.reference: (row.rank_low, row.rank_high) for row in other.everyone} == {
        row.reference: (row.rank_low, row.rank_high) for row in base.everyone
    }


def test_nothing_ranked_has_no_certainty() -> None:
    empty = replace(portfolio({"A": (1.0,) * 4}, {"A": 1.0}, 1.0), everyone=(), rows=())
    assert rank_certainty(explore(empty, WhatIf())) is None
