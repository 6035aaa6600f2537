"""The figures under the money grid: they follow what is typed, say what is missing, and store nothing."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Role
from tests.web.people import signed_in_as
from tests.web.planner_browser import KEY, PASTE, PROJECT, Browser, stored

DRAFT = f"/projects/{KEY}"
LINES = (("Built", "capex-it", ("100", "", "")), ("Sold", "revenue", ("", "60", "60")))


@pytest.fixture
def planner(app: Flask, sessions: sessionmaker[Session]) -> Browser:
    browser = Browser(signed_in_as(app, sessions, Role.PLANNER)[0])
    assert browser.send("/projects/new", PROJECT).status_code == 302
    return browser


def grid(*lines: tuple[str, str, tuple[str, ...]]) -> dict[str, str]:
    data = {}
    for i, (label, kind, amounts) in enumerate(lines):
        data |= {f"lines-{i}-label": label, f"lines-{i}-kind": kind}
        data |= {f"lines-{i}-amounts-{year}": amount for year, amount in enumerate(amounts)}
    return data


def figures(planner: Browser, *lines: tuple[str, str, tuple[str, ...]], **more: Any) -> str:
    response = planner.send(f"{DRAFT}/money/figures", grid(*lines) | more, form=f"{DRAFT}/money")
    assert response.status_code == 200, response.text
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def test_they_follow_what_is_typed_and_store_nothing(planner: Browser, sessions: sessionmaker[Session]) -> None:
    said = figures(planner, *LINES)
    assert "net present value USD 13.2 m" in said  # -100 + 60/1.04 + 60/1.04^2, at the framework's 4%
    assert "rate of return 13.1%" in said
    assert "until the money is back 1.7 years" in said
    assert "deepest USD −100 m in 2027, USD 20 m at the end of 2036" in said
    assert "at 4.0% a year, the rate of the framework" in said
    assert "empty cells count as zero here. Nothing is stored yet." in said
    assert stored(sessions).cash_flows.lines == ()


def test_several_rates_and_none_are_said(planner: Browser) -> None:
    twice = (("Built", "capex-it", ("100", "0", "132")), ("Sold", "revenue", ("0", "230", "0")))
    said = figures(planner, *twice)
    assert "rates of return: not unique 10.0% and 20.0%" in said
    said = figures(planner, ("Built", "capex-it", ("100", "1")))
    assert "no sign change" in said
    assert "not reached" in said


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ((("Built", "capex-it", ("1OO", "2")),), "The figures come after the errors are mended."),
        ((("Built", "", ("100", "2")),), "Say what “Built” is."),
        ((("A", "opex", ("1",)), ("A", "opex", ("2",))), "“A” stands twice"),
        ((("Built", "capex-it", ("", "")),), "appear here once there are figures"),
        ((("Kept", "benefit", ("1", "2")),), "no cash flows"),
    ],
)
def test_what_stands_in_the_way_is_said(planner: Browser, lines: Any, says: str) -> None:
    assert says in figures(planner, *lines)


def test_a_cell_that_holds_too_much_is_an_error(planner: Browser) -> None:
    sent = planner.send(f"{DRAFT}/money/figures", grid(("Built", "capex-it", ("1" * 500,))), form=f"{DRAFT}/money")
    assert sent.status_code == 422
    assert "after the errors are mended" in sent.text


def test_without_script_they_stand_where_the_table_is_checked(planner: Browser) -> None:
    page = planner.send(f"{DRAFT}/money/typed", {**grid(*LINES), "step": "read"}, form=f"{DRAFT}/money").text
    assert "Is the table read rightly?" in page
    assert "What this table says" in page
    wrong = planner.send(
        f"{DRAFT}/money/typed", {**grid(("Built", "capex-it", ("1OO",))), "step": "read"}, form=f"{DRAFT}/money"
    )
    assert wrong.status_code == 422
    assert "after the errors are mended" in wrong.text
    pasted = planner.send(f"{DRAFT}/money/paste", {"text": PASTE}, form=f"{DRAFT}/money").text
    assert "What this table says" in pasted


def test_only_who_may_change_the_draft_may_ask(app: Flask, sessions: sessionmaker[Session], planner: Browser) -> None:
    data = grid(*LINES)
    assert planner.client.post(f"{DRAFT}/money/figures", data=data).status_code == 400, "without its token"
    other = Browser(signed_in_as(app, sessions, Role.ANALYST)[0])
    assert other.send(f"{DRAFT}/money/figures", data, form="/account/password").status_code == 404
