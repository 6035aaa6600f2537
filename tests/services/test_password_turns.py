"""Passwords are hashed few at a time, in threads that give way, and a crowd is told to come again."""

import os
import sys
import threading

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
