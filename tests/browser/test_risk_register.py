"""The risk register in a browser: one click begins a risk, typing stores it, Enter never takes one off."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from appraisal.models import Role
from tests.browser.looking import IN_A_BROWSER, fits

pytestmark = list(IN_A_BROWSER)


def test_a_risk_is_begun_by_its_prompt_stored_while_typing_and_taken_off(
    open_as: Callable[..., Page], site: str
) -> None:
    page = open_as(Role.PLANNER, width=360)
    page.goto(f"{site}/projects/start")
    page.get_by_role("button", name="Look at a filled example").click()
    page.wait_for_url("**/tasks")
    address = page.url.replace("tasks", "uncertainty")
    page.goto(address)
    rows = page.locator("fieldset.risk")
    before = rows.count()
    page.get_by_role("button", name="Add a risk: Cyber incident").click()
    expect(rows).to_have_count(before + 1)
    row = rows.last
    row.get_by_label("What could happen").fill("Attack")
    row.get_by_label("How likely").select_option("0.1")
    expect(page.locator("[data-saving-text]")).to_contain_text("Saved")
    fits(page)
    row.get_by_label("What could happen").press("Enter")
    page.wait_for_url(re.compile("/data-facts"))
    page.goto(address)
    expect(rows).to_have_count(before + 1)
    page.get_by_role("button", name=re.compile("Take it off the list ?: Attack")).click()
    expect(rows).to_have_count(before)
    expect(page.locator("[data-saving-text]")).to_contain_text("Saved")
    page.goto(address)
    expect(rows).to_have_count(before)
