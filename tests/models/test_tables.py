"""What the tables promise: exact money, keys that hold, one moment in time, writers that wait."""

import os
import threading
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session, sessionmaker

from appraisal import database
from appraisal.database import create_engine_for, migrate
from appraisal.models import Account, AuditEntry, CashFlowAmount, Organisation, Project, Role
from appraisal.services.project_mapping import apply_file, to_file
from appraisal.transactions import reading
from scoring.project_file import Answer as AnswerPart
from scoring.project_file import PriceBasis, Prices, ProjectFile
from tests import factories
from tests.examples import examples
from tests.project_files import project_files


def stored(sessions: sessionmaker[Session], file: ProjectFile) -> ProjectFile:
    """The file through the tables and back, on another session."""
    with sessions.begin() as session:
        owner = session.scalar(select(Account))
        assert owner is not None
        project = Project(reference=file.reference, organisation_id=owner.organisation_id, owner_id=owner.id)
        apply_file(project, file)
        session.add(project)
        session.flush()
        key = project.id
    with sessions.begin() as session:
        found = session.get_one(Project, key)
        read = to_file(found)
        session.delete(found)
    return read


def planner(sessions: sessionmaker[Session]) -> None:
    factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))


def test_a_published_project_is_kept_exactly(sessions: sessionmaker[Session]) -> None:
    planner(sessions)
    file = factories.published_project("sam-pv-debt")
    assert stored(sessions, file) == file


def test_any_project_file_is_kept_exactly(tmp_path_factory: pytest.TempPathFactory) -> None:
    engine = create_engine_for(f"sqlite:///{tmp_path_factory.mktemp('db') / 'any.db'}")
    migrate(engine)
    sessions = sessionmaker(engine)
    planner(sessions)

    @given(project_files())
    @settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
    def kept(file: ProjectFile) -> None:
        assert stored(sessions, file) == file

    kept()
    engine.dispose()


def test_a_file_can_be_applied_again_with_other_lines_and_answers(sessions: sessionmaker[Session]) -> None:
    planner(sessions)
    first = factories.published_project("sam-pv-debt")
    lines = first.cash_flows.lines
    first = replace(first, answers={"BK3": AnswerPart(level=3), "DS1": AnswerPart(unknown=True)})
    longer = replace(
        first.cash_flows, lines=(*reversed(lines), replace(lines[0], name="Another", amounts=(Decimal(7),)))
    )
    shorter = replace(first.cash_flows, lines=(replace(lines[0], amounts=lines[0].amounts[:1]),))
    with sessions.begin() as session:
        owner = session.scalar(select(Account))
        assert owner is not None
        project = Project(reference=first.reference, organisation_id=owner.organisation_id, owner_id=owner.id)
        apply_file(project, first)
        session.add(project)
    for file in (
        first,
        replace(first, cash_flows=longer, answers={"DS1": AnswerPart(value=0.5), "IN2": AnswerPart(level=1)}),
        replace(first, cash_flows=shorter, answers={}),
    ):
        with sessions.begin() as session:
            apply_file(session.scalars(select(Project)).one(), file)
        with sessions() as session:
            assert to_file(session.scalars(select(Project)).one()) == file


def test_money_keeps_every_digit(sessions: sessionmaker[Session]) -> None:
    planner(sessions)
    amount = Decimal("999999999999999.123456")
    with sessions.begin() as session:
        owner = session.scalar(select(Account))
        assert owner is not None
        project = Project(reference="P", organisation_id=owner.organisation_id, owner_id=owner.id)
        apply_file(project, factories.published_project())
        project.lines[0].amounts[0].amount = amount
        session.add(project)
    with sessions() as session:
        assert amount in set(session.scalars(select(CashFlowAmount.amount)))


def test_foreign_keys_and_vocabularies_hold(engine: Engine, sessions: sessionmaker[Session]) -> None:
    planner(sessions)
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("DELETE FROM organisation"))
    with pytest.raises(IntegrityError, match=r"ck_account_role|CHECK"), engine.begin() as connection:
        connection.execute(text("UPDATE account SET role = 'emperor'"))


@pytest.mark.parametrize("amount", ["0.0000001", "1e24", "NaN", "Infinity"])
def test_an_amount_that_cannot_be_kept_exactly_is_refused(sessions: sessionmaker[Session], amount: str) -> None:
    with pytest.raises(StatementError, match=r"amount|decimals"), sessions.begin() as session:
        session.scalars(select(CashFlowAmount).where(CashFlowAmount.amount == Decimal(amount))).all()


