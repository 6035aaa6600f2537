"""What cannot be simulated, what is simulated at the limits, and what is said about it."""

from typing import Any

import numpy as np
import pytest

from scoring.errors import InputError
from scoring.project_file import (
    Correlation,
    DriverName,
    Obsolescence,
    ProjectFile,
    Rates,
)
from scoring.project_options import StageOption
from scoring.result import Missing
from tests.scoring.risk.factories import driver, event, line, project, simulated
from tests.scoring.risk.plans import BENEFITS, codes, plain, risk, stated


def test_what_is_held_certain_is_said() -> None:
    [note] = [n for n in simulated(plain(drivers=(driver("opex", "uniform", low=1, high=2),)))[2] if "cert" in n.code]
    assert note.message.endswith("capital cost, the opening date, revenue and benefits.")
    assert "held-certain" not in codes(stated())


def test_drivers_and_correlations_without_effect_are_said() -> None:
    unused = (Correlation(first=DriverName.CAPEX, second=DriverName.PRICE, value=0.5),)
    plan = plain(drivers=(driver("opex", "uniform", low=1, high=2),), correlations=unused)
    assert {"driver-without-lines", "correlation-unused"} <= set(codes(plan))


def test_an_impossible_correlation_is_repaired_and_said() -> None:
    related = (
        Correlation(first=DriverName.CAPEX, second=DriverName.DELAY, value=0.9),
        Correlation(first=DriverName.CAPEX, second=DriverName.BENEFITS, value=0.9),
        Correlation(first=DriverName.BENEFITS, second=DriverName.DELAY, value=-0.9),
    )
    plan = stated(correlations=related)
    assert "correlations-repaired" in codes(plan)
    assert risk(plan).largest_correlation_repair > 0.1


def test_a_project_without_flows_has_no_risk_figures() -> None:
    result, rows, _ = simulated(project(line("capex", [0.0])))
    assert result.economic_npv.mean == Missing("no-cash-flows")
    assert (result.public_money, rows) == (Missing("no-cash-flows"), ())


@pytest.mark.parametrize("kind", ["capex", "opex", "revenue", "grant", "residual", "tax"])
@pytest.mark.parametrize("periods", [1, 2])
def test_a_project_of_one_line_is_simulated(kind: str, periods: int) -> None:
    result = risk(project(line(kind, [10.0] * periods), uncertainty=None), draws=100)
    assert isinstance(result.economic_npv.mean, float)
    assert np.isfinite(result.economic_npv.mean)


@pytest.mark.parametrize("draws", [100, 101, 12_345])
def test_any_number_of_draws_is_drawn(draws: int) -> None:
    result = risk(stated(), draws=draws)
    assert result.economic_histogram is not None
    assert sum(result.economic_histogram.counts) == draws


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"drivers": (driver("capex"),)}, "uncertainty.drivers[0].family"),
    ({"drivers": (driver("capex", "uniform", low=1, high=2, applies_to=("No",)),)}, "drivers[0].applies_to[0]"),
    ({"drivers": (driver("delay", "uniform", low=1, high=2, unit="weeks"),)}, "uncertainty.drivers[0].unit"),
    ({"drivers": (driver("capex", reference_class="castle"),)}, "uncertainty.drivers[0].reference_class"),
    ({"drivers": (driver("life", "uniform", low=1, high=2),) * 2}, "uncertainty.drivers[1].driver"),
    (
        {"correlations": (Correlation(first=DriverName.CAPEX, second=DriverName.DELAY, value=1.5),)},
        "uncertainty.correlations[0]",
    ),
    ({"events": (event(1.5),)}, "uncertainty.events[0].probability"),
    ({"events": (event(0.5, per="week"),)}, "uncertainty.events[0].per"),
    ({"events": (event(0.5, years=0),)}, "uncertainty.events[0].years"),
    ({"events": (event(0.5, revenue_factor=-1.0),)}, "uncertainty.events[0].revenue_factor"),
    ({"obsolescence": Obsolescence(hazard=1.0)}, "uncertainty.obsolescence.hazard"),
]


