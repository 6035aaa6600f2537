"""Turns at hashing passwords, slow on purpose: few at a time, in threads that give way to whoever saves.

A hash takes 64 MiB and every core for a moment. A crowd that signs in at nine o'clock waits here for its turn, not
where others save; beyond a queue that can still be borne, people are asked to come again (docs/adr/0026).
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import BoundedSemaphore
from typing import TypeVar

from appraisal.priority import give_way

R = TypeVar("R")
AT_ONCE = 1
"""In one process: a hash keeps every core busy by itself."""
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
        return _threads(process).submit(work).result()
    finally:
        places.release()


@cache
def _places(_process: int) -> BoundedSemaphore:
    return BoundedSemaphore(PLACES)


@cache
def _threads(_process: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="appraisal-hash", initializer=give_way)
