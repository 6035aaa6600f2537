"""The ranked list of 50,000 projects against one of 500, and a slider's way to the screen, in a process of its own."""

import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from flask.testing import FlaskClient
from playwright.sync_api import Page, expect, sync_playwright
from sqlalchemy.orm import Session, sessionmaker

from appraisal.database import sessions_on
from appraisal.models import Role
from appraisal.policy import OPERATOR
from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.services.ranking import ranked_portfolio
from tests.applications import application
from tests.bench.timing import REPEATS, at_most, baseline, ratio, seconds
from tests.databases import migrated_sqlite
from tests.many_projects import fill
from tests.servers import serving
from tests.web.people import PASSWORD, person, signed_in_as

FEW, MANY, PAGE = 500, 50_000, 50
MOST_RATIO = 1.5
ASKED = "gate=clear&sort=cost&order=down&page=2"
LIVE, SURE = 1_000, 200
FRAME, CERTAIN = 0.050, 0.300
MOVES = 15


def main() -> None:
    unit = baseline()
    with tempfile.TemporaryDirectory() as folder:
        few, many = (_page_seconds(Path(folder) / f"{count}.db", count, unit) for count in (FEW, MANY))
        label = f"ranked list, filtered and sorted, of {MANY:,} against {FEW:,}"
        ratio(label, many, few, MOST_RATIO, at_least=False)
        _slider(Path(folder), unit)


def _page_seconds(path: Path, count: int, unit: float) -> float:
    """Of the second page of a filtered and sorted list without what only small portfolios are shown beside it."""
    engine = migrated_sqlite(path)
    sessions = sessions_on(engine)
    fill(sessions, count, budget=2.0 * count)
    client, _ = signed_in_as(application(engine), sessions, Role.ANALYST)
    start = time.perf_counter()
    with sessions() as session:
        everyone = ranked_portfolio(session, OPERATOR).everyone
    print(f"{f'{count:,} projects ranked for the first time':<66} {time.perf_counter() - start:7.3f} s")
    assert _listed(client, "works 1") == _expected(everyone, "works 1")[PAGE : 2 * PAGE]
    words = iter(range(2, 2 + REPEATS))
    took = seconds(lambda: _listed(client, f"works {next(words)}"))  # never searched for before
    print(f"{'  a page of it, filtered and sorted':<66} {took:7.3f} s = {took / unit:6.1f} x baseline")
    engine.dispose()
    return took


def _listed(client: FlaskClient, text: str) -> list[str]:
    """References on the page, in order; the parts that the list itself is made of."""
    return re.findall(r'<tr data-reference="([^"]+)"', client.get(f"/portfolio/live?text={text}&{ASKED}").text)


def _expected(everyone: tuple[PortfolioRow, ...], text: str) -> list[str]:
    found = [
        row
        for row in everyone
        if not row.blocked
        and all(word in f"{row.reference} {row.title} {row.city}".casefold() for word in text.split())
    ]
    found.sort(key=lambda row: (float(row.cost), row.reference), reverse=True)
    return [row.reference for row in found]


def _slider(folder: Path, unit: float) -> None:
    for count, measure in ((LIVE, _to_screen), (SURE, _to_certainty)):
        engine = migrated_sqlite(folder / f"live-{count}.db")
        sessions = sessions_on(engine)
        fill(sessions, count, budget=2.0 * count)
        with serving(engine) as address, _browser(sessions, address) as page:
            measure(page, unit)
        engine.dispose()


@contextmanager
def _browser(sessions: sessionmaker[Session], address: str) -> Iterator[Page]:
    email = person(sessions, Role.ANALYST)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(60_000)
        page.goto(f"{address}/sign-in")
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "sign-in" not in url)
        page.goto(f"{address}/portfolio")
        yield page
        browser.close()


MOVE = """(value) => new Promise((done) => {
  const slider = document.querySelector('[data-weight=inclusiveness] [data-slider]');
  requestAnimationFrame(() => {
    const start = performance.now();
    slider.value = value;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    // The first task after the next frame: what moved is laid out and painted.
    requestAnimationFrame(() => { const channel = new MessageChannel();
      channel.port1.onmessage = () => done((performance.now() - start) / 1000); channel.port2.postMessage(0); });
  });
})"""


def _to_screen(page: Page, unit: float) -> None:
    rows = "[...document.querySelectorAll('tr[data-reference]')].map((row) => row.dataset.reference)"
    seen, times = page.evaluate(rows), []
    for move in range(MOVES):
        times.append(page.evaluate(MOVE, 30 + 4 * move))
        now = page.evaluate(rows)
        assert now != seen, "every move ranks others on this page"
        seen = now
    at_most(f"a slider's move to new ranks on screen, {LIVE:,} projects, median", median(times), unit, FRAME)
    at_most("  the slowest of them", max(times), unit, FRAME)


def _to_certainty(page: Page, unit: float) -> None:
    times = []
    for move in range(REPEATS):
        page.evaluate(MOVE, 30 + 5 * move)
        page.evaluate("delete document.documentElement.dataset.settled")
        page.evaluate(
            "() => { window.released = performance.now(); window.sure = new Promise((done) => new MutationObserver("
            "() => done(performance.now() - window.released)).observe(document.documentElement,"
            " { attributeFilter: ['data-settled'] }));"
            " document.querySelector('[data-weight=inclusiveness] [data-slider]').dispatchEvent(new Event('change')); }"
        )
        times.append(page.evaluate("window.sure") / 1000)
        expect(page.locator(".is-previous")).to_have_count(0)
    at_most(f"certainty after the slider is let go, {SURE} projects, median", median(times), unit, CERTAIN)


if __name__ == "__main__":
    sys.exit(main())
