"""Risk measures against closed forms of the normal distribution."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.result import Missing
from scoring.risk.measures import certainty_equivalent, fan, histogram, measures, no_measures, tail_mean
from scoring.risk.normal import FloatArray, score
from scoring.risk.sampling import replicate_sizes
from tests.scoring.risk.factories import vectors

draws = st.lists(st.floats(-1e6, 1e6), min_size=20, max_size=200).map(np.array)


def normal_draws(mean: float, sd: float, count: int = 200_000) -> FloatArray:
    """Equally likely slices of a normal, in no order."""
    values = mean + sd * score((np.arange(count) + 0.5) / count)
    return np.random.default_rng(1).permutation(values)


@pytest.mark.parametrize("case", ["normal-tail-0-1-0.95", "normal-tail-5-10-0.95", "normal-tail-100-40-0.95"])
def test_normal_tails_are_the_closed_form(case: str) -> None:
    given_, expected = vectors()[case]["inputs"], vectors()[case]["expected"]
    values = normal_draws(given_["mean"], given_["sd"])
    result = measures(values, replicate_sizes(len(values)), 0.0)
    close = 2e-4 * given_["sd"]
    assert result.p5 == result.var95 == pytest.approx(expected["quantile"], abs=close)
    assert result.cvar95 == pytest.approx(expected["expected_shortfall_left_tail"], abs=close)
    assert result.prob_negative == pytest.approx(expected["P_negative"], abs=2e-5)
    losses = np.maximum(-values, 0)
    assert losses.mean() == pytest.approx(expected["expected_loss"], abs=close)
    share = result.prob_negative
    assert isinstance(share, float)
    assert -losses.mean() / share == pytest.approx(expected["mean_given_negative"], rel=1e-3)


def test_certainty_equivalent_of_a_normal_is_mean_less_half_aversion_times_variance() -> None:
    assert certainty_equivalent(normal_draws(100, 40), 0.01) == pytest.approx(100 - 0.01 * 40**2 / 2, rel=1e-4)


def test_certainty_equivalent_of_a_coin_is_known_by_hand() -> None:
    # -ln((1 + e^-2)/2)/2 for 0 or 1 and aversion 2.
    coin = np.array([0.0, 1.0])
    assert certainty_equivalent(coin, 2.0) == pytest.approx(-np.log((1 + np.exp(-2.0)) / 2) / 2)


def test_certainty_equivalent_of_a_ruinous_draw_does_not_overflow() -> None:
    values = np.array([-1e9, 0.0, 0.0, 0.0])
    assert certainty_equivalent(values, 1.0) == pytest.approx(-1e9 + np.log(4))


def test_hardly_any_aversion_gives_the_mean() -> None:
    values = np.append(np.zeros(27), 1.0)
    for aversion in (1e-6, 1e-12, 3e-15, 1e-300, 5e-324, 0.0):
        assert certainty_equivalent(values, aversion) == pytest.approx(1 / 28, rel=1e-5)


@given(values=draws, aversion=st.floats(0, 1), amount=st.floats(-1e5, 1e5))
def test_certainty_equivalent_lies_between_worst_and_mean_and_moves_with_a_sure_amount(
    values: FloatArray, aversion: float, amount: float
) -> None:
    certain = certainty_equivalent(values, aversion)
    close = 1e-9 * (1 + np.abs(values).max())
    assert values.min() - close <= certain <= values.mean() + close
    assert certainty_equivalent(values + amount, aversion) == pytest.approx(certain + amount, abs=1e-6, rel=1e-9)


def test_the_tail_counts_a_part_of_a_draw_in_part() -> None:
    # A twentieth of 30 draws is one draw and a half: (-10 - 4/2)/1.5.
    assert tail_mean(np.sort(np.array([-10.0, -4.0] + [0.0] * 28))) == pytest.approx(-8.0)


@given(values=draws)
def test_measures_are_in_order(values: FloatArray) -> None:
    result = measures(values, replicate_sizes(len(values)), 0.0)
    close = 1e-9 * (1 + np.abs(values).max())
    ordered = [result.cvar95, result.p5, result.p10, result.p50, result.p90, result.p95]
    assert all(isinstance(figure, float) for figure in ordered)
    assert all(low <= high + close for low, high in pairwise(ordered))  # type: ignore[operator]


def test_raroc_is_return_on_the_shortfall() -> None:
    values = np.concatenate((np.full(5, -50.0), np.full(95, 10.0)))
    # Mean (95*10 - 250)/100 = 7; the worst 5% lose 50.
    assert measures(values, replicate_sizes(100), 0.0).raroc == pytest.approx(7 / 50)


def test_raroc_is_missing_where_nothing_is_lost() -> None:
    assert measures(np.linspace(1, 2, 100), replicate_sizes(100), 0.0).raroc == Missing("no-shortfall")


def test_an_aversion_that_is_missing_leaves_only_the_certainty_equivalent_missing() -> None:
    result = measures(np.linspace(-1, 2, 100), replicate_sizes(100), Missing("no-exchange-rate"))
    assert result.certainty_equivalent == Missing("no-exchange-rate")
    assert result.mean == pytest.approx(0.5)


def test_none_in_a_hundred_draws_is_not_never() -> None:
    result = measures(np.linspace(1, 2, 100), replicate_sizes(100), 0.0)
    assert (result.prob_negative, result.prob_negative_se) == (0.0, 0.01)


def test_no_measures_are_all_missing() -> None:
    nothing = no_measures("no-financing")
    assert {getattr(nothing, name) for name in nothing.__slots__} == {Missing("no-financing")}


@given(values=draws)
def test_a_histogram_counts_every_draw(values: FloatArray) -> None:
    result = histogram(values)
    if result is not None:
        assert sum(result.counts) == len(values)
        assert len(result.edges) == len(result.counts) + 1
        assert list(result.edges) == sorted(set(result.edges))


def test_draws_that_do_not_differ_have_no_histogram() -> None:
    assert histogram(np.full(100, 3.0)) is None


def test_a_fan_accumulates_by_year() -> None:
    net = np.array([[-100.0, 10.0 * draw, 1.0] for draw in range(101)])
    result = fan(net, 2026)
    assert result.years == (2026, 2027, 2028)
    assert result.p50 == pytest.approx((-100.0, 400.0, 401.0))
    assert result.p5[1] == pytest.approx(-50.0)


ERRORS = {"mean": "se"} | {
    name: f"{name}_se"
    for name in ("sd", "p5", "p10", "p50", "p90", "p95", "prob_negative", "var95", "cvar95", "certainty_equivalent")
}


@pytest.mark.parametrize("name", ERRORS)
def test_each_standard_error_is_the_spread_of_its_figure_over_seeds(name: str) -> None:
    # Plain draws of a normal: the figure's spread over 300 seeds is what its standard error says, on average.
    found, errors = [], []
    for seed in range(300):
        values = np.random.default_rng(seed).normal(0.5, 1.0, 2000)
        result = measures(values, replicate_sizes(2000), 0.3)
        found.append(getattr(result, name))
        errors.append(getattr(result, ERRORS[name]))
    said = np.sqrt(np.mean(np.square(errors)))
    assert said == pytest.approx(np.std(found, ddof=1), rel=0.2)


def test_raroc_has_an_error_where_every_replicate_has_a_shortfall() -> None:
    values = np.random.default_rng(1).normal(1.0, 2.0, 2000)
    assert 0 < measures(values, replicate_sizes(2000), 0.0).raroc_se < 0.1  # type: ignore[operator]
    assert measures(values + 100, replicate_sizes(2000), 0.0).raroc_se == Missing("no-shortfall")
