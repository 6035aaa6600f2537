"""Transactions that only read: they see one state of the database and make nobody wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

READS_ONLY = "appraisal_reads_only"
"""Execution option of a connection whose transaction may not write; `appraisal.database` acts on it for SQLite."""

_OPTIONS: dict[str, dict[str, Any]] = {
    "sqlite": {READS_ONLY: True},
    "postgresql": {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"},
}


@contextmanager
def reading(session: Session) -> Iterator[None]:
    """One transaction that the database itself keeps from writing. What writes uses `session.begin()`."""
    with session.begin():
        session.connection(execution_options=_OPTIONS[session.get_bind().dialect.name])
        yield
