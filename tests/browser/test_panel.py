"""Two appraisers judge a project: declared, scored by keys, handed in, compared, agreed; by phone, without script."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Interest, Role
from appraisal.policy import OPERATOR, Actor
from appraisal.services import accounts, assigning, registration
from tests import factories
from tests.browser.looking import IN_A_BROWSER, fits
from tests.panel import REASON, Panel, level
from tests.web.people import person

pytestmark = list(IN_A_BROWSER)
TITLE = "Opal Lakes"


def held_by(sessions: sessionmaker[Session], *, named: str, appraisers: tuple[str, ...]) -> tuple[Panel, list[Actor]]:
    """A project of the site's planner, sent, and assigned to appraisers of organisations of these names."""
    with sessions() as session:
        planner = accounts.account_of(session, "planner.haneul@example.org")
    file = replace(factories.published_project(), reference=named.upper().replace(" ", "-"), title=named)
    with sessions() as session:
        project = registration.register_project(session, planner, file)
    with sessions() as session:
        registration.submit_project(session, planner, project.id, project.version)
    people = []
    for name in appraisers:
        email = person(sessions, Role.APPRAISER, name)
        with sessions() as session:
            people.append(accounts.account_of(session, email))
    for actor in people:
        assert actor.account_id is not None
        with sessions() as session:
            assigning.assign(session, OPERATOR, project.id, actor.account_id)
    return Panel(sessions, planner, project.id), people


def declare(page: Page, title: str) -> None:
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Does anything tie you to “{title}”?")
    page.get_by_label("Nothing ties me to it").check()
    page.get_by_role("button", name="Declare").click()


def score_by_keys(page: Page) -> None:
    """One indicator without touching the mouse."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Impact assessment")
    page.locator("body").press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("body").press("4")
    expect(page.get_by_text(re.compile(r"^Saved \d\d:\d\d UTC$"))).to_be_visible()
    expect(page.get_by_text("Counted as 2, not 4: a claim (E0) carries level 2 at most.")).to_be_visible()
    page.keyboard.press("e")
    expect(page.get_by_label("Evidence you have seen")).to_be_focused()
    page.get_by_label("Evidence you have seen").select_option("E2")
    expect(page.get_by_text("Counted as 2")).to_be_hidden()
    page.keyboard.press("Tab")
    page.keyboard.type("Tender")
    page.keyboard.press("Tab")
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    page.keyboard.insert_text(REASON)
    expect(page.get_by_text("29 words, 20 to 300 are asked")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lawful basis and opt-in")


def test_two_appraisers_judge_compare_and_agree(
    open_as: Callable[..., Page], site: str, site_sessions: sessionmaker[Session]
) -> None:
    panel, (_, south) = held_by(site_sessions, named=TITLE, appraisers=("North", "South"))
    page = open_as(Role.APPRAISER, of="North")
    page.get_by_role("link", name="Your queue").click()
    fits(page)
    declare(page, TITLE)
    fits(page)
    page.goto(f"{site}/assess/{panel.project_id}/score/DS1")
    fits(page)
    score_by_keys(page)
    with site_sessions() as session:
        north = accounts.account_of(session, "appraiser.north@example.org")
    panel.fill(north, {"DS1": level(4)})
    page.goto(f"{site}/assess/{panel.project_id}")
    page.get_by_role("button", name="Hand in my scores").click()
    expect(page.get_by_text("Your scores are handed in. You can now see the others'.")).to_be_visible()
    fits(page)
    panel.declare(south, Interest.NONE)
    panel.fill(south, {"DS1": level(1)})
    panel.submit(south)
    page.get_by_role("button", name="Compare with the others").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The panel differs on 1 of 32 indicators")
    fits(page)
    page.get_by_role("link", name="Impact assessment").click()
    fits(page)
    page.get_by_text("Agree on a level").click()
    agree = page.locator("form").filter(has=page.get_by_role("button", name="We agree on this"))
    agree.get_by_role("radio", name=re.compile("^2 · ")).check()
    agree.get_by_label("Why this level").fill(REASON)
    agree.get_by_role("button", name="We agree on this").click()
    expect(page.get_by_role("row").filter(has_text="Impact assessment")).to_contain_text("agreed")
    analyst = open_as(Role.ANALYST)
    analyst.get_by_role("link", name=TITLE, exact=True).click()
    analyst.get_by_role("button", name="Appraise").click()
    # From the total to the evidence: the project from the list, the answers, the one answer.
    analyst.get_by_role("link", name="Portfolio").first.click()
    analyst.get_by_role("row").filter(has_text=TITLE).get_by_role("link", name=TITLE, exact=True).click()
    analyst.get_by_role("link", name="Down to every answer and its evidence").click()
    analyst.locator("#DS1 summary").click()
    expect(analyst.locator("#DS1")).to_contain_text("Agreed by the panel: The tender names the owner")
    fits(analyst)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_journey_on_a_phone_in_the_dark(
    open_as: Callable[..., Page], site: str, site_sessions: sessionmaker[Session], script: bool
) -> None:
    name = "Harbour" if script else "Quiet Harbour"
    of = "East" if script else "West"
    panel, (appraiser,) = held_by(site_sessions, named=name, appraisers=(of,))
    page = open_as(Role.APPRAISER, of=of, width=360, dark=True, script=script)
    look = fits if script else lambda _page: None
    page.goto(f"{site}/assess")
    look(page)
    declare(page, name)
    look(page)
    page.goto(f"{site}/assess/{panel.project_id}/score/DS1")
    page.get_by_role("radio", name=re.compile("^2 · ")).check()
    page.get_by_role("button", name="Save and next").click()
    expect(page.get_by_role("alert")).to_contain_text("The reason has 0 words; 20 to 300 are asked.")
    look(page)
    page.get_by_label("Why this level").fill(REASON)
    page.get_by_role("button", name="Save and next").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lawful basis and opt-in")
    panel.fill(appraiser, {"DS1": level(2)})
    page.goto(f"{site}/assess/{panel.project_id}")
    page.get_by_role("button", name="Hand in my scores").click()
    page.get_by_role("button", name="Compare with the others").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Only one appraiser has handed in")
    look(page)


def test_conditions_and_assignments_fit(open_as: Callable[..., Page], site: str) -> None:
    for width, dark in ((1280, False), (360, True)):
        admin = open_as(Role.ADMIN, width=width, dark=dark)
        admin.goto(f"{site}/assess/assignments")
        fits(admin)
        admin.goto(f"{site}/decisions/conditions")
        fits(admin)
