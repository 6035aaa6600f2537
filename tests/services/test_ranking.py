"""What the ranked portfolio says of itself: who is safe, and whom the budget would reach."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from appraisal.services.ranking import Portfolio
from tests.services.portfolios import portfolio

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
        (7.0, ("B",), True),  # A and B cost 7
        (6.9, ("B",), False),
        (12.0, ("B", "D"), True),
        (4.0, ("D",), False),  # B is the first out, and stands before it
    ],
)
def test_the_budget_reaches_what_a_gate_blocks_only_where_there_is_room(
    budget: float, blocked: Sequence[str], expected: bool
) -> None:
    found = portfolio(SCORES, COSTS, budget, blocked=blocked)
    assert found.reaches(found.by_reference[blocked[-1] if budget < 5 else "B"]) is expected
    assert replace(found, round=None).reaches(found.by_reference[blocked[0]])


def test_what_is_approved_has_its_money_before_any_rank() -> None:
    found = portfolio(SCORES, COSTS, 7.0, blocked=("B",), approved=("D",))
    assert not found.reaches(found.by_reference["B"])
    assert found.reaches(found.by_reference["D"])
