"""Things done at the same moment by several people, each in a thread of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

R = TypeVar("R")


def at_once(*acts: Callable[[], R]) -> list[R]:
    """What each gave, in their order; all start together, and the first that raises is raised here."""
    ready = threading.Barrier(len(acts))

    def started(act: Callable[[], R]) -> R:
        ready.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(started, acts))
