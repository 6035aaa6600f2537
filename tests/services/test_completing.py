"""Completed projects recorded, corrected, withdrawn, taken in; and the runs that rest on them, on both databases."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
import simplejson
from sqlalchemy import Executable, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AppraisalRun, AuditEntry, CompletedProject, OwnRecordVersion, Role, Table
from appraisal.policy import OPERATOR, Actor, NotAllowed, NotFound
from appraisal.reading.completed_table import CompletedEntry
from appraisal.reading.problems import Unreadable
from appraisal.services import appraising, completed_lists, completing, drafting, registration, rounds
from appraisal.services.comparing import compare_runs
from appraisal.services.errors import AlreadyThere, StaleVersion
from appraisal.services.own_records import record_of, stored
from appraisal.services.previewing import previewed
from scoring.parameters import CompletedProject as Completed
from tests import factories

CITY = "Haneul"


def entry(number: int = 0, *, ratio: str = "1.5", city: str = CITY, **fields: object) -> CompletedEntry:
    facts = Completed(
        name=f"Works {number}",
        asset_class="standard-civil-engineering",
        currency="AUD",
        price_year=2020,
        planned_cost=Decimal(100),
        actual_cost=Decimal(100) * Decimal(ratio),
    )
    return CompletedEntry(
        city=city, source="Accounts", reference="", place=f"row {number}", project=replace(facts, **fields)
    )


def record(sessions: sessionmaker[Session], count: int, *, first: int = 0) -> None:
    with sessions() as session:
        completing.import_projects(
            session, OPERATOR, [entry(n, ratio=str(Decimal(100 + n) / 100)) for n in range(first, first + count)]
        )


def one(sessions: sessionmaker[Session], actor: Actor = OPERATOR, **fields: object) -> CompletedProject:
    with sessions() as session:
        return completing.record_project(session, actor, uuid4(), entry(**fields))


def submitted(sessions: sessionmaker[Session], *, city: str = CITY) -> UUID:
    """The published project without a range of its own, in this city."""
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Planners"))
    with sessions() as session:
        project = registration.register_project(session, planner, replace(factories.published_project(), city=city))
    with sessions() as session:
        registration.submit_project(session, planner, project.id, project.version)
    return project.id


def appraise(sessions: sessionmaker[Session], project_id: UUID) -> AppraisalRun:
    with sessions() as session:
        return appraising.appraise_project(session, OPERATOR, project_id, seed=1, draws=200)


def origins(run: AppraisalRun) -> dict[str, str]:
    return {used["driver"]: used["origin"] for used in simplejson.loads(run.result)["risk"]["drivers_used"]}


def actions(sessions: sessionmaker[Session]) -> list[str]:
    with sessions() as session:
        found = session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)).all()
    return [action for action in found if action.startswith("completed.")]


def test_recorded_corrected_withdrawn_and_put_back_are_in_the_trail(sessions: sessionmaker[Session]) -> None:
    analyst = factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Office"))
    row = one(sessions, analyst)
    with sessions() as session:
        changed = completing.change_project(session, analyst, row.id, row.version, entry(ratio="2"))
    with sessions() as session:
        same = completing.change_project(session, analyst, row.id, changed.version, entry(ratio="2"))
    assert same.version == changed.version == 2, "nothing changed the second time"
    with sessions() as session:
        gone = completing.withdraw_project(session, analyst, row.id, changed.version, "counted twice")
    with sessions() as session:
        assert record_of(session, CITY) is None
        assert session.get_one(CompletedProject, row.id).withdrawn_because == "counted twice"
    with sessions() as session:
        completing.put_back(session, analyst, row.id, gone.version)
    with sessions() as session:
        assert record_of(session, CITY) is not None
        said = session.scalars(select(AuditEntry).where(AuditEntry.action == "completed.changed")).one()
    assert said.details["actual_cost"] == [Decimal(150), Decimal(200)]
    assert (row.recorded_by_id, actions(sessions)) == (
        analyst.account_id,
        ["completed.recorded", "completed.changed", "completed.withdrawn", "completed.put-back"],
    )


@pytest.mark.parametrize("role", [Role.PLANNER, Role.APPRAISER, Role.APPROVER])
def test_others_read_and_do_not_record(sessions: sessionmaker[Session], role: Role) -> None:
    row, other = one(sessions), factories.actor(sessions, role, factories.organisation(sessions, "Office"))
    with sessions() as session:
        assert [each.row.name for each in completed_lists.city_record(session, other).rows] == ["Works 0"]
    for change in (
        lambda session: completing.record_project(session, other, uuid4(), entry(1)),
        lambda session: completing.change_project(session, other, row.id, 1, entry(1)),
        lambda session: completing.withdraw_project(session, other, row.id, 1, "no"),
        lambda session: completing.put_back(session, other, row.id, 1),
        lambda session: completing.import_projects(session, other, [entry(1)]),
    ):
        with sessions() as session, pytest.raises(NotAllowed):
            change(session)


def test_nobody_overwrites_another_unseen(sessions: sessionmaker[Session]) -> None:
    row = one(sessions)
    with sessions() as session:
        completing.change_project(session, OPERATOR, row.id, 1, entry(ratio="2"))
    for change in (
        lambda session: completing.change_project(session, OPERATOR, row.id, 1, entry(ratio="3")),
        lambda session: completing.withdraw_project(session, OPERATOR, row.id, 1, "old"),
    ):
        with sessions() as session, pytest.raises(StaleVersion, match="was changed since"):
            change(session)
    with sessions() as session, pytest.raises(NotFound):
        completing.change_project(session, OPERATOR, uuid4(), 1, entry())


def test_a_name_is_recorded_once_in_a_city_and_a_form_sent_twice_once(sessions: sessionmaker[Session]) -> None:
    key = uuid4()
    for _ in range(2):
        with sessions() as session:
            completing.record_project(session, OPERATOR, key, entry())
    with sessions() as session, pytest.raises(AlreadyThere, match="recorded for HANEUL already"):
        completing.record_project(session, OPERATOR, uuid4(), entry(name="works  0", city="HANEUL"))
    other = one(sessions, number=1)
    with sessions() as session, pytest.raises(AlreadyThere):
        completing.change_project(session, OPERATOR, other.id, other.version, entry())
    one(sessions, city="Elsewhere")
    assert actions(sessions) == ["completed.recorded"] * 3


def test_all_rows_of_a_table_are_recorded_or_none(sessions: sessionmaker[Session]) -> None:
    one(sessions, number=2)
    unknown = replace(entry(4), reference="NO-1")
    with sessions() as session, pytest.raises(Unreadable) as refused:
        completing.import_projects(session, OPERATOR, [entry(1), entry(2), entry(1), unknown])
    assert [problem.path for problem in refused.value.problems] == ["row 2", "row 1", "row 4"]
    with sessions() as session:
        completing.import_projects(session, OPERATOR, [entry(1)], dry_run=True)
    with sessions() as session:
        assert session.scalars(select(CompletedProject.name)).all() == ["Works 2"]


def test_the_database_holds_the_rules_as_well(sessions: sessionmaker[Session]) -> None:
    one(sessions)
    for statement in (
        "UPDATE completed_project SET price_year = 1",
        "UPDATE completed_project SET planned_use = '1'",
        "UPDATE completed_project SET started_on = '2020-01-01', planned_opening = '2019-01-01'",
    ):
        with pytest.raises(IntegrityError), sessions.begin() as session:
            session.execute(text(statement))


def test_the_tenth_project_switches_the_class_and_older_runs_replay(sessions: sessionmaker[Session]) -> None:
    project_id = submitted(sessions, city=" haneul")
    runs = [appraise(sessions, project_id)]
    record(sessions, 9)
    runs.append(appraise(sessions, project_id))
    record(sessions, 3, first=9)
    runs.append(appraise(sessions, project_id))
    assert [origins(run)["capex"] for run in runs] == ["reference-class", "reference-class", "own-projects"]
    assert [run.parameters.partition("+own-projects@")[2] != "" for run in runs] == [False, True, True]
    notes = [simplejson.loads(run.result)["problems"] for run in runs]
    said = [[note["message"] for note in each if note["code"].startswith("own-projects")] for each in notes]
    assert said == [
        [],
        ["Haneul has recorded 9 of the 10 completed projects needed for standard civil engineering, cost: "
         "the library's class stays."],
        ["12 completed projects of Haneul replaced the library's class for standard civil engineering: cost."],
    ]  # fmt: skip
    with sessions() as session:
        row = session.scalars(select(CompletedProject)).first()
    assert row is not None
    with sessions() as session:
        completing.withdraw_project(session, OPERATOR, row.id, row.version, "not ours")
    record(sessions, 5, first=20)
    for run in runs:
        with sessions() as session:
            assert appraising.replay(session, OPERATOR, run.number).equal
    with sessions() as session:
        assert len(session.scalars(select(OwnRecordVersion)).all()) == 2


def test_another_citys_record_moves_nothing(sessions: sessionmaker[Session]) -> None:
    project_id = submitted(sessions, city="Elsewhere")
    before = appraise(sessions, project_id)
    record(sessions, 12)
    assert appraise(sessions, project_id).result == before.result


def test_a_project_without_a_city_takes_the_rounds_place(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        rounds.open_round(
            session, OPERATOR, name="R", place=CITY, budget=Decimal(9), currency="AUD", unit=1, price_year=2026
        )
    record(sessions, 10)
    assert origins(appraise(sessions, submitted(sessions, city="")))["capex"] == "own-projects"


def test_a_draft_is_previewed_with_the_citys_own_record(sessions: sessionmaker[Session]) -> None:
    record(sessions, 10)
    project_id = submitted(sessions)
    with sessions() as session:
        found = previewed(session, drafting.draft_of(session, OPERATOR, project_id)).result
    assert found is not None
    assert {used.origin for used in found.risk.drivers_used if used.driver == "capex"} == {"own-projects"}


def test_runs_that_used_the_same_record_share_it_and_a_comparison_names_it(sessions: sessionmaker[Session]) -> None:
    project_id = submitted(sessions)
    first = appraise(sessions, project_id)
    record(sessions, 12)
    second, third = appraise(sessions, project_id), appraise(sessions, project_id)
    with sessions() as session:
        kept = session.scalars(select(OwnRecordVersion)).one()
        stored(session, kept.document)
        assert len(session.scalars(select(OwnRecordVersion)).all()) == 1
    with sessions() as session:
        assert compare_runs(session, OPERATOR, second.number, third.number).movements == ()
    with sessions() as session:
        found = compare_runs(session, OPERATOR, first.number, second.number)
    (movement,) = found.movements
    assert movement.part == "completed projects"
    assert movement.figures == found.to_figures


@pytest.mark.parametrize("table", ["own_record_version", "run_own_record"])
def test_what_a_run_used_cannot_be_changed(sessions: sessionmaker[Session], table: str) -> None:
    record(sessions, 10)
    appraise(sessions, submitted(sessions))
    changed = Table.metadata.tables[table]
    changes: list[Executable] = [update(changed).values({column: column for column in changed.primary_key})]
    postgresql = sessions.kw["bind"].dialect.name == "postgresql"
    changes += [text(f"TRUNCATE {table} CASCADE")] if postgresql else []
    for change in changes:
        with pytest.raises(DatabaseError, match="rows are only ever added"), sessions.begin() as session:
            session.execute(change)


@pytest.mark.parametrize(
    ("statement", "difference"),
    [
        ("UPDATE own_record_version SET document = replace(document, '\"price_year\":2020', '\"price_year\":2021')",
         "own_record"),
        ("DELETE FROM run_own_record", "own_record"),
    ],
)  # fmt: skip
def test_a_replay_names_a_record_that_was_changed(
    sessions: sessionmaker[Session], statement: str, difference: str
) -> None:
    record(sessions, 10)
    number = appraise(sessions, submitted(sessions)).number
    with sessions.begin() as session:
        sqlite = session.get_bind().dialect.name == "sqlite"
        trigger = "own_record_version_no_update" if sqlite else "own_record_version_guard ON own_record_version"
        session.execute(text(f"DROP TRIGGER {trigger}"))
        assert session.connection().exec_driver_sql(statement).rowcount == 1
    with sessions() as session:
        again = appraising.replay(session, OPERATOR, number)
    assert (again.equal, again.difference) == (False, difference)


def test_the_list_says_how_many_there_are_and_hides_what_one_may_not_know(sessions: sessionmaker[Session]) -> None:
    project_id = submitted(sessions)
    record(sessions, 7)
    with sessions() as session:
        reference = drafting.draft_of(session, OPERATOR, project_id).file.reference
    with sessions() as session:
        completing.record_project(session, OPERATOR, uuid4(), replace(entry(8, city="Ulsan"), reference=reference))
    with sessions() as session:
        found = completed_lists.city_record(session, OPERATOR)
    (compared,) = found.classes
    assert (found.city, found.cities, found.counting) == (CITY, (CITY, "Ulsan"), 7)
    assert (compared.recorded, compared.needed, compared.own) == (7, 3, None)
    assert compared.library is not None
    outsider = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Others"))
    for actor, seen in ((OPERATOR, reference), (outsider, "")):
        with sessions() as session:
            assert completed_lists.city_record(session, actor, "ulsan").rows[0].reference == seen
