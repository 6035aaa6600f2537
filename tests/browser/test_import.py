"""Importing a list in a browser: with and without script, wide and at 360 px, and what a phone shows of each page."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from appraisal.models import Role
from appraisal.services import import_jobs
from tests.browser.looking import IN_A_BROWSER, fits, fits_in_width

pytestmark = list(IN_A_BROWSER)
LIST = (
    "Programme name,Town,Budget (INR m),Sector,Funding body\n"
    "{0} tram,Pune,120.5,Mobility,ADB\n{0} park,Pune,3,Environment,City\n{0} cameras,Pune,abc,Safety,State\n"
)


@pytest.mark.parametrize(
    ("width", "script", "dark"), [(1280, True, False), (360, False, True)], ids=["wide", "narrow without script"]
)
def test_a_list_is_matched_looked_at_corrected_imported_and_undone(
    open_as: Callable[..., Page], site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    width: int, script: bool, dark: bool,
) -> None:  # fmt: skip
    """With script as a file so large that a worker looks at it and stores it; without, while the page waits."""
    monkeypatch.setattr(import_jobs, "AT_ONCE", 1 if script else 500)
    page = open_as(Role.PLANNER, width=width, script=script, dark=dark)
    page.goto(f"{site}/projects")
    page.get_by_role("link", name="Import many").first.click()
    page.wait_for_url("**/projects/import")
    looked_at(page, script)
    path = tmp_path / f"list-{width}.csv"
    path.write_text(LIST.format(f"No. {width}"), "utf-8")
    page.get_by_label("The file", exact=True).set_input_files(path)
    page.get_by_role("button", name="Read it").click()
    page.wait_for_url(re.compile("import/."))
    page.get_by_label("Taken for: Programme name").select_option(label="Name of the project")
    page.get_by_label("First year of spending", exact=True).fill("2028")
    page.get_by_label("Currency", exact=True).fill("INR")
    page.get_by_label("Figures are in", exact=True).select_option(label="millions")
    looked_at(page, script)
    page.get_by_role("button", name="See what would happen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Create 2 · Update 0 · Unchanged 0 · Cannot 1")
    expect(page.get_by_text("Budget (INR m) is not a number").first).to_be_visible()
    looked_at(page, script)
    with page.expect_download() as download:
        page.get_by_role("link", name="The same file with a red column").click()
    assert download.value.suggested_filename == f"list-{width}-problems.xlsx"
    page.get_by_label("Value of CSV, C4, Budget (INR m)").fill("7.5")
    page.get_by_role("button", name="Check it again with these values").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Create 3 · Update 0 · Unchanged 0 · Cannot 0")
    expect(page.get_by_role("heading", name="One cell is corrected")).to_be_visible()
    looked_at(page, script)
    page.get_by_role("button", name="Import these 3 projects").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3 created, 0 updated")
    looked_at(page, script)
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_text("Undone for 3 projects; they are exactly as they were.")).to_be_visible()
    looked_at(page, script)


def test_a_broken_file_is_said_at_its_field(open_as: Callable[..., Page], site: str, tmp_path: Path) -> None:
    page = open_as(Role.PLANNER, width=360)
    page.goto(f"{site}/projects/import")
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"PK\x03\x04 no archive")
    page.get_by_label("The file", exact=True).set_input_files(path)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("alert")).to_contain_text("The file is damaged")
    fits(page)


def looked_at(page: Page, script: bool) -> None:
    """The page that a press leads to, once it is there whole."""
    page.wait_for_load_state()
    if script:
        fits(page)
    else:
        fits_in_width(page)
