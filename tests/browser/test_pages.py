"""Every kind of page in a browser: nothing sticks out, nothing is hard to read, in light and dark, wide and narrow."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from appraisal.models import Role
from tests.browser.looking import IN_A_BROWSER, fits

pytestmark = list(IN_A_BROWSER)
PAGES = {
    Role.ADMIN: (
        "/admin/accounts",
        "/admin/accounts/new",
        "/admin/audit",
        "/account",
        "/account/password",
        "/account/second-step",
        "/account/tokens/new",
        "/portfolio",
        "/completed",
        "/completed/new",
        "/completed/import",
        "/nowhere",
    ),
    Role.PLANNER: ("/projects", "/projects/start", "/projects/new", "/portfolio", "/admin/accounts"),
}


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)], ids=["wide and light", "narrow and dark"])
def test_pages_fit_and_can_be_read(open_as: Callable[..., Page], site: str, width: int, dark: bool) -> None:
    for role, paths in PAGES.items():
        page = open_as(role, width=width, dark=dark)
        for path in paths:
            page.goto(f"{site}{path}")
            fits(page)
    page = open_as(Role.PLANNER, width=width, dark=dark)
    page.goto(f"{site}/projects/start")
    page.get_by_role("button", name="Look at a filled example").click()
    task_list = page.url
    for part in (
        "tasks",
        "project",
        "money",
        "financing",
        "uncertainty",
        "data-facts",
        "answers/bankability",
        "answers/safeguards",
        "check",
    ):
        page.goto(task_list.replace("tasks", part))
        fits(page)
    page.goto(f"{site}/sign-in")
    fits(page)
