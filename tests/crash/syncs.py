"""Every acknowledged commit is on the disk first: the system calls of a process that commits, as strace sees them."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from appraisal.database import create_engine_for, sessions_on
from appraisal.models import Organisation
from appraisal.policy import OPERATOR
from appraisal.services import auditing
from tests.databases import AUDIT_KEY, migrated_sqlite

COMMITS = 50
_SYNC = re.compile(r"\b(fsync|fdatasync)\(\d+\)\s*=\s*0")
_ACKNOWLEDGED = re.compile(r'write\(1, "acknowledged \d+\\n"')


def prove() -> list[str]:
    """What is wrong: a commit that was acknowledged before it was synced. Says so where strace is missing."""
    if shutil.which("strace") is None:
        print("strace is not installed: that each commit is synced before it is acknowledged is not shown")
        return []
    with tempfile.TemporaryDirectory() as folder:
        path, calls = Path(folder) / "syncs.db", Path(folder) / "calls"
        migrated_sqlite(path).dispose()
        traced = ["strace", "-f", "-o", str(calls), "-e", "trace=fsync,fdatasync,write"]
        subprocess.run(
            [*traced, sys.executable, "-m", "tests.crash.syncs", str(path)], check=True, stdout=subprocess.DEVNULL
        )
        return _unsynced(calls.read_text(errors="replace"))


def _unsynced(calls: str) -> list[str]:
    syncs, acknowledged, found = 0, 0, list[str]()
    total = 0
    for line in calls.splitlines():
        if _SYNC.search(line):
            syncs, total = syncs + 1, total + 1
        elif _ACKNOWLEDGED.search(line):
            acknowledged += 1
            if not syncs:
                found.append(f"commit {acknowledged} was acknowledged without a sync")
            syncs = 0
    print(f"sqlite: {acknowledged} commits with their audit entries, {total} syncs, {len(found)} without one")
    return found if acknowledged == COMMITS else [f"strace saw {acknowledged} commits of {COMMITS}", *found]


def commit(path: str) -> None:
    """Commit changes one by one, and say so after each."""
    engine = create_engine_for(f"sqlite:///{path}", AUDIT_KEY)
    sessions = sessions_on(engine)
    for number in range(COMMITS):
        with sessions.begin() as session:
            row = Organisation(name=f"Office {number}")
            session.add(row)
            session.flush()
            auditing.record(session, OPERATOR, "organisation.added", "organisation", row.id)
        os.write(1, f"acknowledged {number}\n".encode())


if __name__ == "__main__":
    commit(sys.argv[1])
