"""What hostile files cost: each is read in a process of its own, which says how much it ever held."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.reading.workbook import hostile

ROOT = Path(__file__).parents[3]
MOST = 300
"""MiB that reading any upload may hold, the interpreter with it."""


@pytest.mark.asvs("5.2.1", "5.2.3")
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the kernel does not say what a process held")
@pytest.mark.parametrize("kind", hostile.KINDS)
def test_reading_a_hostile_file_holds_bounded_memory(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(hostile.KINDS[kind]())
    command = [sys.executable, "-m", "tests.reading.workbook.hostile", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    outcome, held = done.stdout.split()
    assert outcome == ("read" if kind.endswith("within the limits") else "refused")
    assert float(held) <= MOST
