"""A new key for the trail: the old entries stay checkable, and neither key alone rewrites what was."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, func, select, text

from appraisal.cli import main
from appraisal.database import create_engine_for, sessions_on
from appraisal.models import AuditHead, Organisation, Role
from appraisal.policy import OPERATOR
from appraisal.services import auditing, backups, verifying
from appraisal.services.changing_key import change_key, require_newest_key
from appraisal.services.errors import DomainError
from appraisal.trail.chain import CELLS, AuditKey, OtherKey, key_of, sealed
from tests.applications import application
from tests.at_once import at_once
from tests.databases import AUDIT_KEY, migrated_sqlite
from tests.web.people import person, sign_in, token
from tests.web.planner_browser import PROJECT

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


def keyed(engine: Engine, key: str, *before: str) -> Engine:
    """The same database, as a process with another key has it."""
    return create_engine_for(engine.url.render_as_string(hide_password=False), key, before)


@pytest.mark.asvs("2.3.3", "11.2.2")
def test_a_server_under_the_key_before_writes_nothing_more(engine: Engine) -> None:
    write(engine, "First")
    rotated = keyed(engine, NEW, AUDIT_KEY)
    with pytest.raises(OtherKey, match="restart it"):
        write(rotated, "Too early")
    change_key(rotated)
    with pytest.raises(OtherKey, match="restart it"):
        write(engine, "Too late")
    write(rotated, "Second")
    with sessions_on(rotated)() as session:
        assert sorted(session.scalars(select(Organisation.name))) == ["First", "Second"]
    assert findings(rotated) == ()
    rotated.dispose()


def test_writers_at_work_while_the_key_is_changed_are_in_the_trail_or_refused(engine: Engine) -> None:
    write(engine, "First")
    rotated = keyed(engine, NEW, AUDIT_KEY)

    def writing(name: str) -> int:
        for number in range(10):
            try:
                write(engine, f"{name} {number}")
            except OtherKey:
                return number
        return 10

    acts = [lambda name=name: writing(name) for name in ("Ana", "Bea", "Cho")]
    *stored, _ = at_once(*acts, lambda: change_key(rotated).sequence)
    with sessions_on(rotated)() as session:
        assert session.scalar(select(func.count()).select_from(Organisation)) == 1 + sum(stored)
        assert session.scalar(select(AuditHead.sequence)) == 2 + sum(stored)
    with pytest.raises(OtherKey):
        write(engine, "Last")
    assert findings(rotated) == ()
    rotated.dispose()


def test_a_key_is_handed_on_once(engine: Engine) -> None:
    """Two operators with a new key each, at the same moment: the trail goes on under one of them."""
    write(engine, "First")
    rotated = [keyed(engine, key, AUDIT_KEY) for key in (NEW, THIRD)]

    def change(own: Engine) -> bool:
        try:
            change_key(own)
        except (OtherKey, DomainError):
            return False
        return True

    assert sorted(at_once(*(lambda own=own: change(own) for own in rotated))) == [False, True]
    everything = keyed(engine, NEW, THIRD, AUDIT_KEY)
    assert findings(everything) == ()
    for each in (*rotated, everything):
        each.dispose()


def test_a_head_that_names_another_key_is_found(path: Path) -> None:
    both = engine_with(path, NEW, AUDIT_KEY)
    for name in ("0" * 16, None):
        with both.begin() as connection:
            connection.execute(text("UPDATE audit_head SET key_name = :name"), {"name": name})
        assert findings(both) == (
            f"head: names the key {name}, and the trail goes on under {AuditKey(NEW.encode()).name}",
        )


def test_people_read_that_the_server_has_to_be_restarted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    engine = migrated_sqlite(tmp_path / "a.db")
    planner = application(engine).test_client()
    sign_in(planner, person(sessions_on(engine), Role.PLANNER))
    page = token(planner, "/projects/new")
    change_key(engine_with(tmp_path / "a.db", NEW, AUDIT_KEY))
    refused = planner.post("/projects/new", data=PROJECT | {"csrf_token": page})
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
    assert "This server has to be restarted before anything is saved" in refused.text
    assert "not stored, not even in part" in refused.text
    assert "set APPRAISAL_AUDIT_KEY to the one in force and restart it" in caplog.text
    assert planner.get("/projects").status_code == 200
    ready = planner.get("/ready")
    assert (ready.status_code, ready.text) == (503, "database: ok\ntables: ok\ndisk: ok\nkey: failed\n")
    assert findings(engine_with(tmp_path / "a.db", NEW, AUDIT_KEY)) == ()
