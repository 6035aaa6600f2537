"""Every vendored file is the one the manifest names, with its licence, and nothing else is there."""

import hashlib
import json
import re
from importlib.metadata import metadata
from pathlib import Path

import pytest

import appraisal

STATIC = Path(appraisal.__file__).parent / "static"
VENDOR = STATIC / "vendor"
PACKAGES = json.loads((VENDOR / "manifest.json").read_text())["packages"]


def test_every_file_has_the_hash_of_the_manifest() -> None:
    named = {path: digest for package in PACKAGES for path, digest in package["files"].items()}
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.parent != VENDOR
    }
    assert found == named


def test_every_package_states_version_and_carries_its_licence() -> None:
    for package in PACKAGES:
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"]), package["name"]
        assert package["licence_file"] in package["files"]
        text = (VENDOR / package["licence_file"]).read_text()
        assert {"MIT": "MIT License", "OFL-1.1": "SIL OPEN FONT LICENSE"}[package["licence"]] in text


def test_styles_are_of_the_version_the_python_macros_render_for() -> None:
    (frontend,) = [package for package in PACKAGES if package["name"] == "govuk-frontend"]
    css = (VENDOR / "govuk-frontend/govuk-frontend.css").read_text()
    assert f'--govuk-frontend-version: "{frontend["version"]}"' in css
    macros = metadata("govuk-frontend-jinja")
    row = f"| [{macros['Version']}]"
    readme = macros.get_payload()
    assert isinstance(readme, str)
    (line,) = [line for line in readme.splitlines() if line.startswith(row)]
    assert f"[{frontend['version']}]" in line


def test_nothing_of_the_crown_is_taken() -> None:
    for path in (VENDOR / "govuk-frontend").glob("govuk-frontend.*"):
        text = path.read_text()
        assert "GDS Transport" not in text
        assert "logotype" not in text
        assert "@font-face" not in text


@pytest.mark.asvs("14.2.3")
def test_style_sheets_name_only_files_that_are_there_and_no_other_host() -> None:
    sheets = [*STATIC.glob("css/*.css"), VENDOR / "govuk-frontend/govuk-frontend.css"]
    for sheet in sheets:
        for address in re.findall(r"url\(([^)]*)\)", sheet.read_text()):
            assert (sheet.parent / address.strip("\"'")).resolve().is_file(), (sheet.name, address)
