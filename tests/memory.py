"""Where the tests keep their files: in memory where there is plenty, since a commit waits long for a disk."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

IN_MEMORY = Path("/dev/shm")  # noqa: S108 -- a folder of our own is made in it
ENOUGH = 4 * 2**30


def keep_files_in_memory() -> None:
    """Unless someone said where files go. What is about disks (`make crash`) is no test of pytest's."""
    if "TMPDIR" in os.environ or not IN_MEMORY.is_dir() or shutil.disk_usage(IN_MEMORY).free < ENOUGH:
        return
    folder = tempfile.mkdtemp(prefix="appraisal-tests-", dir=IN_MEMORY)
    Path(folder).chmod(0o711)  # PostgreSQL runs as someone else where the tests run as root
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["TMPDIR"] = folder  # of the processes that this one starts too
    tempfile.tempdir = None
