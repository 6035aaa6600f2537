"""Imports in the background on both databases: once, the same after a kill, cancelled without a trace, never stale."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Account, AuditEntry, ImportState, Job, JobKind, JobState, MailWish, Project, ProjectImport
from appraisal.models.tables import now
from appraisal.policy import Actor, NotFound
from appraisal.reading.workbook.corrections import Correction
from appraisal.reading.workbook.findings import Place
from appraisal.reading.workbook.listing import Choices
from appraisal.services import (
    import_corrections,
    import_jobs,
    import_storing,
    importing,
    jobs,
    notifying,
    outbox,
    project_rows,
)
from appraisal.services.background import worker_on
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.import_jobs import ImportProgress, Standing
from appraisal.services.import_look import Look, from_document, look_of, to_document
from appraisal.services.jobs import Lease, LeaseLost
from appraisal.services.mailing import send_waiting
from tests.services.test_importing import files, look, planner, row, send, table, taken
from tests.services.test_mailing import Links


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


def test_looked_at_and_stored_as_the_dry_run_said(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    taken(sessions, actor, table(*(row(n) for n in range(3))))
    key = send(sessions, actor, table(row(0), row(1, cost=99), row(7), row(8, currency="??")))
    found = looked(sessions, actor, key)
    assert found.counts == {"create": 1, "update": 1, "unchanged": 1, "cannot": 1}
    assert [problem.at for problem in found.problems] == ["CSV, D5"]
    order(sessions, actor, key, found.digest)
    order(sessions, actor, key, found.digest)
    assert progress(sessions, actor, key).state is JobState.QUEUED
    assert told(sessions, actor) == []
    worker_on(sessions).work()
    assert progress(sessions, actor, key).state is JobState.DONE
    assert told(sessions, actor) == ["“list.csv” is imported: 1 created, 1 updated, 1 unchanged, 1 not taken."]
    kept = stored(sessions, key)
    assert (kept.state, kept.counts) == (ImportState.STORED, found.counts)
    assert sorted(files(sessions)) == ["R-0", "R-1", "R-2", "R-7"]
    assert actions(sessions).count("import.asked") == 1
    with sessions() as session:
        assert importing.undo(session, actor, key).edited == ()
    assert sorted(files(sessions)) == ["R-0", "R-1", "R-2"]


def test_what_is_kept_of_a_look_is_the_look(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    taken(sessions, actor, table(row(0)))
    key = send(sessions, actor, table(row(0, reference="NEW"), row(1, currency="??"), row(1, title=""), row(0)))
    made = look_of(look(sessions, actor, key))
    assert made.alike
    assert made.problems
    assert from_document(to_document(made)) == made


@pytest.mark.parametrize(("owner", "name"), [(import_jobs, "basis_of"), (jobs, "finish"), (project_rows, "write")])
def test_a_killed_import_leaves_nothing_and_another_worker_does_it_once(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch, owner: Any, name: str
) -> None:
    actor = planner(sessions)
    key = send(sessions, actor, table(*(row(n) for n in range(4))))
    order(sessions, actor, key, looked(sessions, actor, key).digest)
    lease = claimed(sessions, "first")
    with interrupted(monkeypatch, owner, name), pytest.raises(KeyboardInterrupt):
        import_jobs.perform(sessions, lease)
    assert files(sessions) == {}
    halfway = progress(sessions, actor, key)
    assert (halfway.state, halfway.storing) == (JobState.RUNNING, True)
    expired(sessions)
    worker_on(sessions).work()
    assert progress(sessions, actor, key).state is JobState.DONE
    assert sorted(files(sessions)) == ["R-0", "R-1", "R-2", "R-3"]
    import_jobs.perform(sessions, lease)  # the first one comes back too late
    assert progress(sessions, actor, key).state is JobState.DONE
    assert actions(sessions).count("import.stored") == 1
    assert len(files(sessions)) == 4
    assert told(sessions, actor) == ["“list.csv” is imported: 4 created, 0 updated, 0 unchanged, 0 not taken."]


def test_who_asked_is_told_why_it_was_not_stored(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    key = send(sessions, actor, table(row(0), row(1, currency="??")))
    order(sessions, actor, key, looked(sessions, actor, key).digest, all_or_nothing=True)
    worker_on(sessions).work()
    worker_on(sessions).work()
    (sentence,) = told(sessions, actor)
    assert sentence.startswith("“list.csv” was not imported. Nothing was imported: 1 problems stand in the way")
    with sessions() as session:
        (told_of,) = notifying.messages(session, actor, size=10).rows
    assert (told_of.project_id, told_of.subject_id) == (None, key)


def test_an_unexpected_failure_and_one_that_ends_every_worker_are_told_once(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = planner(sessions)
    key = send(sessions, actor, table(row(0)))
    digest = looked(sessions, actor, key).digest
    order(sessions, actor, key, digest)
    with monkeypatch.context() as patch:
        patch.setattr(import_jobs, "carry_out", lambda *_args, **_options: 1 / 0)
        worker_on(sessions).work()
    assert told(sessions, actor) == [
        "“list.csv” was not imported. It stopped at an unexpected failure. What is done is kept."
    ]
    order(sessions, actor, key, digest)
    for _ in range(jobs.MOST_ATTEMPTS):
        claimed(sessions, "dies")
        expired(sessions)
    worker_on(sessions).work()
    assert len(told(sessions, actor)) == 2
    assert told(sessions, actor)[0].startswith("“list.csv” was not imported. It was begun 3 times")
    assert files(sessions) == {}


def test_a_look_alone_is_told_of_on_its_page_and_nowhere_else(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    key = send(sessions, actor, table(row(0)))
    looked(sessions, actor, key)
    assert told(sessions, actor) == []


def test_the_end_of_an_import_is_mailed_to_who_wants_it_at_once(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    with sessions() as session:
        outbox.choose(session, actor, outbox.Wish(MailWish.IMMEDIATE))
    key = send(sessions, actor, table(row(0)))
    order(sessions, actor, key, looked(sessions, actor, key).digest)
    worker_on(sessions).work()
    sent: list[EmailMessage] = []
    for _ in range(2):
        send_waiting(sessions, sent.append, Links(), "post@x.example")
    (message,) = sent
    assert message["Subject"] == "“list.csv” is imported: 1 created, 0 updated, 0 unchanged, 0 not taken."
    assert f"https://x.example/imported/{key}" in message.get_content()


def test_cancelled_before_it_commits_it_stores_nothing(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = planner(sessions)
    key = send(sessions, actor, table(row(0)))
    found = looked(sessions, actor, key)
    order(sessions, actor, key, found.digest)
    lease, must_be = claimed(sessions, "first"), importing.must_be

    def cancelled_meanwhile(*args: Any) -> None:
        must_be(*args)
        with sessions() as session:
            assert import_jobs.cancel(session, actor, key)

    monkeypatch.setattr(importing, "must_be", cancelled_meanwhile)
    with pytest.raises(LeaseLost):
        import_jobs.perform(sessions, lease)
    monkeypatch.undo()
    assert files(sessions) == {}
    assert progress(sessions, actor, key).state is JobState.CANCELLED
    with sessions() as session:
        assert not import_jobs.cancel(session, actor, key)
    assert actions(sessions) == ["import.asked", "import.cancelled"]
    order(sessions, actor, key, found.digest)
    worker_on(sessions).work()
    assert list(files(sessions)) == ["R-0"]


def test_refused_where_something_changed_since_the_look(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    key = send(sessions, actor, table(row(0), row(1)))
    old = looked(sessions, actor, key)
    order(sessions, actor, key, old.digest)
    with sessions() as session:  # someone else registers one of them before the worker comes to it
        importing.import_content(session, planner(sessions, "Elsewhere"), "x.csv", table(row(0)))
    worker_on(sessions).work()
    refused = progress(sessions, actor, key)
    assert refused.state is JobState.FAILED
    assert "Nothing was imported" in refused.problem
    assert list(files(sessions)) == ["R-0"]
    found = looked(sessions, actor, key)
    assert found.counts == {"create": 1, "update": 0, "unchanged": 0, "cannot": 1}
    with pytest.raises(StaleVersion):
        order(sessions, actor, key, old.digest)
    order(sessions, actor, key, found.digest, all_or_nothing=True)
    worker_on(sessions).work()
    assert "1 problems stand in the way" in progress(sessions, actor, key).problem


def test_projects_that_come_in_while_it_is_checked_are_compared_again(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What does not touch the file is no reason to refuse it."""
    actor, other = planner(sessions), planner(sessions, "Elsewhere")
    key = send(sessions, actor, table(row(0)))
    order(sessions, actor, key, looked(sessions, actor, key).digest)
    must_be, calls = importing.must_be, []

    def registered_meanwhile(*args: Any) -> None:
        must_be(*args)
        calls.append(args)
        if len(calls) == 1:
            with sessions() as session:
                importing.import_content(session, other, "x.csv", table(row(5)))

    monkeypatch.setattr(importing, "must_be", registered_meanwhile)
    worker_on(sessions).work()
    assert len(calls) == 2
    assert sorted(files(sessions)) == ["R-0", "R-5"]


