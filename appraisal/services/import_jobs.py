"""Large files in the background: looked at, and stored in one transaction, by whichever worker holds the job.

Nothing of an import is stored before its last transaction, which ends the job as well: a worker that dies leaves
nothing, another begins anew and does the same, and a cancelled job stores nothing (ADR 27).
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Account, ImportState, Job, JobKind, JobState, Notice, ProjectImport, Role
from appraisal.policy import Actor, NotAllowed, NotFound
from appraisal.services import auditing, importing, jobs, kept_plans
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.import_look import Look, from_document, look_of, to_document
from appraisal.services.import_plan import ImportPlan, basis_of
from appraisal.services.import_storing import KIND, carry_out
from appraisal.services.jobs import LEASE, Lease
from appraisal.services.notifying import tell_of_import
from appraisal.transactions import reading

AT_ONCE = 500
"""Rows of a file that is looked at and stored while its page waits: some tenths of a second."""
WHOLE, CHECKED = 100, 50
"""Progress is told in per cent; a job that stores has compared everything at the half."""
_ROWS_IN_A_LEASE = 5_000
"""Rows that any machine stores in the time of one lease."""
_USUALLY = gc.get_threshold()
_SELDOM = (100_000, 50, 50)
"""Objects made before the collector looks for cycles, and how often its older generations are gone through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProgress:
    """The newest job of an import."""

    state: JobState
    stores: bool
    """Else it only looks."""
    done: int
    problem: str
    reference: str

    @property
    def unfinished(self) -> bool:
        return self.state in (JobState.QUEUED, JobState.RUNNING)

    @property
    def storing(self) -> bool:
        """Whether its last transaction has begun."""
        return self.unfinished and self.stores and self.done >= CHECKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a file is: its newest job, and what the newest look found; either may not be there."""

    progress: ImportProgress | None
    look: Look | None


def in_background(row: ProjectImport) -> bool:
    """Whether reading it takes longer than a page may."""
    return (row.rows or 0) > AT_ONCE


def standing(session: Session, actor: Actor, key: UUID) -> Standing:
    """Raises NotAllowed, NotFound."""
    with reading(session):
        row = importing.own_import(session, actor, key)
        job = jobs.newest_job(session, JobKind.IMPORT, key)
        look = from_document(row.looked) if row.looked is not None else None
        return Standing(progress=_progress(row, job) if job else None, look=look)


def progress_of(session: Session, actor: Actor, key: UUID) -> ImportProgress:
    """The newest job alone; raises NotAllowed, NotFound."""
    with reading(session):
        row = importing.own_import(session, actor, key)
        job = jobs.newest_job(session, JobKind.IMPORT, key)
        if job is None:
            raise NotFound
        return _progress(row, job)


def _progress(row: ProjectImport, job: Job) -> ImportProgress:
    return ImportProgress(
        state=job.state, stores=row.asked is not None, done=job.done, problem=job.problem, reference=job.reference
    )


def ask_to_look(session: Session, actor: Actor, key: UUID) -> None:
    """Queue a dry run of a file, anew; raises NotAllowed, NotFound, DomainError where it is stored or being stored."""
    with session.begin():
        row = importing.changeable(session, actor, key)
        row.asked = None
        jobs.ask_for(session, row.account_id, JobKind.IMPORT, key, total=WHOLE)


def ask_to_store(session: Session, actor: Actor, key: UUID, digest: str, *, all_or_nothing: bool) -> None:
    """Queue what the dry run of that digest showed; asked twice, it is done once.

    Raises NotAllowed, NotFound, StaleVersion where the newest look is another one.
    """
    with session.begin():
        row = importing.own_import(session, actor, key, lock=True)
        if row.state is not ImportState.READ or importing.storing(session, row):
            return
        if row.looked is None or row.looked["digest"] != digest:
            raise StaleVersion("The file was read otherwise since you looked at what it would do. Look again.")
        row.asked = {"digest": digest, "all_or_nothing": all_or_nothing}
        jobs.ask_for(session, row.account_id, JobKind.IMPORT, key, total=WHOLE)
        auditing.record(session, actor, "import.asked", KIND, key, file=row.file_name)


def cancel(session: Session, actor: Actor, key: UUID) -> bool:
    """Stop an unfinished job; nothing of it is stored. Whether there was one. Raises NotAllowed, NotFound."""
    with session.begin():
        row = importing.own_import(session, actor, key)
        job = jobs.unfinished_job(session, JobKind.IMPORT, key)
        cancelled = job is not None and jobs.cancel(session, job.id)
        if cancelled and row.asked is not None:
            auditing.record(session, actor, "import.cancelled", KIND, key, file=row.file_name)
        return cancelled


def perform(sessions: sessionmaker[Session], lease: Lease) -> None:
    """Look at a file or store it; what people are told where it is refused is kept with the job. Raises LeaseLost."""
    try:
        with sessions() as session:
            task = _task(session, lease.job_id)
        with _collecting_seldom():
            if task.asked is None:
                _look(sessions, lease, task)
            else:
                _store(sessions, lease, task)
    except (DomainError, NotAllowed, NotFound) as refused:
        with sessions() as session:
            jobs.fail(session, lease, str(refused) or "There is no such file any more.", "", tell_failed)


def tell_failed(session: Session, job_id: UUID) -> None:
    """Tell who asked that a file was not stored, and why; of one that was only looked at its page says it. Inside the
    transaction that fails the job."""
    job = session.get_one(Job, job_id, populate_existing=True)
    row = session.get(ProjectImport, job.subject_id)
    if row is not None and row.asked is not None:
        tell_of_import(session, job.created_by_id, Notice.NOT_IMPORTED, job_id, row.id, why=job.problem)


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Of the million objects that a large file becomes hardly one hangs in a cycle: to go through them all again and
    again, as they grow, takes a fifth of the time."""
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*_USUALLY)


