"""Passwords are hashed few at a time, in threads that give way, and a crowd is told to come again."""

import os
import signal
import sys
import threading
from multiprocessing import Pipe

import pytest

from appraisal.priority import GIVES_WAY
from appraisal.services import password_turns
from appraisal.services.password_turns import AT_ONCE, PLACES, TooManyAtOnce, in_turn
from tests.at_once import at_once


def test_no_more_than_may_are_hashed_at_the_same_moment() -> None:
    guard, now, most = threading.Lock(), 0, 0

    def work() -> None:
        nonlocal now, most
        with guard:
            now += 1
            most = max(most, now)
        threading.Event().wait(0.01)
        with guard:
            now -= 1

    at_once(*[lambda: in_turn(work)] * PLACES)
    assert most == AT_ONCE


@pytest.mark.skipif(sys.platform == "win32", reason="one process answers there")
def test_processes_of_one_server_take_turns_too_and_a_killed_one_is_not_waited_for() -> None:
    begun, hold = Pipe()
    child = os.fork()
    if child == 0:  # holds the turn until it is killed
        in_turn(lambda: (hold.send("has it"), signal.pause()))
    assert begun.recv() == "has it"
    taken = threading.Event()
    waiting = threading.Thread(target=lambda: in_turn(taken.set))
    waiting.start()
    assert not taken.wait(0.1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    waiting.join(10)
    assert taken.is_set()


def test_whoever_finds_no_place_is_told_at_once_and_later_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    places, begun, hold = threading.BoundedSemaphore(1), threading.Event(), threading.Event()
    monkeypatch.setattr(password_turns, "_places", lambda _process: places)

    def work() -> None:
        begun.set()
        hold.wait()

    first = threading.Thread(target=in_turn, args=(work,))
    first.start()
    begun.wait()
    with pytest.raises(TooManyAtOnce):
        in_turn(lambda: "hashed")
    hold.set()
    first.join()
    assert in_turn(lambda: "hashed") == "hashed"


def test_what_fails_gives_its_place_back() -> None:
    for _ in range(PLACES + 1):
        with pytest.raises(ZeroDivisionError):
            in_turn(lambda: 1 // 0)


@pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities of their own on Linux alone")
def test_they_give_way_and_whoever_asks_does_not() -> None:
    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    there = in_turn(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
    assert there == max(before, GIVES_WAY)
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before
    cores = os.sched_getaffinity(threading.get_native_id())
    kept = in_turn(lambda: os.sched_getaffinity(threading.get_native_id()))
    assert len(kept) == 1, "its threads leave the other cores to those that save"
    assert kept <= cores == os.sched_getaffinity(threading.get_native_id())
