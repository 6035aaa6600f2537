"""Engines and migrations: SQLite for one machine, PostgreSQL for many, with the same guarantees."""

from collections.abc import Sequence
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import Error as SqliteError
from time import monotonic
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from appraisal.trail.chain import KEY_OPTION, AuditKey
from appraisal.trail.sealing import watch
from appraisal.transactions import IN_PASSING, READS_ONLY

BUSY_MILLISECONDS = 30_000
"""SQLite lets writers in by chance, not in turn: where very many wait, one may wait long."""
CONNECTIONS = {"pool_size": 8, "max_overflow": 16, "pool_use_lifo": True}
"""Of a process: no thread that serves waits for one. The one that was used last is used next."""
RESTED = 1.0
"""Seconds after which a connection to PostgreSQL that nobody used is asked whether it is still there."""


def create_engine_for(url: str, audit_key: str = "", keys_before: Sequence[str] = ()) -> Engine:
    """An engine for the address; makes the folder of an SQLite file.

    audit_key: seals what is recorded in the trail; without it nothing can be.
    keys_before: those that sealed before it, to check with.
    """
    address = make_url(url)
    key = AuditKey(audit_key.encode(), tuple(each.encode() for each in keys_before))
    sealing = {KEY_OPTION: key} if audit_key else {}
    if address.get_backend_name() != "sqlite":
        engine = create_engine(address, execution_options=sealing, hide_parameters=True, **CONNECTIONS)
        _ask_the_rested(engine)
        return engine
    if address.database and address.database != ":memory:":
        _for_its_owner_alone(Path(address.database))
        engine = create_engine(address, execution_options=sealing, hide_parameters=True, **CONNECTIONS)
    else:
        engine = create_engine(address, execution_options=sealing, hide_parameters=True)
    event.listen(engine, "connect", _durable_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _for_its_owner_alone(path: Path) -> None:
    """Nobody else on the machine reads a file that is made now, nor what SQLite keeps beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):  # it is there, or cannot be made: connecting says so
        path.touch(mode=0o600, exist_ok=False)


def _ask_the_rested(engine: Engine) -> None:
    """Take none from the pool that broke while it rested; `pool_pre_ping` would ask before every transaction."""
    dialect, since = engine.dialect, "rests since"

    def rests(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info[since] = monotonic()

    def ask(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
        if monotonic() - record.info.get(since, 0.0) < RESTED:
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as gone:
            raise DisconnectionError from gone

    event.listen(engine, "connect", rests)
    event.listen(engine, "checkin", rests)
    event.listen(engine, "checkout", ask)


def _durable_sqlite(connection: SqliteConnection, _record: Any) -> None:
    """An acknowledged commit is on the disk, foreign keys hold, writers wait for each other."""
    connection.isolation_level = None  # we begin transactions ourselves, DDL included
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",  # what was erased does not stay in the file
        "recursive_triggers=ON",  # else REPLACE deletes a row without asking the triggers that guard it
        f"busy_timeout={BUSY_MILLISECONDS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """Readers see one state and wait for nobody. Writers take the write lock at once: a transaction that starts by
    reading could otherwise lose the race to write."""
    options = connection.get_execution_options()
    reads_only = bool(options.get(READS_ONLY))
    driver: Any = connection.connection.driver_connection  # twice as quick as through the engine
    for statement in (
        f"PRAGMA synchronous={'NORMAL' if options.get(IN_PASSING) else 'FULL'}",  # may have to read the schema first
        f"PRAGMA query_only={'ON' if reads_only else 'OFF'}",
        "BEGIN" if reads_only else "BEGIN IMMEDIATE",
    ):
        try:
            driver.execute(statement)
        except SqliteError as error:  # as the engine reports what fails on its way, so that it is answered alike
            raise OperationalError(statement, None, error) from error


def sessions_on(engine: Engine) -> sessionmaker[Session]:
    """Sessions whose objects stay readable after their transaction, so that services can hand them out; what they
    record in the trail is sealed as they commit."""
    sessions = sessionmaker(engine, expire_on_commit=False)
    watch(sessions)
    return sessions


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the tables up to the revision; safe to run again."""
    with engine.begin() as connection:
        migrate_on(connection, revision)


def migrate_on(connection: Connection, revision: str = "head") -> None:
    """The same inside the caller's transaction."""
    command.upgrade(_alembic(connection), revision)


def revisions(connection: Connection) -> tuple[str | None, str | None]:
    """The revision that the tables are at, None without tables, and the newest there is."""
    newest = ScriptDirectory.from_config(_alembic(connection)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision(), newest


def revert(engine: Engine, revision: str) -> None:
    """Take the tables back to the revision (`base`: none)."""
    with engine.begin() as connection:
        command.downgrade(_alembic(connection), revision)


def _alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
