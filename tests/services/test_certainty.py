"""How sure ranks are, and the weights at which neighbours and the funded set change."""

from dataclasses import replace

import numpy as np
import pytest

from appraisal.services.certainty import rank_certainty
from appraisal.services.exploring import explore
from forms.what_if import WhatIf
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


def test_nothing_ranked_has_no_certainty() -> None:
    empty = replace(portfolio({"A": (1.0,) * 4}, {"A": 1.0}, 1.0), everyone=(), rows=())
    assert rank_certainty(explore(empty, WhatIf())) is None
