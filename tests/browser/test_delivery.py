"""What became of an approved project, in a browser: reported, corrected, opened, and added to the city's record."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Role
from appraisal.policy import Actor
from appraisal.services import accounts
from tests import delivery
from tests.browser.looking import IN_A_BROWSER, fits
from tests.delivery import FIRST

pytestmark = list(IN_A_BROWSER)


@pytest.fixture(scope="module")
def address(site: str, site_sessions: sessionmaker[Session]) -> str:
    """The delivery of a project that is approved and that nobody has reported on."""
    actors: dict[Role, Actor] = {}
    for role in (Role.PLANNER, Role.APPROVER):
        with site_sessions() as session:
            actors[role] = accounts.account_of(session, f"{role.value}.haneul@example.org")
    project = delivery.approved(site_sessions, actors[Role.PLANNER], actors[Role.APPROVER])
    return f"{site}/projects/{project}/delivery"


def test_reported_on_a_phone_and_added_to_the_record(open_as: Callable[..., Page], site: str, address: str) -> None:
    page = open_as(Role.PLANNER, width=360, dark=True)
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Nothing is reported yet: the first year was {FIRST}")
    fits(page)
    for year, cost in ((FIRST, "60"), (FIRST + 1, "45")):
        page.get_by_role("link", name=f"Report {year}", exact=True).click()
        page.get_by_label("Capital cost, AUD thousand").fill(cost)
        page.get_by_role("button", name="Save the report").click()
        expect(page.get_by_role("alert")).to_contain_text("Enter where the figures are from.")
        fits(page)
        page.get_by_label("Source").fill("Annual accounts, p. 3")
        page.get_by_role("button", name="Save the report").click()
        expect(page.get_by_role("status")).to_contain_text(f"{year} is reported.")
    page.get_by_role("link", name="Record the dates").click()
    page.get_by_label("Start of building").fill("2021-02-01")
    page.get_by_label("Opening").fill("2024-05-02")
    page.get_by_role("button", name="Save the dates").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        f"AUD 15 k over the plan by {FIRST + 1}, opened a year late"
    )
    fits(page)
    analyst = open_as(Role.ANALYST, script=False)
    analyst.goto(f"{site}/decisions/delivery")
    analyst.get_by_role("link", name=delivery.PROJECT.title).click()
    analyst.get_by_role("button", name="Add it to the city’s record").click()
    expect(analyst.get_by_label("Actual cost")).to_have_value("105000")
    analyst.get_by_label("Planned opening").fill("2023-06-30")
    analyst.get_by_role("button", name="Save").click()
    expect(analyst.get_by_role("status")).to_contain_text("is recorded")
    wide = open_as(Role.ANALYST)
    for path in (address, f"{site}/decisions/delivery"):
        wide.goto(path)
        fits(wide)
