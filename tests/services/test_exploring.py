"""Who enters and who leaves under other weights, budgets and pins, why, and what would undo it."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.services.arena import Clash
from appraisal.services.changes import Cause
from appraisal.services.exploring import explore
from appraisal.services.ranking import Portfolio
from appraisal.web.what_changed import broken_cap, contradiction_text, headline, said
from forms.what_if import WhatIf
from tests.examples import examples
from tests.services.portfolios import portfolio

SCORES = {"A": (90.0, 90.0, 40.0, 80.0), "B": (70.0, 70.0, 90.0, 60.0), "C": (60.0, 60.0, 60.0, 60.0)}
LEVELS = st.integers(0, 20).map(lambda level: 5.0 * level)
COSTS = {"A": 6.0, "B": 6.0, "C": 3.0}


def base(budget: float = 9.0) -> Portfolio:
    return portfolio(SCORES, COSTS, budget)


def weights(inclusiveness: float) -> WhatIf:
    rest = (100 - inclusiveness) / 3
    return WhatIf(weights={"bankability": rest, "safeguards": rest, "inclusiveness": inclusiveness, "needs": rest})


def test_nothing_asked_changes_nothing() -> None:
    given_base = base()
    found = explore(given_base, WhatIf())
    assert found.portfolio is given_base
    assert (found.changes, found.contradictions) == ((), ())


def test_a_weight_swaps_two_at_the_weight_computed_by_hand() -> None:
    # The others weigh alike: A scores 260/3 (1 - w) + 40 w, B 200/3 (1 - w) + 90 w; level at w = 20/70.
    found = explore(base(), weights(40))
    entering, leaving = found.entering, found.leaving
    assert [change.row.reference for change in entering] == ["B"]
    assert [change.row.reference for change in leaving] == ["A"]
    assert leaving[0].cause is Cause.WEIGHTS
    assert leaving[0].criterion == "inclusiveness"
    assert leaving[0].turns_at == pytest.approx(20 / 70)
    assert leaving[0].needed == Decimal(12) * 1_000_000
    text = said(found, leaving[0]).text
    assert text == (
        "(1 → 2) leaves because inclusiveness went 25 → 40%; "
        "it returns at 28.6%, or a budget of USD 12 m would reach it."
    )
    assert headline(found) == "1 in (B), 1 out (A)"


def test_a_smaller_budget_says_what_it_would_take() -> None:
    found = explore(base(12.0), WhatIf(budget=Decimal(7)))
    assert [change.row.reference for change in found.leaving] == ["B"]
    assert found.leaving[0].cause is Cause.BUDGET
    assert said(found, found.leaving[0]).text == (
        "(2) leaves because the budget went USD 12 m → USD 7 m; a budget of USD 12 m would reach it."
    )
    assert found.portfolio.first_out is not None
    assert found.portfolio.first_out.reference == "B"


def test_weights_and_budget_together() -> None:
    what_if = replace(weights(40), budget=Decimal("5.5"))
    found = explore(base(), what_if)
    assert {change.row.reference: change.cause for change in found.changes} == {"A": Cause.WEIGHTS}
    assert found.portfolio.funded == 0


def test_pins_are_funded_first_and_take_the_room() -> None:
    found = explore(base(), WhatIf(must=("B",), out=()))
    causes = {change.row.reference: change.cause for change in found.changes}
    assert causes == {"B": Cause.PINNED_IN, "A": Cause.ROOM}
    assert explore(base(), WhatIf(out=("A",))).leaving[0].cause is Cause.PINNED_OUT
    assert next(row.inside for row in found.portfolio.everyone if row.reference == "B") == 1.0


def test_what_is_approved_has_its_money_whatever_its_rank() -> None:
    """C is approved with a gate open, and ranks last: 3 of the 9 are promised, 6 are left for the others by rank."""
    held = portfolio(SCORES, COSTS, 9.0, approved=("C",))
    assert [row.reference for row in held.everyone if row.funded] == ["A", "C"]
    swapped = explore(held, weights(40))
    assert [row.reference for row in swapped.portfolio.everyone if row.funded] == ["B", "C"]
    assert next(row.inside for row in swapped.portfolio.everyone if row.reference == "C") == 1.0
    scarce = explore(held, WhatIf(budget=Decimal(8)))
    assert [change.row.reference for change in scarce.leaving] == ["A"]  # never what is approved
    without = explore(held, WhatIf(out=("C",)))
    assert {change.row.reference: change.cause for change in without.changes} == {"C": Cause.PINNED_OUT}


def test_what_is_approved_cannot_be_unpinned() -> None:
    held = portfolio(SCORES, COSTS, 9.0, approved=("A", "C"))
    alone = explore(held, WhatIf(budget=Decimal(7)))
    assert contradiction_text(alone, alone.contradictions[0]) == (
        "What is approved costs USD 9 m, the budget is USD 7 m: raise it, or pin a project out to see it without."
    )
    pinned = explore(held, WhatIf(must=("B",)))
    assert contradiction_text(pinned, pinned.contradictions[0]) == (
        "Approved and must-do projects cost USD 15 m, the budget is USD 9 m: unpin one of B, or raise it."
    )


def test_contradictions_are_said_with_their_numbers() -> None:
    dear = explore(base(), WhatIf(must=("A", "B")))
    assert [found.clash for found in dear.contradictions] == [Clash.TOO_DEAR]
    assert contradiction_text(dear, dear.contradictions[0]) == (
        "Must-do projects cost USD 12 m, the budget is USD 9 m: unpin one of A, B, or raise it."
    )
    calls = {"A": {(2027, ""): 6e6}, "B": {(2027, ""): 2e6}, "C": {(2028, ""): 3e6}}
    capped = explore(base(), WhatIf(must=("A",), caps={(2027, ""): Decimal(5)}), calls)
    assert "Must-do projects cost USD 6 m, the 2027 budget is USD 5 m" in contradiction_text(
        capped, capped.contradictions[0]
    )
    assert (
        broken_cap(capped)
        == "What is pinned in or approved costs USD 6 m in 2027, more than the 2027 budget of USD 5 m"
    )
    granted = explore(base(), WhatIf(must=("A",), caps={(2027, "grants"): Decimal(1)}), {"A": {(2027, "grants"): 2e6}})
    assert broken_cap(granted).endswith("costs USD 2 m in 2027, more than the 2027 budget from grants of USD 1 m")
    kept = explore(base(), WhatIf(must=("A",), caps={(2027, ""): Decimal(7)}), calls)
    assert (broken_cap(dear), broken_cap(kept)) == ("", "")
    blocked = explore(portfolio(SCORES, COSTS, 9.0, blocked=("A",)), WhatIf(must=("A",)))
    assert contradiction_text(blocked, blocked.contradictions[0]) == (
        "A is pinned in, but a gate blocks it: a pin does not lift a gate."
    )
    assert not next(row.funded for row in blocked.portfolio.everyone if row.reference == "A")


def test_a_yearly_cap_stops_the_list() -> None:
    calls = {"A": {(2027, ""): 6e6}, "B": {(2027, ""): 2e6, (2028, ""): 4e6}, "C": {(2028, ""): 3e6}}
    found = explore(base(15.0), WhatIf(caps={(2027, ""): Decimal(7)}), calls)
    assert [row.reference for row in found.portfolio.everyone if row.funded] == ["A"]
    assert found.portfolio.first_out is not None
    assert found.portfolio.first_out.reference == "B"


def test_without_a_round_only_ranks_move() -> None:
    found = explore(replace(base(), round=None), weights(60))
    assert [row.reference for row in found.portfolio.everyone] == ["B", "C", "A"]
    assert found.changes == ()
    assert found.portfolio.funded == 0


@settings(max_examples=examples(40))
@given(
    scores=st.lists(
        st.lists(st.integers(0, 20).map(lambda level: 5.0 * level), min_size=4, max_size=4), min_size=2, max_size=6
    ),
    costs=st.lists(st.integers(1, 9), min_size=6, max_size=6),
    budget=st.integers(1, 30),
    level=st.integers(1, 95),
)
def test_a_change_turns_exactly_where_brute_force_says(
    scores: list[list[float]], costs: list[int], budget: int, level: int
) -> None:
    names = [f"P{at}" for at in range(len(scores))]
    start = portfolio(
        dict(zip(names, scores, strict=True)),
        {name: float(cost) for name, cost in zip(names, costs, strict=False)},
        budget,
    )
    for change in explore(start, weights(level)).changes:
        assert change.turns_at is None or 0 < change.turns_at < 1
        if change.turns_at is None or change.criterion != "inclusiveness":
            continue
        back = np.sign(0.25 - level / 100)
        for step, funded in ((-back, change.row.funded), (back, not change.row.funded)):
            at = 100 * (change.turns_at + step * 1e-6)
            there = explore(start, weights(at)).portfolio.everyone
            assert next(row.funded for row in there if row.reference == change.row.reference) == funded


def test_another_what_if_is_the_baseline() -> None:
    pinned = WhatIf(must=("B",))
    found = explore(base(), WhatIf(budget=Decimal(15)), against=pinned)
    # The baseline funds B, which is pinned, and stops there: A costs 6 of the 3 m that are left.
    assert [(change.row.reference, change.cause, change.before) for change in found.changes] == [
        ("A", Cause.BUDGET, 1),
        ("C", Cause.BUDGET, 3),
    ]
    assert said(found, found.entering[0]).text.startswith("(1) enters because the budget went USD 9 m → USD 15 m")
    released = explore(base(), WhatIf(), against=pinned)
    assert {change.row.reference: change.cause for change in released.leaving} == {"B": Cause.UNPINNED}
    assert said(released, released.leaving[0]).text.startswith("(2) leaves because it is not pinned in any more")
    assert explore(base(), pinned, against=pinned).changes == ()


@given(data=st.data())
@settings(max_examples=examples(40))
def test_changes_between_two_what_ifs_are_the_difference_of_what_they_fund(data: st.DataObject) -> None:
    names = [f"P-{at}" for at in range(data.draw(st.integers(1, 8)))]
    scores = {name: tuple(data.draw(LEVELS) for _ in range(4)) for name in names}
    costs = {name: float(data.draw(st.integers(1, 9))) for name in names}
    record = portfolio(scores, costs, 12.0)

    def drawn() -> WhatIf:
        return WhatIf(
            weights=data.draw(st.sampled_from([{}, weights(40).weights, weights(10).weights])),
            budget=data.draw(st.sampled_from([None, Decimal(5), Decimal(20)])),
            must=tuple(data.draw(st.lists(st.sampled_from(names), max_size=2, unique=True))),
        )

    one, other = drawn(), drawn()
    found = explore(record, other, against=one)
    before, after = (
        {row.reference for row in explore(record, each).portfolio.everyone if row.funded} for each in (one, other)
    )
    assert {change.row.reference for change in found.entering} == after - before
    assert {change.row.reference for change in found.leaving} == before - after
    back = explore(record, one, against=other)
    assert {change.row.reference for change in back.entering} == before - after
