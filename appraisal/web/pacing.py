"""How many requests an account may send: far more than a person does, far fewer than would slow everybody down.

Counted in the process that answers, so that no page waits for a write; a server of four processes lets four times as
many through (docs/security/limits.md).
"""

import time
from collections.abc import Hashable
from threading import Lock

from appraisal.services.attempts import TooManyAttempts

MOST_KNOWN = 10_000
"""Accounts that are remembered at once; when there are more, those that have their full allowance are forgotten."""


class Pace:
    """An allowance that fills up again: so many at once, and as many a minute from then on."""

    def __init__(self, a_minute: int) -> None:
        self._most, self._a_second = float(a_minute), a_minute / 60
        self._left: dict[Hashable, tuple[float, float]] = {}
        self._lock = Lock()

    def take(self, who: Hashable) -> None:
        """Count one more request; raises TooManyAttempts with the seconds until the next is taken."""
        at = time.monotonic()
        with self._lock:
            left, before = self._left.get(who, (self._most, at))
            left = min(self._most, left + (at - before) * self._a_second)
            if left < 1:
                raise TooManyAttempts((1 - left) / self._a_second)
            if len(self._left) >= MOST_KNOWN:
                self._forget(at)
            self._left[who] = (left - 1, at)

    def _forget(self, at: float) -> None:
        full = [
            who for who, (left, before) in self._left.items() if left + (at - before) * self._a_second >= self._most
        ]
        for who in full:
            del self._left[who]
