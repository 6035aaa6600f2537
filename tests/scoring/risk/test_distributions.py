"""Distributions as people state them: published figures, quantiles, bounds, and what is refused."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import InputError
from scoring.project_file import Distribution, Family
from scoring.risk.distributions import marginal, quantile
from scoring.risk.marginals import Beta, BodyAndTail, Lognormal, Marginal, Pareto, Point, Triangular, Uniform
from scoring.risk.normal import probability_of
from scoring.risk.quantile_tables import tabulate
from tests.scoring.risk.factories import vectors

EVENLY = (np.arange(400_000) + 0.5) / 400_000
"""Midpoints of equally likely slices: means over them are integrals of the quantile function."""


def stated(family: str, **fields: Any) -> Distribution:
    return Distribution(family=Family(family), **fields)


def at(distribution: Distribution, *probabilities: float) -> list[float]:
    return quantile(distribution, np.array(probabilities)).tolist()


@pytest.mark.parametrize("case", ["triangular-0-0.5-1", "triangular-2-2-5"])
def test_triangular_has_the_published_moments_and_quantiles(case: str) -> None:
    given_, expected = vectors()[case]["inputs"], vectors()[case]["expected"]
    distribution = stated("triangular", low=given_["min"], mode=given_["mode"], high=given_["max"])
    values = quantile(distribution, EVENLY)
    standard = (values - values.mean()) / values.std()
    assert values.mean() == pytest.approx(expected["mean"], abs=1e-9)
    assert values.std() == pytest.approx(expected["sd"], rel=1e-6)
    assert (standard**3).mean() == pytest.approx(expected["skew"], abs=1e-5)
    expected_quantiles = [expected[name] for name in ("p05", "p10", "p50", "p90", "p95")]
    assert at(distribution, 0.05, 0.1, 0.5, 0.9, 0.95) == pytest.approx(expected_quantiles, rel=1e-12)


def test_pert_is_the_beta_and_not_the_textbook_approximation() -> None:
    expected = vectors()["pert-10-12-30"]["expected"]
    distribution = stated("pert", low=10, mode=12, high=30)
    built = marginal(distribution, "d")
    assert isinstance(built, Beta)
    assert (built.alpha, built.beta) == pytest.approx((expected["alpha"], expected["beta"]))
    values = quantile(distribution, EVENLY)
    assert values.mean() == pytest.approx(expected["mean"], rel=1e-8)
    assert values.std() == pytest.approx(expected["sd"], rel=1e-6)
    assert values.std() != pytest.approx(expected["classic_pert_sd_approx"], rel=0.02)
    assert at(distribution, 0.1, 0.5, 0.9) == pytest.approx([expected[p] for p in ("p10", "p50", "p90")], rel=1e-9)


def test_lognormal_is_matched_by_moments() -> None:
    expected = vectors()["lognormal-mean1-sd0.5"]["expected"]
    distribution = stated("lognormal", mean=1, sd=0.5)
    built = marginal(distribution, "d")
    assert isinstance(built, Lognormal)
    assert (built.mu, built.sigma) == pytest.approx((expected["mu_log"], expected["sigma_log"]))
    wanted = [expected[name] for name in ("p05", "median", "p95")]
    assert at(distribution, 0.05, 0.5, 0.95) == pytest.approx(wanted)
    upper = 0.95 + 0.05 * EVENLY
    assert quantile(distribution, upper).mean() == pytest.approx(expected["cvar95_upper"], rel=1e-5)


def test_quantiles_given_are_the_quantiles_had() -> None:
    for family in ("triangular", "pert", "empirical"):
        assert at(stated(family, p10=0.9, p50=1.1, p90=1.4), 0.1, 0.5, 0.9) == pytest.approx([0.9, 1.1, 1.4])
    assert at(stated("lognormal", p50=0.5, p90=2.0), 0.5, 0.9) == pytest.approx([0.5, 2.0])
    assert at(stated("lognormal", p10=0.9, p50=1.1, p90=1.4), 0.1, 0.5, 0.9) == pytest.approx([0.9, 1.1, 1.4])
    assert at(stated("normal", p10=1.0, p90=3.0), 0.1, 0.5, 0.9) == pytest.approx([1.0, 2.0, 3.0])
    assert at(stated("uniform", p10=1.0, p90=9.0), 0.0, 0.1, 0.9, 1.0) == pytest.approx([0.0, 1.0, 9.0, 10.0])


def test_beta_by_moments_has_them() -> None:
    values = quantile(stated("beta", mean=1.2, sd=0.2, low=0.5, high=2.0), EVENLY)
    assert (values.mean(), values.std()) == pytest.approx((1.2, 0.2), rel=1e-6)


def test_discrete_takes_each_value_as_often_as_stated() -> None:
    values = quantile(stated("discrete", values=(3.0, 1.0), probabilities=(0.25, 0.75)), EVENLY)
    assert np.unique(values, return_counts=True)[1].tolist() == [300_000, 100_000]


def test_empirical_observations_are_interpolated_between_the_least_and_the_greatest() -> None:
    assert at(stated("empirical", values=(4.0, 1.0, 2.0)), 0.0, 0.25, 0.5, 1.0) == pytest.approx([1.0, 1.5, 2.0, 4.0])


def test_empirical_quantiles_continue_to_the_ends_in_a_straight_line() -> None:
    distribution = stated("empirical", values=(1.0, 2.0), probabilities=(0.25, 0.75))
    assert at(distribution, 0.0, 0.5, 1.0) == pytest.approx([0.5, 1.5, 2.5])


def test_truncated_normal_has_the_mean_of_the_closed_form() -> None:
    # Half normal: E = sd * sqrt(2 / pi).
    values = quantile(stated("normal", mean=0, sd=1, minimum=0), EVENLY)
    assert values.min() >= 0
    assert values.mean() == pytest.approx(np.sqrt(2 / np.pi), rel=1e-4)


def test_truncated_discrete_keeps_the_values_inside() -> None:
    distribution = stated("discrete", values=(1.0, 2.0, 9.0), probabilities=(0.2, 0.2, 0.6), maximum=5.0)
    assert at(distribution, 0.49, 0.51) == [1.0, 2.0]


def test_truncated_pareto_has_its_closed_mean() -> None:
    for alpha in (0.7, 1.0, 2.5):
        tail = Pareto(1.5, alpha, 21.0)
        assert tail.quantile(EVENLY).mean() == pytest.approx(tail.mean, rel=1e-4)


BUILT: dict[str, Marginal] = {
    "uniform": Uniform(1, 3),
    "triangular": Triangular(1, 1, 3),
    "beta": Beta.pert(0.5, 1, 2),
    "lognormal": Lognormal(0.1, 0.4),
    "pareto": Pareto(1.5, 0.8, 20.0),
    "body-and-tail": BodyAndTail(Triangular(0.5, 1.0, 1.5), Pareto(1.5, 0.8, 20.0), 0.2),
    "empirical": marginal(stated("empirical", p10=0.9, p50=1.1, p90=1.4), "d"),
    "truncated": marginal(stated("lognormal", mean=1, sd=0.5, minimum=0.5, maximum=2), "d"),
}


@pytest.mark.parametrize("name", BUILT)
def test_cdf_undoes_the_quantile(name: str) -> None:
    probabilities = np.linspace(0.001, 0.999, 997)
    assert BUILT[name].cdf(BUILT[name].quantile(probabilities)) == pytest.approx(probabilities, abs=1e-9)


@pytest.mark.parametrize("name", BUILT)
def test_a_tabulated_quantile_is_exact_to_a_few_in_ten_thousand(name: str) -> None:
    scores = np.random.default_rng(1).normal(size=20_000)
    exact = BUILT[name].quantile(probability_of(scores))
    error = np.abs(tabulate(BUILT[name]).at(scores) / exact - 1)
    # Beside a kink one cell of the table is cut short; everywhere else the error is far smaller.
    assert np.quantile(error, 0.99) < 1e-4
    assert error.mean() < 2e-5
    assert error.max() < 5e-3


def test_a_tabulated_discrete_distribution_takes_no_value_between_its_own() -> None:
    table = tabulate(marginal(stated("discrete", values=(1.0, 2.0), probabilities=(0.5, 0.5)), "d"))
    assert table.at(np.array([-0.01, 0.01])).tolist() == [1.0, 2.0]
    assert tabulate(Point(1.5)).at(np.array([-1.0, 1.0])).tolist() == [1.5, 1.5]


@st.composite
def three_points(draw: st.DrawFn) -> tuple[float, float, float]:
    low = draw(st.floats(-10, 10))
    return low, low + draw(st.floats(0, 5)), low + draw(st.floats(5.001, 20))


@given(family=st.sampled_from(["triangular", "pert"]), points=three_points(), cut=st.floats(0.1, 0.9))
def test_quantiles_rise_and_stay_within_bounds(family: str, points: tuple[float, float, float], cut: float) -> None:
    low, mode, high = points
    bound = low + cut * (high - low)
    values = quantile(stated(family, low=low, mode=mode, high=high, maximum=bound), np.linspace(0, 1, 101))
    assert np.all(np.diff(values) >= 0)
    assert values[0] >= low - 1e-9
    assert values[-1] <= bound


@given(p10=st.floats(0.1, 2), left=st.floats(0.05, 1), skew=st.floats(0.75, 1.3))
def test_a_three_point_fit_meets_its_quantiles(p10: float, left: float, skew: float) -> None:
    wanted = [p10, p10 + left, p10 + left + left * skew]
    fitted = stated("pert", p10=wanted[0], p50=wanted[1], p90=wanted[2])
    assert at(fitted, 0.1, 0.5, 0.9) == pytest.approx(wanted, rel=1e-6)


def test_three_quantiles_of_a_lognormal_from_zero_are_met_without_a_shift() -> None:
    # 2 x 1.5 = 3, 2 / 1.5 = 1.333: the middle one is the geometric mean.
    built = marginal(stated("lognormal", p10=2 / 1.5, p50=2.0, p90=3.0), "d")
    assert built == Lognormal(pytest.approx(np.log(2)), pytest.approx(np.log(1.5) / 1.2815515655))


@given(st.floats(0.1, 5), st.floats(0.01, 2), st.floats(1.02, 6))
def test_a_shifted_lognormal_meets_its_quantiles(p10: float, left: float, skew: float) -> None:
    wanted = [p10, p10 + left, p10 + left + left * skew]
    fitted = stated("lognormal", p10=wanted[0], p50=wanted[1], p90=wanted[2])
    # The plain lognormal is taken where it agrees to a hundredth of its spread.
    assert at(fitted, 0.1, 0.5, 0.9) == pytest.approx(wanted, abs=0.01 * (wanted[2] - wanted[0]))


REFUSED = [
    ({"family": "triangular", "low": 1.0, "high": 2.0}, "mode", "Give mode"),
    ({"family": "triangular", "low": 1.0, "mode": 3.0, "high": 2.0}, "high", "must not be below mode"),
    ({"family": "pert", "low": 1.0, "mode": 1.0, "high": 1.0}, "high", "must be above low"),
    ({"family": "pert", "low": 1.0, "mode": 1.0, "high": 2.0, "p50": 1.0}, "p50", "Leave out P50"),
    ({"family": "triangular", "p10": 1.0, "p50": 1.01, "p90": 9.0}, "p50", "as skewed"),
    ({"family": "normal", "mean": 1.0, "sd": 0.0}, "sd", "above zero"),
    ({"family": "normal", "p10": 1.0, "p50": 1.1, "p90": 3.0}, "p50", "has its P50 at 2, not 1.1"),
    ({"family": "lognormal", "mean": -1.0, "sd": 1.0}, "mean", "above zero"),
    ({"family": "lognormal", "p50": -0.5, "p90": 1.0}, "p50", "above zero"),
    ({"family": "beta", "mean": 3.0, "sd": 0.1}, "mean", "between 0 and 1"),
    ({"family": "beta", "mean": 0.5, "sd": 0.6}, "sd", "so large"),
    ({"family": "discrete", "values": (1.0, 2.0), "probabilities": (0.5,)}, "probabilities", "each value"),
    ({"family": "discrete", "values": (1.0, 2.0), "probabilities": (0.5, 0.6)}, "probabilities", "add up to 1"),
    ({"family": "lognormal", "p10": 0.5, "p50": 1.0, "p90": 1.1}, "p50", "give two of the three"),
    ({"family": "empirical", "values": (1.0,)}, "values", "two values"),
    ({"family": "empirical", "values": (1.5, 1.5, 1.5)}, "values", "not 1.5 alone"),
    ({"family": "empirical", "values": (2.0, 1.0), "probabilities": (0.1, 0.9)}, "values[1]", "not fall"),
    ({"family": "empirical", "values": (1.0, 2.0), "probabilities": (0.9, 0.1)}, "probabilities[1]", "must rise"),
    ({"family": "empirical", "values": (1.0, 2.0), "probabilities": (0.5, 1.5)}, "probabilities", "between 0 and 1"),
    ({"family": "uniform", "low": 1.0, "high": float("inf")}, "high", "finite"),
    ({"family": "uniform", "low": 1.0, "high": 2.0, "minimum": 3.0}, "minimum", "leave nothing"),
    ({"family": "uniform", "low": 1.0, "high": 2.0, "minimum": 2.0, "maximum": 1.0}, "minimum", "below the maximum"),
    ({"family": "discrete", "values": (1.0,), "probabilities": (1.0,), "minimum": 3.0}, "minimum", "none of"),
]


@pytest.mark.parametrize(("fields", "field", "message"), REFUSED)
def test_what_is_wrong_is_said_at_its_field(fields: dict[str, Any], field: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        marginal(stated(**fields), "uncertainty.drivers[2]")
    [problem] = refused.value.problems
    assert problem.path == f"uncertainty.drivers[2].{field}"
    assert message in problem.message
