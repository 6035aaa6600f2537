"""What changed between two submissions: every field that differs, in plain words; on both databases."""

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Role
from appraisal.policy import NotFound
from appraisal.services import drafting, registration
from appraisal.services.frameworks import built_in
from appraisal.services.sent_changes import SaidChange, changed, changes_between
from scoring.project_document import to_document
from scoring.project_file import (
    Answer,
    CashFlowLine,
    EvidenceGrade,
    FlowKind,
    Mitigation,
    ProjectFile,
    RiskCategory,
    RiskEvent,
    Safeguards,
    Uncertainty,
)
from tests import factories
from tests.examples import examples

FRAMEWORK = built_in()


def revised(file: ProjectFile) -> ProjectFile:
    first, *rest = file.cash_flows.lines
    first = replace(first, amounts=(first.amounts[0] + 1, *first.amounts[1:]))
    new = CashFlowLine(name="Tolls", kind=FlowKind.REVENUE, amounts=(Decimal(0), Decimal("1250.5")))
    return replace(
        file,
        summary="Signals give way.",
        cash_flows=replace(file.cash_flows, lines=(first, *rest[:-1], new)),
        answers={**file.answers, "DS1": Answer(level=2, evidence=EvidenceGrade.CLAIM, reason="Because.")},
        safeguards=Safeguards(personal_data=True),
    )


def test_it_is_said_by_field_with_units_and_whole_lines_once(sessions: sessionmaker[Session]) -> None:
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    file = replace(factories.published_project(), answers={}, safeguards=Safeguards())
    with sessions() as session:
        project = drafting.start_project(session, planner, uuid4(), file, years=20)
    with sessions() as session:
        registration.submit_project(session, planner, project.id, 1)
    with sessions() as session:
        drafting.take_back(session, planner, project.id)
    with sessions() as session:
        drafting.edit_project(session, planner, project.id, 3, revised, part="test")
    with sessions() as session:
        registration.submit_project(session, planner, project.id, 4)
    with sessions() as session:
        found = changes_between(session, planner, project.id, 1, 2)
    lines, unit = file.cash_flows.lines, "AUD thousand"
    said = {(change.section, change.field): (change.before, change.after) for change in found.changes}
    first, year = lines[0], file.cash_flows.first_year
    assert said["Money", f"{first.name}, {year}"] == (
        f"{first.amounts[0]:,} {unit}",
        f"{first.amounts[0] + 1:,} {unit}",
    )
    assert said["Money", "Tolls"] == (None, f"Revenue from users, {year} to {year + 1}, 1,250.5 {unit} in all")
    assert said["Money", lines[-1].name][1] is None
    item = next(item for item in FRAMEWORK.indicators if item.id == "DS1")
    section = next(each.title for each in FRAMEWORK.criteria if each.id == item.criterion)
    assert said[section, f"DS1 {item.title}"] == (None, f"2 · {item.levels[2]}")
    assert said[section, f"DS1 {item.title}: why"] == (None, "Because.")
    assert said["Data: what it collects", "Does it identify or follow people?"] == (None, "Yes")
    assert said["The project", "What it does, in one or two sentences"][1] == "Signals give way."
    assert len(said) == len(found.changes) == 8
    assert [change.kind for change in found.changes if change.section == "Money"] == ["changed", "removed", "added"]
    rival = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Elsewhere"))
    for actor, numbers in ((rival, (1, 2)), (planner, (1, 3))):
        with sessions() as session, pytest.raises(NotFound):
            changes_between(session, actor, project.id, *numbers)


@settings(max_examples=examples(40), deadline=None)
@given(st.sampled_from(["title", "city", "country"]), st.text("abc ", max_size=5), st.decimals(0, 10**6, places=2))
def test_nothing_differs_exactly_where_the_files_are_equal(name: str, text: str, amount: Decimal) -> None:
    old = factories.published_project()
    first, *rest = old.cash_flows.lines
    moved = replace(first, amounts=(amount, *first.amounts[1:]))
    new = replace(old, **{name: text}, cash_flows=replace(old.cash_flows, lines=(moved, *rest)))  # type: ignore[arg-type]
    found = changed(old, new, FRAMEWORK)
    assert (found == ()) == (to_document(old) == to_document(new))
    back = changed(new, old, FRAMEWORK)
    assert {(each.field, each.after, each.before) for each in back} == {(e.field, e.before, e.after) for e in found}
    assert all(isinstance(each, SaidChange) and each.before != each.after for each in found)


def test_a_risk_is_said_field_by_field_in_words() -> None:
    event = RiskEvent(name="Attack", category=RiskCategory.CYBER_INCIDENT, probability=0.03, per="year")
    file = replace(factories.published_project(), uncertainty=Uncertainty(events=(event, replace(event, years=2))))
    safer = replace(event, probability=0.01, mitigation=Mitigation(measure="A second centre"))
    found = changed(file, replace(file, uncertainty=Uncertainty(events=(safer,))), FRAMEWORK)
    assert {(change.section, change.field, change.before, change.after) for change in found} == {
        ("How sure it is", "Risk “Attack”: how likely", "3% in each year of operation", "1% in each year of operation"),
        ("How sure it is", "Risk “Attack”: what is done", None, "A second centre"),
        ("How sure it is", "Risk “Attack (2)”: kind", "Cyber incident", None),
        ("How sure it is", "Risk “Attack (2)”: how likely", "3% in each year of operation", None),
    }
