"""The whole chain as a person walks it: register, appraise, rank, export; with and without script, by keyboard too."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from appraisal.models import Role
from tests.browser.looking import IN_A_BROWSER, fits

pytestmark = list(IN_A_BROWSER)
TABLE = """\
Item	2027	2028	2029	2030
Capital cost	4.5	3.2	0	0
Operation	0	0.2	0.5	0.5
Time saved	0	0	6.1	6.4
Total	-4.5	-3.4	5.6	9
"""
PASTE = """text => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
}"""
PHONE = 360


def register(page: Page, title: str, look: Callable[[Page], None]) -> str:
    """From the list of one's projects to the reference, looking at every page; returns the reference."""
    page.get_by_role("link", name="Your projects").first.click()
    look(page)
    page.get_by_role("button", name="Register a project").first.click()
    look(page)
    page.get_by_role("button", name="Register a project").click()
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("alert")).to_contain_text("There are 5 problems")
    look(page)
    page.get_by_label("Name of the project").fill(title)
    page.get_by_label("What it does").fill("Signals at 42 junctions give way to buses.")
    page.get_by_label("City or district").fill("Haneul")
    page.get_by_label("Mobility").check()
    page.get_by_label("How far it has come").select_option("feasibility")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    look(page)
    page.get_by_role("link", name="Money", exact=True).last.click()
    page.get_by_label("Cells copied from a spreadsheet").fill(TABLE)
    page.get_by_role("button", name="Show how it is read").click()
    expect(page.get_by_text("Row “Total” 2030 says 9, the lines give 5.9.")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Store this table").click()
    expect(page.get_by_role("heading", name="What the stored table says")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Grants 2027").fill("4.5")
    page.get_by_label("Own money (equity) 2028").fill("3.2")
    look(page)
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("group", name="How sure is it?").first.get_by_label("I know better").check()
    for label, figure in (
        ("Low: 1 of 10 below", "90"),
        ("Likely: 5 of 10 below", "100"),
        ("High: 1 of 10 above", "160"),
    ):
        page.get_by_label(label, exact=True).first.fill(figure)
    look(page)
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("group", name="Does it identify or follow people?").get_by_label("No", exact=True).check()
    look(page)
    for _ in range(2):
        page.get_by_role("button", name="Save and go on").click()
    look(page)
    page.get_by_role("link", name="Check and send").click()
    look(page)
    page.get_by_role("button", name="Send the project").click()
    heading = page.get_by_role("heading", level=1).inner_text()
    look(page)
    return heading.removesuffix(" is sent")


def test_registered_appraised_ranked_and_exported(open_as: Callable[..., Page], tmp_path: Path) -> None:
    planner = open_as(Role.PLANNER)
    title = "Bus lanes <b>하나</b> & O'Brien"
    reference = register(planner, title, fits)
    analyst = open_as(Role.ANALYST)
    analyst.locator("#waiting").get_by_role("link", name=title, exact=True).first.click()
    expect(analyst.get_by_text("Not appraised yet")).to_be_visible()
    fits(analyst)
    analyst.get_by_role("button", name="Appraise").click()
    expect(analyst.get_by_role("heading", name="Why this score")).to_be_visible()
    expect(analyst.get_by_role("heading", name=re.compile("4 gates block it"), level=1)).to_be_visible()
    fits(analyst)
    analyst.get_by_role("link", name="Portfolio").first.click()
    row = analyst.get_by_role("row").filter(has_text=reference)
    expect(row.get_by_role("link", name=title, exact=True)).to_be_visible()
    fits(analyst)
    row.get_by_role("link", name=title, exact=True).click()
    analyst.get_by_role("navigation", name="This project").get_by_role("link", name="Record", exact=True).click()
    fits(analyst)
    with analyst.expect_download() as download:
        analyst.get_by_role("row").get_by_role("link", name="PDF of run").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name.startswith(reference)
    assert path.read_bytes().startswith(b"%PDF-")


def test_the_journey_on_a_phone(open_as: Callable[..., Page]) -> None:
    planner = open_as(Role.PLANNER, width=PHONE)
    planner.get_by_role("button", name="Menu").click()
    reference = register(planner, "Street lights by phone", fits)
    planner.goto(planner.url.replace("/sent", ""))
    fits(planner)
    analyst = open_as(Role.ANALYST, width=PHONE)
    analyst.get_by_role("link", name="Street lights by phone").click()
    analyst.get_by_role("button", name="Appraise").click()
    expect(analyst.get_by_role("heading", name="Why this score")).to_be_visible()
    fits(analyst)
    analyst.goto(re.sub(r"/projects/.*", "/portfolio", analyst.url))
    ranked = analyst.get_by_role("row").filter(has_text=reference)
    expect(ranked.get_by_role("link", name="Street lights by phone", exact=True)).to_be_visible()
    fits(analyst)


def test_the_journey_without_script(open_as: Callable[..., Page]) -> None:
    planner = open_as(Role.PLANNER, script=False)
    assert re.fullmatch(r"P-\d{4}", register(planner, "Without script", lambda _page: None))


def test_the_grid_is_moved_in_by_keys_and_takes_pasted_cells(open_as: Callable[..., Page]) -> None:
    page = open_as(Role.PLANNER)
    page.get_by_role("link", name="Your projects").first.click()
    page.get_by_role("button", name="Register a project").first.click()
    page.get_by_role("button", name="Look at a filled example").click()
    page.get_by_role("link", name="Money", exact=True).last.click()
    page.locator("[data-grid] table[data-ready]").wait_for()
    cell = page.locator("#lines-0-amounts-1")
    cell.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#lines-1-amounts-1")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(cell).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#lines-0-amounts-2")).to_be_focused()
    page.evaluate(PASTE, "1.5\t2.5\n3.5\t4.5\n")
    values = [page.locator(f"#lines-{line}-amounts-{year}").input_value() for line in (0, 1) for year in (2, 3)]
    assert values == ["1.5", "2.5", "3.5", "4.5"]
    page.get_by_role("button", name="Check the table").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is the table read rightly?")


def test_errors_take_the_keyboard_to_their_field(open_as: Callable[..., Page]) -> None:
    page = open_as(Role.PLANNER)
    page.get_by_role("link", name="Your projects").first.click()
    page.get_by_role("button", name="Register a project").first.click()
    page.get_by_role("button", name="Register a project").click()
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("alert").locator("xpath=..")).to_be_focused()
    page.get_by_role("link", name="Enter the city or district.").click()
    expect(page.get_by_label("City or district")).to_be_focused()
