"""A worker of this process: one thread that starts when there is work, and ends when there is none."""

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from secrets import token_hex
from typing import Protocol
from uuid import uuid4

from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import JobKind
from appraisal.models.tables import now
from appraisal.priority import give_way
from appraisal.services import jobs
from appraisal.services.jobs import Lease, LeaseLost, TellFailed
from appraisal.trail.chain import OtherKey

Perform = Callable[[sessionmaker[Session], Lease], None]
"""Does a job step by step, each in a transaction that calls `jobs.advance`; raises LeaseLost where it is taken away."""
LOOK_AGAIN = 5.0
"""Longest sleep, in seconds, while another worker holds a job: it may hand it back by dying."""


class Woken(Protocol):
    """Does long work somewhere: in this process, or in one of its own."""

    def wake(self) -> None: ...


class Worker:
    def __init__(
        self,
        sessions: sessionmaker[Session],
        kinds: Mapping[JobKind, Perform],
        failed: Mapping[JobKind, TellFailed] | None = None,
    ) -> None:
        """failed: who tells whom where a job of a kind fails; of the others its page alone says it."""
        self._sessions, self._kinds, self._failed = sessions, kinds, failed or {}
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._woken = threading.Event()

    def wake(self) -> None:
        """See to it that somebody looks for work. Returns at once."""
        with self._guard:
            self._woken.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="appraisal-worker", daemon=True)
                self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Whether all work is done within that time."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return self._thread is None

    def _run(self) -> None:
        give_way()
        while True:
            self._woken.clear()
            try:
                self.work()
                pause = self._pause()
            except Exception:
                logging.getLogger(__name__).exception("the worker stops: it cannot reach its jobs")
                pause = None
            if pause is not None:
                self._woken.wait(pause)
                continue
            with self._guard:
                if not self._woken.is_set():
                    self._thread = None
                    return

    def _pause(self) -> float | None:
        """Seconds until a job of another worker may be free; None where nobody holds one."""
        with self._sessions() as session:
            expiry = jobs.next_expiry(session, self._kinds)
        return None if expiry is None else min(max((expiry - now()).total_seconds(), 0.1), LOOK_AGAIN)

    def work(self) -> None:
        """Do every job that nobody holds, in the calling thread."""
        while True:
            with self._sessions() as session:
                lease = jobs.claim(session, str(uuid4()), self._kinds, self._failed)
            if lease is None:
                return
            try:
                with suppress(LeaseLost):
                    self._kinds[lease.kind](self._sessions, lease)
            except OtherKey:
                raise  # the job is as good as it was: a process that has the key takes it when the lease ends
            except Exception:
                reference = token_hex(4)
                logging.getLogger(__name__).exception("job %s failed, %s", lease.job_id, reference)
                with self._sessions() as session:
                    problem = "It stopped at an unexpected failure. What is done is kept."
                    jobs.fail(session, lease, problem, reference, self._failed.get(lease.kind))
