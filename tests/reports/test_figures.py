from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.reports import figures
from scoring.project_file import PriceBasis
from scoring.result import Missing


@pytest.mark.parametrize(
    ("value", "se", "written"),
    [
        (64.237, 0.73, "64.2"),
        (64.237, 1.2, "64"),
        (64.237, 0.04, "64.2"),
        (1234.5, 31.0, "1,230"),
        (1234.5, None, "1,235"),
        (-40.44, None, "\N{MINUS SIGN}40.4"),
        (0.0344, None, "0.034"),
        (0.0, None, "0"),
        (-0.4, 3.0, "0"),
    ],
)
def test_money_shows_no_more_than_the_standard_error_carries(value: float, se: float | None, written: str) -> None:
    assert figures.money(value, se) == written


def test_a_missing_figure_is_its_reason_and_never_zero() -> None:
    assert figures.money(Missing("no-sign-change")) == "none: no sign change"
    assert figures.percent(Missing("some-new-code")) == "none: some new code"
    assert figures.level(Missing("unanswered")) == "unknown"


def test_a_sign_is_shown_where_asked() -> None:
    assert figures.money(64.0, 1.0, signed=True) == "+64"


@pytest.mark.parametrize(
    ("chance", "se", "written"),
    [
        (0.14, 0.003, "14 in 100"),
        (0.001, 0.001, "under 1 in 100"),
        (0.0, 0.0, "under 1 in 100"),
        (0.005, 0.001, "1 in 100"),
        (0.995, 0.001, "over 99 in 100"),
        (1.0, 0.0, "over 99 in 100"),
        (0.33, 0.15, "about 30 in 100"),
    ],
)
def test_a_chance_is_a_count_in_100(chance: float, se: float, written: str) -> None:
    assert figures.chance(chance, se) == written


def test_a_ratio_just_below_one_is_not_shown_as_one() -> None:
    assert figures.ratio(0.96) == "0.96"
    assert figures.ratio(1.34) == "1.3"


@given(
    value=st.floats(-1e9, 1e9, allow_nan=False),
    se=st.floats(1e-3, 1e6, allow_nan=False),
)
def test_rounding_never_moves_a_figure_by_more_than_half_a_standard_error(value: float, se: float) -> None:
    shown = float(figures.money(value, se).replace(",", "").replace(figures.MINUS, "-"))
    coarse = 10.0 ** -figures.decimals_for(value)
    assert abs(shown - value) <= max(se / 2, coarse / 2) * (1 + 1e-9)


@given(
    value=st.floats(-1e9, 1e9, allow_nan=False),
    se=st.floats(1e-3, 1e6, allow_nan=False),
)
def test_the_last_digit_shown_is_never_finer_than_a_tenth_of_the_standard_error(value: float, se: float) -> None:
    assert 10.0 ** -figures.decimals_for(value, se) >= se / 10 * (1 - 1e-9)


def test_amounts_keep_what_was_typed_to_two_decimals_and_align() -> None:
    typed = [Decimal(120), Decimal("-25.50"), Decimal("1234567.125"), Decimal(0)]
    assert figures.amounts(typed) == ["120.00", "\N{MINUS SIGN}25.50", "1,234,567.13", "0.00"]
    assert figures.amounts([Decimal("18.0"), Decimal("1E+3")]) == ["18", "1,000"]


def test_the_unit_says_currency_magnitude_and_price_year() -> None:
    assert figures.MoneyUnit("INR", 1_000_000, PriceBasis.REAL, 2026).long == "INR million, constant prices of 2026"
    assert figures.MoneyUnit("KRW", 1, PriceBasis.NOMINAL, None).long == "KRW, prices of each year"


@pytest.mark.parametrize(
    ("unit", "said"), [("USD million", "USD 40.7 million"), ("USD", "USD 40.7"), ("points", "40.7 points")]
)
def test_an_amount_stands_between_its_currency_and_its_scale(unit: str, said: str) -> None:
    assert figures.money_in(40.7, unit) == said
