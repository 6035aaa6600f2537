"""Whatever is posted to the journey, the answer is a page that says so: never a fault, never half a change."""

import random
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Project, Role
from appraisal.services.project_mapping import to_file
from tests.web.people import signed_in_as
from tests.web.planner_browser import KEY, PASTE, PROJECT, Browser

BAD = (
    *("", " ", "\x00", "\u202e", "nan", "-1", "1e309", "9" * 500, "é" * 3000, "<script>", "' OR 1=1 --", "{{7*7}}"),
    *("=cmd|' /C calc'!A0", "١٢٣", "１２３", "1.234,56", "0x10", "true", "😀", "\ud7ff", "a\tb\nc"),
)
FIELDS: dict[str, tuple[str, ...]] = {
    "project": (*PROJECT, "version"),
    "data-facts": ("personal_data", "public_space_analytics", "essential_service", "impact_triggers", "version"),
    "answers/bankability": ("BK3-level", "BK3-evidence", "BK3-source", "BK3-reason", "BK7-value", "BK7-unknown"),
    "money/paste": ("text", "version"),
    "money/typed": ("lines-0-label", "lines-0-kind", "lines-0-amounts-0", "lines-0-amounts-9", "step", "version"),
    "money/store": (
        *("text", "orientation", "first_year", "missing_years", "decimal_mark", "scale", "blanks", "step", "typed"),
        *("lines-0-kind", "lines-1-kind", "lines-2-kind", "lines-0-sign", "version"),
    ),
    "financing": ("grants-0", "equity-1", "loans-0-name", "loans-0-rate", "loans-0-tenor", "loans-0-repayment", "step"),
    "uncertainty": (
        *("capex-chosen", "capex-low", "delay-high", "version", "step"),
        *("risks-0-name", "risks-0-likely", "risks-0-per", "risks-0-cost_as", "risks-0-cost_low", "risks-0-lasts"),
    ),
    "submit": ("version",),
    "assign": ("account",),
    "appraise": ("seed",),
}


@pytest.fixture
def draft(app: Flask, sessions: sessionmaker[Session]) -> Browser:
    browser = Browser(signed_in_as(app, sessions, Role.PLANNER)[0])
    assert browser.send("/projects/new", PROJECT).status_code == 302
    return browser


@pytest.mark.parametrize("page", FIELDS)
@pytest.mark.asvs("1.2.4", "2.2.2")
def test_no_text_in_any_field_is_a_fault(draft: Browser, page: str) -> None:
    chance = random.Random(page)  # noqa: S311 -- repeatable
    good: dict[str, Any] = {"text": PASTE, "step": "store", "lines-0-kind": "capex-it", "lines-1-kind": "opex"}
    for field in FIELDS[page]:
        for text in chance.sample(BAD, 4):
            data = {**good, **PROJECT, field: text}
            other = chance.choice(FIELDS[page])
            data |= {other: chance.choice(BAD)} if chance.random() < 0.5 else {}
            response = draft.send(f"/projects/{KEY}/{page}", data, form=f"/projects/{KEY}/project")
            assert response.status_code < 500, (field, text)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "lines-99999-label",
            "lines-0-amounts-99999",
            "lines-x-label",
            "lines--1-label",
            "lines-0-amounts-",
            "lines-",
        ),
        *("lines-²-label", "lines-٣-label", "lines-0-amounts-²", "loans-²-name", "grants-٣"),
        *("lines-0-amounts-0-0", "BK3", "BK3-", "BK3-level-0", "csrf_token-0"),
    ],
)
@pytest.mark.parametrize("page", ["money/typed", "money/store", "financing", "answers/bankability"])
def test_no_name_of_a_field_is_a_fault(draft: Browser, page: str, name: str) -> None:
    assert draft.send(f"/projects/{KEY}/{page}", {name: "1"}, form=f"/projects/{KEY}/project").status_code < 500


@pytest.mark.parametrize("page", ["money/typed", "money/store"])
def test_too_many_lines_are_refused(draft: Browser, page: str) -> None:
    data = {f"lines-{line}-kind": "opex" for line in range(1000)} | {"text": PASTE}
    assert draft.send(f"/projects/{KEY}/{page}", data, form=f"/projects/{KEY}/project").status_code < 500


@pytest.mark.asvs("15.2.2")
def test_a_paste_as_large_as_may_be_sent_is_answered(draft: Browser, sessions: sessionmaker[Session]) -> None:
    wide = (
        "Item\t"
        + "\t".join(map(str, range(1900, 2200)))
        + "\n"
        + "\n".join("x\t" + "1\t" * 299 + "1" for _ in range(300))
    )
    response = draft.send(f"/projects/{KEY}/money/paste", {"text": wide}, form=f"/projects/{KEY}/money")
    assert response.status_code in (200, 422)
    over = draft.send(f"/projects/{KEY}/money/paste", {"text": "1\t" * 2_000_000}, form=f"/projects/{KEY}/money")
    assert over.status_code == 413
    with sessions() as session:
        assert to_file(session.get_one(Project, UUID(KEY))).cash_flows.lines == ()
