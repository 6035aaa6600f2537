"""What tests of imports in the background do: ask for a look or the storing, and work, die or wait in its place."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AuditEntry, Job, JobKind, JobState, ProjectImport
from appraisal.models.tables import now
from appraisal.policy import Actor
from appraisal.services import (
    import_jobs,
    jobs,
    notifying,
)
from appraisal.services.background import worker_on
from appraisal.services.import_jobs import ImportProgress, Standing
from appraisal.services.import_look import Look
from appraisal.services.jobs import Lease


def ask(sessions: sessionmaker[Session], actor: Actor, key: UUID) -> None:
    with sessions() as session:
        import_jobs.ask_to_look(session, actor, key)


def standing(sessions: sessionmaker[Session], actor: Actor, key: UUID) -> Standing:
    with sessions() as session:
        return import_jobs.standing(session, actor, key)


def looked(sessions: sessionmaker[Session], actor: Actor, key: UUID) -> Look:
    ask(sessions, actor, key)
    worker_on(sessions).work()
    found = standing(sessions, actor, key).look
    assert found is not None
    return found


def order(
    sessions: sessionmaker[Session], actor: Actor, key: UUID, digest: str, *, all_or_nothing: bool = False
) -> None:
    with sessions() as session:
        import_jobs.ask_to_store(session, actor, key, digest, all_or_nothing=all_or_nothing)


def progress(sessions: sessionmaker[Session], actor: Actor, key: UUID) -> ImportProgress:
    with sessions() as session:
        return import_jobs.progress_of(session, actor, key)


def claimed(sessions: sessionmaker[Session], worker: str) -> Lease:
    with sessions() as session:
        lease = jobs.claim(session, worker, [JobKind.IMPORT])
    assert lease is not None
    return lease


def expired(sessions: sessionmaker[Session]) -> None:
    with sessions() as session, session.begin():
        running = update(Job).where(Job.state == JobState.RUNNING)
        session.execute(running.values(lease_until=now() - timedelta(seconds=1)))


def actions(sessions: sessionmaker[Session]) -> list[str]:
    with sessions() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)))


def stored(sessions: sessionmaker[Session], key: UUID) -> ProjectImport:
    with sessions() as session:
        return session.get_one(ProjectImport, key)


@contextmanager
def interrupted(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> Iterator[None]:
    """The process is killed in this function."""

    def killed(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, killed)
        yield


def told(sessions: sessionmaker[Session], actor: Actor) -> list[str]:
    with sessions() as session:
        found = notifying.messages(session, actor, size=10)
    assert found.unread == len(found.rows)
    return [each.sentence for each in found.rows]