def test_the_price_basis_is_kept_once(sessions: sessionmaker[Session]) -> None:
    planner(sessions)
    with sessions.begin() as session:
        owner = session.scalar(select(Account))
        assert owner is not None
        project = Project(reference="P", organisation_id=owner.organisation_id, owner_id=owner.id)
        nominal = Prices(basis=PriceBasis.NOMINAL, base_year=2020, inflation=0.04)
        apply_file(project, replace(factories.published_project(), prices=nominal))
        project.price_year = 2024
        session.add(project)
    with sessions() as session:
        assert to_file(session.scalars(select(Project)).one()).prices == replace(nominal, base_year=2024)


@pytest.mark.asvs("16.2.2")
def test_a_moment_needs_its_zone_and_comes_back_in_utc(sessions: sessionmaker[Session]) -> None:
    at = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    with sessions.begin() as session:
        session.add(AuditEntry(at=at, action="a", object_kind="k", object_id="1", details={}))
    with sessions() as session:
        assert session.scalar(select(AuditEntry.at)) == at
    with pytest.raises(StatementError, match="zone"), sessions.begin() as session:
        session.add(AuditEntry(at=at.replace(tzinfo=None), action="a", object_kind="k", object_id="1", details={}))


def test_sqlite_is_durable(tmp_path: object) -> None:
    engine = create_engine_for(f"sqlite:///{tmp_path}/a/b.db")
    with engine.connect() as connection:
        pragmas = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
        keys = connection.exec_driver_sql("PRAGMA foreign_keys").scalar()
    engine.dispose()
    assert (pragmas, keys) == (["wal", 2], 1)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
@pytest.mark.asvs("13.3.2")
def test_a_file_of_sqlite_is_its_owners_alone_and_keeps_nothing_that_was_erased(tmp_path: Path) -> None:
    before, engine = os.umask(0o022), create_engine_for(f"sqlite:///{tmp_path}/a/b.db")
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE person (name TEXT)")
            assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
            files = sorted((tmp_path / "a").iterdir())
            assert {oct(file.stat().st_mode & 0o777) for file in files} == {"0o600"}
    finally:
        os.umask(before)
        engine.dispose()
    assert [file.name for file in files] == ["b.db", "b.db-shm", "b.db-wal"]


def test_a_connection_that_broke_while_it_rested_is_replaced_before_it_is_used(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("nothing can end its connections from outside")
    monkeypatch.setattr(database, "RESTED", 0.0)
    ours, which = create_engine_for(engine.url.render_as_string(hide_password=False)), text("SELECT pg_backend_pid()")
    with ours.connect() as connection:
        first = connection.scalar(which)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": first})
    with ours.connect() as connection:
        assert connection.scalar(which) != first
    ours.dispose()


def test_writers_wait_for_each_other(sessions: sessionmaker[Session]) -> None:
    failures: list[Exception] = []

    def write(name: str) -> None:
        try:
            for number in range(10):
                with sessions.begin() as session:
                    session.scalars(select(Organisation)).all()
                    session.add(Organisation(name=f"{name}{number}"))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.asvs("3.5.3")
def test_readers_wait_for_nobody_and_cannot_write(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as writer:
        writer.add(Organisation(name="Not yet there"))
        writer.flush()
        with sessions() as session, reading(session):
            assert session.scalars(select(Organisation)).all() == []
    with sessions() as session, pytest.raises(DBAPIError, match=r"read-?only"), reading(session):
        session.execute(insert(Organisation).values(name="Never"))
    with sessions.begin() as session:
        session.add(Organisation(name="After it"))


def test_a_reader_within_another_is_part_of_it(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        with reading(session):
            with reading(session):
                assert session.scalars(select(Organisation)).all() == []
            with sessions.begin() as writer:
                writer.add(Organisation(name="Meanwhile"))
            with reading(session):
                assert session.scalars(select(Organisation)).all() == [], "still the state that the first one saw"
            with pytest.raises(DBAPIError, match=r"read-?only"), reading(session):
                session.execute(insert(Organisation).values(name="Never"))
            session.rollback()
        with session.begin():
            session.add(Organisation(name="After it"))


def test_a_reader_sees_one_state(sessions: sessionmaker[Session]) -> None:
    with sessions() as session, reading(session):
        assert session.scalars(select(Organisation)).all() == []
        with sessions.begin() as writer:
            writer.add(Organisation(name="Meanwhile"))
        assert session.scalars(select(Organisation)).all() == []
