"""A project's pages in a browser: from one to the next, wide and narrow, dark, without script; and the live figures."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from appraisal.models import Role
from tests.browser.looking import IN_A_BROWSER, fits

pytestmark = list(IN_A_BROWSER)
TABS = ("Overview", "Money", "Risk", "Record")


def sent(page: Page, site: str) -> str:
    """The path of the filled example, sent: the site's first one is enough for every test."""
    page.goto(f"{site}/projects/start")
    page.get_by_role("button", name="Look at a filled example").click()
    draft = page.url.removesuffix("/tasks")
    page.goto(f"{draft}/check")
    page.get_by_role("button", name="Send the project").click()
    return draft


@pytest.fixture(scope="module")
def appraised() -> list[str]:
    """The address of the project below, once a test has made it: the tests only look at it."""
    return []


@pytest.fixture
def project(open_as: Callable[..., Page], site: str, appraised: list[str]) -> str:
    """The address of a project that was appraised twice."""
    if not appraised:
        address = sent(open_as(Role.PLANNER), site)
        page = open_as(Role.ANALYST)
        page.goto(address)
        page.get_by_role("button", name="Appraise").click()
        page.get_by_role("button", name="Appraise again").click()
        expect(page.get_by_role("heading", name="Why this score")).to_be_visible()
        appraised.append(address)
    return appraised[0]


def test_through_the_pages_and_back(open_as: Callable[..., Page], project: str) -> None:
    page = open_as(Role.ANALYST)
    page.goto(project)
    fits(page)
    tabs = page.get_by_role("navigation", name="This project")
    for name in TABS[1:]:
        tabs.get_by_role("link", name=name, exact=True).click()
        expect(tabs.get_by_role("link", name=name, exact=True)).to_have_attribute("aria-current", "page")
        fits(page)
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("have the same inputs and the same results")
    fits(page)
    tabs.get_by_role("link", name="Record", exact=True).click()
    page.get_by_role("button", name="Compute again").first.click()
    expect(page.get_by_role("status")).to_contain_text("the same to the last bit")
    tabs.get_by_role("link", name="Risk", exact=True).click()
    figure = page.get_by_role("figure").first
    expect(figure.get_by_role("table")).to_be_hidden()
    figure.get_by_text("Show as table").click()
    expect(figure.get_by_role("table")).to_be_visible()
    with page.expect_download() as download:
        figure.get_by_role("link", name="Picture, SVG").click()
    assert download.value.suggested_filename.endswith("-loss.svg")


def test_narrow_and_dark(open_as: Callable[..., Page], project: str) -> None:
    page = open_as(Role.ANALYST, width=360, dark=True)
    for path in ("", "/returns", "/risk", "/record"):
        page.goto(f"{project}{path}")
        fits(page)


def test_without_script(open_as: Callable[..., Page], project: str) -> None:
    page = open_as(Role.ANALYST, script=False)
    page.goto(project)
    for name in TABS:
        page.get_by_role("navigation", name="This project").get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("the same inputs")


def test_figures_follow_the_grid(open_as: Callable[..., Page], site: str) -> None:
    page = open_as(Role.PLANNER)
    page.goto(f"{site}/projects/start")
    page.get_by_role("button", name="Look at a filled example").click()
    page.goto(page.url.replace("tasks", "money"))
    page.locator("[data-grid] table[data-ready]").wait_for()
    shown = page.locator("[data-figures-shown]")
    before = shown.inner_text()
    page.locator("#lines-0-amounts-0").fill("900")
    expect(shown).not_to_have_text(before, use_inner_text=True)
    expect(shown).to_contain_text("net present value")
    page.locator("#lines-0-amounts-0").fill("9oo")
    expect(shown).to_contain_text("after the errors are mended")
    page.locator("#lines-0-amounts-0").fill("9")
    expect(shown).to_contain_text("Nothing is stored yet")
    fits(page)
    page.context.set_offline(True)
    page.locator("#lines-0-amounts-0").fill("8")
    expect(page.locator("[data-figures-state]")).to_contain_text("nothing you typed is lost")
    page.context.set_offline(False)
    page.locator("#lines-0-amounts-0").fill("7")
    expect(page.locator("[data-figures-state]")).to_have_text("")
