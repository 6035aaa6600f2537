"""The IRR over the draws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.result import Figure, Missing
from scoring.returns.measures import irr
from scoring.risk.irr_quantiles import irr_below, median_irr, turns_once
from scoring.risk.normal import FloatArray


def bonds(*gains: float) -> FloatArray:
    """-100 now and 100 + gain next year: an IRR of the gain in per cent."""
    return np.array([[-100.0, 100.0 + gain] for gain in gains])


def median(base: FloatArray, net: FloatArray) -> Figure:
    return median_irr(base, net, (len(net),)).value


def below(base: FloatArray, values: FloatArray, net: FloatArray, hurdle: float) -> Figure:
    return irr_below(base, values, net, hurdle, (len(values),), (len(net),)).value


def npv(net: FloatArray, rate: float) -> FloatArray:
    return np.asarray(net @ (1 + rate) ** -np.arange(net.shape[1]))


def test_the_median_of_three_is_the_middle_one() -> None:
    assert median(bonds(5)[0], bonds(2, 30, 7)) == pytest.approx(0.07)


def test_a_median_far_out_is_found() -> None:
    assert median(bonds(5)[0], bonds(-90, -80, -85)) == pytest.approx(-0.85)
    assert median(bonds(5)[0], bonds(700, 400, 500)) == pytest.approx(5.0)


def test_the_median_draw_that_never_pays_has_no_irr() -> None:
    assert median(bonds(5)[0], bonds(-100, -100, 5)) == Missing("not-reached")


def test_a_plan_that_never_pays_has_no_irr() -> None:
    only_cost = np.array([-1.0, -1.0])
    assert median(only_cost, bonds(5)) == Missing("no-sign-change")
    assert below(only_cost, np.array([1.0]), bonds(5), 0.1) == Missing("no-sign-change")


@given(st.lists(st.floats(-50, 200), min_size=3, max_size=31).filter(lambda gains: len(gains) % 2 == 1))
def test_it_is_the_median_of_the_irrs(gains: list[float]) -> None:
    net = bonds(*gains)
    assert median(bonds(5)[0], net) == pytest.approx(np.median(np.asarray(irr(net))), abs=1e-8)


@given(gains=st.lists(st.floats(-50, 200), min_size=1, max_size=30), hurdle=st.floats(0, 1))
def test_the_share_below_a_hurdle_is_the_share_of_irrs_below_it(gains: list[float], hurdle: float) -> None:
    net = bonds(*gains)
    lower = np.asarray(irr(net)) < hurdle
    near = np.abs(np.asarray(irr(net)) - hurdle) < 1e-9
    share = below(bonds(5)[0], npv(net, hurdle), net, hurdle)
    assert lower[~near].sum() / len(lower) <= share <= (lower | near).sum() / len(lower)  # type: ignore[operator]


def test_with_two_roots_the_irr_nearest_to_zero_decides() -> None:
    # -100, 230, -132 has the roots 10% and 20%; its NPV at 30% is below zero, and so is it at 5%.
    twice = np.array([-100.0, 230.0, -132.0])
    assert not turns_once(twice)
    net = np.array([twice, twice])
    assert below(twice, npv(net, 0.05), net, 0.05) == 0.0
    assert below(twice, npv(net, 0.15), net, 0.15) == 1.0
    assert median(twice, net) == pytest.approx(0.1)


def test_a_later_renewal_leaves_one_root_above_zero() -> None:
    assert turns_once(np.array([-100.0, 80.0, 80.0, -20.0, 80.0]))


def replicates(spread: float) -> FloatArray:
    """Ten replicates of 40 bonds, the gains of each moved by a tenth of what stands between the first and the last."""
    moves = np.linspace(-spread, spread, 10)
    return bonds(*np.concatenate([np.linspace(0, 20, 40) + move for move in moves]))


def test_the_error_of_the_median_irr_is_its_spread_between_replicates() -> None:
    net, kept = replicates(2.0), (40,) * 10
    expected = np.std(np.linspace(-0.02, 0.02, 10), ddof=1) / np.sqrt(10)
    assert median_irr(bonds(5)[0], net, kept).se == pytest.approx(expected, rel=0.02)
    # A flow that turns twice is solved draw by draw.
    twice = np.hstack((net, np.full((400, 1), -1e-9)))
    assert not turns_once(np.array([-100.0, 230.0, -132.0]))
    assert median_irr(np.array([-100.0, 230.0, -132.0]), twice, kept).se == pytest.approx(expected, rel=0.02)


def test_the_error_of_a_share_is_its_spread_between_replicates() -> None:
    net, sizes = replicates(4.0), (40,) * 10
    found = irr_below(bonds(5)[0], npv(net, 0.1), net, 0.1, sizes, sizes)
    parts = [(np.asarray(irr(part)) < 0.1).mean() for part in np.split(net, 10)]
    assert found.value == pytest.approx(np.mean(parts))
    assert found.se == pytest.approx(np.std(parts, ddof=1) / np.sqrt(10))
