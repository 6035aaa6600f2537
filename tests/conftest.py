"""A database for every test that asks: SQLite on a file and a real PostgreSQL, both with the tables migrated."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from argon2 import PasswordHasher
from sqlalchemy import URL, Engine
from sqlalchemy.orm import Session, sessionmaker

from appraisal.database import create_engine_for, sessions_on
from appraisal.services import accounts
from tests.databases import AUDIT_KEY, migrated_template, postgresql_database, postgresql_server, sqlite_database
from tests.examples import USUAL, examples
from tests.memory import keep_files_in_memory

keep_files_in_memory()
gc.disable()  # what is collected lives as long as the tests do: looking through it again and again frees nothing


def pytest_collection_finish() -> None:
    """Modules and tests are left alone from here on; what the tests themselves leave is looked for as ever."""
    gc.freeze()
    gc.enable()


# An example has no deadline: machines are shared, and a first call compiles.
hypothesis.settings.register_profile("untimed", deadline=None, max_examples=examples(USUAL))
hypothesis.settings.load_profile("untimed")

KINDS = ["sqlite", "postgresql"]
_HASHER_IN_USE = accounts._hasher


@pytest.fixture(scope="session")
def postgresql() -> Iterator[URL]:
    """A server of this test process's own, started on first use."""
    with postgresql_server() as address:
        yield address


@pytest.fixture(scope="session")
def postgresql_tables(postgresql: URL) -> str:
    """The name of a database of that server with the tables migrated, to be copied."""
    return migrated_template(postgresql)


@pytest.fixture(params=KINDS)
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without tables."""
    if request.param == "sqlite":
        engine = create_engine_for(f"sqlite:///{tmp_path / 'test.db'}", AUDIT_KEY)
        yield engine
        engine.dispose()
        return
    with postgresql_database(request.getfixturevalue("postgresql")) as engine:
        yield engine


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database with the tables migrated."""
    if request.param == "sqlite":
        with sqlite_database() as engine:
            yield engine
        return
    server, tables = request.getfixturevalue("postgresql"), request.getfixturevalue("postgresql_tables")
    with postgresql_database(server, tables) as engine:
        yield engine


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    return sessions_on(engine)


@pytest.fixture(scope="session")
def hasher_in_use() -> Callable[[], PasswordHasher]:
    """What makes the hasher of passwords outside the tests."""
    return _HASHER_IN_USE


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Argon2 as in use, but not slow on purpose: half a second at every sign-in is not what the tests are about."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "_hasher", lambda: quick)
        yield
