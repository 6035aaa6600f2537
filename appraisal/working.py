"""A process that does the long work of a serving process: scenario runs, looks at large files, their storing.

Started by `appraisal.services.work_process`, which says on a pipe where the database is and when to look for work. What
computes for minutes would hold the interpreter of those who answer (docs/adr/0044); in here nobody waits for it. The
process ends with the one that started it, and by itself when there was nothing to do for a while.
"""

import json
import logging.config
import os
import signal
import sys
import threading
import time

from appraisal import journal
from appraisal.database import create_engine_for, sessions_on
from appraisal.services.background import worker_on
from appraisal.services.worker import Worker

LINGERS = 300.0
"""Seconds without work after which it ends: what is compiled, and the plan of the last look, are there until then."""
LOOKS = 5.0


def main() -> None:
    """Read where the database is from the first line of standard input, as JSON; look for work at every other line."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # sent to a whole terminal; the end of its input ends it
    logging.config.dictConfig(journal.configuration())
    url, audit_key, keys_before = json.loads(sys.stdin.readline())
    worker = worker_on(sessions_on(create_engine_for(url, audit_key, keys_before)))
    threading.Thread(target=_end_when_idle, args=(worker,), daemon=True).start()
    for _ in sys.stdin:
        worker.wake()
    os._exit(0)  # whoever started it is gone; what is under way is as good as after a kill


def _end_when_idle(worker: Worker) -> None:
    idle_since = time.monotonic()
    while time.monotonic() - idle_since < LINGERS:
        time.sleep(LOOKS)
        if not worker.wait(0):
            idle_since = time.monotonic()
    os._exit(0)


if __name__ == "__main__":
    main()
