"""Processes of this program's own, which know none of its settings."""

import os
import subprocess
import sys
from collections.abc import Sequence


def start(module: str, *arguments: str, files: Sequence[int] = (), pipe: bool = False) -> "subprocess.Popen[bytes]":
    """Run a module with what this process can import.

    files: descriptors that it has as well, under the same numbers (not on Windows). pipe: it is asked on its standard
    input and answers on its standard output; else it has neither.
    """
    told = {name: value for name, value in os.environ.items() if not name.startswith("APPRAISAL_")}
    spoken = subprocess.PIPE if pipe else subprocess.DEVNULL
    return subprocess.Popen(  # noqa: S603 -- this very program
        [sys.executable, "-P", "-m", module, *arguments],
        env=told | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdin=spoken,
        stdout=spoken,
        pass_fds=() if sys.platform == "win32" else files,
    )
