"""Passwords are hashed one at a time, in a process that gives way, and a crowd is told to come again."""

import os
import signal
import sys
import threading
from functools import partial
from multiprocessing import Pipe
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from appraisal.priority import GIVES_WAY
from appraisal.services import password_turns
from appraisal.services.password_turns import PLACES, TooManyAtOnce, hashed, matches
from tests.at_once import at_once

if sys.platform != "win32":
    import fcntl

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def running() -> int:
    """The hashing process of this one."""
    hashed("a password", QUICK)
    found = password_turns._helper(os.getpid())._running
    assert found is not None
    return found.pid


@pytest.mark.parametrize("password", ["", "correct horse battery", "zwei\nZeilen", "한글 \x00 \u2028 🚲"])
def test_a_password_matches_its_own_hash_alone(password: str) -> None:
    digest = hashed(password, QUICK)
    assert digest.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert QUICK.verify(digest, password)
    assert matches(digest, password)
    assert not matches(digest, f"{password}.")
    assert not matches("none", password), "what is no hash is of no password"


def test_those_who_ask_at_once_get_each_their_own_answer() -> None:
    digests = {f"password {number}": hashed(f"password {number}", QUICK) for number in range(PLACES)}
    own = at_once(*[partial(matches, digest, password) for password, digest in digests.items()])
    others = at_once(*[partial(matches, digest, "password") for digest in digests.values()])
    assert (own, others) == ([True] * PLACES, [False] * PLACES)


@pytest.mark.skipif(sys.platform == "win32", reason="one process answers there")
def test_processes_of_one_server_take_turns_and_a_killed_one_is_not_waited_for() -> None:
    begun, hold = Pipe()
    child = os.fork()
    if child == 0:  # holds the turn until it is killed
        try:
            fcntl.lockf(password_turns._TURN, fcntl.LOCK_EX)
            hold.send("has it")
            signal.pause()
        finally:
            os._exit(1)
    assert begun.poll(10)
    taken = threading.Event()
    waiting = threading.Thread(target=lambda: (hashed("a password", QUICK), taken.set()))
    waiting.start()
    assert not taken.wait(0.1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    waiting.join(10)
    assert taken.is_set()


def test_whoever_finds_no_place_is_told_at_once_and_later_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    places = threading.BoundedSemaphore(1)
    monkeypatch.setattr(password_turns, "_places", lambda _process: places)
    with places, pytest.raises(TooManyAtOnce):
        hashed("a password", QUICK)
    assert matches(hashed("a password", QUICK), "a password")


def test_what_fails_gives_its_place_back() -> None:
    for _ in range(PLACES + 1):
        with pytest.raises(UnicodeEncodeError):
            hashed("half of a character: \ud83d", QUICK)
        with pytest.raises(RuntimeError, match="does not answer"):
            hashed("a password", PasswordHasher(time_cost=0))
    assert hashed("a password", QUICK)


def test_another_takes_the_place_of_one_that_was_killed() -> None:
    first = running()
    os.kill(first, signal.SIGTERM)
    assert matches(hashed("a password", QUICK), "a password")
    assert running() != first


@pytest.mark.skipif(sys.platform != "linux", reason="priorities as Linux has them")
def test_it_gives_way_on_one_core_and_whoever_asks_does_not() -> None:
    there, cores = running(), os.sched_getaffinity(0)
    before = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, there) == max(before, GIVES_WAY)
    kept = os.sched_getaffinity(there)
    assert len(kept) == 1, "its threads leave the other cores to those that save"
    assert kept <= cores == os.sched_getaffinity(0)


@pytest.mark.skipif(sys.platform != "linux", reason="environments as Linux shows them")
def test_it_knows_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPRAISAL_SECRET_KEY", "a secret")
    os.kill(running(), signal.SIGKILL)
    assert b"APPRAISAL_" not in Path(f"/proc/{running()}/environ").read_bytes()
