"""Text that a spreadsheet would take for a formula, in every text of a world, in everything that can be exported.

Read back, no cell is a formula but those that we wrote, and every text is what was typed.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.routing import Rule

from appraisal.database import create_engine_for, sessions_on
from appraisal.models import Role
from appraisal.policy import OPERATOR
from appraisal.reading.completed_table import CompletedEntry
from appraisal.reports.cell_text import reads_as_formula
from appraisal.reports.open_data import WRITTEN
from appraisal.reports.project_sheets import projects_workbook
from appraisal.services import completing, drafting, exporting, importing, registration, scenarios
from forms.what_if import WhatIf
from scoring.parameters import CompletedProject
from scoring.project_file import ProjectFile
from tests import delivery, factories
from tests.applications import application
from tests.databases import AUDIT_KEY, sqlite_database
from tests.web import policy_world
from tests.web.people import let_in
from tests.web.policy_world import World
from tests.web.test_policy_matrix import Idle, address

STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\u200e=")
"""A tab or a line end at the beginning of a line is refused or made a space where it is typed."""
MARK = "HYPERLINK(A1)하나"
TEXTS = {"title", "summary", "city", "reason", "source", "role", "sector", "explanations", "reference_note"}
NAMES = {"Partner", "DebtTranche", "CashFlowLine", "RiskEvent"}
"""Whose names are free text; drivers name the lines."""
EXPORTS = {
    "admin.audit_csv": "admin",
    "completed.as_csv": "analyst",
    "decide.delivered_csv": "analyst",
    "importing.exported": "planner",
    "importing.template": "planner",
    "importing.problems": "planner",
    "portfolio.as_csv": "analyst",
    "portfolio.report_xlsx": "analyst",
    "programme_reports.workbook": "analyst",
    "programme_reports.scenario_workbook": "analyst",
    "projects.sent_csv": "planner",
    "projects.table": "analyst",
}
"""Who asks for each."""
WITHOUT_TEXTS = {"importing.template"}
ASKED = {
    "projects.sent_csv": {"before": "1", "after": "2"},
    "completed.as_csv": {"city": f"={MARK}Pune"},
}


def armed(text: str, number: int = 0) -> str:
    return f"{STARTS[number % len(STARTS)]}{MARK}{text}"


def hostile(file: ProjectFile) -> ProjectFile:
    """The same project with every text of people beginning as a formula does."""
    lines = {line.name: armed(line.name, number) for number, line in enumerate(file.cash_flows.lines)}
    return replace(_hostile(file, lines), reference=f"={file.reference}"[:40])


def _hostile(value: Any, lines: dict[str, str], key: str = "") -> Any:
    if isinstance(value, str):
        return armed(value, len(value)) if key in TEXTS and value else lines.get(value, value)
    if isinstance(value, tuple):
        return tuple(_hostile(each, lines, key) for each in value)
    if isinstance(value, dict):
        return {lines.get(name, name): _hostile(each, lines, key) for name, each in value.items()}
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed = {each.name: _hostile(getattr(value, each.name), lines, each.name) for each in fields(value) if each.init}
    kind = type(value).__name__
    if kind in NAMES and kind != "CashFlowLine":
        changed["name"] = armed(changed["name"], len(changed["name"]))
    return replace(value, **changed)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    published, organisation, save = factories.published_project, factories.organisation, scenarios.save_scenario
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(factories, "published_project", lambda case="opal-lakes": hostile(published(case)))
        patch.setattr(delivery, "PROJECT", replace(hostile(delivery.PROJECT), reference="TRAM-1"))
        patch.setattr(factories, "organisation", lambda sessions, name: organisation(sessions, armed(name)))
        patch.setattr(
            scenarios,
            "save_scenario",
            lambda session, actor, _, *, name, reason: save(
                session, actor, WhatIf(budget=Decimal(200_000)), name=armed(name), reason=armed(reason, 1)
            ),
        )
        return policy_world.made(tmp_path_factory.mktemp("world") / "world.db")


@pytest.fixture(scope="module")
def app(world: World) -> Iterator[Flask]:
    engine = create_engine_for(f"sqlite:///{world.file}", AUDIT_KEY)
    app = application(engine)
    app.extensions["worker"] = Idle()
    yield app
    engine.dispose()


@pytest.fixture(scope="module")
def sent_twice(app: Flask, world: World) -> UUID:
    """A project that was changed between two submissions; a completed project, and a file to import with a problem."""
    sessions: sessionmaker[Session] = app.extensions["sessions"]
    planner = world.actors["planner"]
    file = replace(hostile(factories.published_project()), reference="TWICE")
    with sessions() as session:
        project = registration.register_project(session, planner, file)
    for title in (armed("First"), armed("Second", 1)):
        with sessions() as session:
            draft = drafting.draft_of(session, planner, project.id)
        with sessions() as session:
            drafting.edit_project(
                session,
                planner,
                project.id,
                draft.version,
                lambda old, title=title: replace(old, title=title),
                part="project",
            )
        with sessions() as session:
            version = drafting.draft_of(session, planner, project.id).version
        with sessions() as session:
            registration.submit_project(session, planner, project.id, version)
        if title.endswith("First"):
            with sessions() as session:
                drafting.take_back(session, planner, project.id)
    with sessions() as session:
        facts = CompletedProject(
            name=armed("Works"), asset_class="it", currency="AUD", price_year=2020, planned_cost=Decimal(100),
            actual_cost=Decimal(150),
        )  # fmt: skip
        entry = CompletedEntry(city=armed("Pune"), source=armed("Accounts"), reference="", place="row 1", project=facts)
        completing.record_project(session, OPERATOR, uuid4(), entry)
    return project.id


@pytest.fixture(scope="module")
def import_key(app: Flask, world: World) -> UUID:
    out, key = io.StringIO(), uuid4()
    csv.writer(out).writerows([["Name", "City", "Capital cost"], [armed("Tram"), armed("Pune", 1), "=1+1"]])
    with app.extensions["sessions"]() as session:
        importing.send_file(session, world.actors["planner"], key, "list.csv", out.getvalue().encode())
    return key


def exported(app: Flask, world: World, rule: Rule, project: UUID, import_key: UUID) -> tuple[str, bytes]:
    client = app.test_client()
    let_in(client, app.extensions["sessions"], world.actors[EXPORTS[rule.endpoint]])
    path = address(app, world, rule.endpoint, project)
    path = path.replace(str(world.values["importing.key"]), str(import_key))
    with client.get(path.replace("financial", "cash-flow"), query_string=ASKED.get(rule.endpoint)) as answer:
        assert answer.status_code == 200, (rule.endpoint, answer.text[:500])
        return answer.mimetype, answer.data


def cells_of(kind: str, data: bytes) -> Iterator[tuple[str, bool]]:
    """The text of each cell that is text, and whether it is a formula."""
    if kind == "text/csv":
        for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
            for text in row:
                yield text.removeprefix("'"), reads_as_formula(text) and not WRITTEN.fullmatch(text)
        return
    for sheet in load_workbook(io.BytesIO(data)):
        for cells in sheet.iter_rows():
            for cell in cells:
                if isinstance(cell.value, str):
                    yield cell.value, cell.data_type == "f"


def test_everything_that_is_exported_as_a_table_is_looked_at(app: Flask) -> None:
    found = {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.endswith((".csv", ".xlsx"))}
    assert found == {*EXPORTS}


@pytest.mark.parametrize("endpoint", EXPORTS)
def test_no_text_is_a_formula_and_none_is_changed(
    app: Flask, world: World, sent_twice: UUID, import_key: UUID, endpoint: str
) -> None:
    (rule,) = app.url_map.iter_rules(endpoint)
    project = sent_twice if endpoint == "projects.sent_csv" else world.sent
    kind, data = exported(app, world, rule, project, import_key)
    texts = list(cells_of(kind, data))
    ours = [text for text, formula in texts if formula]
    assert not [text for text in ours if MARK in text or not text.startswith("=")]
    assert kind != "text/csv" or not ours
    held = [text for text, _ in texts if MARK in text]
    assert bool(held) is (endpoint not in WITHOUT_TEXTS), "the world's texts are in it"
    whole = {armed("", number) for number in range(len(STARTS))}
    assert not [text for text in held if not any(start in text for start in whole)]


def test_projects_come_back_from_their_workbook_as_they_were(app: Flask, world: World) -> None:
    sessions = app.extensions["sessions"]
    with sessions() as session:
        files = exporting.own_project_files(session, world.actors["planner"])
    armed_files = [file for file in files if file.title.startswith(STARTS)]
    # The yearly output is no part of the workbook; a project that is there keeps its own.
    kept = [replace(file, reference=f"AGAIN-{number}", output=None) for number, file in enumerate(armed_files)]
    assert len(kept) >= 3
    with sqlite_database() as engine:
        others = sessions_on(engine)
        actor = factories.actor(others, Role.PLANNER, factories.organisation(others, "Elsewhere"))
        with others() as session:
            importing.import_content(session, actor, "projects.xlsx", projects_workbook(kept))
        with others() as session:
            back = exporting.own_project_files(session, actor)
    assert {file.reference: sorted(texts_of(file)) for file in back} == {
        file.reference: sorted(texts_of(file)) for file in kept
    }


def texts_of(value: Any) -> Iterator[str]:
    """Every text of a project file."""
    if isinstance(value, str):
        yield str(value)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from texts_of(each)
    elif isinstance(value, dict):
        yield from texts_of([*value.keys(), *value.values()])
    elif is_dataclass(value):
        yield from texts_of([getattr(value, each.name) for each in fields(value)])
