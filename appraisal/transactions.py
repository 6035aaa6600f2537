"""Transactions of two kinds that make nobody wait: those that only read, and those that only count."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from sqlalchemy.orm import Session

READS_ONLY = "appraisal_reads_only"
"""Execution option of a connection whose transaction may not write; `appraisal.database` acts on it for SQLite."""

IN_PASSING = "appraisal_in_passing"
"""Execution option of a connection whose commits need not be on the disk; `appraisal.database` acts on it, too."""

_READING = "reading"
"""In the `info` of a session whose transaction only reads: what was read there and is asked for again."""

Value = TypeVar("Value")

_OPTIONS: dict[str, dict[str, Any]] = {
    "sqlite": {READS_ONLY: True},
    "postgresql": {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"},
}


@contextmanager
def reading(session: Session) -> Iterator[None]:
    """One transaction that the database itself keeps from writing. What writes uses `session.begin()`.

    Within another one it is part of it: what a page reads by several services is one state of the database.
    """
    if _READING in session.info:
        yield
        return
    with session.begin():
        session.connection(execution_options=_OPTIONS[session.get_bind().dialect.name])
        session.info[_READING] = {}
        try:
            yield
        finally:
            del session.info[_READING]


def read_once(session: Session, name: str, read: Callable[[], Value]) -> Value:
    """What `read` gives: once in a transaction that only reads and so sees one state of the database, else anew."""
    found = session.info.get(_READING)
    if found is None:
        return read()
    if name not in found:
        found[name] = read()
    return cast("Value", found[name])


@contextmanager
def counting(session: Session) -> Iterator[None]:
    """One transaction of which a power cut may take the last moments: for counts, never for what anyone entrusts."""
    with session.begin():
        connection = session.connection(execution_options={IN_PASSING: True})
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
        yield
