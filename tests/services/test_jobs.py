"""Long work is held by one worker at a time, and by another once the first is dead."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Job, JobKind, JobState, Role
from appraisal.models.tables import now
from appraisal.services import jobs
from appraisal.services.errors import AlreadyThere
from appraisal.services.jobs import Lease, LeaseLost
from appraisal.services.worker import Worker
from tests import factories

KINDS = [JobKind.SCENARIO]
SUBJECT = UUID(int=7)


@pytest.fixture
def account(sessions: sessionmaker[Session]) -> UUID:
    found = factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Bank")).account_id
    assert found is not None
    return found


def ask(sessions: sessionmaker[Session], account: UUID, subject: UUID = SUBJECT) -> UUID:
    with sessions() as session, session.begin():
        return jobs.ask_for(session, account, JobKind.SCENARIO, subject, total=3).id


def claimed(sessions: sessionmaker[Session], worker: str = "A") -> Lease | None:
    with sessions() as session:
        return jobs.claim(session, worker, KINDS)


def job(sessions: sessionmaker[Session], job_id: UUID) -> Job:
    with sessions() as session:
        return session.get_one(Job, job_id)


def expire(sessions: sessionmaker[Session]) -> None:
    """As if its worker had been killed a while ago."""
    with sessions() as session, session.begin():
        running = update(Job).where(Job.state == JobState.RUNNING)
        session.execute(running.values(lease_until=now() - timedelta(seconds=1)))


def test_of_one_subject_one_job_is_unfinished(sessions: sessionmaker[Session], account: UUID) -> None:
    first = ask(sessions, account)
    with pytest.raises(AlreadyThere):
        ask(sessions, account)
    ask(sessions, account, uuid4())
    with sessions() as session, session.begin():
        assert jobs.cancel(session, first)
        assert not jobs.cancel(session, first)
    assert ask(sessions, account) != first


def test_many_workers_at_once_claim_a_job_once(sessions: sessionmaker[Session], account: UUID) -> None:
    ask(sessions, account)
    with ThreadPoolExecutor(6) as pool:
        leases = list(pool.map(lambda name: claimed(sessions, name), "ABCDEF"))
    assert sum(lease is not None for lease in leases) == 1
    assert claimed(sessions) is None


def test_the_oldest_comes_first_and_progress_is_kept(sessions: sessionmaker[Session], account: UUID) -> None:
    first, second = ask(sessions, account), ask(sessions, account, uuid4())
    lease = claimed(sessions)
    assert lease == Lease(first, JobKind.SCENARIO, "A")
    before = job(sessions, first).lease_until
    with sessions() as session, session.begin():
        jobs.advance(session, lease, 2)
    found = job(sessions, first)
    assert (found.state, found.done, found.attempts) == (JobState.RUNNING, 2, 1)
    assert before is not None
    assert found.lease_until is not None
    assert found.lease_until >= before
    with sessions() as session, session.begin():
        jobs.finish(session, lease, 3)
    assert job(sessions, first).state is JobState.DONE
    again = claimed(sessions)
    assert again is not None
    assert again.job_id == second


def test_a_dead_workers_job_goes_on_elsewhere_and_the_dead_store_nothing(
    sessions: sessionmaker[Session], account: UUID
) -> None:
    ask(sessions, account)
    dead = claimed(sessions, "A")
    assert dead is not None
    assert claimed(sessions, "B") is None
    with sessions() as session:
        assert jobs.next_expiry(session, KINDS) == job(sessions, dead.job_id).lease_until
    expire(sessions)
    taken = claimed(sessions, "B")
    assert taken is not None
    for late in (jobs.advance, jobs.finish):
        with sessions() as session, pytest.raises(LeaseLost), session.begin():
            late(session, dead, 1)
    with sessions() as session, session.begin():
        jobs.advance(session, taken, 1)
    assert job(sessions, taken.job_id).attempts == 2


def test_what_is_cancelled_stores_nothing_more(sessions: sessionmaker[Session], account: UUID) -> None:
    job_id = ask(sessions, account)
    lease = claimed(sessions)
    assert lease is not None
    with sessions() as session, session.begin():
        jobs.cancel(session, job_id)
    with sessions() as session, pytest.raises(LeaseLost), session.begin():
        jobs.advance(session, lease, 1)
    with sessions() as session:
        jobs.fail(session, lease, "late", "1")
    assert (job(sessions, job_id).state, job(sessions, job_id).problem) == (JobState.CANCELLED, "")


def test_a_job_that_kills_its_workers_is_given_up(sessions: sessionmaker[Session], account: UUID) -> None:
    job_id = ask(sessions, account)
    for _ in range(jobs.MOST_ATTEMPTS):
        assert claimed(sessions) is not None
        expire(sessions)
    assert claimed(sessions) is None
    found = job(sessions, job_id)
    assert found.state is JobState.FAILED
    assert "begun 3 times and never finished" in found.problem


def test_a_worker_does_all_there_is_and_ends(sessions: sessionmaker[Session], account: UUID) -> None:
    done: list[UUID] = []

    def perform(at: sessionmaker[Session], lease: Lease) -> None:
        with at() as session, session.begin():
            jobs.finish(session, lease, 3)
        done.append(lease.job_id)

    worker = Worker(sessions, {JobKind.SCENARIO: perform})
    asked = [ask(sessions, account, uuid4()) for _ in range(3)]
    worker.wake()
    worker.wake()
    assert worker.wait(20)
    assert done == asked
    more = ask(sessions, account)
    worker.wake()
    assert worker.wait(20)
    assert done == [*asked, more]


def test_a_failure_is_told_with_a_reference_and_stops_no_other_job(
    sessions: sessionmaker[Session], account: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    def perform(at: sessionmaker[Session], lease: Lease) -> None:
        if lease.job_id == broken:
            raise RuntimeError("the disk is on fire")
        with at() as session, session.begin():
            jobs.finish(session, lease, 3)

    broken, sound = ask(sessions, account), ask(sessions, account, uuid4())
    Worker(sessions, {JobKind.SCENARIO: perform}).work()
    found = job(sessions, broken)
    assert found.state is JobState.FAILED
    assert "on fire" not in found.problem
    assert found.reference in caplog.text
    assert job(sessions, sound).state is JobState.DONE


def test_a_worker_waits_for_the_lease_of_a_dead_one(sessions: sessionmaker[Session], account: UUID) -> None:
    def perform(at: sessionmaker[Session], lease: Lease) -> None:
        with at() as session, session.begin():
            jobs.finish(session, lease, 3)

    ask(sessions, account)
    dead = claimed(sessions)
    assert dead is not None
    with sessions() as session, session.begin():
        soon = now() + timedelta(seconds=0.5)
        session.execute(update(Job).where(Job.id == dead.job_id).values(lease_until=soon))
    worker = Worker(sessions, {JobKind.SCENARIO: perform})
    worker.wake()
    assert worker.wait(20)
    with sessions() as session:
        assert session.scalars(select(Job.state)).all() == [JobState.DONE]
