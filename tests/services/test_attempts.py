"""Attempts that fail are counted in the database: by every process, and right at the same moment."""

from datetime import datetime, timedelta
from threading import BoundedSemaphore

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from appraisal.database import create_engine_for, sessions_on
from appraisal.models import AttemptWindow
from appraisal.models.tables import now
from appraisal.services import attempts
from appraisal.services.attempts import GUESSES, Begun, Limit, TooManyAttempts
from appraisal.services.password_turns import TooManyAtOnce
from tests.at_once import at_once
from tests.databases import AUDIT_KEY

THREE = Limit(3, timedelta(minutes=1))


def begin(sessions: sessionmaker[Session], *keys: str, limit: Limit = THREE) -> Begun:
    with sessions() as session:
        return attempts.begin(session, keys, limit)


def settle(sessions: sessionmaker[Session], begun: Begun, *, failed: bool) -> None:
    with sessions() as session:
        attempts.settle(session, begun, failed=failed)


def fail(sessions: sessionmaker[Session], *keys: str) -> None:
    settle(sessions, begin(sessions, *keys), failed=True)


def counted(sessions: sessionmaker[Session]) -> dict[str, tuple[int, int]]:
    with sessions() as session:
        return {row.key: (row.failed, row.pending) for row in session.scalars(select(AttemptWindow))}


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(attempts, "now", lambda: moment)


def test_after_the_last_failure_nothing_is_tried_until_the_window_is_over(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = now()
    at(monkeypatch, begun)
    for _ in range(3):
        fail(sessions, "ana")
    at(monkeypatch, begun + timedelta(seconds=20))
    with pytest.raises(TooManyAttempts) as refused:
        begin(sessions, "ana")
    assert refused.value.seconds == 40
    fail(sessions, "ben")
    at(monkeypatch, begun + timedelta(seconds=60))
    fail(sessions, "ana")
    assert counted(sessions) == {"ana": (1, 0), "ben": (1, 0)}


def test_what_does_not_fail_is_not_counted(sessions: sessionmaker[Session]) -> None:
    for _ in range(5):
        settle(sessions, begin(sessions, "ana"), failed=False)
    assert counted(sessions) == {"ana": (0, 0)}


def test_an_attempt_counts_for_all_its_keys_or_for_none(sessions: sessionmaker[Session]) -> None:
    for _ in range(3):
        fail(sessions, "address", "ana")
    with pytest.raises(TooManyAttempts):
        begin(sessions, "address", "ben")
    assert counted(sessions) == {"address": (3, 0), "ana": (3, 0)}


@pytest.mark.asvs("6.3.1")
def test_other_processes_count_on(sessions: sessionmaker[Session]) -> None:
    """Another process has connections of its own, and nothing else."""
    engine = create_engine_for(sessions.kw["bind"].url.render_as_string(hide_password=False), AUDIT_KEY)
    elsewhere = sessions_on(engine)
    for each in (sessions, elsewhere, sessions):
        fail(each, "ana")
    with pytest.raises(TooManyAttempts):
        begin(elsewhere, "ana")
    engine.dispose()


@pytest.mark.asvs("6.3.1")
def test_at_the_same_moment_no_more_are_let_through(sessions: sessionmaker[Session]) -> None:
    def attempt() -> str:
        try:
            fail(sessions, "address", "ana")
        except (TooManyAttempts, TooManyAtOnce):
            return "refused"
        return "tried"

    answers = at_once(*[attempt] * 12)
    assert sorted(answers) == ["refused"] * 9 + ["tried"] * 3
    assert counted(sessions) == {"address": (3, 0), "ana": (3, 0)}


def test_people_who_sign_in_well_at_the_same_moment_wait_for_each_other(sessions: sessionmaker[Session]) -> None:
    most = 3 + attempts.WAITING
    at_once(*[lambda: settle(sessions, begin(sessions, "address"), failed=False)] * most)
    assert counted(sessions) == {"address": (0, 0)}


def test_few_wait_for_each_other_and_those_who_guessed_are_told_so(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = [begin(sessions, "address") for _ in range(3)]
    monkeypatch.setattr(attempts, "_waiting", BoundedSemaphore(1))
    with attempts._waiting, pytest.raises(TooManyAtOnce):
        begin(sessions, "address")
    for each in begun:
        settle(sessions, each, failed=True)
    with attempts._waiting, pytest.raises(TooManyAttempts):
        begin(sessions, "address")


def test_an_attempt_whose_process_was_killed_counts_as_failed(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "PATIENCE", 0.0)
    for _ in range(3):
        begin(sessions, "ana")
    with pytest.raises(TooManyAttempts) as refused:
        begin(sessions, "ana")
    assert refused.value.seconds == 1  # until then one of them may have ended


def test_a_clock_that_was_ahead_locks_nobody_out(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    today = now()
    at(monkeypatch, today + timedelta(days=365))
    for _ in range(3):
        fail(sessions, "ana")
    at(monkeypatch, today)
    fail(sessions, "ana")
    assert counted(sessions) == {"ana": (1, 0)}


def test_a_settled_attempt_of_a_window_that_is_over_changes_nothing(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    today = now()
    at(monkeypatch, today)
    late = begin(sessions, "ana")
    at(monkeypatch, today + timedelta(minutes=2))
    begin(sessions, "ana")
    settle(sessions, late, failed=True)
    assert counted(sessions) == {"ana": (0, 1)}


def test_windows_that_are_over_go(sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch) -> None:
    today = now()
    at(monkeypatch, today)
    for number in range(30):
        fail(sessions, f"person {number}")
    at(monkeypatch, today + timedelta(minutes=3))
    for _ in range(2):
        settle(sessions, begin(sessions, "ana"), failed=False)
    assert counted(sessions) == {"ana": (0, 0)}


def test_counting_leaves_saves_as_durable_as_they_were(sessions: sessionmaker[Session]) -> None:
    setting = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}
    with sessions() as session:
        dialect = session.get_bind().dialect.name
        asked = text(setting[dialect])
        if dialect == "postgresql":  # the server of the tests waits for no disk; this connection asks it to
            with session.begin():
                session.execute(text("SET SESSION synchronous_commit = on"))
        attempts.settle(session, attempts.begin(session, ["ana"], GUESSES), failed=True)
        with session.begin():
            assert session.scalar(asked) in (2, "on")
