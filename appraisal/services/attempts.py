"""How often may be tried what could be guessed: counted in the database, so that every process of a server counts on.

An attempt is counted as it begins and taken back where it did not fail: a hundred that begin at the same moment get no
further than ten one after the other. What is counted need not outlive a power cut, so no commit here waits for the disk
(docs/adr/0026).
"""

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import BoundedSemaphore
from typing import Any

from sqlalchemy import case, delete, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from appraisal.models import AttemptWindow
from appraisal.models.columns import Moment
from appraisal.models.tables import now
from appraisal.services.errors import DomainError
from appraisal.services.password_turns import TooManyAtOnce
from appraisal.transactions import counting, reading

PATIENCE, PAUSE = 2.0, 0.1
"""Seconds that an attempt waits for others of its own key to end, and between two looks."""
WAITING = 4
"""Attempts of one process that may wait so: others need its threads."""
_waiting = BoundedSemaphore(WAITING)
SWEPT = 20
"""Windows that are over and go with each new attempt."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures since the first of them, within this time."""

    most: int
    within: timedelta


GUESSES = Limit(10, timedelta(minutes=5))


class TooManyAttempts(DomainError):
    """Tried too often and in vain; nothing is checked before the window is over."""

    def __init__(self, seconds: float) -> None:
        super().__init__("Too many attempts failed.")
        self.seconds = max(1, round(seconds))


@dataclass(frozen=True, slots=True)
class Begun:
    """Attempts that count against their keys until they are settled."""

    windows: tuple[tuple[str, datetime], ...]
    """Each key with the end of the window that it was counted in."""


def begin(session: Session, keys: Collection[str], limit: Limit = GUESSES) -> Begun:
    """Count an attempt for each of the keys, or for none. Raises TooManyAttempts.

    keys: 64 letters at most, from which nobody can tell whose they are.
    Where only unsettled attempts are in the way it waits for them a little: people behind one address may sign in
    at the same moment. Raises TooManyAtOnce where too many wait already.
    """
    until, named = time.monotonic() + PATIENCE, sorted(set(keys))
    while True:
        try:
            return _counted(session, named, limit)
        except _Full as full:
            key = full.key
        _refuse_guessed(session, key, limit)
        if not _waiting.acquire(blocking=False):
            raise TooManyAtOnce
        try:
            _wait_for_room(session, key, limit, until)
        finally:
            _waiting.release()


def _refuse_guessed(session: Session, key: str, limit: Limit) -> AttemptWindow | None:
    """The window of a key as it stands; raises TooManyAttempts where failures alone fill it."""
    window = _window(session, key)
    if window is not None and window.failed >= limit.most:
        raise TooManyAttempts((window.ends_at - now()).total_seconds())
    return window


def _wait_for_room(session: Session, key: str, limit: Limit, until: float) -> None:
    """Until the window has room. It is looked at and not written to: whoever waits keeps nobody from saving."""
    while (window := _refuse_guessed(session, key, limit)) is not None:
        if window.failed + window.pending < limit.most:
            return
        if time.monotonic() >= until:
            raise TooManyAttempts(PATIENCE)
        time.sleep(PAUSE)


def settle(session: Session, begun: Begun, *, failed: bool) -> None:
    """Keep the attempts counted where they failed, and take them back where they did not."""
    with counting(session):
        for key, ends_at in begun.windows:
            same = (AttemptWindow.key == key) & (AttemptWindow.ends_at == ends_at) & (AttemptWindow.pending > 0)
            changed = update(AttemptWindow).where(same).execution_options(synchronize_session=False)
            session.execute(
                changed.values(pending=AttemptWindow.pending - 1, failed=AttemptWindow.failed + int(failed))
            )


class _Full(Exception):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _counted(session: Session, keys: list[str], limit: Limit) -> Begun:
    """In the order of the keys, so that no two attempts wait for each other."""
    windows = []
    with counting(session):
        moment = now()
        for key in keys:
            ends_at = session.scalar(_one_more(session, key, moment, limit))
            if ends_at is None:
                raise _Full(key)
            windows.append((key, ends_at))
        over = select(AttemptWindow.key).where(AttemptWindow.ends_at < moment - limit.within).limit(SWEPT)
        free = over.order_by(AttemptWindow.ends_at).with_for_update(skip_locked=True)
        swept = delete(AttemptWindow).where(AttemptWindow.key.in_(free.scalar_subquery()))
        session.execute(swept.execution_options(synchronize_session=False))
    return Begun(tuple(windows))


def _one_more(session: Session, key: str, moment: datetime, limit: Limit) -> Any:
    """One statement, so that it counts right whoever else counts: the end of the window, or no row if it is full.

    A window that ends long after a new one would was begun by a clock that was ahead: it is over as well.
    """
    inserting: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[session.get_bind().dialect.name]
    ends_at = literal(moment + limit.within, Moment())
    statement = inserting(AttemptWindow).values(key=key, ends_at=ends_at, failed=0, pending=1)
    over = or_(AttemptWindow.ends_at <= moment, AttemptWindow.ends_at > moment + 2 * limit.within)
    return statement.on_conflict_do_update(
        index_elements=[AttemptWindow.key],
        set_={
            "ends_at": case((over, ends_at), else_=AttemptWindow.ends_at),
            "failed": case((over, 0), else_=AttemptWindow.failed),
            "pending": case((over, 1), else_=AttemptWindow.pending + 1),
        },
        where=or_(over, AttemptWindow.failed + AttemptWindow.pending < limit.most),
    ).returning(AttemptWindow.ends_at)


def _window(session: Session, key: str) -> AttemptWindow | None:
    with reading(session):
        return session.get(AttemptWindow, key, populate_existing=True)
