"""The fictional city's projects: all areas, varied, and consistent in themselves."""

from collections import Counter

from appraisal.demo import demo_drafts, demo_projects, example_project
from appraisal.reading.project_file import read_project
from scoring.frameworks import load_framework
from scoring.frameworks.framework import ScaleKind
from scoring.parameters import load_parameters
from scoring.project_file import ActionArea, EvidenceGrade, FlowKind, ProjectFile

SENT = [read_project(text) for text in demo_projects()]
DRAFTS = [read_project(text) for text in demo_drafts()]


def test_fifty_projects_over_the_fourteen_areas() -> None:
    assert (len(SENT), len(DRAFTS)) == (47, 3)
    areas = Counter(area for project in SENT for area in project.action_areas)
    assert set(areas) == set(ActionArea)
    assert min(areas.values()) >= 3
    for names in ([project.reference for project in SENT + DRAFTS], [project.title for project in SENT + DRAFTS]):
        assert len(set(names)) == 50


def test_money_is_consistent() -> None:
    classes = load_parameters().line_classes
    for project in SENT:
        lines = project.cash_flows.lines
        capex = [line for line in lines if line.kind is FlowKind.CAPEX]
        running = [line for line in lines if line.kind is FlowKind.OPEX]
        assert capex, project.reference
        assert running, project.reference
        assert all(line.line_class in classes for line in capex), project.reference
        assert all(amount >= 0 for line in lines for amount in line.amounts), project.reference
        assert all(line.amounts[0] == 0 for line in lines if line.kind is FlowKind.BENEFIT), "first built, then used"
        assert "fictional" in project.city


def test_answers_name_what_is_there_and_its_evidence() -> None:
    indicators = {item.id: item for item in load_framework().indicators}
    for project in SENT + DRAFTS:
        for key, answer in project.answers.items():
            assert indicators[key].scale is not ScaleKind.COMPUTED, (project.reference, key)
            if answer.unknown:
                continue
            assert (answer.value is not None) == (indicators[key].scale is ScaleKind.NUMERIC), (project.reference, key)
            assert answer.reason, (project.reference, key)
            assert bool(answer.source) == (answer.evidence is not EvidenceGrade.CLAIM), (project.reference, key)


def test_some_are_incomplete() -> None:
    def known(project: ProjectFile) -> int:
        return sum(not answer.unknown for answer in project.answers.values())

    assert min(map(known, SENT)) <= 5
    assert max(map(known, SENT)) >= 20
    assert any(not project.cash_flows.lines for project in DRAFTS)


def test_the_example_is_complete_enough_to_send() -> None:
    example = read_project(example_project())
    assert example.cash_flows.lines
    assert len(example.answers) >= 20
