import csv
import io
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.reports.open_data import Column, portfolio_csv
from scoring.result import Missing

TITLE = Column("title", "Project")
NPV = Column("npv", "Economic NPV, P50", "INR million")
DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@A1",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "－1",
    "＠x",
    "  =1",
    "\ufeff=1",
    "\u200b+1",
    "\u00a0-1",
]


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_could_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert cells(portfolio_csv([TITLE], [{"title": text}]))[1] == [f"'{text}"]


@pytest.mark.parametrize("text", ['O\'Brien "하나" <b> 😀', "a=1", "3 + 4", "ไทย, हिन्दी", ""])
def test_other_text_is_kept_to_the_letter(text: str) -> None:
    assert cells(portfolio_csv([TITLE, NPV], [{"title": text, "npv": 1}]))[1] == [text, "1"]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00")))
@pytest.mark.asvs("1.3.3")
def test_no_cell_begins_as_a_formula(text: str) -> None:
    written = cells(portfolio_csv([TITLE, NPV], [{"title": text, "npv": 0}]))[1][0]
    assert written.removeprefix("'") == text or written == text
    visible = written.lstrip(" \t\r\n\ufeff\u200b\u00a0")
    assert not visible or unicodedata.normalize("NFKC", visible[0])[0] not in "=+-@"


def test_numbers_stay_numbers_and_a_missing_figure_is_empty() -> None:
    rows = [{"npv": -40.25}, {"npv": Decimal("-1E+3")}, {"npv": Missing("no-sign-change")}, {"npv": None}, {"npv": 7}]
    assert [row[0] for row in cells(portfolio_csv([NPV], rows))[1:]] == ["-40.25", "-1000", "", "", "7"]


def test_the_header_has_the_unit_and_no_formula() -> None:
    text = portfolio_csv([NPV, Column("x", "=cmd")], [])
    assert text == '"Economic NPV, P50 (INR million)",\'=cmd\r\n'


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_figure_that_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        portfolio_csv([NPV], [{"npv": value}])


def test_a_row_without_a_column_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(KeyError):
        portfolio_csv([NPV], [{"title": "x"}])
