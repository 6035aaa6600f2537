"""Processes of this program's own, which know none of its settings."""

import os
import subprocess
import sys
from collections.abc import Sequence


def start(
    module: str, *arguments: str, files: Sequence[int] = (), told: bool = False, answers: bool = False
) -> "subprocess.Popen[bytes]":
    """Run a module with what this process can import.

    files: descriptors that it has as well, under the same numbers (not on Windows).
    told, answers: its standard input, or output, is a pipe to this process; else it has none.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("APPRAISAL_")}
    return subprocess.Popen(  # noqa: S603 -- this very program
        [sys.executable, "-P", "-m", module, *arguments],
        env=environment | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdin=subprocess.PIPE if told else subprocess.DEVNULL,
        stdout=subprocess.PIPE if answers else subprocess.DEVNULL,
        pass_fds=() if sys.platform == "win32" else files,
    )
