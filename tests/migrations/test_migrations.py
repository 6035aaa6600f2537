"""Every migration goes up and down, with rows in the tables, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session, sessionmaker

from appraisal.database import migrate, revert
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
