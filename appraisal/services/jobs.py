"""Long work in the background: asked for once, done by one worker at a time, finished by another after a kill.

A worker holds a job by a lease that it renews with every step it stores. All changes of a job are compare-and-set, so
that a worker that was thought dead and comes back stores nothing (SECURITY, Faults).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Update, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session, joinedload

from appraisal.models import UNFINISHED, Job, JobKind, JobState
from appraisal.models.tables import now
from appraisal.services.errors import flush_new
from appraisal.transactions import reading

LEASE = timedelta(seconds=60)
"""Longer than any single step takes; a job of a killed worker is taken over after this."""
MOST_ATTEMPTS = 3


class LeaseLost(Exception):
    """The job was cancelled, or another worker holds it by now."""


TellFailed = Callable[[Session, UUID], None]
"""Tells whom it concerns that the job failed, inside the transaction that notes it."""


@dataclass(frozen=True, slots=True)
class Lease:
    job_id: UUID
    kind: JobKind
    worker: str


_NOBODY: Mapping[JobKind, TellFailed] = MappingProxyType({})


def ask_for(session: Session, account_id: UUID, kind: JobKind, subject_id: UUID, *, total: int) -> Job:
    """Queue work about a subject, inside the caller's transaction; raises AlreadyThere while some is unfinished."""
    job = Job(kind=kind, subject_id=subject_id, total=total, created_by_id=account_id)
    session.add(job)
    flush_new(session, "This is running already.")
    return job


def unfinished_job(session: Session, kind: JobKind, subject_id: UUID) -> Job | None:
    """The job about a subject that is queued or runs; inside the caller's transaction."""
    query = select(Job).where(Job.kind == kind, Job.subject_id == subject_id, Job.state.in_(UNFINISHED))
    return session.scalar(query.options(joinedload(Job.created_by)))


def claim(
    session: Session, worker: str, kinds: Collection[JobKind], tell: Mapping[JobKind, TellFailed] = _NOBODY
) -> Lease | None:
    """Take the oldest job that nobody holds; None where there is none. One transaction a try.

    worker: a name of this claim alone, so that nobody else's lease is ever taken for it.

    A job that ended three workers is failed instead: it would end the fourth.
    """
    while True:
        with reading(session):
            query = select(Job.id, Job.kind, Job.attempts).where(Job.kind.in_(kinds), _free(now()))
            found = session.execute(query.order_by(Job.created_at, Job.id).limit(1)).first()
        if found is None:
            return None
        with session.begin():
            moment = now()
            given_up = found.attempts >= MOST_ATTEMPTS
            values: dict[str, Any] = (
                {
                    "state": JobState.FAILED,
                    "lease_until": None,
                    "finished_at": moment,
                    "problem": f"It was begun {found.attempts} times and never finished. What is done is kept.",
                }
                if given_up
                else {
                    "state": JobState.RUNNING,
                    "worker": worker,
                    "lease_until": moment + LEASE,
                    "heartbeat_at": moment,
                    "attempts": found.attempts + 1,
                }
            )
            change = update(Job).where(Job.id == found.id, Job.attempts == found.attempts, _free(moment))
            taken = _changed(session, change.values(**values))
            if taken and given_up and found.kind in tell:
                tell[found.kind](session, found.id)
        if taken and not given_up:
            return Lease(found.id, found.kind, worker)


def _free(moment: datetime) -> Any:
    return or_(Job.state == JobState.QUEUED, (Job.state == JobState.RUNNING) & (Job.lease_until < moment))


def next_expiry(session: Session, kinds: Collection[JobKind]) -> datetime | None:
    """When the first lease of a running job ends, if there is one: its worker may be dead."""
    with reading(session):
        query = select(Job.lease_until).where(Job.kind.in_(kinds), Job.state == JobState.RUNNING)
        return session.scalars(query.order_by(Job.lease_until).limit(1)).first()


def any_unfinished(session: Session, kinds: Collection[JobKind]) -> bool:
    """Whether a job is queued or runs, whoever does it."""
    with reading(session):
        query = select(Job.id).where(Job.kind.in_(kinds), Job.state.in_(UNFINISHED)).limit(1)
        return session.connection().scalar(query) is not None


def advance(session: Session, lease: Lease, done: int, lasting: timedelta = LEASE) -> None:
    """Note progress and renew the lease, inside the transaction that stores the step; raises LeaseLost.

    lasting: longer than the next step takes.
    """
    moment = now()
    _hold(session, lease, done=done, heartbeat_at=moment, lease_until=moment + lasting)


def finish(session: Session, lease: Lease, done: int) -> None:
    """Inside the caller's transaction; raises LeaseLost."""
    _hold(session, lease, state=JobState.DONE, done=done, lease_until=None, finished_at=now())


def fail(session: Session, lease: Lease, problem: str, reference: str, tell: TellFailed | None = None) -> None:
    """One transaction; nothing where the lease is lost."""
    ended = {"state": JobState.FAILED, "lease_until": None, "finished_at": now()}
    with session.begin():
        failed = _changed(session, _held(lease).values(**ended, problem=problem, reference=reference))
        if failed and tell is not None:
            tell(session, lease.job_id)


def cancel(session: Session, job_id: UUID) -> bool:
    """Whether it was unfinished and is cancelled now; inside the caller's transaction."""
    change = update(Job).where(Job.id == job_id, Job.state.in_(UNFINISHED))
    return _changed(session, change.values(state=JobState.CANCELLED, lease_until=None, finished_at=now()))


def cancel_all(session: Session, kind: JobKind, subject_id: UUID) -> None:
    """Of a subject that is about to change or go; inside the caller's transaction."""
    change = update(Job).where(Job.kind == kind, Job.subject_id == subject_id, Job.state.in_(UNFINISHED))
    _changed(session, change.values(state=JobState.CANCELLED, lease_until=None, finished_at=now()))


def newest_job(session: Session, kind: JobKind, subject_id: UUID) -> Job | None:
    """The last job that was asked for about a subject, however it ended; inside the caller's transaction."""
    query = select(Job).where(Job.kind == kind, Job.subject_id == subject_id)
    return session.scalars(query.order_by(Job.created_at.desc(), Job.id.desc()).limit(1)).first()


def _held(lease: Lease) -> Update:
    return update(Job).where(Job.id == lease.job_id, Job.worker == lease.worker, Job.state == JobState.RUNNING)


def _hold(session: Session, lease: Lease, **values: Any) -> None:
    if not _changed(session, _held(lease).values(**values)):
        raise LeaseLost


def _changed(session: Session, change: Update) -> bool:
    result = session.execute(change.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return result.rowcount == 1
