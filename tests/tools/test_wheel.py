"""What is installed elsewhere is the whole tool."""

import os
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[2]
PACKAGES = ("appraisal", "forms", "scoring", "migrations")
TAKEN = {".py", ".html", ".css", ".js", ".json", ".toml", ".typ", ".svg", ".txt", ".csv"}


def test_the_wheel_holds_every_file_that_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    built = next(WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"]))
    held = {name for name in zipfile.ZipFile(built).namelist() if ".dist-info/" not in name}
    ours = {
        str((Path(folder) / name).relative_to(ROOT))
        for package in PACKAGES
        for folder, _, names in os.walk(ROOT / package)
        for name in names
        if Path(name).suffix in TAKEN
    }
    assert held >= ours | {"config.py"}
    assert {name.split("/")[0] for name in held} == {*PACKAGES, "config.py"}
