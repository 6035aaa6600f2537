"""Plans that the tests of simulated returns start from."""

from typing import Any

from scoring.project_file import (
    ProjectFile,
)
from scoring.result import RiskReturn
from tests.scoring.risk.factories import driver, line, project, simulated

CAPEX, BENEFITS = [100.0, 60.0], [0.0, 0.0, *[45.0] * 8]


def plain(**fields: Any) -> ProjectFile:
    return project(line("capex", CAPEX), line("benefit", BENEFITS), **fields)


def stated(**fields: Any) -> ProjectFile:
    drivers = (
        driver("capex", "pert", low=0.9, mode=1.0, high=1.6),
        driver("benefits", "triangular", low=0.4, mode=1.0, high=1.2),
        driver("delay", "lognormal", p50=0.5, p90=2.0, unit="years"),
    )
    return plain(**{"drivers": drivers, **fields})


def risk(plan: ProjectFile, **fields: Any) -> RiskReturn:
    return simulated(plan, **fields)[0]


def codes(plan: ProjectFile) -> list[str]:
    return [note.code for note in simulated(plan, draws=100)[2]]
