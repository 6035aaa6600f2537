"""Pull the cable, expire the session, press back, edit in two browsers: what was typed is there."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from appraisal.database import sessions_on
from appraisal.models import Account, KeptText, Project, Role
from tests.browser.looking import IN_A_BROWSER, fits
from tests.databases import AUDIT_KEY, migrated_sqlite
from tests.servers import free_port
from tests.web.people import PASSWORD, person

pytestmark = list(IN_A_BROWSER)
PATIENCE = 30_000
EMAIL = "planner.haneul@example.org"


class Server:
    """The application in a process of its own, which can be killed at any instant and started again."""

    def __init__(self, database: Path) -> None:
        self.port = free_port()
        self.environment = os.environ | {
            "APPRAISAL_DATABASE_URL": f"sqlite:///{database}",
            "APPRAISAL_SECRET_KEY": "a key that outlives the server " * 2,
            "APPRAISAL_AUDIT_KEY": AUDIT_KEY,
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "appraisal", "serve", "--port", str(self.port)]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=quiet, stderr=quiet, start_new_session=True
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert self.runs, f"the server ended by itself on port {self.port}"
            asked = HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                asked.request("GET", "/ready")
                if asked.getresponse().status == HTTPStatus.OK:
                    return
            except (OSError, HTTPException):
                pass
            finally:
                asked.close()
            time.sleep(0.2)
        raise AssertionError("the server does not answer")

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        if self.process is None or not self.runs:
            return
        os.killpg(self.process.pid, signal.SIGKILL)  # the group of its own: its workers with it
        self.process.wait()


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sessionmaker[Session]]:
    engine = migrated_sqlite(tmp_path_factory.mktemp("lost") / "site.db")
    person(sessions_on(engine), Role.PLANNER)
    yield sessions_on(engine)
    engine.dispose()


@pytest.fixture(scope="module")
def one_server(sessions: sessionmaker[Session]) -> Iterator[Server]:
    running = Server(Path(str(sessions.kw["bind"].url.database)))
    yield running
    running.kill()


@pytest.fixture
def server(one_server: Server) -> Server:
    """Running, also after a test that ended while it was killed."""
    if not one_server.runs:
        one_server.start()
    return one_server


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    opened = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


def sign_in(page: Page) -> None:
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def draft_in(context: BrowserContext, server: Server) -> tuple[Page, str]:
    """A page on the first form of a new draft, and the draft's address."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{server.address}/sign-in?next=/projects/start")
    sign_in(page)
    page.get_by_role("button", name="Look at a filled example").click()
    page.wait_for_url("**/tasks")
    address = page.url.removesuffix("/tasks")
    page.goto(f"{address}/project")
    ready(page)
    return page, address


def ready(page: Page) -> None:
    page.locator("form[data-typed][data-ready]").wait_for(state="attached")


def state(page: Page, words: str) -> None:
    expect(page.locator("[data-saving-text]")).to_contain_text(words, timeout=PATIENCE)


def summary(sessions: sessionmaker[Session], address: str) -> str:
    """What is stored of the draft's first text."""
    with sessions() as session:
        return session.get_one(Project, UUID(address.rpartition("/")[2])).summary


def comes_to_be_stored(sessions: sessionmaker[Session], address: str, text: str) -> None:
    """What a page sends as it is left arrives while the next one is shown already."""
    deadline = time.monotonic() + PATIENCE / 1000
    while summary(sessions, address) != text:
        assert time.monotonic() < deadline, f"“{text}” is not stored"
        time.sleep(0.1)


def test_the_server_dies_between_two_keystrokes_and_then_the_browser(
    context: BrowserContext, server: Server, sessions: sessionmaker[Session]
) -> None:
    page, address = draft_in(context, server)
    text = page.get_by_label("What it does")
    text.fill("One")
    state(page, "Saved ")
    server.kill()
    text.press_sequentially(" two")
    state(page, "Not saved: no connection, trying again")
    text.press_sequentially(" three")
    server.start()
    state(page, "Saved ")
    expect(page.locator("[data-conflict]")).to_have_count(0)
    page.reload()
    expect(text).to_have_value("One two three")
    ready(page)
    server.kill()
    page.get_by_label("City or district").fill("")
    text.fill("One two three four")
    page.close()
    server.start()
    page = context.new_page()
    page.goto(f"{address}/project")
    ready(page)
    expect(page.get_by_text("that was not stored")).to_be_visible()
    page.get_by_role("button", name="Use it").click()
    state(page, "as typed; not all of it reads yet")
    with sessions() as session:
        (kept,) = session.scalars(select(KeptText))
    assert ["summary", "One two three four"] in kept.fields
    page.get_by_label("City or district").fill("Haneul")
    expect(page.locator("[data-saving-text]")).not_to_contain_text("as typed", timeout=PATIENCE)
    state(page, "Saved ")
    assert summary(sessions, address) == "One two three four"
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('typed:')).length") == 0


