"""What a pasted table leaves open, through the page: asked, answered and stored without script."""

import html

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.web.planner_browser import Browser, problems, stored

PARTS = "Item\t2027\t2028\r\nCapital cost\t9\t5\r\n  Land\t3\t1\r\nSavings\t€20\t€30\r\nSubsidy\tUSD 1\tUSD 1\r\n"


def test_parts_and_currencies_are_asked_before_they_are_stored(
    sessions: sessionmaker[Session], planner: Browser, draft: str
) -> None:
    shown = planner.send(f"{draft}/money/paste", {"text": PARTS}, form=f"{draft}/money").text
    assert "“Land” stands under “Capital cost”. Is it a part of it?" in html.unescape(shown)
    assert "They are in several currencies; I will convert them first." in shown
    kinds = {"lines-0-kind": "capex-it", "lines-1-kind": "benefit", "lines-2-kind": "subsidy"}
    given = {"text": PARTS, **kinds, "scale": "1000000", "step": "store"}
    assert len(problems(planner.send(f"{draft}/money/store", given, form=f"{draft}/money"))) == 2
    convert = planner.send(
        f"{draft}/money/store", {**given, "currency": "convert", "parts": "once"}, form=f"{draft}/money"
    )
    assert convert.status_code == 422
    assert stored(sessions).cash_flows.lines == ()
    answered = {**given, "currency": "EUR", "parts": "once"}
    assert planner.send(f"{draft}/money/store", answered, form=f"{draft}/money").status_code == 302
    assert [(line.name, line.amounts) for line in stored(sessions).cash_flows.lines] == [
        ("Capital cost", (9, 5)), ("Savings", (20, 30)), ("Subsidy", (1, 1)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Item\t2027\t2028\nCapex\tnil\t1.5*\n", "“nil” is read as zero."),
        ("Item\t2027\nCapex\t5\nof which land\t1\n", "“of which land” is a part of “Capex”: it is not added again."),
        ("Item\t2027\nCapex\t€5\n", "Nothing is converted."),
        ("Item\t2027\nCapex\t5\nUsers\t900\n", "“Users” seems to count something other than money"),
        ("항목\t2027\n투자비\t1억 2,500만\n", "125,000,000"),
    ],
)
def test_what_was_understood_is_said(planner: Browser, draft: str, text: str, said: str) -> None:
    response = planner.send(f"{draft}/money/paste", {"text": text}, form=f"{draft}/money")
    assert response.status_code == 200
    assert said in html.unescape(response.text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Item\t1405\t1406\nCapex\t5\t6\n", "“1405” looks like a year of another calendar"),
        ("Item\tDec 2027\tJan 2028\nCapex\t5\t6\n", "“Dec 2027” is a part of a year"),
        ("Item\t2027\t2028\nCapex\t5\t1,250.50 DR\n", "Row 2, column 3: “Capex” 2028: “1,250.50 DR” is a debit"),
    ],
)
def test_what_fits_no_reading_is_refused_in_words(planner: Browser, draft: str, text: str, said: str) -> None:
    response = planner.send(f"{draft}/money/paste", {"text": text}, form=f"{draft}/money")
    assert response.status_code == 422
    assert said in problems(response)[0][1]
