"""The cash-flow table in a browser: from a workbook, undone by a key, and year by year on a phone."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from appraisal.models import Role
from tests.browser.looking import IN_A_BROWSER, fits
from tests.workbooks import TABLE, workbook

pytestmark = list(IN_A_BROWSER)
PHONE = 360


def test_a_workbook_is_taken_undone_by_a_key_and_filled_in_on_a_phone(
    open_as: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_as(Role.PLANNER)
    page.get_by_role("link", name="Your projects").first.click()
    page.get_by_role("button", name="Register a project").first.click()
    page.get_by_role("button", name="Look at a filled example").click()
    page.get_by_role("link", name="Money", exact=True).last.click()
    page.locator("[data-grid] table[data-ready]").wait_for()
    plan = tmp_path / "plan.xlsx"
    plan.write_bytes(workbook(("Notes", (("About", "this"),)), ("Costs", TABLE), top=2, left=1))
    page.get_by_label("A workbook (.xlsx)").set_input_files(plan)
    page.get_by_role("button", name="Choose the cells").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which cells of plan.xlsx are the table?")
    expect(page.get_by_label("Costs: B3:E6, 4 rows and 4 columns")).to_be_checked()
    fits(page)
    page.get_by_role("button", name="Show how it is read").click()
    page.get_by_role("button", name="Store this table").click()
    expect(page.get_by_label("Capital cost 2027")).to_have_value("4.123456")
    expect(page.get_by_role("button", name="Undo paste")).to_be_visible()
    page.locator("[data-grid] table[data-ready]").wait_for()
    fits(page)
    page.keyboard.press("Control+z")
    expect(page.get_by_text("The paste is undone: the table is as it was before.")).to_be_visible()
    expect(page.get_by_label("Luminaires and meters 2027")).to_have_value("3.6")
    on_a_phone(open_as(Role.PLANNER, width=PHONE), page.url)


def on_a_phone(phone: Page, address: str) -> None:
    """One year at a time: by its buttons, by the arrows, and from the list of errors."""
    phone.wait_for_url(lambda url: "/sign-in" not in url)
    phone.goto(address)
    phone.locator("[data-years][data-ready]").wait_for()
    phone.locator("[data-grid] table[data-ready]").wait_for()
    first, second = (phone.get_by_label(re.compile(rf"^Luminaires and meters {year}$")) for year in (2027, 2028))
    expect(first).to_be_visible()
    expect(second).to_be_hidden()
    phone.get_by_role("button", name="Next year").click()
    expect(second).to_be_visible()
    expect(first).to_be_hidden()
    fits(phone)
    second.focus()
    phone.keyboard.press("Home")
    phone.keyboard.press("ArrowLeft")
    expect(first).to_be_focused()
    phone.get_by_label("The year that is shown").select_option("2030 (4 of 15)")
    phone.get_by_label("Luminaires and meters 2030").fill("about 2")
    phone.get_by_role("button", name="Check the table").click()
    phone.locator("[data-years][data-ready]").wait_for()
    expect(phone.get_by_label("Luminaires and meters 2030")).to_be_visible()
    phone.get_by_role("button", name="Next year").click()
    phone.get_by_role("link", name="“Luminaires and meters” 2030: “about 2” is not a number.").click()
    expect(phone.get_by_label("Luminaires and meters 2030")).to_be_focused()
