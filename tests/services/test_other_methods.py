"""The explored portfolio by every method: ranks, reasons, dominance, and what the framework's own method changes."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from appraisal.services.certainty import rank_certainty
from appraisal.services.exploring import explore
from appraisal.services.other_methods import ComparedMethods, by_places, compared_methods
from appraisal.services.ranking import Portfolio
from appraisal.web.method_words import reason
from forms.what_if import WhatIf
from scoring.frameworks import Aggregation, Method
from tests.services.portfolios import CRITERIA, portfolio, ranked_by

SCORES: dict[str, Sequence[float | None]] = {
    "EVEN": (62.0, 62.0, 62.0, 62.0),
    "STRONG": (95.0, 95.0, 95.0, 0.0),
    "POOR": (50.0, 50.0, 50.0, 50.0),
}
COSTS = dict.fromkeys(SCORES, 1.0)


def stated(method: Method, scores: dict[str, Sequence[float | None]] | None = None) -> Portfolio:
    given = SCORES if scores is None else scores
    made = portfolio(given, dict.fromkeys(given, 1.0), 2.0)
    return ranked_by(made, Aggregation(method=method))


def compared(made: Portfolio, what_if: WhatIf | None = None) -> ComparedMethods:
    found = compared_methods(explore(made, what_if or WhatIf()))
    assert found is not None
    return found


def ranks(found: ComparedMethods, method: Method) -> dict[str, int]:
    return {item.row.reference: item.places[method].interval.rank for item in found.projects}


def test_a_weakness_that_points_buy_off_and_a_product_or_a_veto_does_not() -> None:
    """71.25 by the sum, and 0 by the product; 62 ahead on needs is past the veto of 50."""
    found = compared(stated(Method.WEIGHTED_SUM))
    assert ranks(found, Method.WEIGHTED_SUM) == {"STRONG": 1, "EVEN": 2, "POOR": 3}
    assert ranks(found, Method.WEIGHTED_GEOMETRIC_MEAN) == {"STRONG": 3, "EVEN": 1, "POOR": 2}
    strong = next(item for item in found.projects if item.row.reference == "STRONG")
    assert strong.vetoed == {"needs": ("EVEN", "POOR")}
    assert strong.outranks == ()
    assert strong.apart == 2
    even = next(item for item in found.projects if item.row.reference == "EVEN")
    assert (even.dominated, even.dominators) == (("POOR",), ())
    assert [item.row.reference for item in found.projects] == ["STRONG", "EVEN", "POOR"]


def test_what_electre_s_two_orders_put_differently_is_incomparable() -> None:
    """By hand: credibilities A-B 0.4375, A-C 0.75, B-A 0.9375, B-C 0.6875, C-A 0.4, C-B 0.

    From above B outranks A at 0.75 and is first, then A outranks C at 0.4. From below A is the one outranked at 0.75
    and is last, then B outranks C.
    """
    scores = {"A": (40.0, 80.0, 50.0, 10.0), "B": (70.0, 70.0, 80.0, 20.0), "C": (10.0, 80.0, 10.0, 50.0)}
    found = compared(stated(Method.ELECTRE_III, scores))
    by = {item.row.reference: item for item in found.projects}
    assert ranks(found, Method.ELECTRE_III) == {"B": 1, "A": 2, "C": 2}
    assert {name: (item.distilled, item.incomparable) for name, item in by.items()} == {
        "A": ((2, 3), ("C",)),
        "B": ((1, 1), ()),
        "C": ((3, 2), ("A",)),
    }
    said = reason(by["A"], Method.ELECTRE_III, found)
    assert said.startswith(
        "Second when the best are taken first, third when the worst are. Incomparable with C: one order"
    )


def test_parts_add_up_and_a_place_holds_its_rank() -> None:
    found = compared(stated(Method.TOPSIS, {**SCORES, "OPEN": (70.0, None, 40.0, 55.0)})).projects
    for item in found:
        for method, place in item.places.items():
            mean = sum(other.places[method].whole for other in found) / len(found)
            assert sum(place.parts) == pytest.approx(place.whole)
            assert sum(place.gaps) == pytest.approx(place.whole - mean)
            assert method is Method.ELECTRE_III or place.whole == pytest.approx(place.score)
            assert place.interval.low <= place.interval.rank <= place.interval.high


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("what_if", [WhatIf(), WhatIf(weights={**dict.fromkeys(CRITERIA, 20.0), "needs": 40.0})])
def test_the_framework_s_method_has_the_range_of_the_list(method: Method, what_if: WhatIf) -> None:
    scores = {**SCORES, "OPEN": (70.0, None, 40.0, 55.0), "NEAR": (60.0, 65.0, 60.0, 62.0)}
    for item in compared(stated(method, scores), what_if).projects:
        own = item.places[method].interval
        assert (own.low, own.high) == (item.row.rank_low, item.row.rank_high)


@pytest.mark.parametrize("method", [Method.WEIGHTED_GEOMETRIC_MEAN, Method.ELECTRE_III])
def test_a_what_if_ranks_by_the_framework_s_own_method(method: Method) -> None:
    explored = explore(stated(method), WhatIf(budget=None, out=("POOR",)))
    own = {row.reference: row.rank for row in explored.portfolio.everyone}
    assert own == ranks(compared(stated(method)), method)
    row = next(row for row in explored.portfolio.everyone if row.reference == "STRONG")
    assert row.score == pytest.approx(0 if method is Method.WEIGHTED_GEOMETRIC_MEAN else 71.25)
    assert row.rank_low <= row.rank <= row.rank_high


def test_other_weights_give_other_ranks_and_no_single_weight_is_claimed_to_turn_them() -> None:
    weights = {"bankability": 30.0, "safeguards": 30.0, "inclusiveness": 40.0, "needs": 0.0}
    made = portfolio(SCORES, COSTS, 1.0)
    ranked = explore(replace(made, aggregation=Aggregation(method=Method.ELECTRE_III)), WhatIf(weights=weights))
    assert ranked.portfolio.everyone[0].reference == "STRONG", "a criterion without weight vetoes nothing"
    assert all(change.turns_at is None for change in ranked.changes)
    certainty = rank_certainty(ranked, draws=50)
    assert certainty is not None
    assert certainty.stability == ()
    assert all(pair.turns == {} for pair in certainty.neighbours)
    assert sum(certainty.rows[0].shares) == pytest.approx(1)


def test_the_certainty_is_that_of_the_method() -> None:
    """By the sum STRONG is first in most draws, by the product in none."""
    summed, product = (
        rank_certainty(explore(stated(method), WhatIf()), draws=200)
        for method in (Method.WEIGHTED_SUM, Method.WEIGHTED_GEOMETRIC_MEAN)
    )
    assert summed is not None
    assert product is not None
    first = [{item.row.reference: item.shares[0] for item in found.rows}["STRONG"] for found in (summed, product)]
    assert first[0] > 0.8
    assert first[1] == 0


def test_fewer_than_two_scored_projects_compare_nothing() -> None:
    for scores in ({"A": (50.0,) * 4}, {"A": (50.0,) * 4, "B": (None,) * 4}):
        assert compared_methods(explore(stated(Method.WEIGHTED_SUM, scores), WhatIf())) is None
    some = compared(stated(Method.WEIGHTED_SUM, {**SCORES, "B": (None,) * 4}))
    assert [row.reference for row in some.unscored] == ["B"]


def test_places_weigh_otherwise() -> None:
    made = stated(Method.WEIGHTED_SUM)
    assert not by_places(explore(made, WhatIf()))
    first, *others = made.everyone
    one, two, *rest = first.criteria
    moved = replace(first, criteria=(replace(one, weight=0.4), replace(two, weight=0.1), *rest))
    assert by_places(explore(replace(made, everyone=(moved, *others)), WhatIf()))


def test_what_others_may_not_know_of_changes_no_rank() -> None:
    """The portfolio holds what its reader may see: a project left out of it takes part in no comparison."""
    seen = {key: scores for key, scores in SCORES.items() if key != "POOR"}
    found = compared(stated(Method.PROMETHEE_II, seen))
    scores = np.array([item.places[Method.PROMETHEE_II].score for item in found.projects])
    assert scores.sum() == pytest.approx(0)
    assert len(scores) == 2
