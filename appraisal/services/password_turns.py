"""Turns at hashing passwords, slow on purpose: one at a time on a machine, in threads that give way to whoever saves.

A hash takes 64 MiB and a core for a moment; its own threads would take every core. A crowd that signs in at nine
o'clock waits here for its turn, not where others save; beyond a queue that can still be borne, people are asked to come
again (docs/adr/0026).
"""

import os
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import BoundedSemaphore
from typing import TypeVar

from appraisal.priority import give_way, keep_to_one_core

if sys.platform != "win32":
    import fcntl

R = TypeVar("R")
_TURN = tempfile.TemporaryFile()  # noqa: SIM115 -- open for as long as the process
"""Nothing is written: processes that were forked from one another lock it, each for itself."""
AT_ONCE = 1
"""In one process, and, where processes share a parent, in all of them: the other cores are for whoever saves."""
PLACES = 8
"""For those whose turn it is and those that wait, in one process: half of the threads that serve."""


class TooManyAtOnce(Exception):
    """So many passwords wait to be hashed that this one is not taken on; nothing is wrong with it."""


def in_turn(work: Callable[[], R]) -> R:
    """What `work` gives, once its turn has come; raises TooManyAtOnce."""
    process = os.getpid()  # threads do not survive a fork
    places = _places(process)
    if not places.acquire(blocking=False):
        raise TooManyAtOnce
    try:
        return _threads(process).submit(lambda: _alone(work)).result()
    finally:
        places.release()


def _alone(work: Callable[[], R]) -> R:
    """With no process of the same server hashing beside it; a killed one lets go of the lock as it dies."""
    if sys.platform == "win32":  # one process answers there
        return work()
    fcntl.lockf(_TURN, fcntl.LOCK_EX)
    try:
        return work()
    finally:
        fcntl.lockf(_TURN, fcntl.LOCK_UN)


@cache
def _places(_process: int) -> BoundedSemaphore:
    return BoundedSemaphore(PLACES)


@cache
def _threads(_process: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="appraisal-hash", initializer=_quietly)


def _quietly() -> None:
    give_way()
    keep_to_one_core()