def test_the_session_ends_mid_form_and_back_shows_the_latest(
    context: BrowserContext, server: Server, sessions: sessionmaker[Session]
) -> None:
    page, address = draft_in(context, server)
    text = page.get_by_label("What it does")
    with sessions.begin() as session:
        session.execute(update(Account).values(session_epoch=Account.session_epoch + 1))
    text.fill("Typed after the session ended")
    state(page, "Not saved: you are signed out.")
    page.get_by_role("button", name="Sign in again").click()
    expect(page.get_by_role("heading", name="Sign in again")).to_be_visible()
    sign_in(page)
    expect(page.get_by_text("You are back where you were")).to_be_visible()
    expect(text).to_have_value("Typed after the session ended")
    state(page, "Saved ")
    assert summary(sessions, address) == "Typed after the session ended"
    page.goto(f"{address}/project")
    ready(page)
    text.fill("The latest")
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url("**/money")
    page.go_back()
    expect(text).to_have_value("The latest")
    ready(page)
    text.fill("Typed and left at once")
    page.goto(f"{address}/tasks")
    comes_to_be_stored(sessions, address, "Typed and left at once")
    page.go_back()
    expect(text).to_have_value("Typed and left at once")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('typed:')).length") == 0


def test_two_browsers_on_one_page_then_the_grid_and_what_was_sent_on_a_phone(
    chromium: Browser, context: BrowserContext, server: Server
) -> None:
    mine, address = draft_in(context, server)
    phone = chromium.new_context(viewport={"width": 360, "height": 800})
    theirs = phone.new_page()
    theirs.goto(f"{server.address}/sign-in?next={address.removeprefix(server.address)}/project")
    sign_in(theirs)
    ready(theirs)
    theirs.get_by_label("City or district").fill("Theirs")
    state(theirs, "Saved ")
    mine.get_by_label("City or district").fill("Mine")
    banner = mine.locator("[data-conflict]")
    expect(banner.get_by_role("row", name="City or district Mine Theirs")).to_be_visible()
    fits(mine)
    mine.get_by_role("button", name="Save mine instead").click()
    state(mine, "Saved ")
    expect(banner).to_have_count(0)
    theirs.get_by_label("City or district").fill("Theirs again")
    expect(theirs.get_by_role("row", name="City or district Theirs again Mine")).to_be_visible()
    fits(theirs)
    theirs.get_by_role("link", name="Show what is stored, and let mine go").click()
    expect(theirs.get_by_label("City or district")).to_have_value("Mine")
    theirs.goto(f"{address}/money")
    ready(theirs)
    theirs.locator("#lines-0-amounts-0").fill("about 3")
    state(theirs, "as typed; not all of it reads yet")
    theirs.reload()
    expect(theirs.locator("#lines-0-amounts-0")).to_have_value("about 3")
    expect(theirs.get_by_role("alert")).to_contain_text("“about 3” is not a number")
    fits(theirs)
    theirs.get_by_role("button", name="Let it go and show what is stored").click()
    for summary in ("One sentence about what it does.", "Another sentence about what it does."):
        theirs.goto(f"{address}/project")
        ready(theirs)
        theirs.get_by_label("What it does").fill(summary)
        state(theirs, "Saved ")
        theirs.goto(f"{address}/check")
        theirs.get_by_role("button", name="Send the project").click()
        if summary.startswith("One"):
            theirs.get_by_role("button", name="Take it back").click()
            theirs.wait_for_url("**/tasks")
    theirs.wait_for_url("**/sent")
    theirs.goto(f"{address}/record")
    theirs.get_by_role("button", name="Show what changed").click()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("1 field differs, in “The project”")
    expect(theirs.get_by_role("insertion")).to_contain_text("Another")
    fits(theirs)
    phone.close()
