"""What is written into the workbook is read back; and what the quick check passes, the slow one passes."""

import copy
import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import simplejson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisal.canonical import canonical_json
from appraisal.demo import demo_drafts, demo_projects
from appraisal.reading.problems import Unreadable
from appraisal.reading.project_file import read_project
from appraisal.reading.workbook.checking import DocumentChecker
from appraisal.reading.workbook.columns import NOTHING, Kind
from appraisal.reading.workbook.files import open_file, read_file
from appraisal.reading.workbook.listing import Choices
from appraisal.reading.workbook.merging import merged
from appraisal.reading.workbook.part_columns import KEPT, PART_SHEETS
from appraisal.reports.project_sheets import projects_workbook, template_workbook
from scoring.project_document import to_document
from scoring.project_file import (
    Answer,
    BiasMitigation,
    BiasTarget,
    Distribution,
    Family,
    Financing,
    Mitigation,
    ProjectFile,
    RiskCategory,
    RiskEvent,
    StatedBias,
    TypeShare,
    Uncertainty,
)
from tests.examples import examples
from tests.project_files import project_files
from tests.reading.full_project import FULL

CHECKER = DocumentChecker()
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


MITIGATED = Mitigation(measure="Drills", cost=2.0)


@pytest.fixture(scope="module")
def full() -> ProjectFile:
    made = read_project(simplejson.dumps(FULL))
    assert made.uncertainty is not None
    event = replace(made.uncertainty.events[0], mitigation=MITIGATED)
    return replace(made, uncertainty=replace(made.uncertainty, events=(event,)))


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


@settings(max_examples=examples(25), suppress_health_check=SLOW)
@given(st.lists(project_files(), min_size=1, max_size=3, unique_by=lambda file: file.reference))
def test_any_project_laid_over_itself_is_itself(projects: list[ProjectFile]) -> None:
    assert reread(projects, {file.reference: file for file in projects}) == projects


@settings(max_examples=examples(25), suppress_health_check=SLOW)
@given(project_files())
def test_what_the_workbook_carries_makes_the_same_project_anew(project: ProjectFile) -> None:
    assert same_anew([project])


def same_anew(projects: list[ProjectFile]) -> bool:
    """Whether the workbook alone, with nothing stored, gives the same canonical documents."""
    return [canonical_json(to_document(file)) for file in reread(projects, {}) if file is not None] == [
        canonical_json(to_document(file)) for file in projects
    ]


def test_a_project_with_every_part_of_the_format_comes_back_whole() -> None:
    full = read_project(simplejson.dumps(FULL))
    assert full.uncertainty is not None
    bias = StatedBias(
        mix=(TypeShare(type="equipment", share=1.0),),
        mitigations=(
            BiasMitigation(
                factor="Design", applies_to=BiasTarget.CAPEX, contribution=0.2, mitigated=1.0, reason="a\nb"
            ),
        ),
    )
    more = replace(full, uncertainty=replace(full.uncertainty, optimism_bias=bias), explanations={"rule": "So it is."})
    nothing = replace(
        full, reference="B", partners=(), uncertainty=Uncertainty(), financing=Financing(), answers={"DS1": Answer()}
    )
    assert same_anew([more, nothing])


def test_the_demonstration_comes_back_whole() -> None:
    projects = [read_project(text) for text in (*demo_projects(), *demo_drafts())]
    assert reread(projects, {file.reference: file for file in projects}) == projects
    assert same_anew(projects)
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


def test_what_has_no_row_stays_as_it_is_stored(full: ProjectFile) -> None:
    assert full.uncertainty is not None
    kept = replace(full, answers={"XX9": Answer(level=2), "DS1": Answer()}, explanations={"rule": "So it is."})
    bare = replace(full, title="New", partners=(), output=None, uncertainty=None, answers={}, explanations={})
    assert reread([bare], {full.reference: kept}) == [
        replace(kept, title="New", uncertainty=replace(full.uncertainty, obsolescence=None))
    ]


