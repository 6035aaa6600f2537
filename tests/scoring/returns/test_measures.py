"""MIRR and payback."""

import math
import subprocess
import sys

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import returns
from scoring.returns.arrays import FloatArray
from tests.scoring.returns.cash_flows import conventional_projects, tables


def test_mirr_by_hand() -> None:
    # Inflows carried to year 2 at 10%: 55 + 66 = 121 on an outlay of 100: 10% a year.
    assert returns.mirr([-100.0, 50.0, 66.0], 0.2, 0.1) == pytest.approx(0.1)


def test_mirr_of_later_outflows_is_financed_at_its_own_rate() -> None:
    # Outlay 100 + 60/1.2 = 150 against 216 in year 2: (216/150)^(1/2) - 1 = 20%.
    assert returns.mirr([-100.0, -60.0, 216.0], 0.2, 0.05) == pytest.approx(0.2)


@pytest.mark.parametrize("cash_flows", [[1.0, 2.0], [-1.0, -2.0], [0.0], [-3.0]])
def test_mirr_needs_an_inflow_and_an_outflow(cash_flows: list[float]) -> None:
    assert math.isnan(returns.mirr(cash_flows, 0.1, 0.1))
    assert np.isnan(returns.mirr([cash_flows], 0.1, 0.1)).all()


def test_mirr_refuses_rates_at_minus_one() -> None:
    with pytest.raises(returns.RateError):
        returns.mirr([-1.0, 2.0], 0.1, -1.0)


@given(table=tables(), finance=st.floats(0, 0.5), reinvest=st.floats(0, 0.5))
def test_mirr_of_rows_is_numpy_financials(table: FloatArray, finance: float, reinvest: float) -> None:
    expected = [npf.mirr(row, finance, reinvest) for row in table]
    assert returns.mirr(table, finance, reinvest) == pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize(
    ("cash_flows", "years"),
    [
        ([-100.0, 40.0, 40.0, 40.0], 2.5),
        ([-100.0, 100.0], 1.0),
        ([-100.0, 150.0, -80.0, 60.0], 2.5),  # paid back in year 1, undone in year 2, for good in year 3
        ([100.0, -50.0, 20.0], 0.0),
        ([-0.3, 0.1, 0.1, 0.1], 3.0),  # the binary sum ends just beside zero
        ([0.0, -100.0, 0.0, 200.0], 2.5),
    ],
)
def test_payback_by_hand(cash_flows: list[float], years: float) -> None:
    assert returns.payback(cash_flows) == pytest.approx(years)


@pytest.mark.parametrize("cash_flows", [[-100.0, 40.0], [-100.0, 150.0, -80.0], [0.0, 0.0], [5.0], [-5.0]])
def test_payback_that_does_not_exist(cash_flows: list[float]) -> None:
    assert math.isnan(returns.payback(cash_flows))


def test_discounted_payback_by_hand() -> None:
    # 110/1.1 = 100, then 121/1.21 = 100: 150 is paid back half-way through year 2.
    assert returns.discounted_payback([-150.0, 110.0, 121.0], 0.1) == pytest.approx(1.5)


def test_payback_of_rows() -> None:
    assert returns.payback([[-100.0, 40.0, 120.0], [-100.0, 0.0, 50.0]]) == pytest.approx([1.5, math.nan], nan_ok=True)


@given(cash_flows=conventional_projects(), more=st.floats(1.0, 5.0))
def test_payback_never_comes_later_with_larger_returns(cash_flows: FloatArray, more: float) -> None:
    years = returns.payback(cash_flows)
    larger = returns.payback(np.where(cash_flows > 0, cash_flows * more, cash_flows))
    assert math.isnan(years) or larger <= years + 1e-9


@given(cash_flows=conventional_projects(), rate=st.floats(0.0, 0.5))
def test_discounted_payback_never_comes_before_the_simple_one(cash_flows: FloatArray, rate: float) -> None:
    simple, later = returns.payback(cash_flows), returns.discounted_payback(cash_flows, rate)
    assert math.isnan(later) or later >= simple - 1e-9


@given(cash_flows=conventional_projects())
def test_balance_is_zero_at_payback(cash_flows: FloatArray) -> None:
    years = returns.payback(cash_flows)
    if not math.isnan(years):
        balance = np.interp(years, np.arange(len(cash_flows)), np.cumsum(cash_flows))
        assert balance == pytest.approx(0, abs=1e-9 * np.abs(cash_flows).sum())


def test_the_library_is_light_to_import() -> None:
    heavy = "import sys, scoring.returns; sys.exit(bool({'numba', 'scipy', 'pandas'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", heavy], check=False).returncode == 0
