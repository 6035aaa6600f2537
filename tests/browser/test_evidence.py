"""Evidence from the planner's disk to the appraiser's: sent, linked, taken as what was seen, opened from the total."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session, sessionmaker

from appraisal.evidence import FileKind
from appraisal.models import Interest, Role
from appraisal.policy import OPERATOR, Actor
from appraisal.services import accounts, appraising, assessing, assigning, drafting, registration
from tests import factories
from tests.browser.looking import IN_A_BROWSER, fits
from tests.documents import EVERY_KIND
from tests.web.people import person

pytestmark = list(IN_A_BROWSER)
TITLE = "Evidence quay"


def test_a_document_goes_from_the_planner_to_the_appraiser(
    open_as: Callable[..., Page], site: str, site_sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    with site_sessions() as session:
        planner = accounts.account_of(session, "planner.haneul@example.org")
    file = replace(factories.published_project(), reference=f"QUAY-{uuid4().hex[:8]}", title=TITLE)
    with site_sessions() as session:
        project = registration.register_project(session, planner, file).id
    plan, picture = tmp_path / "Site plan.pdf", tmp_path / "Quay.png"
    plan.write_bytes(EVERY_KIND[FileKind.PDF])
    picture.write_bytes(EVERY_KIND[FileKind.PNG])

    page = open_as(Role.PLANNER, width=360)
    page.goto(f"{site}/projects/{project}/tasks")
    page.get_by_role("link", name="Send files").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("No file is sent as evidence yet")
    page.get_by_label("Files", exact=True).set_input_files([plan, picture])
    page.get_by_role("button", name="Send the files").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 of 2 files stand behind no answer yet")
    sent = page.get_by_role("region", name="Site plan", exact=True)
    sent.get_by_label("Which answer it stands behind").select_option("DS1")
    sent.get_by_label("Page or section").fill("page 12")
    sent.get_by_role("button", name="Link it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 of 2 files stands behind no answer yet")
    fits(page)
    refused = tmp_path / "Report.pdf"
    refused.write_bytes(b"MZ")
    page.get_by_label("Files", exact=True).set_input_files(refused)
    page.get_by_role("button", name="Send the files").click()
    expect(page.get_by_role("alert")).to_contain_text("“Report.pdf” was not stored: it is a program (Windows).")
    fits(page)
    submit(site_sessions, planner, project)
    page.goto(f"{site}/projects/{project}/sent")
    expect(page.get_by_role("link", name="Your copy of what was sent, PDF")).to_be_visible()
    fits(page)

    office = assign(site_sessions, project)
    page = open_as(Role.APPRAISER, of=office)
    page.goto(f"{site}/assess/{project}/score/DS1")
    page.get_by_role("button", name="Site plan, page 12").click()
    expect(page.get_by_label("Document")).to_have_value("Site plan")
    expect(page.get_by_label("Page", exact=True)).to_have_value("12")
    fits(page)

    with site_sessions() as session:
        appraising.appraise_project(session, OPERATOR, project, seed=1, draws=100)
    page = open_as(Role.ANALYST)
    page.goto(f"{site}/assess/{project}/why")
    page.locator("#DS1 summary").click()
    with page.expect_download() as download:
        page.locator("#DS1").get_by_role("link", name="Site plan, page 12").click()
    assert download.value.suggested_filename == "Site plan.pdf"
    digest = hashlib.sha256(Path(download.value.path()).read_bytes()).hexdigest()
    page.goto(f"{site}/projects/{project}/record")
    expect(page.get_by_text(digest)).to_be_visible()
    fits(page)


def submit(sessions: sessionmaker[Session], planner: Actor, project: UUID) -> None:
    """Past the button, which asks for more answers than this project has."""
    with sessions() as session:
        version = drafting.draft_of(session, planner, project).version
    with sessions() as session:
        registration.submit_project(session, planner, project, version)


def assign(sessions: sessionmaker[Session], project: UUID) -> str:
    """Give the project to an appraiser of a new office, which it names, who declares no interest."""
    office = f"Quay{uuid4().hex[:8]}"
    email = person(sessions, Role.APPRAISER, office)
    with sessions() as session:
        appraiser = accounts.account_of(session, email)
    assert appraiser.account_id is not None
    with sessions() as session:
        assigning.assign(session, OPERATOR, project, appraiser.account_id)
    with sessions() as session:
        assessing.declare(session, appraiser, project, Interest.NONE)
    return office
