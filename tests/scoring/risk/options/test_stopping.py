"""Least-squares stopping against the published example of Longstaff and Schwartz (2001), tables 1-6."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.risk.options.stopping import NEVER, Problem, least_squares, polynomials, solve

PRICES = np.array(
    [
        [1.00, 1.09, 1.08, 1.34],
        [1.00, 1.16, 1.26, 1.54],
        [1.00, 1.22, 1.07, 1.03],
        [1.00, 0.93, 0.97, 0.92],
        [1.00, 1.11, 1.56, 1.52],
        [1.00, 0.76, 0.77, 0.90],
        [1.00, 0.92, 0.84, 1.01],
        [1.00, 0.88, 1.22, 1.34],
    ]
)
DISCOUNT = np.exp(-0.06 * np.arange(4))
STRIKE = 1.10


def put() -> Problem:
    payoff = np.maximum(STRIKE - PRICES, 0.0)
    may = payoff > 0.0
    may[:, 0] = False
    return Problem(
        running=np.zeros_like(PRICES),
        payoff=payoff * DISCOUNT,
        may=may,
        observed=lambda date: PRICES[:, date : date + 1],
    )


def test_the_published_american_put_has_its_value_and_stops_where_published() -> None:
    outcome = solve(put())
    assert outcome.value.mean() == pytest.approx(0.1144, abs=5e-5)
    assert outcome.stopped.tolist() == [NEVER, NEVER, 3, 1, NEVER, 1, 1, 1]


def test_the_european_put_is_the_published_one() -> None:
    american = put()
    american.may[:, 1:3] = False
    assert solve(american).value.mean() == pytest.approx(0.0564, abs=5e-5)


@pytest.mark.parametrize(
    ("prices", "later", "published"),
    [
        ([1.08, 1.07, 0.97, 0.77, 0.84], [0.00, 0.07, 0.18, 0.20, 0.09], [-1.070, 2.983, -1.813]),
        ([1.09, 0.93, 0.76, 0.92, 0.88], [0.00, 0.13, 0.33, 0.26, 0.00], [2.038, -3.335, 1.356]),
    ],
)
def test_the_regressions_have_the_published_coefficients(
    prices: list[float], later: list[float], published: list[float]
) -> None:
    basis = polynomials(np.array(prices)[:, np.newaxis])
    found = least_squares(basis, np.array(later) * DISCOUNT[1])
    assert found == pytest.approx(published, abs=6e-4)


def test_a_rule_measured_on_its_own_draws_is_worth_too_much_and_on_others_not() -> None:
    # Nothing is to be learnt: stopping or going on brings noise of mean 0, and so is any rule worth 0.
    random, n = np.random.default_rng(5), 200
    seen, coming, offered = random.standard_normal((n, 4)), random.standard_normal(n), random.standard_normal(n)
    nothing = np.zeros(n)
    problem = Problem(
        running=np.stack((nothing, coming), axis=1),
        payoff=np.stack((offered, nothing), axis=1),
        may=np.tile([True, False], (n, 1)),
        observed=lambda _: seen,
    )
    own, others = solve(problem), solve(problem, np.arange(n) % 2)
    assert own.value.mean() > 3 / np.sqrt(n)
    assert abs(others.value.mean()) < 3 / np.sqrt(n)


@given(columns=st.lists(st.lists(st.floats(-5, 5), min_size=9, max_size=9), min_size=1, max_size=3))
def test_what_lies_in_the_span_is_found_again(columns: list[list[float]]) -> None:
    basis = polynomials(np.array(columns).T)
    values = basis.sum(axis=1)
    assert basis @ least_squares(basis, values) == pytest.approx(values, abs=1e-3)


def test_what_only_loses_is_left_for_nothing() -> None:
    problem = Problem(
        running=np.array([[0.0, -1.0, -1.0]] * 4),
        payoff=np.full((4, 3), -5.0),
        may=np.ones((4, 3), dtype=np.bool_),
        observed=lambda _: np.empty((4, 0)),
        may_leave=True,
    )
    outcome = solve(problem, np.arange(4) % 2)
    assert outcome.value.tolist() == [0.0] * 4
    assert set(outcome.stopped) == {NEVER}


def test_figures_that_differ_by_nothing_tell_nothing() -> None:
    n = 64
    seen = np.stack((np.full(n, 7.0), np.linspace(0.0, 5e-324, n), 3.0 + np.arange(n) * 1e-18), axis=1)
    offered = np.linspace(-1.0, 2.0, n)
    problem = Problem(
        running=np.zeros((n, 1)),
        payoff=offered[:, np.newaxis],
        may=np.ones((n, 1), dtype=np.bool_),
        observed=lambda _: seen,
    )
    assert solve(problem).value == pytest.approx(offered)
