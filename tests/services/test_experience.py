"""Once a planner answers for one figure, experience goes on to speak for the others."""

from dataclasses import replace

import pytest

from appraisal.services.experience import own_drivers, with_experience
from forms.registration.uncertainty import own_range
from scoring.appraisal import appraise
from scoring.frameworks import load_framework
from scoring.parameters import load_parameters
from scoring.project_file import Driver, DriverName, ProjectFile, StatedBias, TypeShare, Uncertainty
from tests.scoring.risk.factories import line, project

LINES = (
    replace(line("capex", [50, 10], "Sensors"), line_class="it"),
    replace(line("capex", [5, 1], "Hall"), line_class="standard-building"),
    replace(line("capex", [0, 0, 4], "Renewal"), line_class="renewal"),
    line("opex", [0, 1, 1]),
    line("revenue", [0, 3, 3]),
    line("benefit", [0, 40, 40]),
)
OPEX = Driver(driver=DriverName.OPEX, distribution=own_range(0.9, 1.0, 1.3))
DELAY = Driver(driver=DriverName.DELAY, distribution=own_range(0.0, 0.5, 2.0), unit="years")
BENEFITS = Driver(driver=DriverName.BENEFITS, distribution=own_range(0.6, 0.9, 1.0))


def stating(*drivers: Driver) -> ProjectFile:
    return project(*LINES, uncertainty=Uncertainty(drivers=drivers) if drivers else None)


def used(file: ProjectFile) -> dict[str, str]:
    result = appraise(file, load_framework(), load_parameters(), seed=1, draws=100, input_sha256="test")
    return {driver.driver: driver.description for driver in result.risk.drivers_used}


def test_without_an_own_answer_nothing_is_written_and_the_engine_takes_it() -> None:
    assert with_experience(stating()) == stating()
    assert {name.partition(" ")[0] for name in used(stating())} == {"capex", "delay", "demand"}


def test_one_own_answer_makes_nothing_else_certain() -> None:
    made = with_experience(stating(OPEX))
    said, alone = used(made), used(stating())
    assert {name.partition(" ")[0] for name in said} == {"opex", "capex", "delay", "demand"}
    assert {text for name, text in alone.items() if name.startswith("capex")} == {
        text for name, text in said.items() if name.startswith("capex")
    }, "the same classes speak for the same costs"
    assert set(used(stating(OPEX))) == {"opex"}, "which is what would be simulated without"


@pytest.mark.parametrize("own", [(OPEX,), (DELAY,), (BENEFITS,), (OPEX, DELAY, BENEFITS)])
def test_written_twice_it_is_the_same_and_the_own_answers_come_back(own: tuple[Driver, ...]) -> None:
    made = with_experience(stating(*own))
    assert own_drivers(made) == own
    assert with_experience(made) == made


def test_what_the_planner_speaks_for_experience_does_not() -> None:
    made = with_experience(stating(BENEFITS, DELAY))
    assert made.uncertainty is not None
    assert [(each.driver.value, each.applies_to, each.reference_class) for each in made.uncertainty.drivers[2:]] == [
        ("capex", ("Sensors", "Renewal"), "it"), ("capex", ("Hall",), "building"), ("revenue", (), "road-demand"),
    ]  # fmt: skip
    partly = Driver(driver=DriverName.CAPEX, applies_to=("Sensors",), distribution=own_range(0.9, 1.0, 1.3))
    made = with_experience(stating(partly))
    assert made.uncertainty is not None
    lines = [each.applies_to for each in made.uncertainty.drivers if each.driver is DriverName.CAPEX]
    assert lines == [("Sensors",), ("Hall",), ("Renewal",)]


def test_a_class_that_the_planner_chose_is_the_planners() -> None:
    chosen = Driver(driver=DriverName.CAPEX, reference_class="rail")
    assert own_drivers(with_experience(stating(chosen))) == (chosen,)


def test_a_stated_optimism_bias_is_left_to_the_engine() -> None:
    stated = Uncertainty(drivers=(OPEX,), optimism_bias=StatedBias(mix=(TypeShare(type="standard-building", share=1),)))
    file = project(*LINES, uncertainty=stated)
    assert with_experience(file) == file
