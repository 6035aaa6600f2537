"""What is written into the workbook is read back; and what the quick check passes, the slow one passes."""

import copy
from decimal import Decimal
from typing import Any

import simplejson
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from appraisal.canonical import canonical_json
from appraisal.demo import demo_drafts, demo_projects
from appraisal.reading.problems import Unreadable
from appraisal.reading.project_file import read_project
from appraisal.reading.workbook.checking import DocumentChecker
from appraisal.reading.workbook.files import open_file, read_file
from appraisal.reading.workbook.listing import Choices
from appraisal.reading.workbook.merging import merged
from appraisal.reports.project_sheets import projects_workbook, template_workbook
from scoring.project_document import to_document
from scoring.project_file import Answer, Financing, ProjectFile, Rates, Uncertainty
from tests.examples import examples
from tests.project_files import project_files

CHECKER = DocumentChecker()
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def reread(projects: list[ProjectFile], stored: dict[str, ProjectFile]) -> list[ProjectFile | None]:
    opened = open_file(projects_workbook(projects))
    assert not opened.needs_matching
    read = read_file(opened, Choices(), {})
    assert read.problems == ()
    found = []
    for entry in read.entries:
        entry.complete()
        assert entry.problems == []
        file, problems = merged(entry, stored.get(entry.reference), entry.reference, CHECKER)
        assert problems == []
        found.append(file)
    return found


@settings(max_examples=15, suppress_health_check=SLOW)
@given(st.lists(project_files(), min_size=1, max_size=3, unique_by=lambda file: file.reference))
def test_any_project_laid_over_itself_is_itself(projects: list[ProjectFile]) -> None:
    assert reread(projects, {file.reference: file for file in projects}) == projects


@settings(max_examples=15, suppress_health_check=SLOW)
@given(project_files())
def test_what_the_workbook_carries_makes_the_same_project_anew(project: ProjectFile) -> None:
    assume(set(project.answers) <= {"BK3", "DS1", "IN2", "NE3"})
    (found,) = reread([project], {})
    assert found is not None
    assert carried(found) == carried(project)


def carried(project: ProjectFile) -> dict[str, Any]:
    """The document without the parts that the workbook has no sheet for."""
    document = to_document(project)
    for key in ("rates", "uncertainty", "partners", "output"):
        document.pop(key, None)
    financing = {key: value for key, value in document.pop("financing", {}).items() if key != "gearing_cap"}
    answers = {name: answer for name, answer in document.pop("answers", {}).items() if answer}
    return simplejson.loads(canonical_json({**document, "financing": financing, "answers": answers}))  # type: ignore[no-any-return]


def test_the_demonstration_comes_back_whole() -> None:
    projects = [read_project(text) for text in (*demo_projects(), *demo_drafts())]
    assert reread(projects, {file.reference: file for file in projects}) == projects
    template = read_file(open_file(template_workbook(projects[:2], 2027)), Choices(), {})
    assert template.entries == ()


@settings(max_examples=examples(80), suppress_health_check=SLOW)
@given(project=project_files(), data=st.data())
def test_the_quick_check_gives_the_verdict_of_the_slow_one(project: ProjectFile, data: st.DataObject) -> None:
    """Also where something anywhere in the document was made wrong."""
    document = simplejson.loads(canonical_json(to_document(project)), use_decimal=True)
    place = document
    while data.draw(st.booleans()) or place is document:
        keys = sorted(place, key=str) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if isinstance(place[key], dict | list) and data.draw(st.booleans()):
            place = place[key]
            continue
        place[key] = copy.deepcopy(data.draw(WRONG))
        break
    assert bool(CHECKER.problems(document)) == refused(document)


def refused(document: dict[str, Any]) -> bool:
    try:
        read_project(simplejson.dumps(document, use_decimal=True))
    except Unreadable:
        return True
    return False


WRONG = st.sampled_from(
    [None, "", " ", "x", "x" * 201, "x" * 5000, -1, 1, 5, 2201, Decimal("1e16"), Decimal("0.1234567"), True, [], {},
     [1], {"x": 1}, [Decimal("1e16")], [None], "USD", [[1, 2]]]
)  # fmt: skip


def test_what_has_no_column_stays_as_it_is_stored() -> None:
    project = read_project(next(demo_projects()))
    kept = ProjectFile(
        reference=project.reference, title="Old", currency="EUR", cash_flows=project.cash_flows,
        rates=Rates(hurdles=(0.1,)), uncertainty=Uncertainty(), financing=Financing(gearing_cap=0.5),
        answers={"XX9": Answer(level=2), "DS1": Answer()},
    )  # fmt: skip
    (found,) = reread([project], {project.reference: kept})
    assert found is not None
    assert (found.title, found.rates, found.uncertainty) == (project.title, kept.rates, kept.uncertainty)
    assert found.financing is not None
    assert found.financing.gearing_cap == 0.5
    assert found.answers["XX9"] == Answer(level=2)
