"""Journey 5 in a browser: from the list of what waits to the planner's letter; wide, narrow, without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from appraisal.models import Role
from tests.browser.looking import IN_A_BROWSER, fits
from tests.browser.test_project_pages import sent

pytestmark = list(IN_A_BROWSER)
WIDTHS = pytest.mark.parametrize(
    ("width", "dark", "script"),
    [(1280, False, True), (360, True, True), (1280, False, False)],
    ids=["wide", "narrow and dark", "without script"],
)


def waiting(open_as: Callable[..., Page], site: str) -> str:
    """The address of a project that is appraised and waits for a decision."""
    address = sent(open_as(Role.PLANNER), site)
    page = open_as(Role.ANALYST)
    page.goto(address)
    page.get_by_role("button", name="Appraise").click()
    expect(page.get_by_role("heading", name="Why this score")).to_be_visible()
    return address


def looked(page: Page, *, script: bool) -> None:
    if script:  # the check itself is a script
        fits(page)


@WIDTHS
def test_decided_with_conditions_and_told(
    open_as: Callable[..., Page], site: str, width: int, dark: bool, script: bool
) -> None:
    address = waiting(open_as, site)
    page = open_as(Role.APPROVER, width=width, dark=dark, script=script)
    page.goto(f"{site}/decisions")
    looked(page, script=script)
    page.locator(f'a[href$="project={address.rsplit("/", 1)[1]}"]').click()
    page.get_by_role("button", name="Keep as pending").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose the decision.")
    looked(page, script=script)
    page.get_by_label("Approve with conditions", exact=True).check()
    page.get_by_label("Reason").select_option(
        label="Approve with conditions: A gate is open: it must pass before money is spent"
    )
    page.get_by_label("In your own words").fill("Go ahead once both are shown.")
    page.get_by_role("button", name="Add another condition").click()
    for place, text in enumerate(("Finish the DPIA", "Sign the grant")):
        page.get_by_label(f"Condition {place + 1}: what must be done").fill(text)
        page.get_by_label("Someone else").nth(place).fill("Data office")
        page.get_by_label("By when").nth(place).fill("2099-05-31")
    page.get_by_role("button", name="Keep as pending").click()
    expect(page.get_by_role("status")).to_contain_text("Nobody is told before you publish")
    page.get_by_role("button", name="Review and publish").click()
    expect(page.get_by_text("Go ahead once both are shown.")).to_be_visible()
    looked(page, script=script)
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 decision published")
    looked(page, script=script)
    page.goto(f"{site}/decisions/conditions?state=due")
    looked(page, script=script)
    page.get_by_role("link", name="Record as met").first.click()
    looked(page, script=script)
    page.get_by_label("Evidence that it is met").fill("Report 7, page 3")
    page.get_by_role("button", name="Record it as met").click()
    expect(page.get_by_text("Report 7, page 3").first).to_be_visible()
    page.goto(f"{site}/decisions/published")
    looked(page, script=script)
    planner = open_as(Role.PLANNER, width=width, dark=dark, script=script)
    planner.goto(f"{site}/projects")
    planner.get_by_role("link", name="Read the decision").first.click()
    expect(planner.get_by_text("Go ahead once both are shown.")).to_be_visible()
    looked(planner, script=script)


def test_one_decision_for_two_by_keyboard(open_as: Callable[..., Page], site: str) -> None:
    for _ in range(2):
        waiting(open_as, site)
    page = open_as(Role.APPROVER)
    page.goto(f"{site}/decisions?show=undecided")
    for place in range(2):
        page.get_by_role("checkbox").nth(place).focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="The same decision for those ticked").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("One decision for 2 projects")
    page.get_by_label("Return for changes", exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_label("Reason").select_option("returned:incomplete")
    page.get_by_label("In your own words").fill("Say who pays for running it.")
    page.get_by_role("button", name="Keep as pending").press("Enter")
    page.get_by_role("button", name="Review and publish 2").press("Enter")
    fits(page)
    page.get_by_role("button", name="Publish now").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("2 decisions published")
    planner = open_as(Role.PLANNER)
    planner.goto(f"{site}/projects")
    planner.get_by_role("link", name="Go on").first.click()
    expect(planner.get_by_role("heading", name="Why it was returned")).to_be_visible()
    fits(planner)
