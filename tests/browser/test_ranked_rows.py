"""Rows of the ranked list while a weight is dragged: what is seen comes first, the rest follows, nothing is lost."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from appraisal.database import sessions_on
from appraisal.models import Role
from tests.browser.looking import IN_A_BROWSER
from tests.databases import migrated_sqlite
from tests.many_projects import fill
from tests.servers import serving
from tests.web.people import person

pytestmark = list(IN_A_BROWSER)
PROJECTS, PAGE = 120, 50
ROWS = "[...document.querySelectorAll('[data-live=table] tbody tr')].map((row) => row.dataset.reference ?? 'budget')"
DRAG = """(value) => { const slider = document.querySelector('[data-weight=inclusiveness] [data-slider]');
  slider.value = value; slider.dispatchEvent(new Event('input', { bubbles: true })); }"""
ON_SCREEN = """() => [...document.querySelectorAll('[data-live=table] tbody tr')]
  .filter((row) => { const { top, bottom } = row.getBoundingClientRect(); return bottom > 0 && top < innerHeight; })
  .map((row) => row.innerText)"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    engine = migrated_sqlite(tmp_path_factory.mktemp("rows") / "site.db")
    sessions = sessions_on(engine)
    fill(sessions, PROJECTS, budget=80)
    person(sessions, Role.ANALYST)
    with serving(engine) as address:
        yield address
    engine.dispose()


def rested(page: Page) -> list[str]:
    expect(page.locator("html")).to_have_attribute("data-ranked", re.compile("."))
    rows: list[str] = page.evaluate(ROWS)
    return rows


@pytest.mark.parametrize("scrolled", [0, 1_200], ids=["at the top", "farther down"])
def test_what_is_on_screen_is_drawn_at_once_and_the_rest_as_the_server_would(
    open_as: Callable[..., Page], site: str, scrolled: int
) -> None:
    page = open_as(Role.ANALYST)
    page.goto(f"{site}/portfolio")
    page.evaluate(f"window.scrollTo(0, {scrolled})")
    page.evaluate(DRAG, 40)
    page.evaluate(f"delete document.documentElement.dataset.ranked; ({DRAG})(85)")
    seen = page.evaluate(ON_SCREEN)
    dragged = rested(page)
    assert page.evaluate(ON_SCREEN) == seen
    assert len(set(dragged)) == len(dragged) == PAGE + ("budget" in dragged)
    width = page.evaluate("document.querySelector('[data-live=table] table').getBoundingClientRect().right")
    assert width <= page.evaluate("document.querySelector('#ranked').getBoundingClientRect().right")
    page.locator("[data-weight=inclusiveness] [data-slider]").dispatch_event("change")
    expect(page.locator("html")).to_have_attribute("data-settled", re.compile("."))
    assert page.evaluate(ROWS) == dragged


def test_ticks_stay_and_a_row_of_another_page_says_nothing_of_its_model(
    open_as: Callable[..., Page], site: str
) -> None:
    page = open_as(Role.ANALYST)
    page.goto(f"{site}/portfolio")
    before = set(rested_rows := page.evaluate(ROWS))
    page.get_by_label(f"Compare {page.locator('tr[data-reference] .name a').first.inner_text()}").check()
    page.evaluate(DRAG, 100)
    came = next(reference for reference in rested(page) if reference not in before)
    row = page.locator(f"tr[data-reference={came}]")
    assert row.locator(".range").inner_text() == "…"
    assert row.locator(".score-bar title").count() == 0
    score = row.locator(".score").inner_text()
    assert row.locator(".score-bar").get_attribute("aria-label") == f"Score: {score}"
    assert page.locator(".tick input:checked").count() == (rested_rows[0] in rested(page))
