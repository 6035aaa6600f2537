"""What the ranked portfolio says of itself: who is safe, and whom the budget would reach."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.services.ranking import Portfolio
from tests.services.portfolios import MILLION, portfolio

SCORES = {name: (score,) * 4 for name, score in (("A", 80.0), ("B", 70.0), ("C", 60.0), ("D", 50.0))}
COSTS = {"A": 3.0, "B": 4.0, "C": 5.0, "D": 1.0}


def reached(made: Portfolio, shares: Sequence[float]) -> Portfolio:
    """The same where the budget reaches the projects in these shares of the draws, by rank."""
    rows = tuple(replace(row, inside=share) for row, share in zip(made.everyone, shares, strict=True))
    return replace(made, everyone=rows, rows=rows)


@pytest.mark.parametrize(
    ("shares", "safe", "first"),
    [
        ((1.0, 0.96, 0.5, 0.0), 2, True),
        ((0.8, 0.5, 1.0, 0.0), 1, False),
        ((0.8, 0.5, 0.1, 0.0), 0, True),
        ((1.0, 0.95, 0.99, 1.0), 3, True),
    ],
)
def test_what_is_safe_counts_wherever_it_stands(shares: Sequence[float], safe: int, first: bool) -> None:
    """D is not funded, so that it is not safe either."""
    found = reached(portfolio(SCORES, COSTS, 12.0), shares)
    assert (found.funded, found.safe, found.safe_come_first) == (3, safe, first)


@pytest.mark.parametrize(
    ("budget", "blocked", "expected"),
    [
        (7.0, ("B",), "AB"),  # A and B cost 7
        (6.9, ("B",), "A"),
        (12.0, ("B", "D"), "ABC"),  # each alone would fit; D comes after the 12 of A, B and C
        (13.0, ("B", "D"), "ABCD"),
        (4.0, ("D",), "A"),  # B is the first out, and stands before it
        (8.0, ("A",), "AB"),  # with A lifted C has no room, though the record funds B and nothing of A
        (9.0, ("A",), "AB"),  # the record funds B and C
    ],
)
def test_what_a_condition_can_lift_takes_its_money_at_its_rank(
    budget: float, blocked: Sequence[str], expected: str
) -> None:
    found = portfolio(SCORES, COSTS, budget, blocked=blocked)
    reached = found.reached(blocked)
    assert "".join(row.reference for row in reached) == expected
    assert sum(row.cost for row in reached) <= budget * MILLION
    assert found.reached(()) == tuple(row for row in found.everyone if row.funded)
    assert replace(found, round=None).reached(blocked) == ()


def test_what_is_approved_has_its_money_before_any_rank() -> None:
    found = portfolio(SCORES, COSTS, 7.0, blocked=("B",), approved=("D",))
    assert [row.reference for row in found.reached({"B"})] == ["A", "D"]


@given(
    st.lists(st.integers(1, 9), min_size=4, max_size=4),
    st.integers(0, 30),
    st.sets(st.sampled_from("ABCD")),
    st.sets(st.sampled_from("ABCD"), max_size=1),
)
def test_all_that_is_reached_is_within_the_budget_or_approved(
    costs: list[int], budget: int, blocked: set[str], approved: set[str]
) -> None:
    named = {name: float(cost) for name, cost in zip("ABCD", costs, strict=True)}
    found = portfolio(SCORES, named, float(budget), blocked=sorted(blocked), approved=sorted(approved))
    reached = found.reached(blocked)
    assert sum(row.cost for row in reached) <= max(budget * MILLION, found.promised)
    assert approved <= {row.reference for row in reached}
