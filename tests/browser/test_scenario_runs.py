"""A scenario run in a browser: asked for, watched, found; also without script, on a phone, in the dark."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from appraisal.database import sessions_on
from appraisal.models import Role
from tests.browser.looking import IN_A_BROWSER, fits
from tests.databases import migrated_sqlite
from tests.servers import serving
from tests.services.cities import city
from tests.web.people import person

pytestmark = list(IN_A_BROWSER)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    engine = migrated_sqlite(tmp_path_factory.mktemp("scenarios") / "site.db")
    sessions = sessions_on(engine)
    city(sessions, ("HAN-06", "HAN-13", "HAN-18"), budget=20)
    person(sessions, Role.ANALYST)
    with serving(engine) as address:
        yield address
    engine.dispose()


def test_from_asking_to_the_finding(open_as: Callable[..., Page], site: str) -> None:
    page = open_as(Role.ANALYST)
    page.goto(f"{site}/portfolio")
    page.get_by_role("link", name="Scenarios", exact=True).click()
    page.wait_for_url("**/scenario-runs")
    fits(page)
    page.get_by_role("link", name="Quick, cheap and easy", exact=True).click()
    page.wait_for_url("**/quick-cheap-easy")
    page.get_by_role("button", name="Run over the portfolio").click()
    # The bar follows by itself, and the page is there again when the run ends.
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Under quick, cheap and easy 1 enters and 2 leave", timeout=60_000
    )
    expect(page.locator("progress")).to_have_count(0)
    expect(page.locator("#moved")).to_contain_text("HAN-13 (rank 3 → 1)")
    fits(page)
    page.locator("#ranks summary").click()
    expect(page.locator("#ranks tbody tr")).to_have_count(3)


def test_without_script_a_link_says_how_far_it_is(open_as: Callable[..., Page], site: str) -> None:
    page = open_as(Role.ANALYST, script=False, width=360, dark=True)
    page.goto(f"{site}/portfolio/scenario-runs/demand-shock")
    page.get_by_role("button", name="Run over the portfolio").click()
    page.wait_for_url("**/demand-shock")
    refresh = page.get_by_role("link", name="See how far it is now")
    for _ in range(60):
        if not refresh.count():
            break
        refresh.click()
        page.wait_for_timeout(500)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Under demand shock"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_editing_on_a_phone(open_as: Callable[..., Page], site: str) -> None:
    page = open_as(Role.ANALYST, width=360)
    page.goto(f"{site}/portfolio/scenario-runs/new?from=demand-shock")
    page.get_by_label("Name").fill("A year late")
    page.get_by_label("What happens").fill("The works are late and fewer people come.")
    page.get_by_label("Delay, years").fill("1.5")
    page.get_by_role("button", name="Save the scenario").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("is a whole number")
    fits(page)
    page.get_by_label("Delay, years").fill("1")
    page.get_by_role("button", name="Save the scenario").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A year late was not run yet")
    fits(page)
