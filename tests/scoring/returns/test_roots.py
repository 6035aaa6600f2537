"""Every internal rate of return, and the one reported."""

import math

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import returns
from scoring.returns.arrays import FloatArray
from scoring.returns.kernels import irr_of_rows
from scoring.returns.measures import irr_by_rows
from tests.examples import examples
from tests.scoring.returns.cash_flows import any_projects, conventional_projects, tables


def test_irr_lists_every_root_when_the_sign_changes_twice() -> None:
    roots = returns.irr_all(np.array([-100.0, 230.0, -132.0]))
    assert roots == pytest.approx([0.10, 0.20])  # both by hand: the polynomial factors


def test_the_root_closest_to_zero_is_reported_with_the_reason() -> None:
    cash_flows = [-50.0, -100.0, 600.0, 300.0, -100.0]
    assert returns.irr_all(cash_flows) == pytest.approx([-0.769, 1.854], abs=5e-4)
    assert returns.irr(cash_flows) == pytest.approx(-0.769, abs=5e-4)
    assert returns.irr_reason(cash_flows) == "multiple-roots"


def test_a_root_that_only_touches_zero_counts_once() -> None:
    assert returns.irr_all([-100.0, 220.0, -121.0]) == pytest.approx([0.10], abs=1e-9)  # -100 (x - 1.1)^2


def test_no_root_where_the_parabola_stays_above_zero() -> None:
    assert len(returns.irr_all([100.0, -150.0, 100.0])) == 0
    assert math.isnan(returns.irr([100.0, -150.0, 100.0]))
    assert returns.irr_reason([100.0, -150.0, 100.0]) == "no-root-in-range"


@pytest.mark.parametrize("cash_flows", [[5.0], [0.0, 0.0], [-1.0, -2.0], [0.0, 3.0, 1e15], [-1e15] * 480])
def test_no_sign_change_no_rate(cash_flows: list[float]) -> None:
    assert math.isnan(returns.irr(cash_flows))
    assert returns.irr_reason(cash_flows) == "no-sign-change"
    assert len(returns.irr_all(cash_flows)) == 0


@pytest.mark.parametrize(
    ("cash_flows", "rate"),
    [
        ([-1.0, 1000.0], 999.0),
        ([-1e15, 1.1e15], 0.1),
        ([0.0, 0.0, -100.0, 0.0, 121.0, 0.0], 0.1),
        ([-100.0, 0.5], -0.995),
        ([-1.0, 1e-6], -0.999999),
        ([0.0] * 400 + [-1.0, 1e6], 999_999.0),
        ([100.0, -110.0], 0.1),
        ([-100.0] + [0.0] * 478 + [100.0 * 1.02**479], 0.02),
    ],
)
def test_one_sign_change_has_one_rate_wherever_it_lies(cash_flows: list[float], rate: float) -> None:
    assert returns.irr(cash_flows) == pytest.approx(rate, rel=1e-12)
    assert returns.irr_all(cash_flows) == pytest.approx([rate], rel=1e-12)
    (compiled,) = returns.irr_all_of_rows([cash_flows])
    assert compiled == pytest.approx([rate], rel=1e-12)
    assert returns.irr_reason(cash_flows) is None


def test_a_loss_of_nearly_everything_stays_above_minus_one() -> None:
    assert -1 < returns.irr([-1e15, 1e-6]) < -0.999999


@pytest.mark.parametrize("copies", [1, 600])
def test_amounts_too_small_to_matter_count_as_zero(copies: int) -> None:
    table = np.tile([-100.0, 110.0, -5e-324, 1e-200], (copies, 1))
    assert returns.irr(table) == pytest.approx([0.1] * copies)
    assert returns.irr_all(table[0]) == pytest.approx([0.1])
    assert returns.irr_reason(table[0]) is None


def test_rows_are_told_apart() -> None:
    table = np.array([[-100.0, 110.0, 0.0], [-100.0, 230.0, -132.0], [1.0, 1.0, 1.0]])
    assert returns.irr(table) == pytest.approx([0.1, 0.1, math.nan], nan_ok=True)
    assert returns.irr_reason(table) == (None, "multiple-roots", "no-sign-change")


def test_several_rows_have_no_common_list_of_roots() -> None:
    with pytest.raises(ValueError, match="one row"):
        returns.irr_all([[1.0, -1.0], [1.0, -1.0]])


@given(st.lists(st.integers(-90, 900), min_size=1, max_size=5, unique=True))
def test_roots_put_into_a_polynomial_come_out(percents: list[int]) -> None:
    expected = sorted(percent / 100 for percent in percents)
    cash_flows = np.poly([1 + rate for rate in expected])
    assert returns.irr_all(cash_flows) == pytest.approx(expected, rel=1e-6, abs=1e-6)


@given(cash_flows=conventional_projects())
def test_npv_at_irr_is_zero(cash_flows: FloatArray) -> None:
    rate = returns.irr(cash_flows)
    terms = np.abs(cash_flows) / (1 + rate) ** np.arange(len(cash_flows))
    assert abs(returns.npv(cash_flows, rate)) <= 1e-9 * terms.sum()


@given(cash_flows=any_projects())
def test_npv_changes_sign_at_every_root_of_any_row(cash_flows: FloatArray) -> None:
    for rate in returns.irr_all(cash_flows):
        if rate < -0.99:
            continue  # the sum of such a rate and 1 has lost digits of it
        terms = cash_flows / (1 + rate) ** np.arange(len(cash_flows))
        assert abs(terms.sum()) <= 1e-9 * np.abs(terms).sum()


