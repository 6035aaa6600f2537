"""Turns at hashing passwords, slow on purpose: one at a time on a machine, in a process that gives way to others.

A hash takes 64 MiB and a core for a moment; its own threads would take every core. A crowd that signs in at nine
o'clock waits here for its turn, not where others save; beyond a queue that can still be borne, people are asked to come
again (docs/adr/0026, docs/adr/0040).
"""

import json
import os
import subprocess
import tempfile
from contextlib import suppress
from functools import cache
from threading import BoundedSemaphore, Lock

from argon2 import PasswordHasher

from appraisal import children

_TURN = tempfile.TemporaryFile()  # noqa: SIM115 -- open for as long as the process
"""Nothing is written: the hashing processes of all that were forked from one another lock it."""
PLACES = 8
"""For those whose turn it is and those that wait, in one process: fewer than half of the threads that serve."""


class TooManyAtOnce(Exception):
    """So many passwords wait to be hashed that this one is not taken on; nothing is wrong with it."""


def hashed(password: str, hasher: PasswordHasher) -> str:
    """The hash to store of a password at the costs of the hasher, once its turn has come; raises TooManyAtOnce."""
    return str(_answered(password, None, (hasher.time_cost, hasher.memory_cost, hasher.parallelism)))


def matches(digest: str, password: str) -> bool:
    """Whether the hash is of this password, once its turn has come; raises TooManyAtOnce."""
    return _answered(password, digest, ()) is True


def _answered(*question: object) -> object:
    line = json.dumps(question, ensure_ascii=False).encode() + b"\n"
    process = os.getpid()  # neither threads nor the process that hashes are a forked child's own
    places = _places(process)
    if not places.acquire(blocking=False):
        raise TooManyAtOnce
    try:
        return _helper(process).answer(line)
    finally:
        places.release()


class _Helper:
    """The hashing process of this one; another is started where it is gone."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._running: subprocess.Popen[bytes] | None = None

    def answer(self, line: bytes) -> object:
        """One question at a time, and once more where the process died over it."""
        with self._turn:
            answer = self._asked(line) or self._asked(line)
        if not answer:
            raise RuntimeError("the process that hashes passwords does not answer")
        found: object = json.loads(answer)
        return found

    def _asked(self, line: bytes) -> bytes:
        """Its answer; empty where it died."""
        if self._running is None:
            turn = _TURN.fileno()
            self._running = children.start("appraisal.hashing", str(turn), files=(turn,), told=True, answers=True)
        running, answer = self._running, b""
        assert running.stdin is not None
        assert running.stdout is not None
        with suppress(OSError):  # a pipe without a reader
            running.stdin.write(line)
            running.stdin.flush()
            answer = running.stdout.readline()
        if answer.endswith(b"\n"):
            return answer
        self._running = None
        running.kill()
        with suppress(OSError):
            running.communicate()
        return b""


@cache
def _places(_process: int) -> BoundedSemaphore:
    return BoundedSemaphore(PLACES)


@cache
def _helper(_process: int) -> _Helper:
    return _Helper()
