"""Bulk import on both databases: the dry run is the run, undoing restores the exact rows, and nothing is half done."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AuditEntry, Project, ProjectImport, Role, Table
from appraisal.policy import NotAllowed, NotFound
from appraisal.reports.project_sheets import projects_workbook
from appraisal.services import drafting, exporting, import_storing, importing, registration
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.import_plan import Outcome
from scoring.project_file import ProjectFile
from tests import factories
from tests.at_once import at_once
from tests.examples import examples
from tests.project_files import project_files
from tests.services.imports import dump, files, look, outcomes, planner, row, send, store, table, taken


def test_the_dry_run_counts_what_the_run_does_and_undoing_restores_every_row(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    taken(sessions, actor, table(*(row(n) for n in range(4))))
    before = dump(sessions)
    content = table(row(0), row(1, cost=99), row(7), row(8, currency="??"))
    key = send(sessions, actor, content)
    plan, stored = store(sessions, actor, key)
    assert outcomes(plan) == ["unchanged", "update", "create", "cannot"]
    assert stored.counts == plan.counts == {"create": 1, "update": 1, "unchanged": 1, "cannot": 1}
    assert str(files(sessions)["R-1"].cash_flows.lines[0].amounts[0]) in ("99", "99.000000")
    with sessions() as session:
        undone = importing.undo(session, actor, key)
    assert undone.edited == ()
    assert dump(sessions) == before
    with sessions() as session:
        actions = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)))[-6:]
    assert actions == ["project.registered", "project.changed", "import.stored", "project.discarded",
                       "project.put-back", "import.undone"]  # fmt: skip


def test_what_was_edited_since_is_listed_and_stays(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    taken(sessions, actor, table(row(0), row(1)))
    key = taken(sessions, actor, table(row(0, title="Other 0"), row(1, title="Other 1"), row(2), row(3)))
    with sessions() as session:
        ids = {project.reference: (project.id, project.version) for project in session.scalars(select(Project))}
    for reference in ("R-1", "R-2"):
        with sessions() as session:
            drafting.edit_project(
                session, actor, *ids[reference], lambda file: replace(file, city="Nagpur"), part="project"
            )
    with sessions() as session:
        shown = importing.result_of(session, actor, key)
    assert [change.reference for change in shown.edited] == ["R-1", "R-2"]
    with sessions() as session:
        importing.undo(session, actor, key)
    assert {name: file.title for name, file in files(sessions).items()} == {
        "R-0": "Works 0", "R-1": "Other 1", "R-2": "Works 2"
    }  # fmt: skip
    with sessions() as session, pytest.raises(DomainError, match="nothing to undo"):
        importing.undo(session, actor, key)


def test_a_page_opened_before_the_undoing_never_matches_again(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    taken(sessions, actor, table(row(0)))
    key = taken(sessions, actor, table(row(0, title="Other")))
    with sessions() as session:
        seen = session.scalars(select(Project)).one()
    with sessions() as session:
        importing.undo(session, actor, key)
    with sessions() as session, pytest.raises(StaleVersion):
        drafting.edit_project(session, actor, seen.id, seen.version, lambda file: file, part="project")


def test_a_year_whose_words_stay_a_note_is_missed_at_its_cell(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    head = ("Name of the project", "City or district", "Currency", "First year of spending", "Capital cost in all")
    key = send(sessions, actor, table(("Trams", "Pune", "INR", "20x7", 7), ("Park", "Pune", "INR", 2027, 3), head=head))
    assert [(each.at, each.rule) for each in look(sessions, actor, key).all_problems] == [
        ("CSV, D2", "First year of spending is missing")
    ]


def test_all_or_nothing_takes_nothing_where_one_row_is_wrong(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    key = send(sessions, actor, table(row(0), row(1, currency="rupees")))
    with pytest.raises(import_storing.NothingToImport, match="1 problem stands in the way"):
        store(sessions, actor, key, all_or_nothing=True)
    assert files(sessions) == {}
    store(sessions, actor, key)
    assert list(files(sessions)) == ["R-0"]


def test_sent_twice_it_is_stored_once_and_a_changed_state_asks_to_look_again(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    key = send(sessions, actor, table(row(0)))
    plan = look(sessions, actor, key)
    taken_key = uuid4()
    other = planner(sessions, "Elsewhere")
    with sessions() as session:
        importing.send_file(session, other, taken_key, "x.csv", table(row(0)))
    store(sessions, other, taken_key)
    with sessions() as session, pytest.raises(StaleVersion, match="Look again"):
        importing.store(session, actor, key, importing.digest_of(plan), all_or_nothing=False)
    again = look(sessions, actor, key)
    assert [problem.rule for problem in again.all_problems] == [
        "Another organisation's project has this reference: use another one"
    ]
    second = send(sessions, actor, table(row(5)))
    plan, first = store(sessions, actor, second)
    with sessions() as session:
        repeated = importing.store(session, actor, second, importing.digest_of(plan), all_or_nothing=False)
    assert repeated.counts == first.counts
    assert sorted(files(sessions)) == ["R-0", "R-5"]


def test_stored_by_several_at_once_it_is_stored_once(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    key = send(sessions, actor, table(*(row(number) for number in range(3))))
    digest = importing.digest_of(look(sessions, actor, key))

    def storing() -> ProjectImport:
        with sessions() as session:
            return importing.store(session, actor, key, digest, all_or_nothing=False)

    stored = at_once(storing, storing, storing)
    assert [each.counts["create"] for each in stored] == [3, 3, 3]
    assert sorted(files(sessions)) == ["R-0", "R-1", "R-2"]

    def undoing() -> object:
        try:
            with sessions() as session:
                return importing.undo(session, actor, key)
        except DomainError as refused:
            return refused

    at_once(undoing, undoing)
    with sessions() as session:
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)).all()
    assert files(sessions) == {}
    assert [actions.count(name) for name in ("import.stored", "import.undone")] == [1, 1], actions


def test_two_files_with_the_same_projects_at_once_are_one_of_them(sessions: sessionmaker[Session]) -> None:
    """Of two people with the same list: nothing is made twice, and who is second reads why."""
    organisation = factories.organisation(sessions, "Haneul")
    actors = [factories.actor(sessions, Role.PLANNER, organisation, email=f"{name}@example.org") for name in "ab"]
    keys = [send(sessions, actor, table(row(0), row(1))) for actor in actors]
    digests = [importing.digest_of(look(sessions, *whose)) for whose in zip(actors, keys, strict=True)]

    def storing(number: int) -> object:
        try:
            with sessions() as session:
                return importing.store(session, actors[number], keys[number], digests[number], all_or_nothing=False)
        except DomainError as refused:
            return refused

    outcomes = at_once(lambda: storing(0), lambda: storing(1))
    assert sum(isinstance(outcome, ProjectImport) for outcome in outcomes) == 1, outcomes
    (second,) = (outcome for outcome in outcomes if isinstance(outcome, DomainError))
    assert str(second).startswith("Nothing was imported: ")
    assert sorted(files(sessions)) == ["R-0", "R-1"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PLANNER])
def test_only_planners_import(sessions: sessionmaker[Session], role: Role) -> None:
    owner = planner(sessions)
    key = taken(sessions, owner, table(row(0)))
    actor = factories.actor(sessions, role, factories.organisation(sessions, "Office"))
    uses: tuple[Callable[[Session], object], ...] = (
        lambda session: importing.send_file(session, actor, uuid4(), "x", table(row(1))),
        lambda session: importing.dry_run(session, actor, key),
        lambda session: importing.undo(session, actor, key),
        lambda session: importing.result_of(session, actor, key),
        lambda session: importing.past_imports(session, actor),
        lambda session: exporting.own_project_files(session, actor),
    )
    for use in uses:
        with sessions() as session, pytest.raises(NotAllowed):
            use(session)


def test_another_organisation_knows_nothing_of_an_import(sessions: sessionmaker[Session]) -> None:
    key = taken(sessions, planner(sessions), table(row(0)))
    other = planner(sessions, "Elsewhere")
    for use in (importing.undo, importing.result_of, importing.dry_run):
        with sessions() as session, pytest.raises(NotFound):
            use(session, other, key)
    with sessions() as session:
        assert importing.past_imports(session, other) == ()


@settings(max_examples=examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    generated=st.lists(project_files(), min_size=1, max_size=4, unique_by=lambda file: file.reference),
    seed=st.randoms(),
)
def test_out_in_identical_and_undone_exactly(
    sessions: sessionmaker[Session], generated: list[ProjectFile], seed: Any
) -> None:
    """The workbook that we write of any projects changes none of them, and an undone import none either."""
    actor = planner(sessions, uuid4().hex)
    kept = [replace(file, reference=f"{uuid4().hex[:12]}") for file in generated]
    for file in kept:
        with sessions() as session:
            registration.register_project(session, actor, file)
    with sessions() as session:
        exported = projects_workbook(exporting.own_project_files(session, actor))
    plan = look(sessions, actor, send(sessions, actor, exported))
    assert plan.all_problems == ()
    assert set(outcomes(plan)) == {Outcome.UNCHANGED.value}
    changed = [replace(file, city="Changed") if seed.random() < 0.5 else file for file in kept]
    changed.append(replace(changed[0], reference=uuid4().hex[:12], title="New"))
    before = dump(sessions)
    key = send(sessions, actor, projects_workbook(changed))
    plan, stored = store(sessions, actor, key)
    assert plan.all_problems == ()
    assert stored.counts == plan.counts
    with sessions() as session:
        result = importing.result_of(session, actor, key)
    assert len(result.changes) == plan.counts["create"] + plan.counts["update"]
    with sessions() as session:
        importing.undo(session, actor, key)
    assert dump(sessions) == before


def test_the_tables_of_an_import_hold_its_rules(sessions: sessionmaker[Session]) -> None:
    assert {"project_import", "import_change", "import_mapping"} <= set(Table.metadata.tables)
    key = taken(sessions, planner(sessions), table(row(0)))
    with sessions() as session:
        found = session.get_one(ProjectImport, key)
        assert (found.content, found.state.value) == (None, "stored")
