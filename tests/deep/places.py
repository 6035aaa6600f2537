"""Where a world is kept and put back: a file of SQLite, or a database of a real PostgreSQL."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import URL, Engine, create_engine, text

from appraisal.database import create_engine_for
from appraisal.services import kept_plans, read_drafts, standings, unchanged
from tests.databases import AUDIT_KEY, migrated_template, postgresql_server
from tests.web import policy_world
from tests.web.policy_world import World

_SHELVES: tuple[Any, ...] = (standings._shelves, kept_plans._kept, read_drafts._files, unchanged._known)
"""What a process keeps of a database: it would outlive the putting back."""


class Place(Protocol):
    """A world in a database."""

    engine: Engine
    world: World

    def keep(self) -> None:
        """What is there now is what is put back."""

    def put_back(self) -> None: ...


class OnSqlite:
    """In a file, which another is copied over."""

    def __init__(self, world: World, path: Path) -> None:
        self.world, self.path = world, path
        shutil.copyfile(world.file, path)
        self.engine = create_engine_for(f"sqlite:///{path}", AUDIT_KEY)

    def keep(self) -> None:
        self.engine.dispose()  # the last connection writes the log into the file and takes it away
        shutil.copyfile(self.path, self.world.file)

    def put_back(self) -> None:
        self.engine.dispose()
        for end in ("-wal", "-shm"):
            self.path.with_name(f"{self.path.name}{end}").unlink(missing_ok=True)
        shutil.copyfile(self.world.file, self.path)
        _forget(self.engine)


class OnPostgresql:
    """In a database of this server, which is made anew from another."""

    def __init__(self, server: URL) -> None:
        self._server = create_engine(server, isolation_level="AUTOCOMMIT")
        self._do(f"CREATE DATABASE deep TEMPLATE {migrated_template(server)}")
        address = server.set(database="deep").render_as_string(hide_password=False)
        self.engine = create_engine_for(address, AUDIT_KEY)
        self.world = policy_world.made_on(self.engine, Path("deep"))

    def keep(self) -> None:
        self.engine.dispose()
        self._do("CREATE DATABASE kept TEMPLATE deep STRATEGY FILE_COPY")

    def put_back(self) -> None:
        self.engine.dispose()
        self._do("DROP DATABASE deep WITH (FORCE)", "CREATE DATABASE deep TEMPLATE kept STRATEGY FILE_COPY")
        _forget(self.engine)

    def close(self) -> None:
        self.engine.dispose()
        self._server.dispose()

    def _do(self, *statements: str) -> None:
        with self._server.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))


def _forget(engine: Engine) -> None:
    for shelf in _SHELVES:
        shelf.pop(engine, None)


@contextmanager
def place(kind: str, folder: Path) -> Iterator[Place]:
    if kind == "sqlite":
        yield OnSqlite(policy_world.made(folder / "world.db"), folder / "deep.db")
        return
    with postgresql_server() as server:
        found = OnPostgresql(server)
        yield found
        found.close()
