"""Dated flows against published figures, another library, and the flows of whole periods they generalise."""

import math
from datetime import date, timedelta

import numpy as np
import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from scoring import returns
from scoring.returns.discounting import RateError

AMOUNTS = [-10_000, 2_750, 4_250, 3_250, 2_750]
DATES = [date(2008, 1, 1), date(2008, 3, 1), date(2008, 10, 30), date(2009, 2, 15), date(2009, 4, 1)]
"""The example in Microsoft's documentation of XIRR and XNPV."""


def test_the_published_rate_of_return() -> None:
    assert returns.xirr(AMOUNTS, DATES) == pytest.approx(0.373362535, abs=5e-9)


def test_the_published_net_present_value() -> None:
    assert returns.xnpv(AMOUNTS, DATES, 0.09) == pytest.approx(2086.647602, abs=5e-7)


def test_the_order_of_the_flows_does_not_matter_and_flows_of_one_day_are_one() -> None:
    amounts, dates = [*reversed(AMOUNTS), -100, 100], [*reversed(DATES), DATES[2], DATES[2]]
    assert returns.xirr(amounts, dates) == pytest.approx(returns.xirr(AMOUNTS, DATES), rel=1e-12)
    assert returns.xnpv(amounts, dates, 0.09) == pytest.approx(returns.xnpv(AMOUNTS, DATES, 0.09), rel=1e-12)


def test_every_rate_is_listed_where_there_are_several() -> None:
    # Years of 365 days: -100 (x - 1.1)(x - 1.2) in x = 1 + r.
    dates = [date(2021, 1, 1), date(2022, 1, 1), date(2023, 1, 1)]
    assert returns.xirr_all([-100.0, 230.0, -132.0], dates) == pytest.approx([0.10, 0.20])
    assert returns.xirr([-100.0, 230.0, -132.0], dates) == pytest.approx(0.10)


@pytest.mark.parametrize(
    ("amounts", "days", "rate"),
    [
        ([-1.0, 1000.0], 365, 999.0),
        ([-1.0, 1e-6], 365, -0.999999),
        ([-100.0, 101.0], 1, 1.01**365 - 1),
        ([-100.0, 110.0], 730, 1.1**0.5 - 1),
    ],
)
def test_a_single_rate_is_found_wherever_it_lies(amounts: list[float], days: int, rate: float) -> None:
    dates = [date(2021, 1, 1), date(2021, 1, 1) + timedelta(days=days)]
    assert returns.xirr(amounts, dates) == pytest.approx(rate, rel=1e-10)


@pytest.mark.parametrize("amounts", [[-1.0, -2.0], [0.0, 0.0], [100.0, -150.0, 100.0], [-1.0, 1e9]])
def test_there_may_be_none(amounts: list[float]) -> None:
    # The last of them pays a thousand million times its price within a day: no float64 holds the yearly rate.
    dates = [date(2021, 1, 1) + timedelta(days=365 * at if len(amounts) == 3 else at) for at in range(len(amounts))]
    assert math.isnan(returns.xirr(amounts, dates))
    assert len(returns.xirr_all(amounts, dates)) == 0


def test_what_does_not_belong_together_is_refused() -> None:
    with pytest.raises(ValueError, match="same length"):
        returns.xirr([1.0, -1.0], DATES)
    with pytest.raises(ValueError, match="at least one"):
        returns.xnpv([], [], 0.1)
    with pytest.raises(ValueError, match="finite"):
        returns.xnpv([math.nan], DATES[:1], 0.1)
    with pytest.raises(ValueError, match="its date"):
        returns.xirr([1.0], np.array(["NaT"], dtype="datetime64[D]"))
    with pytest.raises(RateError):
        returns.xnpv(AMOUNTS, DATES, -1.0)


@st.composite
def dated_projects(draw: st.DrawFn) -> tuple[list[float], list[date]]:
    """Money out, then money in, on distinct days within thirty years."""
    out = draw(st.lists(st.floats(1, 1e6), min_size=1, max_size=6))
    back = draw(st.lists(st.floats(1, 1e6), min_size=1, max_size=20))
    count = len(out) + len(back)
    days = draw(st.lists(st.integers(0, 10_950), min_size=count, max_size=count, unique=True).map(sorted))
    return [-amount for amount in out] + back, [date(2020, 1, 1) + timedelta(days=day) for day in days]


@given(project=dated_projects())
def test_the_rate_makes_the_value_zero(project: tuple[list[float], list[date]]) -> None:
    amounts, dates = project
    rate = returns.xirr(amounts, dates)
    if not math.isnan(rate) and -0.999 < rate < 1e6:
        sizes = returns.xnpv(np.abs(amounts), dates, rate)
        assert abs(returns.xnpv(amounts, dates, rate)) <= 1e-9 * sizes


@given(project=dated_projects(), rate=st.floats(-0.5, 2))
def test_another_library_gives_the_same(project: tuple[list[float], list[date]], rate: float) -> None:
    amounts, dates = project
    sizes = returns.xnpv(np.abs(amounts), dates, rate)
    assert returns.xnpv(amounts, dates, rate) == pytest.approx(pyxirr.xnpv(rate, dates, amounts), abs=1e-9 * sizes)
    other = pyxirr.xirr(dates, amounts)
    if other is not None and -0.9 < other < 100:
        assert returns.xirr(amounts, dates) == pytest.approx(other, rel=1e-5, abs=1e-6)


@given(flows=st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20))
def test_years_of_365_days_are_periods(flows: list[float]) -> None:
    dates = [date(2020, 1, 1) + timedelta(days=365 * at) for at in range(len(flows))]
    assert returns.xirr_all(flows, dates) == pytest.approx(returns.irr_all(flows), rel=1e-6, abs=1e-6)