def test_while_it_is_stored_nothing_is_said_of_it_anew(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    key = send(sessions, actor, table(row(0)))
    found = looked(sessions, actor, key)
    order(sessions, actor, key, found.digest)
    for refused in (
        lambda session: importing.choose(session, actor, key, Choices()),
        lambda session: import_jobs.ask_to_look(session, actor, key),
    ):
        with sessions() as session, pytest.raises(DomainError, match="being imported"):
            refused(session)
    second = send(sessions, actor, table(row(1)))
    with sessions() as session:
        assert {each.id for each in importing.waiting_imports(session, actor)} == {key, second}
    worker_on(sessions).work()
    assert list(files(sessions)) == ["R-0"]
    third = send(sessions, actor, table(row(2)))
    with sessions() as session:
        assert [each.id for each in importing.waiting_imports(session, actor)] == [third]


def test_saying_something_of_a_file_ends_the_look_at_it(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    key = send(sessions, actor, table(row(0)))
    looked(sessions, actor, key)
    ask(sessions, actor, key)
    lease = claimed(sessions, "first")
    with sessions() as session:
        importing.choose(session, actor, key, Choices(decimal_mark=","))
    with pytest.raises(LeaseLost):
        import_jobs.perform(sessions, lease)
    assert standing(sessions, actor, key).look is None


def test_rights_are_those_at_the_time_it_is_done(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    key = send(sessions, actor, table(row(0)))
    order(sessions, actor, key, looked(sessions, actor, key).digest)
    with sessions() as session, session.begin():
        session.execute(update(Account).where(Account.id == actor.account_id).values(disabled=True))
    worker_on(sessions).work()
    assert progress(sessions, actor, key).problem == "The account that asked for it was closed."
    with sessions() as session:
        assert session.scalars(select(Project)).all() == []


def test_nobody_else_knows_of_it(sessions: sessionmaker[Session]) -> None:
    actor, other = planner(sessions), planner(sessions, "Elsewhere")
    key = send(sessions, actor, table(row(0)))
    digest = looked(sessions, actor, key).digest
    for use in (import_jobs.standing, import_jobs.progress_of, import_jobs.ask_to_look, import_jobs.cancel):
        with sessions() as session, pytest.raises(NotFound):
            use(session, other, key)
    with pytest.raises(NotFound):
        order(sessions, other, key, digest)


def test_nothing_to_import_is_said(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    taken(sessions, actor, table(row(0)))
    key = send(sessions, actor, table(row(0)))
    order(sessions, actor, key, looked(sessions, actor, key).digest)
    worker_on(sessions).work()
    assert "no project in the file is new or different" in progress(sessions, actor, key).problem
    assert issubclass(import_storing.NothingToImport, DomainError)


def test_corrections_are_part_of_what_is_looked_at_and_stored(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    key = send(sessions, actor, table(row(0), row(1, currency="rupees")))
    found = looked(sessions, actor, key)
    (problem,) = found.problems
    assert problem.place is not None
    old = importing.digest_of(look(sessions, actor, key))
    with sessions() as session:
        import_corrections.correct(session, actor, key, [Correction(problem.place, problem.value, "EUR")])
    assert standing(sessions, actor, key).look is None
    with sessions() as session:
        import_corrections.correct(session, actor, key, [Correction(problem.place, "EUR", "INR")])
    (kept,) = stored(sessions, key).corrections or []
    assert (kept["was"], kept["now"]) == ("rupees", "INR")
    with sessions() as session, pytest.raises(StaleVersion):
        importing.store(session, actor, key, old, all_or_nothing=False)
    found = looked(sessions, actor, key)
    assert found.problems == ()
    order(sessions, actor, key, found.digest, all_or_nothing=True)
    with sessions() as session, pytest.raises(DomainError, match="being imported"):
        import_corrections.take_back(session, actor, key)
    worker_on(sessions).work()
    assert {name: file.currency for name, file in files(sessions).items()} == {"R-0": "INR", "R-1": "INR"}
    assert actions(sessions).count("import.corrected") == 2


def test_nobody_else_corrects_and_not_too_much(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    actor, other = planner(sessions), planner(sessions, "Elsewhere")
    key = send(sessions, actor, table(row(0)))
    corrections = [Correction(Place("CSV", 1, column), "", "x") for column in range(2)]
    with sessions() as session, pytest.raises(NotFound):
        import_corrections.correct(session, other, key, corrections)
    monkeypatch.setattr(import_corrections, "MOST", 1)
    with sessions() as session, pytest.raises(DomainError, match="in the file itself"):
        import_corrections.correct(session, actor, key, corrections)
    assert stored(sessions, key).corrections is None
