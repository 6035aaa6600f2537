"""Work that may wait gets the processor when nobody else wants it: what computes gives way to what answers."""

import os
import sys
import threading
from contextlib import suppress

GIVES_WAY = 10
"""Of 19: about a tenth of the share of a thread beside it that answers people."""


def give_way() -> None:
    """Lower the priority of the calling thread for good, and of those that it starts; on Linux alone."""
    if sys.platform == "linux":
        with suppress(OSError):  # it is low already
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), GIVES_WAY)


def keep_to_one_core() -> None:
    """Leave the other cores to others, for good: the calling thread and those that it starts; on Linux alone."""
    if sys.platform == "linux":
        os.sched_setaffinity(threading.get_native_id(), {max(os.sched_getaffinity(0))})
