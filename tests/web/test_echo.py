"""An amount in full and in words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.web.echo import LOCAL, echo
from forms.numbers import read_number
from tests.web.planner_browser import PASTE, Browser


@pytest.mark.parametrize(
    ("amount", "currency", "unit", "said"),
    [
        ("12500000000", "KRW", 1, "KRW 12,500,000,000 = 12.5 billion, 125억"),
        ("4.5", "USD", 1_000_000, "USD 4,500,000 = 4.5 million"),
        ("-4.5", "USD", 1000, "USD −4,500 = −4.5 thousand"),
        ("12345.678", "USD", 1_000_000, "USD 12,345,678,000 = about 12.346 billion"),
        ("12500000", "INR", 1, "INR 12,500,000 = 12.5 million, 1.25 crore"),
        ("3.2", "VND", 1_000_000_000, "VND 3,200,000,000 = 3.2 billion, 3.2 tỷ"),
        ("999", "USD", 1, "USD 999"),
        ("0", "KRW", 1_000_000, "KRW 0"),
    ],
)
def test_the_amount_in_full_and_in_words(amount: str, currency: str, unit: int, said: str) -> None:
    assert echo(Decimal(amount), currency, unit) == said


@given(amount=st.integers(1000, 10**15), currency=st.sampled_from(["USD", *LOCAL]))
def test_every_reading_says_the_same_to_three_decimals(amount: int, currency: str) -> None:
    full, _, words = echo(Decimal(amount), currency).partition(" = ")
    assert full == f"{currency} {amount:,}"
    for said in words.split(", "):
        read = read_number(said.removeprefix("about "), decimal_mark=".")
        assert read.value is not None, said
        assert abs(read.value - amount) <= read.scale * Decimal("0.0005")
        assert said.startswith("about ") == (read.value != amount)


def test_a_paste_is_told_its_largest_figure(planner: Browser, draft: str) -> None:
    page = planner.send(f"{draft}/money/paste", {"text": PASTE}, form=f"{draft}/money").text
    assert "The largest figure, “Capital cost” 2027: USD 4,500,000 = 4.5 million." in page
    assert "&#34;" not in planner.get(f"{draft}/money").text.partition("data-echo='")[2].partition("'")[0]
