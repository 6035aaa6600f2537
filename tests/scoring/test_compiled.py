"""What was compiled before is compiled again when any source it is made of has changed."""

import shutil
import subprocess
import sys
from pathlib import Path

import scoring
from scoring.compiled import SOURCES, sources_digest

TRIM = """
import numpy as np
from scoring.returns import kernels
result = np.empty(2)
kernels._trim(np.array([1.0, 0.5]), 0, 1, 1.0, result)
print(result)
"""
"""Trims amounts below a least one, a constant that stands in another file."""


def _copy(folder: Path) -> Path:
    shutil.copytree(Path(scoring.__file__).parent, folder / "scoring", ignore=shutil.ignore_patterns("__pycache__"))
    return folder / "scoring"


def test_a_constant_changed_in_another_file_reaches_what_was_compiled(tmp_path: Path) -> None:
    source = _copy(tmp_path) / "returns" / "roots.py"

    def answer() -> str:
        run = subprocess.run([sys.executable, "-c", TRIM], cwd=tmp_path, capture_output=True, text=True, check=True)
        return run.stdout.strip()

    assert answer() == "[1.  0.5]"
    assert list((tmp_path / "scoring" / "returns" / "__pycache__").glob("kernels._trim-*.nbi")), "kept on disk"
    source.write_text(source.read_text().replace("LEAST = 1e-100", "LEAST = 0.9"))
    assert answer() == "[1. 0.]"


def test_every_source_of_compiled_code_counts(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    before = sources_digest(folder)
    for name in SOURCES:
        path = folder / name
        changed = path if path.suffix else max(path.rglob("*.py"))
        changed.write_text(changed.read_text() + "\n")
        after = sources_digest.__wrapped__(folder)
        assert after != before
        before = after