@pytest.mark.parametrize(("fields", "path"), REFUSED)
def test_what_cannot_be_simulated_names_its_field(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(InputError) as refused:
        risk(stated(**fields))
    assert refused.value.problems[0].path.endswith(path)


CABLE = driver("capex", "uniform", low=1, high=2, applies_to=("Cable",))


def two_lines(*names: str, **fields: Any) -> ProjectFile:
    return project(*(line("capex", [50.0], name) for name in names), line("benefit", BENEFITS), **fields)


def refusal(plan: ProjectFile) -> tuple[str, str]:
    with pytest.raises(InputError) as refused:
        risk(plan, draws=100)
    (problem,) = refused.value.problems
    return problem.path, problem.message


def test_a_name_that_several_lines_bear_is_refused_where_one_is_meant_by_it() -> None:
    path, message = refusal(two_lines("Cable", "Cable", drivers=(CABLE,)))
    assert path == "uncertainty.drivers[0].applies_to[0]"
    assert "“Cable” is the name of 2 lines (1, 2)" in message
    by_kind = driver("capex", "uniform", low=1, high=2)
    assert isinstance(risk(two_lines("Cable", "Cable", drivers=(by_kind,)), draws=100).economic_npv.mean, float)


def test_phase_2_is_not_named_by_what_several_lines_are_called() -> None:
    option = StageOption(name="Second", phase_2=("Cable",), decision_year=2026, threshold=0.8)
    drivers = (driver("demand", "uniform", low=0.5, high=1.2),)
    path, message = refusal(two_lines("Cable", "Cable", drivers=drivers, options=(option,)))
    assert path == "uncertainty.options[0].phase_2[0]"
    assert "2 lines" in message


def test_two_drivers_of_one_name_do_not_move_the_same_line() -> None:
    path, message = refusal(two_lines("Cable", "Posts", drivers=(driver("capex", "uniform", low=1, high=2), CABLE)))
    assert path == "uncertainty.drivers[1].applies_to"
    assert message.startswith("Another capex driver moves “Cable” already")
    apart = driver("capex", "uniform", low=1, high=2, applies_to=("Posts",))
    other = driver("exchange-rate", "uniform", low=1, high=2, applies_to=("Cable",))
    result = risk(two_lines("Cable", "Posts", drivers=(CABLE, apart, other)), draws=100)
    assert [used.driver for used in result.drivers_used] == ["capex (Cable)", "capex (Posts)", "exchange-rate"]


def test_a_yearly_event_cannot_delay_the_opening_and_says_so() -> None:
    late = driver("delay", "uniform", low=1.0, high=2.0).distribution
    plan = stated(events=(event(0.5, per="year", delay=late),))
    assert "event-delay-unused" in codes(plan)
    assert risk(plan).delay_p80 == risk(stated()).delay_p80


def test_a_reference_class_may_be_chosen_by_name_or_by_the_class_of_a_line() -> None:
    for name in ("rail", "metro"):
        plan = plain(drivers=(driver("capex", reference_class=name), driver("delay", reference_class=name)))
        result = risk(plan, draws=10_000)
        assert result.capex_p80 == pytest.approx(160 * 1.66, rel=0.05)
        assert [used.origin for used in result.drivers_used] == ["planner", "planner"]


def test_every_field_at_fault_is_named_at_once() -> None:
    drivers = (driver("capex", "normal", mean=1.0, sd=-1.0), driver("delay", "uniform", low=3, high=1))
    with pytest.raises(InputError) as refused:
        risk(plain(drivers=drivers))
    assert [problem.path for problem in refused.value.problems] == [
        "uncertainty.drivers[0].sd",
        "uncertainty.drivers[1].high",
    ]


@pytest.mark.parametrize("draws", [99, 1_000_001])
def test_draws_outside_their_limits_are_refused(draws: int) -> None:
    with pytest.raises(ValueError, match="Draws lie between"):
        risk(stated(), draws=draws)


@pytest.mark.parametrize("draws", [100, 10_000])
def test_figures_beyond_all_bounds_are_missing_and_never_infinite(draws: int) -> None:
    plan = project(
        line("capex", [100.0]),
        line("benefit", [0.0] * 399 + [10.0]),
        drivers=(driver("benefits", "uniform", low=0.5, high=2.0),),
        rates=Rates(financial=-0.9, social=-0.9),
    )
    result, rows, _ = simulated(plan, draws=draws)
    assert result.economic_npv.mean == Missing("overflow")
    assert result.economic_histogram is None
    assert {rows[0].p10, rows[0].variance_share, rows[0].switching_value} == {Missing("overflow")}
    assert isinstance(result.financial_npv.mean, float)
