"""What every page must pass in a browser, and how the tests that drive one are marked."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

IN_A_BROWSER = (
    pytest.mark.browser,
    # A browser on a machine that is busy may be slower than any page waits for: once more, and the summary says so.
    pytest.mark.flaky(reruns=1),
    # A browser drops connections it opened on speculation; the test server's side of them is collected, not closed.
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"),
)


SERIOUS = """() => axe.run({ resultTypes: ["violations"], preload: false }).then(({ violations }) => violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => [id, nodes.map(({ target }) => target)]))"""
"""Only what is serious is handed back: the whole answer is as long as the page."""


def fits(page: Page) -> None:
    """Nothing sticks out at the side, and assistive technology finds nothing seriously wrong."""
    fits_in_width(page)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    assert (found := page.evaluate(SERIOUS)) == [], f"{page.url}: {found}"


def fits_in_width(page: Page) -> None:
    """Nothing sticks out at the side. Asks the element itself, so that a page still on its way is waited for."""
    overflow = page.locator("html").evaluate("html => html.scrollWidth - html.clientWidth")
    assert overflow <= 0, f"{page.url} is {overflow} px too wide"
