"""How many statements the database is sent, and in how many transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, event


@dataclass(slots=True)
class Sent:
    """Since it was last emptied."""

    statements: int = 0
    transactions: int = 0

    def empty(self) -> None:
        self.statements = self.transactions = 0


@contextmanager
def counted_on(engine: Engine) -> Iterator[Sent]:
    """Counts what is sent meanwhile; what begins a transaction is no statement."""
    sent = Sent()

    def statement(_connection: Connection, _cursor: object, text: str, *_: object) -> None:
        sent.statements += not text.startswith("BEGIN")

    def transaction(_connection: Connection) -> None:
        sent.transactions += 1

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "begin", transaction)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "begin", transaction)
