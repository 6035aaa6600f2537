"""What a driver or an impact can be: refused where it plainly is not, cut off where it hardly is not."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import InputError
from scoring.limits import MAX_DELAY_YEARS, MAX_FACTOR
from scoring.project_file import Driver, DriverName, RiskEvent
from scoring.risk.distributions import marginal
from scoring.risk.ranges import Bounds, factor_bounds, held
from tests.scoring.risk.factories import driver, event, line, project, simulated

LINES = (line("capex", [80, 80]), line("revenue", [0, 0, *[30] * 8]))


def outcome(*drivers: Driver, events: tuple[RiskEvent, ...] = ()) -> list[tuple[str, str]]:
    """Path and message of every note of a cut, or of every problem."""
    try:
        notes = simulated(project(*LINES, drivers=drivers, events=events), draws=200)[2]
    except InputError as refused:
        return [(problem.path, problem.message) for problem in refused.problems]
    return [(note.path, note.message) for note in notes if note.code == "cut-off"]


IMPOSSIBLE: list[tuple[Driver, str, str, str]] = [
    (driver("capex", "uniform", low=-2, high=-1), "low", "above zero", "-1.5"),
    (driver("capex", "normal", mean=1, sd=2), "mean", "30.9%", "above zero"),
    (driver("capex", "discrete", values=(0, 1), probabilities=(0.5, 0.5)), "values", "above zero", "instance 0"),
    (driver("opex", "uniform", low=1, high=1e14), "high", "at most 1000 times", "5e+13"),
    (driver("revenue", "triangular", low=-0.5, mode=1, high=2), "low", "above zero", "give a minimum"),
    (driver("life", "uniform", low=-5, high=-1, unit="years"), "low", "above zero years", "-3"),
    (driver("life", "uniform", low=5, high=1000, unit="years"), "high", "at most 480 years", "740"),
    (driver("delay", "lognormal", p50=50, p90=900), "p90", "at most 100 years", "37.9%"),
    (driver("delay", "uniform", low=-9, high=-8), "low", "at most 1 years ahead", "-8.5"),
]


@pytest.mark.parametrize(("impossible", "field", "reason", "value"), IMPOSSIBLE)
def test_what_cannot_be_is_refused_with_its_field_and_a_value(
    impossible: Driver, field: str, reason: str, value: str
) -> None:
    ((path, message),) = outcome(impossible)
    assert path == f"uncertainty.drivers[0].{field}"
    assert reason in message
    assert value in message


@pytest.mark.parametrize("name", ["revenue", "demand", "benefits"])
def test_nobody_may_come(name: str) -> None:
    assert outcome(driver(name, "discrete", values=(0, 1), probabilities=(0.5, 0.5))) == []


def test_next_to_nothing_outside_is_cut_off_and_told() -> None:
    # P(Z < -1/0.3) = 0.043%.
    ((path, message),) = outcome(driver("capex", "normal", mean=1, sd=0.3))
    assert path == "uncertainty.drivers[0]"
    assert "0.00043 lies below 0" in message
    assert outcome(driver("capex", "normal", mean=1, sd=0.12)) == []


def test_an_event_costs_and_delays_and_never_the_contrary() -> None:
    gain = driver("capex", "uniform", low=-5, high=-1).distribution
    sooner = driver("delay", "uniform", low=-1, high=1).distribution
    (cost,), (delay,) = outcome(events=(event(0.5, cost=gain),)), outcome(events=(event(0.5, delay=sooner),))
    assert cost[0] == "uncertainty.events[0].cost.low"
    assert delay[0] == "uncertainty.events[0].delay.low"
    assert "-3" in cost[1]


def test_delays_together_stay_within_what_the_model_holds() -> None:
    late = driver("delay", "uniform", low=0, high=20).distribution
    ((path, message),) = outcome(driver("delay", "uniform", low=0, high=90), events=(event(0.5, delay=late),))
    assert path == "uncertainty.drivers"
    assert "reach 109.9" in message
    assert outcome(driver("delay", "uniform", low=0, high=MAX_DELAY_YEARS)) == []


@given(mean=st.floats(0.05, 3), sd=st.floats(0.01, 2))
def test_what_is_let_through_is_never_out_of_bounds(mean: float, sd: float) -> None:
    stated = driver("capex", "normal", mean=mean, sd=sd).distribution
    assert stated is not None
    bounds: Bounds = factor_bounds(DriverName.CAPEX)
    try:
        within: Any = held(marginal(stated, "d"), stated, bounds, "d", "capex")[0]
    except InputError:
        assert marginal(stated, "d").cdf(np.array([0.0]))[0] > 1e-3
        return
    reached = within.quantile(np.array([1e-9, 0.5, 1 - 1e-9]))
    assert (reached >= 0).all()
    assert (reached <= MAX_FACTOR).all()
