"""Journey 8 as an administrator walks it: copy, edit, weigh, try, publish, move; wide, narrow and without script."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from appraisal.database import sessions_on
from appraisal.models import Role
from appraisal.policy import OPERATOR
from appraisal.services import rounds
from tests.browser.looking import IN_A_BROWSER, fits, fits_in_width
from tests.databases import migrated_sqlite
from tests.servers import serving
from tests.web.people import person

pytestmark = list(IN_A_BROWSER)
PHONE = 360


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of a round in which nothing is approved yet: what is approved keeps its framework."""
    engine = migrated_sqlite(tmp_path_factory.mktemp("frameworks") / "site.db")
    sessions = sessions_on(engine)
    for role in (Role.PLANNER, Role.ADMIN):
        person(sessions, role)
    with sessions() as session:
        rounds.open_round(
            session, OPERATOR, name="Round 2027", place="Haneul", budget=Decimal(25), currency="USD", unit=1_000_000,
            price_year=2026,
        )  # fmt: skip
    with serving(engine) as address:
        yield address
    engine.dispose()


def edit_and_weigh(page: Page, site: str, look: Callable[[Page], None]) -> str:
    """From the list to a draft with an indicator of its own and weights by comparison; returns the draft's address."""
    page.goto(f"{site}/frameworks")
    look(page)
    page.get_by_role("link", name="Copy smart-city-brief-2021@3").click()
    page.get_by_label("Title of the copy").fill(f"Ours {uuid4().hex[:6]}")
    page.get_by_label("A framework of its own").check()
    look(page)
    page.get_by_role("button", name="Make the copy").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("asks 37 questions under 4 criteria")
    draft = page.url
    look(page)
    page.get_by_role("link", name="Add an indicator to Infrastructure need").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Describe level 0.")
    look(page)
    page.get_by_label("Id", exact=True).fill("NE10")
    page.get_by_label("Title", exact=True).fill("Benefit for cost")
    page.get_by_label("Question to the planner").fill("How much for how much?")
    page.get_by_label("Computed by the tool").check()
    page.get_by_label("Computed by", exact=True).select_option("figure:benefit-cost-ratio")
    page.get_by_role("textbox", name="Thresholds").fill("0 = 0\n1 = 2\n2 = 4")
    for level in range(5):
        page.get_by_label(f"Level {level}", exact=True).fill(f"This is level {level}.")
    page.get_by_label("Evidence asked for").fill("Cash-flow table")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("NE10 · Benefit for cost")).to_be_visible()
    page.get_by_role("link", name="Edit NE10").click()
    expect(page.get_by_text("Present value of benefits / present value of costs")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Method", exact=True).click()
    page.get_by_label("ELECTRE III: pairs with a veto").check()
    page.get_by_label("Veto on Bankability").fill("10")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Must lie between the preference (25) and 100 points, above 0.")
    look(page)
    page.get_by_role("link", name="Weights", exact=True).click()
    look(page)
    page.get_by_role("link", name="Compare in pairs (The criteria)").click()
    page.get_by_role("button", name="Show what it gives").click()
    expect(page.get_by_role("alert")).to_contain_text("Compare Bankability with Data safeguards.")
    look(page)
    for select in page.get_by_role("combobox").all():
        select.select_option("1")
    page.get_by_label("Bankability with Data safeguards").select_option("9")
    page.get_by_label("Data safeguards with Inclusiveness").select_option("9")
    page.get_by_role("button", name="Show what it gives").click()
    expect(page.get_by_text("One comparison costs most.")).to_be_visible()
    look(page)
    page.get_by_role("button", name=re.compile("^Try ")).click()
    page.get_by_role("button", name="Save these weights").click()
    expect(page.get_by_text("found by comparing in pairs")).to_be_visible()
    return draft


@pytest.mark.parametrize("width", [1280, PHONE], ids=["wide", "narrow"])
def test_a_framework_is_written_tried_and_published(open_as: Callable[..., Page], site: str, width: int) -> None:
    page = open_as(Role.ADMIN, width=width, dark=width == PHONE)
    look = fits_in_width if width == PHONE else fits  # what assistive technology meets is the same at both widths
    draft = edit_and_weigh(page, site, look)
    page.goto(f"{draft}/weights/criteria/direct")
    page.get_by_label("Bankability", exact=True).fill("90")
    expect(page.locator("[data-sum]")).not_to_have_text("100")  # the meter follows the typing
    page.get_by_role("button", name="Save these weights").click()
    expect(page.get_by_role("alert")).to_contain_text("The weights sum to")
    look(page)
    page.goto(f"{draft}/thresholds/NE1")
    page.get_by_role("textbox", name="Thresholds").fill("0 = 0\n40 = 4")
    page.get_by_role("button", name="Draw these").click()
    look(page)
    page.goto(f"{draft}/trial")
    page.get_by_role("button", name="Try it").click()
    look(page)
    for path in ("whole", "references", "criteria/needs", "indicators/NE3", "publish"):
        page.goto(f"{draft}/{path}")
        look(page)
    page.get_by_label("What changed and why").fill("Our own questions.")
    page.get_by_role("button", name="Publish and lock").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("version 1, is in use by no round")
    look(page)
    version = page.url.rsplit("/", 1)[1]
    page.goto(f"{site}/frameworks/rounds")
    look(page)
    page.get_by_role("link", name="Choose another version for Round 2027").click()
    look(page)
    page.locator(f'a[href$="{version}"]').click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("37 indicators keep their scores, 1 is new")
    look(page)
    page.goto(f"{site}/frameworks/import")
    page.get_by_label("Or its text").fill("{}")
    page.get_by_role("button", name="Import as a draft").click()
    expect(page.get_by_role("alert")).to_contain_text("title: is missing.")
    look(page)


def test_the_journey_without_script(open_as: Callable[..., Page], site: str) -> None:
    page = open_as(Role.ADMIN, script=False)
    draft = edit_and_weigh(page, site, lambda _page: None)
    page.goto(f"{draft}/publish")
    page.get_by_label("What changed and why").fill("Without script.")
    page.get_by_role("button", name="Publish and lock").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("in use by no round")


def test_everyone_may_read(open_as: Callable[..., Page], site: str) -> None:
    page = open_as(Role.PLANNER, width=PHONE)
    page.goto(f"{site}/frameworks")
    page.get_by_role("link", name="Smart-city brief 2021").first.click()
    expect(page.get_by_role("link", name="Copy to a draft")).to_have_count(0)
    fits(page)
