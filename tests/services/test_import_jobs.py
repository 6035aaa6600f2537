"""Imports in the background on both databases: once, the same after a kill, cancelled without a trace, never stale."""

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Account, ImportState, Job, JobState, Project, Role
from appraisal.policy import NotFound
from appraisal.reading.workbook.corrections import Correction
from appraisal.reading.workbook.findings import Place
from appraisal.reading.workbook.listing import Choices
from appraisal.services import (
    import_corrections,
    import_jobs,
    import_storing,
    importing,
    jobs,
    project_rows,
)
from appraisal.services.background import worker_on
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.import_look import from_document, look_of, to_document
from appraisal.services.jobs import LeaseLost
from tests.services.import_work import (
    actions,
    ask,
    claimed,
    expired,
    interrupted,
    looked,
    order,
    progress,
    standing,
    stored,
    told,
)
from tests.services.imports import files, look, planner, row, send, table, taken


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
    assert "1 problem stands in the way" in progress(sessions, actor, key).problem


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


@pytest.mark.parametrize(
    ("change", "said"), [({"disabled": True}, "was closed"), ({"role": Role.ANALYST}, "were changed meanwhile")]
)
def test_rights_that_go_while_rows_are_compared_are_gone(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], said: str
) -> None:
    actor = planner(sessions)
    key = send(sessions, actor, table(row(0)))
    order(sessions, actor, key, looked(sessions, actor, key).digest)
    must_be = importing.must_be

    def dismissed(*compared: Any) -> None:
        must_be(*compared)
        with sessions() as session, session.begin():
            session.execute(update(Account).where(Account.id == actor.account_id).values(change))

    monkeypatch.setattr(importing, "must_be", dismissed)
    worker_on(sessions).work()
    with sessions() as session:
        assert session.scalars(select(Project)).all() == []
        assert said in session.scalars(select(Job.problem).where(Job.problem != "")).one()


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
