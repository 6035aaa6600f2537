"""A new key for the trail: the old entries stay checkable, and neither key alone rewrites what was."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text

from appraisal.cli import main
from appraisal.database import create_engine_for, sessions_on
from appraisal.models import Organisation
from appraisal.policy import OPERATOR
from appraisal.services import auditing, backups, verifying
from appraisal.services.changing_key import change_key, require_newest_key
from appraisal.services.errors import DomainError
from appraisal.trail.chain import CELLS, AuditKey, key_of, sealed
from tests.databases import AUDIT_KEY, migrated_sqlite

NEW, THIRD = "n" * 40, "t" * 40


def engine_with(path: Path, key: str, *before: str) -> Engine:
    return create_engine_for(f"sqlite:///{path}", key, before)


def write(engine: Engine, name: str) -> None:
    with sessions_on(engine).begin() as session:
        session.add(Organisation(name=name))
        auditing.record(session, OPERATOR, "test.happened", "test", 1)


def findings(engine: Engine) -> tuple[str, ...]:
    with sessions_on(engine)() as session:
        return tuple(map(str, verifying.verify(session, OPERATOR).findings))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A trail of an entry under the first key, the hand-over, and one under the new key."""
    migrated_sqlite(tmp_path / "a.db").dispose()
    write(engine_with(tmp_path / "a.db", AUDIT_KEY), "First")
    rotated = engine_with(tmp_path / "a.db", NEW, AUDIT_KEY)
    with pytest.raises(DomainError, match="still sealed"):
        require_newest_key(rotated)
    assert change_key(rotated).sequence == 2
    require_newest_key(rotated)
    write(rotated, "Second")
    return tmp_path / "a.db"


@pytest.mark.asvs("11.2.2")
def test_the_trail_goes_on_under_a_new_key_and_is_checked_with_both(path: Path) -> None:
    both = engine_with(path, NEW, AUDIT_KEY)
    assert findings(both) == ()
    with pytest.raises(DomainError, match="already"):
        change_key(both)
    third = engine_with(path, THIRD, AUDIT_KEY, NEW)
    assert change_key(third).sequence == 4
    write(third, "Third")
    assert findings(third) == ()


def test_without_one_of_the_keys_it_says_which_part_cannot_be_checked(path: Path) -> None:
    (said,) = findings(engine_with(path, AUDIT_KEY))
    assert said.startswith("entry 2: hands on to the key")
    assert findings(engine_with(path, NEW))[0].startswith("entry 1: was changed or forged, or APPRAISAL_AUDIT_KEY")


@pytest.mark.parametrize("entry", [1, 2])
def test_whoever_has_the_old_key_alone_cannot_rewrite_what_it_sealed(path: Path, entry: int) -> None:
    both, old = engine_with(path, NEW, AUDIT_KEY), AuditKey(AUDIT_KEY.encode())
    with both.begin() as connection:
        for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("UPDATE audit_entry SET object_id = 'forged' WHERE sequence = :at"), {"at": entry})
        latest = "0" * 64
        for number in (1, 2):
            query = text(f"SELECT {', '.join(CELLS)} FROM audit_entry WHERE sequence = {number}")
            latest = sealed(old, latest, connection.execute(query).one())
            connection.execute(text(f"UPDATE audit_entry SET hash = '{latest}' WHERE sequence = {number}"))
    assert findings(both)[0].startswith("entry 3: was changed, moved or forged, or entry 2 before it was")


def test_a_trail_that_is_not_sound_keeps_its_key(path: Path) -> None:
    third = engine_with(path, THIRD, AUDIT_KEY, NEW)
    with third.begin() as connection:
        connection.execute(text("UPDATE audit_head SET hash = :zeros"), {"zeros": "0" * 64})
    with pytest.raises(DomainError, match="not sound"):
        change_key(third)


def test_a_key_is_named_without_telling_it(path: Path) -> None:
    with engine_with(path, NEW, AUDIT_KEY).connect() as connection:
        key = key_of(connection)
    assert [each.name for each in key.ring] == [AuditKey(each.encode()).name for each in (NEW, AUDIT_KEY)]
    assert NEW[:8] not in repr(key)


@pytest.mark.asvs("11.2.2")
def test_a_backup_from_before_the_key_was_changed_is_restored_and_handed_on_again(path: Path, tmp_path: Path) -> None:
    migrated_sqlite(tmp_path / "b.db").dispose()
    old = engine_with(tmp_path / "b.db", AUDIT_KEY)
    write(old, "First")
    backups.backup(old, tmp_path / "old.backup")
    both = engine_with(path, NEW, AUDIT_KEY)
    assert backups.restore(both, tmp_path / "old.backup").sound
    with pytest.raises(DomainError, match="still sealed"):
        require_newest_key(both)
    assert change_key(both).sequence == 3
    write(both, "Second")
    assert findings(both) == ()


def test_tables_are_attested_under_the_key_that_still_seals(tmp_path: Path) -> None:
    migrated_sqlite(tmp_path / "a.db").dispose()
    write(engine_with(tmp_path / "a.db", AUDIT_KEY), "First")
    rotated = engine_with(tmp_path / "a.db", NEW, AUDIT_KEY)
    with rotated.begin() as connection:
        connection.execute(text("UPDATE organisation SET name = 'First of all'"))  # as a migration may
        verifying.attest(connection, "trail.tables-attested")
    assert findings(rotated) == ()
    assert change_key(rotated).sequence == 3


def test_no_command_writes_under_a_key_that_the_trail_was_not_handed_on_to(tmp_path: Path) -> None:
    migrated_sqlite(tmp_path / "a.db").dispose()
    write(engine_with(tmp_path / "a.db", AUDIT_KEY), "First")
    keys = {"APPRAISAL_AUDIT_KEY": NEW, "APPRAISAL_AUDIT_KEYS_BEFORE": AUDIT_KEY, "APPRAISAL_SECRET_KEY": "k" * 40}
    env = keys | {"APPRAISAL_DATABASE_URL": f"sqlite:///{tmp_path / 'a.db'}"}

    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, list(arguments), env=env, catch_exceptions=False)
        return done.exit_code, done.output

    assert run("audit", "verify")[0] == 0
    refused = run("user", "forget-identity", "ana@example.org")
    assert (refused[0], "appraisal audit change-key" in refused[1]) == (2, True)
    assert run("audit", "change-key")[0] == 0
    assert "change-key" not in run("user", "forget-identity", "ana@example.org")[1]
    assert run("audit", "verify")[0] == 0
