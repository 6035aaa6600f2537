"""Copies of the whole database, made while people work, and put back in one step; each is checked before it counts.

SQLite is copied by its own online backup, PostgreSQL by pg_dump: both give one state of the database, in which every
acknowledged change is whole or not yet there.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DatabaseError

from appraisal.database import BUSY_MILLISECONDS
from appraisal.models.tables import now
from appraisal.services.errors import DomainError
from appraisal.services.upgrading import stored_columns, upgrade
from appraisal.services.verifying import Finding, checked
from appraisal.trail.chain import KEY_OPTION, START, Anchor
from appraisal.trail.ring import key_in_use
from appraisal.trail.sealing import Entry, extend


@dataclass(frozen=True, slots=True)
class Copy:
    """What was found in a copy."""

    entries: int
    head: Anchor
    findings: tuple[Finding, ...]
    kept: Path | None = None
    """Where the database was put that a restored copy took the place of."""

    @property
    def sound(self) -> bool:
        return not self.findings


def backup(engine: Engine, to: Path) -> Copy:
    """Write the database to a new file; raises DomainError where it is there already, or cannot be copied whole.

    That the audit trail in it is not sound is told, and no reason not to keep it.
    """
    if to.exists():
        raise DomainError(f"{to} is there already: a backup overwrites nothing.")
    partial = to.with_name(f".{to.name}.partial")
    partial.unlink(missing_ok=True)  # of a backup that was killed
    try:
        partial.touch(mode=0o600, exist_ok=False)  # for its owner alone, whatever may be read of other new files
        found = _dumped(engine, partial) if _postgresql(engine) else _copied(engine, partial)
        _onto_the_disk(partial)
        partial.rename(to)
        _onto_the_disk(to.parent)
    finally:
        partial.unlink(missing_ok=True)
    return found


def restore(engine: Engine, source: Path, *, unverified: bool = False) -> Copy:
    """Put a backup in the place of the database, in one transaction of it, and say so in the trail.

    What was there is kept beside it. Raises DomainError where the file is no whole backup, or its trail is not sound
    (with PostgreSQL this shows only once it is restored), unless `unverified`.
    """
    digest, content = sha256(), source.open("rb")
    with content:
        for block in iter(lambda: content.read(1 << 20), b""):
            digest.update(block)
    if not _postgresql(engine):
        _refuse(_examined_file(engine, source), unverified=unverified)
    folder = source.parent if _postgresql(engine) else _file(engine).parent
    kept = folder / f"before-restore-{now():%Y%m%dT%H%M%S%f}.backup"
    backup(engine, kept)
    if _postgresql(engine):
        options = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")
        _run(engine, "pg_restore", *options, str(source))
    else:
        with closing(_read_only(source)) as copy, closing(_connected(_file(engine))) as live:
            copy.backup(live)
    engine.dispose()
    upgrade(engine, unverified=unverified)
    with engine.begin() as connection:
        _refuse(_examined(connection), unverified=unverified)
        details = {"file": source.name, "sha256": digest.hexdigest(), "kept": kept.name}
        entry = Entry(None, "database.restored", "trail", "database", details)
        extend(connection, [entry], lambda _: {}, under=key_in_use(connection))
        return replace(_examined(connection), kept=kept)


def _refuse(found: Copy, *, unverified: bool) -> None:
    if not found.sound and not unverified:
        raise DomainError(f"The audit trail of the backup is not sound ({found.findings[0]}); --unverified goes on.")


def _copied(engine: Engine, to: Path) -> Copy:
    with closing(_connected(_file(engine))) as live, closing(_connected(to)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, that can be read where nothing may be written
    return _examined_file(engine, to)


def _dumped(engine: Engine, to: Path) -> Copy:
    """The dump and the check see the same state: that of this transaction."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        found = _examined(connection)
        _run(engine, "pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={to}")
        return found


def _examined_file(engine: Engine, path: Path) -> Copy:
    options = {KEY_OPTION: engine.get_execution_options().get(KEY_OPTION)}
    reader = create_engine("sqlite://", creator=lambda: _read_only(path), execution_options=options)
    try:
        with reader.connect() as connection:
            said = connection.scalars(text("PRAGMA integrity_check")).all()
            orphans = connection.execute(text("PRAGMA foreign_key_check")).first()
            if said != ["ok"] or orphans is not None:
                raise DomainError(f"{path} is damaged: {said[0] if said != ['ok'] else 'rows refer to none'}.")
            return _examined(connection)
    except DatabaseError as error:
        raise DomainError(f"{path} is no backup of this application ({error.orig}).") from error
    finally:
        reader.dispose()


def _examined(connection: Connection) -> Copy:
    stored = stored_columns(connection)
    if "alembic_version" not in stored:
        raise DomainError("This is no database of this application.")
    if "audit_head" not in stored:
        return Copy(0, Anchor(0, START), ())
    found = checked(connection, stored=stored)
    return Copy(found.entries, found.head, found.findings)


def _run(engine: Engine, program: str, *options: str) -> None:
    """A program of PostgreSQL on the engine's database; the password travels in the environment, where no list of
    processes shows it."""
    found = shutil.which(program)
    if found is None:
        raise DomainError(f"{program} is not installed: it comes with the client programs of PostgreSQL.")
    address = engine.url.set(drivername="postgresql", password=None).render_as_string()
    secret = {"PGPASSWORD": str(engine.url.password)} if engine.url.password else {}
    done = subprocess.run(  # noqa: S603 -- a program of our choice, and no shell
        [found, f"--dbname={address}", *options],
        env={**os.environ, **secret},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DomainError(f"{program} failed: {done.stderr.strip()[-500:]}")


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_MILLISECONDS / 1000)
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True, check_same_thread=False)


def _file(engine: Engine) -> Path:
    return Path(str(engine.url.database))


def _postgresql(engine: Engine) -> bool:
    return engine.dialect.name == "postgresql"


def _onto_the_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
