"""The declarative root: naming of constraints, keys, and the clock every table shares."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


Clock = Callable[[], datetime]
_clock: ContextVar[Clock] = ContextVar("clock", default=lambda: datetime.now(UTC))


def now() -> datetime:
    """The one clock that everything stored and every deadline goes by, in UTC."""
    return _clock.get()()


@contextmanager
def clock(other: Clock) -> Iterator[None]:
    """Go by another clock within this block."""
    token = _clock.set(other)
    try:
        yield
    finally:
        _clock.reset(token)


def new_id() -> UUID:
    return uuid4()