@dataclass(frozen=True, slots=True)
class _Task:
    key: UUID
    actor: Actor
    rows: int
    asked: dict[str, object] | None


def _task(session: Session, job_id: UUID) -> _Task:
    """With the rights that who asked has by now."""
    with reading(session):
        query = select(Job.subject_id, Account).join(Account, Account.id == Job.created_by_id)
        key, by = session.execute(query.where(Job.id == job_id)).one()
        actor = _with_rights(by)
        row = importing.own_import(session, actor, key)
        return _Task(key, actor, row.rows or 0, row.asked)


def _with_rights(account: Account) -> Actor:
    if account.disabled:
        raise DomainError("The account that asked for it was closed.")
    return Actor(account.id, Role(account.role), account.organisation_id, account.name)


def _must_have_the_same_rights(session: Session, actor: Actor) -> None:
    """Until the caller's transaction ends; comparing thousands of rows takes long enough to be dismissed meanwhile."""
    row = session.get_one(
        Account, actor.account_id, populate_existing=True, with_for_update={"read": True, "of": Account}
    )
    if _with_rights(row) != actor:
        raise DomainError("The rights of the account that asked for it were changed meanwhile. Look at the file again.")


def _look(sessions: sessionmaker[Session], lease: Lease, task: _Task) -> None:
    with sessions() as session, reading(session):
        engine = cast("Engine", session.get_bind())
        mark = importing.mark_of(session, task.actor, task.key)
        made = importing.planned(session, task.actor, task.key, _telling(sessions, lease, WHOLE))
    found = to_document(look_of(made))
    kept_plans.keep(engine, task.key, mark, made)
    with sessions() as session, session.begin():
        importing.own_import(session, task.actor, task.key, lock=True).looked = found
        jobs.finish(session, lease, WHOLE)


def _store(sessions: sessionmaker[Session], lease: Lease, task: _Task) -> None:
    """Everything is compared first, so that the one transaction that stores keeps others from writing no longer than it
    must; where projects changed in between they are compared again in it."""
    asked = task.asked or {}
    digest = str(asked["digest"])
    with sessions() as session, reading(session):
        engine = cast("Engine", session.get_bind())
        made = _kept_or_planned(engine, session, task, _telling(sessions, lease, CHECKED))
    importing.must_be(made, digest)
    with sessions() as session, session.begin():
        jobs.advance(session, lease, CHECKED, LEASE * (1 + task.rows // _ROWS_IN_A_LEASE))
    with sessions() as session, session.begin():
        _must_have_the_same_rights(session, task.actor)
        row = importing.own_import(session, task.actor, task.key, lock=True)
        if basis_of(session, task.actor) != made.basis:
            made = importing.planned(session, task.actor, task.key)
            importing.must_be(made, digest)
        carry_out(session, task.actor, row, made, all_or_nothing=bool(asked["all_or_nothing"]))
        jobs.finish(session, lease, WHOLE)
        tell_of_import(session, row.account_id, Notice.IMPORTED, lease.job_id, row.id, **row.counts)
    kept_plans.forget(engine)


def _kept_or_planned(engine: Engine, session: Session, task: _Task, seen: Callable[[float], None]) -> ImportPlan:
    """The plan that was looked at, where looking again would give the same; else it is made anew."""
    kept = kept_plans.kept_plan(engine, task.key, importing.mark_of(session, task.actor, task.key))
    if kept is not None and kept_plans.still_holds(session, task.actor, kept):
        return kept
    return importing.planned(session, task.actor, task.key, seen)


def _telling(sessions: sessionmaker[Session], lease: Lease, most: int) -> Callable[[float], None]:
    """Notes progress up to `most` per cent, and so finds out that the job was cancelled."""

    def tell(part: float) -> None:
        with sessions() as session, session.begin():
            jobs.advance(session, lease, int(part * most))

    return tell
