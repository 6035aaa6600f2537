"""Tornado, switching values, elasticities and shares of variance, against figures worked by hand."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.project_file import Obsolescence, ProjectFile, Rates
from scoring.result import Missing, SensitivityRow
from scoring.risk.normal import FloatArray
from scoring.risk.sampling import replicates
from scoring.risk.sensitivity import variance_share
from tests.scoring.risk.factories import driver, event, line, project, simulated

UNDISCOUNTED = Rates(financial=0.0, social=0.0)


def rows(plan: ProjectFile, **fields: Any) -> dict[str, SensitivityRow]:
    return {row.driver: row for row in simulated(plan, **fields)[1]}


def two_drivers(**fields: Any) -> ProjectFile:
    """ENPV = 150 x benefits - 100 x capex, both with a median of 1."""
    drivers = (driver("capex", "uniform", low=0.5, high=1.5), driver("benefits", "uniform", low=0.8, high=1.2))
    lines = line("capex", [100.0]), line("benefit", [0.0, 75.0, 75.0])
    return project(*lines, drivers=drivers, rates=UNDISCOUNTED, **fields)


def test_a_tornado_of_two_factors_by_hand() -> None:
    by_name = rows(two_drivers())
    capex, benefits = by_name["capex"], by_name["benefits"]
    assert (capex.p10, capex.p90) == pytest.approx((150 - 60, 150 - 140), abs=0.01)
    assert (benefits.p10, benefits.p90) == pytest.approx((0.84 * 150 - 100, 1.16 * 150 - 100), abs=0.01)
    assert (capex.switching_value, benefits.switching_value) == pytest.approx((1.5, 2 / 3))
    assert (capex.elasticity, benefits.elasticity) == pytest.approx((-100 / 50, 150 / 50))


def test_variance_shares_of_a_sum_are_the_shares_of_its_parts() -> None:
    by_name = rows(two_drivers(), draws=10_000)
    # Uniforms 100 and 60 wide: 100^2 : 60^2.
    assert by_name["capex"].variance_share == pytest.approx(10_000 / 13_600, abs=0.02)
    assert by_name["benefits"].variance_share == pytest.approx(3_600 / 13_600, abs=0.03)


def test_the_most_telling_driver_comes_first() -> None:
    assert [row.driver for row in simulated(two_drivers())[1]] == ["capex", "benefits"]


def test_events_and_stranding_do_not_move_the_tornado() -> None:
    cost = driver("capex", "uniform", low=50, high=60).distribution
    calm = rows(two_drivers())
    risky = rows(two_drivers(events=(event(0.5, cost=cost),), obsolescence=Obsolescence(hazard=0.3)))
    assert risky["capex"].p10 == calm["capex"].p10
    assert risky["capex"].variance_share != calm["capex"].variance_share


def test_a_delay_switches_where_the_enpv_is_zero() -> None:
    lines = line("capex", [100.0]), line("benefit", [0.0, 150.0])
    plan = project(*lines, drivers=(driver("delay", "uniform", low=0.0, high=9.0),))
    switch = rows(plan)["delay"].switching_value
    assert isinstance(switch, float)
    at_switch = project(*lines, drivers=(driver("delay", "uniform", low=switch - 1e-6, high=switch + 1e-6),))
    assert simulated(at_switch, draws=100)[0].economic_npv.mean == pytest.approx(0, abs=0.1)


def test_a_life_switches_when_the_cost_is_earned_back() -> None:
    lines = line("capex", [100.0]), line("benefit", [0.0, *[40.0] * 5])
    life = driver("life", "uniform", low=2.0, high=7.0, unit="years")
    plan = project(*lines, drivers=(life,), rates=UNDISCOUNTED)
    assert rows(plan)["life"].switching_value == pytest.approx(2.5, abs=0.02)


def test_switching_values_that_do_not_exist_say_why() -> None:
    good = project(line("benefit", [10.0]), drivers=(driver("benefits", "uniform", low=0.5, high=2.0),))
    assert rows(good)["benefits"].switching_value == pytest.approx(0.0)
    hopeless = project(
        line("capex", [100.0]), line("opex", [0.0, 5.0]), drivers=(driver("opex", "uniform", low=0.5, high=2.0),)
    )
    assert rows(hopeless)["opex"].switching_value == Missing("not-reached")
    idle = project(line("capex", [100.0]), drivers=(driver("opex", "uniform", low=0.5, high=2.0),))
    assert rows(idle)["opex"].switching_value == Missing("no-effect")
    assert rows(idle)["opex"].variance_share == Missing("no-variance")


def test_drivers_of_one_name_are_told_apart_by_their_lines() -> None:
    drivers = tuple(driver("capex", "uniform", low=1, high=2, applies_to=(name,)) for name in ("Cable", "Posts"))
    late = (driver("delay", "uniform", low=0, high=1),) * 2
    plan = project(line("capex", [1.0], "Cable"), line("capex", [1.0], "Posts"), drivers=(*drivers, *late))
    assert set(rows(plan)) == {"capex (Cable)", "capex (Posts)", "delay", "delay #2"}


def ishigami(points: FloatArray) -> FloatArray:
    x = np.pi * (2 * points - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_first_order_shares_of_the_ishigami_function_are_the_published_ones() -> None:
    # Ishigami and Homma (1990), a = 7, b = 0.1: 0.3139, 0.4424, 0.
    points = np.concatenate([part.points for part in replicates("I", 1, 20_000, 3)])
    values = ishigami(points)
    shares = [variance_share(points[:, column], values) for column in range(3)]
    assert shares == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)


@given(slopes=st.tuples(st.floats(0.1, 3), st.floats(0.1, 3)))
def test_shares_of_independent_drivers_lie_between_none_and_all(slopes: tuple[float, float]) -> None:
    points = np.random.default_rng(1).random((500, 2))
    shares = [variance_share(points[:, column], points @ np.array(slopes)) for column in range(2)]
    assert all(isinstance(share, float) and 0 <= share <= 1 for share in shares)
