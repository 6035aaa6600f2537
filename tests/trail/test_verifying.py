"""Whatever is done to the trail, or to a row behind its back, is found, and the first bad row is named."""

import hmac
import json
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL, Connection, Engine, bindparam, delete, insert, select, text, update
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session, sessionmaker

from appraisal.database import create_engine_for, sessions_on
from appraisal.evidence import FileKind
from appraisal.models import (
    Assignment,
    AuditEntry,
    CashFlowAmount,
    CashFlowLine,
    DecisionOutcome,
    Declaration,
    Organisation,
    Project,
    Role,
    Table,
)
from appraisal.policy import OPERATOR, Actor, NotAllowed
from appraisal.services import (
    appraising,
    assigning,
    auditing,
    deciding,
    drafting,
    evidence,
    personal_data,
    publishing,
    receiving,
    registration,
    verifying,
)
from appraisal.services.receiving import Incoming
from appraisal.services.verifying import checked
from appraisal.trail.chain import Anchor, NoAuditKey
from appraisal.trail.facts import KEYS, LEFT_OUT, fact_of, returned
from appraisal.trail.sealing import Entry, TrailBroken, append, touch_as_written
from tests import factories, rounds
from tests.databases import AUDIT_KEY, migrated_sqlite, postgresql_database
from tests.documents import EVERY_KIND
from tests.panel import panel
from tests.trail.tampering import Tampering, Unchanged, tamper

MUTATIONS = 1_000


def test_every_table_is_reconciled_or_left_out_for_a_reason() -> None:
    assert {*KEYS, *LEFT_OUT} == set(Table.metadata.tables)
    assert not {*KEYS} & {*LEFT_OUT}


def lived(sessions: sessionmaker[Session]) -> None:
    """A project sent, scored by a panel, appraised and decided on; another that is still a draft; one that was sent
    with evidence; and a round to come."""
    held = panel(sessions)
    with_evidence(sessions, held.planner)
    for name in ("A", "B"):
        appraiser = held.appraiser(name)
        held.fill(appraiser)
        held.submit(appraiser)
    with sessions() as session:
        drafting.start_project(session, held.planner, uuid4(), factories.published_project("zurich-tunnel"), years=10)
    with sessions() as session:
        run = appraising.appraise_project(session, OPERATOR, held.project_id, seed=1, draws=100)
    approver = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Council"))
    with sessions() as session:
        wish = deciding.Wish(DecisionOutcome.REJECTED, "risk", "Too large a risk.")
        deciding.prepare(session, approver, [deciding.Seen(held.project_id, run.number, 2)], wish)
    with sessions() as session:
        pending = publishing.review(session, approver).sound
    with sessions() as session:
        publishing.publish(session, approver, uuid4(), {each.row.id: each.row.version for each in pending})
    rounds.held(sessions)
    with sessions.kw["bind"].begin() as connection:
        verifying.attest(connection, "tables.attested")  # what the factories added without a word


