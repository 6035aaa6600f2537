"""How sure ranks are, and the weights at which neighbours and the funded set change."""

from dataclasses import replace

import numpy as np
import pytest

from appraisal.services.certainty import rank_certainty
from appraisal.services.exploring import explore
from appraisal.services.ranking import Portfolio
from forms.what_if import WhatIf
from scoring.criteria.spreads import FUTURES, written
from scoring.ranking import swaps_between
from tests.services.portfolios import portfolio
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


def test_nothing_ranked_has_no_certainty() -> None:
    empty = replace(portfolio({"A": (1.0,) * 4}, {"A": 1.0}, 1.0), everyone=(), rows=())
    assert rank_certainty(explore(empty, WhatIf())) is None
