"""A server on a port of its own, people with passwords, and a real browser at it."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy.orm import Session, sessionmaker

from appraisal.database import sessions_on
from appraisal.models import Role
from appraisal.policy import OPERATOR
from appraisal.services import rounds
from tests.databases import migrated_sqlite
from tests.servers import serving, session_at
from tests.web.people import person
from tools.browser import found

QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
PATIENCE = 60_000
"""Milliseconds for whatever a page waits for: the first appraisal of a process may compile for half a minute."""


@pytest.fixture(scope="session")
def site_sessions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sessionmaker[Session]]:
    """The server's database: an open round, a planner, an analyst and an administrator."""
    folder: Path = tmp_path_factory.mktemp("site")
    engine = migrated_sqlite(folder / "site.db")
    sessions = sessions_on(engine)
    for role in (Role.PLANNER, Role.ANALYST, Role.APPROVER, Role.ADMIN):
        person(sessions, role)
    with sessions() as session:
        rounds.open_round(
            session,
            OPERATOR,
            name="Round 2027",
            place="Haneul",
            budget=Decimal(25),
            currency="USD",
            unit=1_000_000,
            price_year=2026,
        )
    yield sessions
    engine.dispose()


@pytest.fixture(scope="session")
def site(site_sessions: sessionmaker[Session]) -> Iterator[str]:
    """The address of a server on that database."""
    with serving(site_sessions.kw["bind"]) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = found()
    assert path is not None, "no Chromium: `make browser` says how to get one"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def open_as(chromium: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """A page of someone who is signed in, at a width, with or without script; a fault in a script fails the test.

    How people sign in is walked by tests/browser/test_nothing_lost.py.
    """
    contexts, faults = [], []

    def opened(role: Role, *, of: str = "Haneul", width: int = 1280, script: bool = True, dark: bool = False) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
            accept_downloads=True,
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: faults.append(str(error)))
        context.add_cookies([session_at(site, f"{role.value}.{of.lower()}@example.org")])
        page.goto(f"{site}/")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []
