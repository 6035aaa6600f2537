"""What moved between two runs of a project, and by how much each input alone."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Project, Role
from appraisal.policy import OPERATOR, Actor, NotFound
from appraisal.reading.result_schema import result_schema
from appraisal.services import appraising, drafting, registration
from appraisal.services.comparing import FIGURES, Comparison, compare_runs
from appraisal.services.errors import DomainError
from appraisal.summary import comparison_lines
from scoring.project_file import (
    Answer,
    Distribution,
    Driver,
    DriverName,
    EvidenceGrade,
    Family,
    ProjectFile,
    Uncertainty,
)
from tests import factories


@pytest.fixture
def planner(sessions: sessionmaker[Session]) -> Actor:
    return factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))


@pytest.fixture
def project(sessions: sessionmaker[Session], planner: Actor) -> Project:
    with sessions() as session:
        return registration.register_project(session, planner, factories.published_project())


def run(sessions: sessionmaker[Session], planner: Actor, project: Project, *, seed: int = 1, draws: int = 200) -> int:
    with sessions() as session:
        version = drafting.draft_of(session, planner, project.id).version
    with sessions() as session:
        registration.submit_project(session, planner, project.id, version)
    with sessions() as session:
        return appraising.appraise_project(session, OPERATOR, project.id, seed=seed, draws=draws).number


def change(
    sessions: sessionmaker[Session], planner: Actor, project: Project, edit: Callable[[ProjectFile], ProjectFile]
) -> None:
    with sessions() as session:
        drafting.take_back(session, planner, project.id)
    with sessions() as session:
        version = drafting.draft_of(session, planner, project.id).version
    with sessions() as session:
        drafting.edit_project(session, planner, project.id, version, edit, part="test")


def compared(sessions: sessionmaker[Session], before: int, after: int) -> Comparison:
    with sessions() as session:
        return compare_runs(session, OPERATOR, before, after)


def dearer(file: ProjectFile) -> ProjectFile:
    """Every capital cost doubled, and one indicator answered."""
    lines = [
        replace(line, amounts=tuple(2 * amount for amount in line.amounts)) if line.kind == "capex" else line
        for line in file.cash_flows.lines
    ]
    answers = {**file.answers, "DS5": Answer(level=3, evidence=EvidenceGrade.THIRD_PARTY)}
    return replace(file, cash_flows=replace(file.cash_flows, lines=tuple(lines)), answers=answers)


def test_each_input_is_held_to_account_alone(sessions: sessionmaker[Session], planner: Actor, project: Project) -> None:
    first = run(sessions, planner, project)
    change(sessions, planner, project, dearer)
    second = run(sessions, planner, project)
    found = compared(sessions, first, second)
    by_part = {movement.part: movement for movement in found.movements}
    assert set(by_part) == {"answers", "cash_flows"}
    assert by_part["answers"].first_difference == "answers"
    assert "cash_flows.lines[" in by_part["cash_flows"].first_difference
    answers, flows = by_part["answers"].figures, by_part["cash_flows"].figures
    assert answers is not None
    assert flows is not None
    assert answers["economic_npv"] == found.from_figures["economic_npv"], "answers move no money"
    assert answers["score"] != found.from_figures["score"]
    assert flows["economic_npv"] == found.to_figures["economic_npv"], "all of the money's change is the cash flow's"
    text = "\n".join(comparison_lines(found))
    assert "cash_flows: cash_flows.lines[" in text
    assert "economic_npv" in text


def test_the_seed_and_the_draws_are_inputs_too(
    sessions: sessionmaker[Session], planner: Actor, project: Project
) -> None:
    first = run(sessions, planner, project)
    with sessions() as session:
        second = appraising.appraise_project(session, OPERATOR, project.id, seed=2, draws=300).number
    found = compared(sessions, first, second)
    assert [(each.part, each.first_difference) for each in found.movements] == [
        ("seed", "seed 1 to 2"),
        ("draws", "draws 200 to 300"),
    ]
    same = compared(sessions, first, first)
    assert same.movements == ()
    assert "no input differs" in "\n".join(comparison_lines(same))


def named_driver(name: str) -> Callable[[ProjectFile], ProjectFile]:
    """The first line under this name, with a driver that names it."""
    wide = Distribution(family=Family.UNIFORM, low=0.9, high=1.3)

    def edit(file: ProjectFile) -> ProjectFile:
        first, *rest = file.cash_flows.lines
        lines = (replace(first, name=name), *rest)
        driver = Driver(driver=DriverName.CAPEX, applies_to=(name,), distribution=wide)
        return replace(
            file, cash_flows=replace(file.cash_flows, lines=lines), uncertainty=Uncertainty(drivers=(driver,))
        )

    return edit


def test_what_cannot_be_taken_over_alone_says_why(
    sessions: sessionmaker[Session], planner: Actor, project: Project
) -> None:
    runs = [run(sessions, planner, project)]
    for name in ("Works", "Renamed works"):
        change(sessions, planner, project, named_driver(name))
        runs.append(run(sessions, planner, project))
    found = compared(sessions, runs[1], runs[2])
    uncertainty = next(each for each in found.movements if each.part == "uncertainty")
    assert uncertainty.figures is None
    assert "applies_to" in uncertainty.problem
    assert "cannot be taken over alone" in "\n".join(comparison_lines(found))


def test_only_runs_of_one_project_that_may_be_known(
    sessions: sessionmaker[Session], planner: Actor, project: Project
) -> None:
    first = run(sessions, planner, project)
    with sessions() as session:
        other = registration.register_project(
            session, planner, replace(factories.published_project(), reference="OTHER", title="Other")
        )
    second = run(sessions, planner, other)
    with pytest.raises(DomainError, match="different projects"):
        compared(sessions, first, second)
    rival = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Elsewhere"))
    with sessions() as session, pytest.raises(NotFound):
        compare_runs(session, rival, first, first)


def test_every_headline_figure_is_compared(sessions: sessionmaker[Session], planner: Actor, project: Project) -> None:
    first = run(sessions, planner, project)
    change(
        sessions, planner, project, lambda file: replace(file, rates=replace(file.rates, social=0.11, financial=0.11))
    )
    found = compared(sessions, first, run(sessions, planner, project))
    moved = {name for name, value in found.from_figures.items() if value != found.to_figures[name]}
    assert {"economic_npv", "economic_bcr", "economic_npv_p5", "economic_npv_cvar95", "financial_npv"} <= moved
    assert {"risk_adjusted_return", "eirr_below_hurdle", "prob_negative"} <= set(found.from_figures)
    assert "economic_irr" not in moved, "a rate of return does not hang on the rate it is compared with"


def test_what_is_compared_stands_in_the_result() -> None:
    properties = result_schema()["properties"]
    for path in FIGURES.values():
        place = properties
        for key in path[:-1]:
            place = place[key]["properties"] if "properties" in place[key] else {path[-1]: place[key]["prefixItems"]}
        assert path[-1] in place, path
