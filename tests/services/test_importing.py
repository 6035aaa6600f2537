"""Bulk import on both databases: the dry run is the run, undoing restores the exact rows, and nothing is half done."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AuditEntry, ImportMapping, Project, ProjectImport, Role, Table
from appraisal.policy import Actor, NotAllowed, NotFound
from appraisal.reading.workbook.listing import Choices
from appraisal.reading.workbook.matching import IGNORE
from appraisal.reports.project_sheets import projects_workbook
from appraisal.services import drafting, exporting, import_storing, importing, registration
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.import_likeness import groups_of
from appraisal.services.import_plan import ImportPlan, Outcome
from appraisal.services.project_mapping import to_file
from scoring.project_file import ProjectFile
from tests import factories
from tests.at_once import at_once
from tests.project_files import project_files
from tests.reading.workbook.test_lists import book

PROJECT_TABLES = ("project", "cash_flow_line", "cash_flow_amount", "answer", "submission")
HEAD = (
    "Reference",
    "Name of the project",
    "City or district",
    "Currency",
    "First year of spending",
    "Capital cost in all",
)


def planner(sessions: sessionmaker[Session], organisation: str = "Haneul") -> Actor:
    return factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, organisation))


def table(*rows: Sequence[object], head: Sequence[str] = HEAD) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    return out.getvalue().encode()


def row(number: int, **changed: object) -> list[object]:
    values: dict[str, object] = {
        "reference": f"R-{number}", "title": f"Works {number}", "city": "Pune", "currency": "INR", "year": 2027,
        "cost": 10 + number,
    }  # fmt: skip
    return list((values | changed).values())


def send(sessions: sessionmaker[Session], actor: Actor, content: bytes, choices: Choices | None = None) -> UUID:
    key = uuid4()
    with sessions() as session:
        importing.send_file(session, actor, key, "list.csv", content)
    if choices is not None:
        with sessions() as session:
            importing.choose(session, actor, key, choices)
    return key


def look(sessions: sessionmaker[Session], actor: Actor, key: UUID) -> ImportPlan:
    with sessions() as session:
        return importing.dry_run(session, actor, key)


def store(
    sessions: sessionmaker[Session], actor: Actor, key: UUID, *, all_or_nothing: bool = False
) -> tuple[ImportPlan, ProjectImport]:
    plan = look(sessions, actor, key)
    with sessions() as session:
        return plan, importing.store(session, actor, key, importing.digest_of(plan), all_or_nothing=all_or_nothing)


def taken(sessions: sessionmaker[Session], actor: Actor, content: bytes) -> UUID:
    key = send(sessions, actor, content)
    store(sessions, actor, key)
    return key


def dump(sessions: sessionmaker[Session]) -> dict[str, list[Any]]:
    """Every row of the tables that say what projects are, as the database holds it."""
    with sessions() as session:
        connection = session.connection()
        return {
            name: sorted(map(repr, connection.exec_driver_sql(f"SELECT * FROM {name}")))  # noqa: S608
            for name in PROJECT_TABLES
        }


def files(sessions: sessionmaker[Session]) -> dict[str, ProjectFile]:
    with sessions() as session:
        return {project.reference: to_file(project) for project in session.scalars(select(Project))}


def outcomes(plan: ImportPlan) -> list[str]:
    return [each.outcome.value for each in plan.rows]


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


def test_all_or_nothing_takes_nothing_where_one_row_is_wrong(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    key = send(sessions, actor, table(row(0), row(1, currency="rupees")))
    with pytest.raises(import_storing.NothingToImport, match="1 problems stand in the way"):
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


def test_without_references_projects_are_found_by_name_and_city(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    head = HEAD[1:]
    taken(sessions, actor, table(row(0)[1:], row(1)[1:], head=head))
    assert sorted(files(sessions)) == ["P-0001", "P-0002"]
    plan = look(
        sessions,
        actor,
        send(
            sessions,
            actor,
            table(row(0, title="WORKS  0")[1:], row(1, cost=5)[1:], row(2)[1:], row(2, city="pune")[1:], head=head),
        ),
    )
    assert outcomes(plan) == ["update", "update", "create", "create"]
    assert [each.key for each in plan.rows] == ["name and city"] * 2 + ["what the row says"] * 2
    assert [len(each.duplicates) for each in plan.rows] == [0, 0, 1, 1]
    with_reference = look(sessions, actor, send(sessions, actor, table(row(0, reference="NEW"))))
    assert [other.title for other in with_reference.rows[0].duplicates] == ["Works 0"]


def test_rows_of_the_template_that_share_name_and_city_need_references(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    content = book(Projects=[HEAD, row(1, reference=""), row(1, reference="")])
    plan = look(sessions, actor, send(sessions, actor, content))
    assert outcomes(plan) == ["create", "cannot"]
    assert "row 2 has the same name and city" in plan.rows[1].problems[0].rule


def test_rows_that_share_name_and_city_are_found_again_by_what_they_say(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    head = ("No", *HEAD[1:])
    twins = [row(1)[1:], row(1)[1:], row(1, cost=7)[1:], row(2)[1:]]
    first = table(*([number, *cells] for number, cells in enumerate(twins)), head=head)
    store(sessions, actor, send(sessions, actor, first, Choices(columns={"no": IGNORE})))
    again = look(sessions, actor, send(sessions, actor, first))
    assert outcomes(again) == ["unchanged"] * 4
    assert len({each.reference for each in again.rows}) == 4
    moved = table([1, *twins[2]], [2, *twins[3]], [3, *row(1, cost=8)[1:]], [4, *twins[0]], head=head)
    assert outcomes(look(sessions, actor, send(sessions, actor, moved))) == [
        "unchanged", "unchanged", "create", "unchanged"
    ]  # fmt: skip
    other = planner(sessions, "Opal")
    assert outcomes(look(sessions, other, send(sessions, other, first))) == ["create"] * 4


def test_possible_duplicates_are_laid_side_by_side_once(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    taken(sessions, actor, table(row(0, cost=12.5), row(9)))
    content = table(
        *(
            row(0, reference="NEW", title="WORKS  0"),
            row(1),
            row(2, title="Works 1"),
            row(3, title="works 1", year="x"),
        ),
        row(9, reference="R-9"),
    )
    made = look(sessions, actor, send(sessions, actor, content))
    stored, in_file = groups_of(made)
    assert [(side.at, side.reference, side.first_year, side.cost) for side in stored] == [
        ("CSV, row 2", "NEW", 2027, Decimal(10)),
        ("", "R-0", 2027, Decimal("12.5")),
    ]
    assert [(side.at, side.reference, side.first_year, side.cost) for side in in_file] == [
        ("CSV, row 3", "R-1", 2027, Decimal(11)),
        ("CSV, row 4", "R-2", 2027, Decimal(12)),
        ("CSV, row 5", "R-3", None, None),
    ]
    assert made.alike_count == 2


def test_a_reference_twice_in_the_file_is_a_problem(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    plan = look(sessions, actor, send(sessions, actor, table(row(1), row(2), row(1, title="Again"))))
    assert outcomes(plan) == ["create", "create", "cannot"]
    (problem,) = plan.all_problems
    assert (problem.place.cell, problem.rule) == ("A4", "The reference stands twice: row 2 has it as well")  # type: ignore[union-attr]


def test_what_was_sent_is_not_changed_by_a_file(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    taken(sessions, actor, table(row(0), row(1)))
    for project in list(files(sessions)):
        with sessions() as session:
            found = registration.project_by_reference(session, actor, project)
        with sessions() as session:
            registration.submit_project(session, actor, found.id, found.version)
    plan = look(sessions, actor, send(sessions, actor, table(row(0), row(1, cost=1))))
    assert outcomes(plan) == ["unchanged", "cannot"]
    assert "take it back first" in plan.rows[1].problems[0].rule


def test_columns_are_remembered_for_the_organisation_only(sessions: sessionmaker[Session]) -> None:
    actor, other = planner(sessions), planner(sessions, "Elsewhere")
    content = table(["Bridge", "12"], head=("Works", "Kosten"))
    choices = Choices(
        columns={"works": "title", "kosten": "cost"},
        defaults={"currency": "eur", "unit": "1000000", "cash_flows.first_year": "2030"},
    )
    plan = look(sessions, actor, send(sessions, actor, content, choices))
    assert outcomes(plan) == ["create"]
    again = send(sessions, actor, content)
    with sessions() as session:
        assert importing.sent_file(session, actor, again).remembered == {"works": "title", "kosten": "cost"}
    with sessions() as session:
        foreign = send(sessions, other, content)
    with sessions() as session:
        assert importing.sent_file(session, other, foreign).remembered == {}
        assert len(session.scalars(select(ImportMapping)).all()) == 2


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


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
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