def with_evidence(sessions: sessionmaker[Session], planner: Actor) -> None:
    with sessions() as session:
        project = drafting.start_project(session, planner, uuid4(), factories.published_project(), years=10)
    with sessions() as session:
        receiving.add_files(session, planner, project.id, [Incoming("plan.pdf", EVERY_KIND[FileKind.PDF])])
    with sessions() as session:
        (file,) = evidence.files_in_draft(session, planner, project.id)
    with sessions() as session:
        evidence.link(session, planner, project.id, file.id, "DS1", "page 1")
    with sessions() as session:
        version = session.get_one(Project, project.id).version
    with sessions() as session:
        registration.submit_project(session, planner, project.id, version)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A trail on SQLite with its triggers dropped."""
    engine = migrated_sqlite(tmp_path_factory.mktemp("trail") / "trail.db")
    lived(sessions_on(engine))
    with engine.begin() as connection:
        for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
    yield engine
    engine.dispose()


@pytest.mark.asvs("16.2.1")
def test_what_happened_through_the_tool_is_sound(sessions: sessionmaker[Session]) -> None:
    lived(sessions)
    with sessions() as session:
        found = verifying.verify(session, OPERATOR)
        assert found.findings == ()
        assert verifying.head(session, OPERATOR) == found.head
    assert found.entries == found.head.sequence > 10
    assert found.facts > 20
    with sessions() as session:
        assert verifying.verify(session, OPERATOR, Anchor(3, "0" * 64)).findings[0].place == "entry 3"


@pytest.mark.asvs("16.4.2", "11.4.3")
def test_a_thousand_mutations_are_found(record: Engine) -> None:
    chance, kinds = random.Random(7), Counter[str]()
    with record.connect() as connection:
        anchor = checked(connection).head
        connection.rollback()
        unguarded(connection)
        while kinds.total() < MUTATIONS:
            done = attempt(connection, chance, anchor)
            kinds[done.name] += done.name != "refused"
    assert kinds.total() == MUTATIONS
    tables = {kind.split(".")[0] for kind in kinds if kind.endswith(" changed") and "." in kind}
    assert tables > {"round", "evidence_file", "evidence_link", "submitted_file", "cash_flow_amount", "decision"}
    assert kinds["stored file changed"]
    assert len(kinds) > 100, "cells of every table"


def test_mutations_are_found_on_postgresql(postgresql: URL, postgresql_tables: str) -> None:
    with postgresql_database(postgresql, postgresql_tables) as engine:
        lived(sessions_on(engine))
        chance, found = random.Random(8), 0
        with engine.connect() as connection:
            connection.execute(text("SET session_replication_role = replica"))  # triggers and foreign keys asleep
            connection.commit()
            anchor = checked(connection).head
            while found < 60:
                found += attempt(connection, chance, anchor).name != "refused"


def unguarded(connection: Connection) -> None:
    raw = connection.connection.driver_connection
    assert raw is not None
    for pragma in ("foreign_keys = OFF", "ignore_check_constraints = ON"):
        raw.execute(f"PRAGMA {pragma}")


def attempt(connection: Connection, chance: random.Random, anchor: Anchor) -> Tampering:
    """One mutation, checked and rolled back; `refused` where the database itself does not take it."""
    connection.rollback()
    try:
        done = tamper(connection, chance)
    except (StatementError, Unchanged):
        connection.rollback()
        return Tampering("refused", "")
    places = [finding.place for finding in checked(connection, anchor).findings]
    connection.rollback()
    first = places[:1] if done.place.startswith("entry") else places
    assert any(place.startswith(done.place) for place in first), (done, places)
    return done


def test_writers_at_once_make_one_chain(sessions: sessionmaker[Session]) -> None:
    """No fork, no gap, nothing lost, nobody refused; a group of rows that several write at once is recorded whole."""
    held = panel(sessions)
    people = [
        factories.actor(sessions, Role.APPRAISER, factories.organisation(sessions, f"Office {number}"))
        for number in range(8)
    ]

    def assign(person: Actor) -> None:
        assert person.account_id is not None
        for _ in range(4):
            with sessions() as session:
                assigning.assign(session, OPERATOR, held.project_id, person.account_id)
            with sessions() as session:
                assigning.unassign(session, OPERATOR, held.project_id, person.account_id)
        with sessions() as session:
            assigning.assign(session, OPERATOR, held.project_id, person.account_id)

    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(assign, people))
    with sessions.kw["bind"].begin() as connection:
        verifying.attest(connection, "trail.tables-attested")
    with sessions() as session:
        found = verifying.verify(session, OPERATOR)
        numbers = list(session.scalars(select(AuditEntry.sequence).order_by(AuditEntry.sequence)))
        last = session.scalars(select(AuditEntry).where(AuditEntry.action == "trail.tables-attested")).one()
    assert found.findings == ()
    assert numbers == list(range(1, 2 + 8 * 9 + 1 + 1))
    assert set(last.details["rows"]) == {"account", "organisation"}, "what the factories added, and no assignment"


def test_statements_of_many_rows_are_recorded_with_the_rows_they_meet(sessions: sessionmaker[Session]) -> None:
    """Past the session's objects: inserted, changed by a condition, deleted with what hangs on them."""
    held = panel(sessions)
    held.appraiser("A")
    office = {"id": uuid4(), "name": "Office"}
    line = select(CashFlowLine.id).where(CashFlowLine.project_id == held.project_id).limit(1).scalar_subquery()
    for statement, rows in (
        (insert(Organisation), [office, {"id": uuid4(), "name": "Other"}]),
        (insert(Organisation).values(id=uuid4(), name="Third"), None),
        (update(Organisation).where(Organisation.name.like("O%")).values(name=Organisation.name + "!"), None),
        (delete(Organisation).where(Organisation.id == bindparam("key")), {"key": office["id"]}),
        (update(Declaration).where(Declaration.project_id == held.project_id).values(text="erased"), None),
        (update(CashFlowAmount).where(CashFlowAmount.line_id == line).values(amount=Decimal(7)), None),
        (delete(Assignment).where(Assignment.project_id == held.project_id), None),
    ):
        if statement.is_insert and rows is not None:
            with sessions.kw["bind"].begin() as connection:
                verifying.attest(connection, "trail.tables-attested")
        with sessions.begin() as session:
            session.execute(statement, rows)
            auditing.record(session, OPERATOR, "test.happened", "test", 1)
        with sessions() as session:
            assert verifying.verify(session, OPERATOR).findings == (), str(statement)


