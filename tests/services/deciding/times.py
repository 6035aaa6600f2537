"""What tests of publishing at a time do: schedule, let the time come, read what people are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from appraisal.models import (
    Notice,
    ScheduledPublication,
)
from appraisal.models.tables import clock, now
from appraisal.policy import Actor
from appraisal.services import notifying, scheduling, timetable
from forms.local_time import LocalTime, on_clocks_of
from tests.services.deciding.cases import (
    Sessions,
    chosen,
)

SEOUL = "Asia/Seoul"


def soon(hours: int = 48) -> LocalTime:
    """A whole minute to come, on the clocks of Seoul."""
    return on_clocks_of(SEOUL, (now() + timedelta(hours=hours)).replace(second=0, microsecond=0))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with clock(lambda: moment):
        yield


def schedule(sessions: Sessions, actor: Actor, due: LocalTime | None = None, key: UUID | None = None) -> UUID:
    wanted = chosen(sessions, actor)
    with sessions() as session:
        return scheduling.schedule(session, actor, key or uuid4(), wanted, due or soon()).id


def row_of(sessions: Sessions, scheduled_id: UUID) -> ScheduledPublication:
    with sessions() as session:
        return session.get_one(ScheduledPublication, scheduled_id)


def carried_out(sessions: Sessions, scheduled_id: UUID) -> ScheduledPublication:
    with at(row_of(sessions, scheduled_id).due.moment):
        timetable.carry_out(sessions)
    return row_of(sessions, scheduled_id)


def told(sessions: Sessions, actor: Actor) -> list[str]:
    with sessions() as session:
        return [
            each.sentence
            for each in notifying.messages(session, actor, size=10).rows
            if each.kind is Notice.NOT_PUBLISHED
        ]