def without(content: bytes, *gone: tuple[str, str]) -> bytes:
    """The workbook without these sheets (an empty title) or columns of them, as another program saves it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for name, title in gone:
        if not title:
            del book[name]
            continue
        at = next(cell.column for cell in book[name][1] if cell.value == title)
        book[name].delete_cols(at)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(project: ProjectFile, content: bytes) -> tuple[ProjectFile | None, list[str], tuple[str, ...]]:
    """What the file makes of the stored project, the rules it breaks, and what is told of it."""
    read = read_file(open_file(content), Choices(), {})
    (entry,) = read.entries
    entry.complete()
    file, problems = merged(entry, project, entry.reference, CHECKER)
    return file, [str(each) for each in (*read.problems, *entry.problems, *problems)], read.notes


OTHER_SHEETS = (*[part.name for part in PART_SHEETS], "Output", "Figures", "Sources of money", "Answers")
SOME_COLUMNS = (
    ("Risks", "What is done about it, and by whom"),
    ("Risks", "Extra cost: shape"),
    ("Figures", "Shares of groups"),
    ("Sources of money", "Target cover"),
    ("Projects", "Chance a year of stranded technology"),
    ("Projects", "Largest share of debt"),
    ("Projects", "Social discount rate"),
    ("Ranges", "Of these lines only"),
    ("Options", "Share that is known then"),
    ("Partners", "Role"),
)


@pytest.mark.parametrize("gone", [[(name, "") for name in OTHER_SHEETS], SOME_COLUMNS], ids=["sheets", "columns"])
def test_what_is_deleted_from_the_workbook_empties_nothing(full: ProjectFile, gone: list[tuple[str, str]]) -> None:
    assert changed(full, without(projects_workbook([full]), *gone)) == (full, [], ())


def edited(content: bytes, sheet: str, **cells: object) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for address, value in cells.items():
        book[sheet][address] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_risk_typed_into_its_sheet_is_a_triangle_as_on_the_page(full: ProjectFile) -> None:
    content = edited(
        projects_workbook([full]), "Risks", A3="PUN-ITS-01", B3="Bad ground", C3="Construction", D3=0.25, F3=1, G3=2,
        H3=9,
    )  # fmt: skip
    file, problems, _ = changed(full, content)
    assert problems == []
    assert file is not None
    assert file.uncertainty is not None
    assert file.uncertainty.events[1] == RiskEvent(
        name="Bad ground",
        category=RiskCategory.CONSTRUCTION,
        probability=0.25,
        cost=Distribution(family=Family.TRIANGULAR, low=1, mode=2, high=9),
    )


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"D2": None}, "How likely is empty"),
        ({"D2": 1.5}, "Risks, D2: How likely must be at most 1"),
        ({"C2": "Meteor"}, "Risks, C2: Kind of risk"),
        ({"A2": "NOT-THERE"}, "no such reference"),
    ],
)
def test_what_is_wrong_with_a_risk_is_told_at_its_cell(full: ProjectFile, cells: dict[str, object], rule: str) -> None:
    _, problems, _ = changed(full, edited(projects_workbook([full]), "Risks", **cells))
    assert any(rule in problem for problem in problems), problems


def test_the_word_none_takes_away_what_is_stored(full: ProjectFile) -> None:
    content = edited(without(projects_workbook([full]), ("Risks", "")), "Partners", B2=NOTHING, C2=None, D2=None)
    file, problems, _ = changed(full, content)
    assert (file, problems) == (replace(full, partners=()), [])


def test_what_no_cell_can_hold_stays_as_stored_and_is_told(full: ProjectFile) -> None:
    assert full.uncertainty is not None
    many = Distribution(family=Family.EMPIRICAL, values=tuple(1 + number / 7 for number in range(3000)))
    driver = replace(full.uncertainty.drivers[1], distribution=many)
    long = replace(full, uncertainty=replace(full.uncertainty, drivers=(driver,)))
    content = projects_workbook([long])
    assert KEPT in [cell.value for cell in openpyxl.load_workbook(io.BytesIO(content))["Ranges"][2]]
    file, problems, notes = changed(long, content)
    assert (file, problems) == (long, [])
    assert notes == ("Ranges: of 1 projects they do not fit into a cell, and stay as stored.",)


def test_a_sheet_of_that_name_that_is_not_ours_is_left_alone(full: ProjectFile) -> None:
    content = without(projects_workbook([full]), ("Risks", ""))
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.create_sheet("Risks").append(["Risk", "Owner"])
    out = io.BytesIO()
    book.save(out)
    file, problems, notes = changed(full, out.getvalue())
    assert (file, problems) == (full, [])
    assert notes == ("These sheets were not read: Risks.",)


def test_the_sheets_have_drop_downs_and_notes(full: ProjectFile) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_workbook([full], 2027)))
    words = [cell.value for column in book["Lists"].iter_cols() for cell in column]
    assert {"Cyber incident", "To wait before building", "Capital cost", "Cause that is dealt with"} <= set(words)
    for part in PART_SHEETS:
        sheet = book[part.name]
        assert [cell.value for cell in sheet[1]] == [column.title for column in part.every]
        lists = sum(column.kind is Kind.CHOICE for column in part.columns)
        assert len(sheet.data_validations.dataValidation) == lists
        assert all(cell.comment for cell, column in zip(sheet[1], part.every, strict=True) if column.note)


def test_spaces_that_a_cell_does_not_keep_change_nothing(full: ProjectFile) -> None:
    line = replace(full.cash_flows.lines[0], name="Two  spaces ")
    assert full.uncertainty is not None
    ranges = replace(full.uncertainty, drivers=(replace(full.uncertainty.drivers[0], applies_to=("Two  spaces ",)),))
    spaced = replace(
        full, cash_flows=replace(full.cash_flows, lines=(line, *full.cash_flows.lines[1:])), uncertainty=ranges
    )
    assert changed(spaced, projects_workbook([spaced])) == (spaced, [], ())