@given(cash_flows=any_projects())
def test_no_sign_change_is_left_between_the_roots(cash_flows: FloatArray) -> None:
    roots = returns.irr_all(cash_flows)
    grid = np.expm1(np.linspace(math.log(0.011), math.log(10.9), 400))
    terms = cash_flows / (1 + grid[:, np.newaxis]) ** np.arange(len(cash_flows))
    sure = np.abs(terms.sum(axis=1)) > 1e-9 * np.abs(terms).sum(axis=1)
    signs, grid = np.sign(terms.sum(axis=1))[sure], grid[sure]
    for at in np.flatnonzero(signs[1:] != signs[:-1]):
        assert ((roots >= grid[at]) & (roots <= grid[at + 1])).any()


@given(cash_flows=conventional_projects())
def test_irr_is_numpy_financials_where_it_is_unique(cash_flows: FloatArray) -> None:
    oracle = npf.irr(cash_flows)
    if not math.isnan(oracle):
        assert returns.irr(cash_flows) == pytest.approx(oracle, rel=1e-6, abs=1e-8)


@settings(deadline=None)  # compiles at its first example
@given(table=tables())
def test_the_compiled_kernel_agrees_with_numpy(table: FloatArray) -> None:
    rates, unsolved = irr_of_rows(table)
    assert not unsolved.any()
    assert rates == pytest.approx(irr_by_rows(table), rel=1e-9, abs=1e-9, nan_ok=True)


def test_many_rows_go_through_the_kernel_and_keep_their_order() -> None:
    growth = np.linspace(-0.5, 0.5, 1000)
    table = np.stack([np.full(1000, -100.0), np.zeros(1000), 100 * (1 + growth) ** 2], axis=1)
    assert returns.irr(table) == pytest.approx(growth, abs=1e-12)


@pytest.mark.parametrize("scale", [1.0, 1e15, 1e-60, 1e60])
def test_rows_that_all_turn_at_once_have_the_rates_of_the_plain_path(scale: float) -> None:
    random = np.random.default_rng(3)
    table = random.uniform(5, 20, (640, 12)) * scale
    table[:, :2] *= -5
    assert returns.irr(table) == pytest.approx(irr_by_rows(table), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("amount", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("at", [(0, 0), (70, 2), (599, 1)])
def test_an_amount_that_is_not_finite_is_refused_among_many_rows(amount: float, at: tuple[int, int]) -> None:
    table = np.tile([-100.0, 60.0, 70.0], (600, 1))
    table[at] = amount
    with pytest.raises(ValueError, match="finite"):
        returns.irr(table)


def test_rates_that_lie_close_together_are_told_apart_in_many_rows() -> None:
    # Their turning point must be found before the sum between them is seen to be beyond zero.
    random = np.random.default_rng(4)
    apart = 10.0 ** random.uniform(-4, -1, 200)
    known = [np.array([rate, rate + gap, 4.0]) for rate, gap in zip(random.uniform(-0.5, 2, 200), apart, strict=True)]
    rows = np.array([-np.poly([*(1 + rates), -0.5, -1.5]) for rates in known])
    for rates, found in zip(known, returns.irr_all_of_rows(rows), strict=True):
        assert found == pytest.approx(rates, abs=1e-6)


def test_rows_with_very_many_sign_changes_are_left_to_the_plain_path() -> None:
    restless = np.tile([100.0, -101.0], 30)
    table = np.tile(restless, (600, 1))
    assert irr_of_rows(table)[1].all()
    assert returns.irr(table[:1]) == pytest.approx(returns.irr(restless), nan_ok=True)


@settings(max_examples=examples(40), deadline=None)
@given(rows=tables())
def test_every_root_of_many_rows_is_that_of_each_row(rows: FloatArray) -> None:
    for row, found in zip(rows, returns.irr_all_of_rows(rows), strict=True):
        alone = returns.irr_all(row)
        assert len(found) == len(alone)
        assert found == pytest.approx(alone, rel=1e-7, abs=1e-7)


def test_a_row_with_very_many_changes_of_sign_is_left_to_the_plain_way() -> None:
    row = np.array([-1.0, 1.1] * 15)
    (found,) = returns.irr_all_of_rows(row[np.newaxis])
    assert found == pytest.approx(returns.irr_all(row))


@given(cash_flows=any_projects())
def test_the_rate_of_a_single_row_is_that_of_the_same_row_in_a_table(cash_flows: FloatArray) -> None:
    # The one is numpy-financial's where that is as exact, the other the plain path the kernels are held against.
    alone, in_table = returns.irr(cash_flows), returns.irr(np.stack([cash_flows, cash_flows]))
    assert alone == pytest.approx(in_table[0], rel=1e-11, abs=1e-11, nan_ok=True)  # type: ignore[index]


def test_a_single_conventional_row_takes_the_rate_of_numpy_financial() -> None:
    cash_flows = np.array([-1000.0, *[130.0] * 12])
    assert returns.irr(cash_flows) == npf.irr(cash_flows)


@pytest.mark.parametrize("cash_flows", [[-1.0, 1.0, 1e-99], [-1e-90, 1.0]])
def test_amounts_far_apart_have_their_rate_all_the_same(cash_flows: list[float]) -> None:
    assert returns.irr(cash_flows) == pytest.approx(returns.irr_all(cash_flows)[0], rel=1e-9)
