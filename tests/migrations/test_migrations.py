"""Every migration goes up and down, with rows in the tables, on both databases."""

import shutil
from importlib.resources import files
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session, sessionmaker

from appraisal import database
from appraisal.database import create_engine_for, migrate, revert, sessions_on
from appraisal.models import AuditEntry, Role, Table
from appraisal.policy import OPERATOR
from appraisal.services import auditing
from tests import factories


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version", "sqlite_sequence"}


def test_up_down_and_up_again_with_rows(empty_engine: Engine) -> None:
    migrate(empty_engine)
    assert tables(empty_engine) == set(Table.metadata.tables)
    sessions = sessionmaker(empty_engine)
    factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    revert(empty_engine, "base")
    assert tables(empty_engine) == set()
    migrate(empty_engine)
    migrate(empty_engine)
    assert tables(empty_engine) == set(Table.metadata.tables)


def test_the_schema_equals_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


@pytest.mark.parametrize("change", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"])
def test_the_trail_can_only_grow(engine: Engine, sessions: sessionmaker[Session], change: str) -> None:
    with sessions.begin() as session:
        auditing.record(session, OPERATOR, "test.happened", "test", "1")
    with pytest.raises(DatabaseError, match="rows are only ever added"), engine.begin() as connection:
        connection.execute(text(change))
    with sessions() as session:
        assert [entry.action for entry in session.scalars(select(AuditEntry))] == ["test.happened"]


def test_sqlite_cannot_replace_a_row_of_the_trail(tmp_path: Path) -> None:
    engine = create_engine_for(f"sqlite:///{tmp_path / 'trail.db'}")
    migrate(engine)
    with sessions_on(engine).begin() as session:
        auditing.record(session, OPERATOR, "test.happened", "test", "1")
    forge = text(
        "REPLACE INTO audit_entry (sequence, at, action, object_kind, object_id, details) "
        "SELECT sequence, at, 'forged', object_kind, object_id, details FROM audit_entry"
    )
    with pytest.raises(DatabaseError, match="rows are only ever added"), engine.begin() as connection:
        connection.execute(forge)
    engine.dispose()


def test_the_tool_may_be_installed_in_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "100% ours" / "migrations"
    shutil.copytree(str(files("migrations")), folder)
    monkeypatch.setattr(database, "files", lambda _package: folder)
    engine = create_engine_for(f"sqlite:///{tmp_path / 'any.db'}")
    migrate(engine)
    assert tables(engine) == set(Table.metadata.tables)
    engine.dispose()
