"""Engines and migrations: SQLite for one machine, PostgreSQL for many, with the same guarantees."""

from importlib.resources import files
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker

from appraisal.transactions import READS_ONLY

BUSY_MILLISECONDS = 10_000


def create_engine_for(url: str) -> Engine:
    """An engine for the address; makes the folder of an SQLite file."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True)
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address)
    event.listen(engine, "connect", _durable_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _durable_sqlite(connection: SqliteConnection, _record: Any) -> None:
    """An acknowledged commit is on the disk, foreign keys hold, writers wait for each other."""
    connection.isolation_level = None  # we begin transactions ourselves, DDL included
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",  # else REPLACE deletes a row without asking the triggers that guard it
        f"busy_timeout={BUSY_MILLISECONDS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """Readers see one state and wait for nobody. Writers take the write lock at once: a transaction that starts by
    reading could otherwise lose the race to write."""
    reads_only = bool(connection.get_execution_options().get(READS_ONLY))
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reads_only else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def sessions_on(engine: Engine) -> sessionmaker[Session]:
    """Sessions whose objects stay readable after their transaction, so that services can hand them out."""
    return sessionmaker(engine, expire_on_commit=False)


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the tables up to the revision; safe to run again."""
    with engine.begin() as connection:
        command.upgrade(_alembic(connection), revision)


def revert(engine: Engine, revision: str) -> None:
    """Take the tables back to the revision (`base`: none)."""
    with engine.begin() as connection:
        command.downgrade(_alembic(connection), revision)


def _alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
