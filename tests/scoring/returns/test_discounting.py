"""Discount factors and net present value."""

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import returns
from scoring.project_file import Timing
from scoring.returns.arrays import FloatArray
from tests.scoring.returns.cash_flows import any_projects, conventional_projects, tables

GREEN_BOOK = ((0, 0.035), (31, 0.03), (76, 0.025), (126, 0.02), (201, 0.015), (301, 0.01))
rates = st.floats(-0.5, 2.0)


def test_green_book_discount_factors() -> None:
    # HM Treasury's table of long-term discount factors: years 30, 31, 75, 76, 125.
    factors = returns.discount_factors(GREEN_BOOK, 126)
    assert factors[[0, 30, 31, 75, 76, 125]] == pytest.approx([1, 0.3563, 0.3459, 0.0942, 0.0919, 0.0274], abs=5e-5)


def test_forward_rates_are_chained_and_the_first_has_no_effect() -> None:
    # 110/1.1 + 121/(1.1 x 1.21): by hand.
    assert returns.npv([0.0, 110.0, 133.1], [0.5, 0.10, 0.21]) == pytest.approx(100 + 100)


def test_one_rate_a_row() -> None:
    values = returns.npv([[0.0, 110.0], [0.0, 120.0]], [[0.1], [0.2]])
    assert values == pytest.approx([100, 100])


def test_mid_year_timing_multiplies_every_value_by_half_a_year() -> None:
    end = returns.discount_factors(0.21, 4)
    assert returns.discount_factors(0.21, 4, Timing.MID) == pytest.approx(end * 1.1)


def test_mid_year_timing_of_a_schedule_takes_the_rate_of_the_period() -> None:
    factors = returns.discount_factors(((0, 0.21), (1, 0.44)), 2, Timing.MID)
    assert factors == pytest.approx([1.1, 1.2 / 1.44])


@pytest.mark.parametrize("rate", [-1.0, -1.5, float("nan"), float("inf"), [0.1, -1.0]])
def test_a_rate_at_or_below_minus_one_is_refused(rate: float) -> None:
    with pytest.raises(returns.RateError):
        returns.npv([-1.0, 2.0], rate)


@pytest.mark.parametrize("schedule", [(), ((1, 0.03),), ((0, 0.03), (0, 0.02)), ((0, 0.03), (9, 0.02), (5, 0.01))])
def test_a_schedule_out_of_order_is_refused(schedule: tuple[tuple[int, float], ...]) -> None:
    with pytest.raises(returns.RateError):
        returns.discount_factors(schedule, 5)


def test_forward_rates_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one a period"):
        returns.npv([[1.0, 2.0], [3.0, 4.0]], [0.1, 0.1, 0.1])


@pytest.mark.parametrize("cash_flows", [[], [[]], 3.0, [[[1.0]]]])
def test_other_shapes_are_refused(cash_flows: object) -> None:
    with pytest.raises(ValueError, match="periods"):
        returns.npv(cash_flows, 0.1)


def test_amounts_that_are_not_finite_are_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        returns.npv([1.0, float("nan")], 0.1)


def test_the_lowest_rate_over_the_longest_horizon_does_not_fail() -> None:
    assert returns.npv([-5.0] + [0.0] * 479, -0.99) == -5.0
    assert returns.npv([1.0] * 480, -0.99) == np.inf


@given(cash_flows=conventional_projects(), rate=rates)
def test_npv_is_numpy_financials(cash_flows: FloatArray, rate: float) -> None:
    table = np.stack([cash_flows, -2 * cash_flows])
    expected = npf.npv(rate, cash_flows)
    scale = npf.npv(rate, np.abs(cash_flows))
    assert returns.npv(cash_flows, rate) == pytest.approx(expected, abs=1e-12 * scale)
    assert returns.npv(table, rate) == pytest.approx([expected, -2 * expected], abs=1e-11 * scale)


@given(table=tables(), rate=rates, factor=st.floats(-10, 10))
def test_npv_is_linear(table: FloatArray, rate: float, factor: float) -> None:
    together = returns.npv(table.sum(axis=0) * factor, rate)
    apart = factor * np.sum(returns.npv(table, rate))
    scale = np.sum(returns.npv(np.abs(table), rate)) * max(abs(factor), 1)
    assert together == pytest.approx(apart, abs=1e-10 * scale)


@given(cash_flows=any_projects(), rate=rates)
def test_a_level_schedule_is_its_rate(cash_flows: FloatArray, rate: float) -> None:
    factors = returns.discount_factors(((0, rate), (3, rate)), len(cash_flows))
    assert factors == pytest.approx(returns.discount_factors(rate, len(cash_flows)), rel=1e-12)
