"""The process of its own in which a serving process has its long work done, and its restart where it died."""

import json
import logging
import subprocess
import threading
import time
from collections.abc import Collection, Sequence
from contextlib import suppress

from sqlalchemy.orm import Session, sessionmaker

from appraisal import children
from appraisal.models import JobKind
from appraisal.services import jobs

SETTLED, SOON, LATER = 10.0, 1.0, 30.0
"""Seconds: one that lived for as long and died is replaced soon, one that cannot even begin is tried again later."""


class WorkProcess:
    """Woken like the `Worker` of a process that does its work itself."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        url: str,
        keys: Sequence[str],
        kinds: Collection[JobKind] = tuple(JobKind),
    ) -> None:
        """keys: that of the audit trail, and those before it."""
        self._sessions, self._kinds = sessions, kinds
        self._told = json.dumps([url, keys[0], list(keys[1:])]).encode() + b"\n"
        self._guard = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None
        self._closed = False

    def close(self) -> None:
        """End it, whatever it is at, and start no other."""
        with self._guard:
            self._closed, running = True, self._running
        if running is not None:
            running.kill()
            running.wait()

    @property
    def pid(self) -> int | None:
        running = self._running
        return None if running is None else running.pid

    def wake(self) -> None:
        """See to it that somebody looks for work. Returns at once."""
        with self._guard:
            if self._closed:
                return
            if self._running is None:
                self._running = self._started()
                threading.Thread(target=self._watch, args=(self._running,), daemon=True).start()
            assert self._running.stdin is not None
            with suppress(OSError):  # it ended a moment ago: whoever watches it looks whether work is left
                self._running.stdin.write(b"look\n")
                self._running.stdin.flush()

    def go_on(self) -> None:
        """Wake it where work is left that somebody else began or asked for."""
        if self._work_is_left():
            self.wake()

    def _work_is_left(self) -> bool:
        with self._sessions() as session:
            return jobs.any_unfinished(session, self._kinds)

    def _started(self) -> "subprocess.Popen[bytes]":
        """Its settings are told on the pipe, where nobody can list them."""
        started = children.start("appraisal.working", told=True)
        assert started.stdin is not None
        with suppress(OSError):
            started.stdin.write(self._told)
            started.stdin.flush()
        return started

    def _watch(self, running: "subprocess.Popen[bytes]") -> None:
        """Once it ended, see whether it was asked for more meanwhile, or died over its work."""
        began = time.monotonic()
        running.wait()
        with self._guard:
            assert running.stdin is not None
            with suppress(OSError):
                running.stdin.close()
            self._running = None
            if self._closed:
                return
        if running.returncode:
            time.sleep(SOON if time.monotonic() - began > SETTLED else LATER)
        try:
            self.go_on()
        except Exception:
            logging.getLogger(__name__).exception("cannot see whether work is left")