def test_a_person_erased_leaves_the_trail_sound(sessions: sessionmaker[Session]) -> None:
    held = panel(sessions)
    erased = held.appraiser("A")
    with sessions.kw["bind"].begin() as connection:
        verifying.attest(connection, "trail.tables-attested")
    with sessions() as session:
        assert erased.account_id is not None
        personal_data.erase(session, OPERATOR, erased.account_id)
    with sessions() as session:
        assert verifying.verify(session, OPERATOR).findings == ()


def test_what_is_rolled_back_was_never_recorded(sessions: sessionmaker[Session]) -> None:
    with suppress(ZeroDivisionError), sessions.begin() as session:
        auditing.record(session, OPERATOR, "test.lost", "test", 1)
        raise ZeroDivisionError
    with sessions() as session:
        with session.begin():
            auditing.record(session, OPERATOR, "test.kept", "test", 1)
            with suppress(ZeroDivisionError), session.begin_nested():
                auditing.record(session, OPERATOR, "test.lost", "test", 2)
                raise ZeroDivisionError
            with session.begin_nested():
                auditing.record(session, OPERATOR, "test.kept-too", "test", 3)
        assert [entry.action for entry in reversed(auditing.entries(session, OPERATOR))] == [
            "test.kept",
            "test.kept-too",
        ]
    with sessions() as session:
        assert verifying.verify(session, OPERATOR).findings == ()


@pytest.mark.asvs("2.3.3", "16.5.3")
@pytest.mark.parametrize("then", ["nothing", "a change", "a change taken back"])
def test_a_row_that_its_statement_gave_back_is_read_again_where_it_was_touched_since(
    sessions: sessionmaker[Session], then: str
) -> None:
    office, table = factories.organisation(sessions, "Office"), Organisation.metadata.tables["organisation"]
    with sessions.begin() as session:
        change = update(table).where(table.c.id == office).values(name="Council").returning(*returned("organisation"))
        touch_as_written(session, "organisation", office, fact_of(session.connection().execute(change).one()))
        if then != "nothing":
            with suppress(ZeroDivisionError), session.begin_nested():
                session.get_one(Organisation, office).name = "City council"
                session.flush()
                1 // (then == "a change")
        auditing.record(session, OPERATOR, "tried", "organisation", office)
    with sessions() as session:
        assert verifying.verify(session, OPERATOR).findings == ()


def test_nothing_is_changed_that_cannot_be_recorded(tmp_path: Path) -> None:
    """Without the key, or without a head to go on from, the change fails with its record."""
    migrated_sqlite(tmp_path / "a.db").dispose()
    without = create_engine_for(f"sqlite:///{tmp_path / 'a.db'}")
    for sessions, refusal in ((sessions_on(without), NoAuditKey), (sessions_on(keyed(without)), TrailBroken)):
        if refusal is TrailBroken:
            with without.begin() as connection:
                connection.execute(text("DELETE FROM audit_head"))
        with pytest.raises(refusal):
            change_and_record(sessions)
        with sessions() as session:
            assert session.scalars(select(Organisation)).all() == []
        sessions.kw["bind"].dispose()


def change_and_record(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add(Organisation(name="Haneul"))
        auditing.record(session, OPERATOR, "test.happened", "test", 1)


def keyed(engine: Engine) -> Engine:
    return create_engine_for(engine.url.render_as_string(), AUDIT_KEY)


def test_the_chain_is_the_same_on_both_databases(sessions: sessionmaker[Session]) -> None:
    """Computed by hand from the specification in ADR 15."""
    at = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=9)))
    with sessions.begin() as session:
        append(session, Entry(None, "test.happened", "test", "1", {"name": "하나", "sum": Decimal("1.50")}, at))
    cells = [
        *("0" * 64, 1, "2026-03-01 03:00:00.000000", None, "test.happened", "test", "1"),
        *('{"name": "하나", "sum": 1.50}', "{}"),
    ]
    text = json.dumps(cells, separators=(",", ":")).encode()
    expected = hmac.new(AUDIT_KEY.encode(), b"audit-entry/1\0" + text, "sha256").hexdigest()
    with sessions() as session:
        assert verifying.head(session, OPERATOR) == Anchor(1, expected)


def test_who_may_not_read_the_trail_may_not_check_it(sessions: sessionmaker[Session]) -> None:
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    with sessions() as session, pytest.raises(NotAllowed):
        verifying.verify(session, planner)
