"""From a text to an exact number: what is understood, what is asked, what is refused and why."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.numbers import NumberProblem, read_number
from scoring.limits import MAX_AMOUNT


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("007", "7"),
        (" 1200 ", "1200"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1'234.56", "1234.56"),
        ("1’234’567.5", "1234567.5"),
        ("12,34,567.89", "1234567.89"),
        ("1,00,00,000", "10000000"),
        ("1 234 567,89", "1234567.89"),
        ("1\u00a0234\u202f567\u2009890", "1234567890"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("0.234", "0.234"),
        ("12,5", "12.5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("１２，３４５．６７", "12345.67"),
        ("٢٠٢٦", "2026"),
        ("١٬٢٣٤٫٥", "1234.5"),
        ("१२,३४,५६७", "1234567"),
        ("−5", "-5"),
        ("–5", "-5"),
        ("5-", "-5"),
        ("5−", "-5"),
        ("+5", "5"),
        ("(1,200,000)", "-1200000"),
        ("（５）", "-5"),
        ("-", "0"),
        ("–", "0"),
        ("—", "0"),
        ("$ -   ", "0"),
        ("(-)", "0"),
        ("-$1,200.00", "-1200"),
        ("$-1,200.00", "-1200"),
        ("($1,200.00)", "-1200"),
        ("₩5,000.00", "5000"),
        ("Rs. 500", "500"),
        ("€ 1.200,50", "1200.5"),
        ("1.200,50 €", "1200.5"),
        ("USD 12", "12"),
        ("12 kr", "12"),
        ("1'200.-", "1200"),
        ("1.2E+06", "1200000"),
        ("1,2E+06", "1200000"),
        ("1.234e3", "1234"),
        ("3e5", "300000"),
        ("0e99999999", "0"),
        ("12 lakh", "1200000"),
        ("1.5 crore", "15000000"),
        ("3억", "300000000"),
        ("120억원", "12000000000"),
        ("5 tỷ", "5000000000"),
        ("1.2m", "1200000"),
        ("$1.5bn", "1500000000"),
        ("12k", "12000"),
        ("1.50000000", "1.5"),
        ("\u200e12\u200f", "12"),
    ],
)
def test_a_text_with_one_reading_gives_the_exact_number(text: str, value: str) -> None:
    number = read_number(text)
    assert number.problem is None, number.message
    assert number.value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "with_point", "with_comma"),
    [
        ("1.234", "1.234", "1234"),
        ("1,234", "1234", "1.234"),
        ("(12,345)", "-12345", "-12.345"),
        ("$1.500", "1.5", "1500"),
    ],
)
def test_three_digits_after_a_single_mark_have_two_readings(text: str, with_point: str, with_comma: str) -> None:
    number = read_number(text)
    assert number.problem is NumberProblem.AMBIGUOUS
    assert number.value is None
    assert {r.decimal_mark: r.value for r in number.readings} == {".": Decimal(with_point), ",": Decimal(with_comma)}
    assert read_number(text, decimal_mark=".").value == Decimal(with_point)
    assert read_number(text, decimal_mark=",").value == Decimal(with_comma)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", NumberProblem.EMPTY),
        (" \u00a0 ", NumberProblem.EMPTY),
        ("=SUM(A1:A3)", NumberProblem.FORMULA),
        ("#REF!", NumberProblem.EXCEL_ERROR),
        ("#DIV/0!", NumberProblem.EXCEL_ERROR),
        ("#WERT!", NumberProblem.EXCEL_ERROR),
        ("#N/A", NumberProblem.EXCEL_ERROR),
        ("########", NumberProblem.EXCEL_ERROR),
        ("Err:502", NumberProblem.EXCEL_ERROR),
        ("NaN", NumberProblem.NOT_A_NUMBER),
        ("nan", NumberProblem.NOT_A_NUMBER),
        ("Infinity", NumberProblem.NOT_A_NUMBER),
        ("-inf", NumberProblem.NOT_A_NUMBER),
        ("1_000", NumberProblem.NOT_A_NUMBER),
        ("0x1F", NumberProblem.NOT_A_NUMBER),
        ("tbc", NumberProblem.NOT_A_NUMBER),
        ("n/a", NumberProblem.NOT_A_NUMBER),
        ("1/2", NumberProblem.NOT_A_NUMBER),
        ("2026-01-01", NumberProblem.NOT_A_NUMBER),
        ("12 units", NumberProblem.NOT_A_NUMBER),
        ("5²", NumberProblem.NOT_A_NUMBER),
        ("½", NumberProblem.NOT_A_NUMBER),
        ("(5", NumberProblem.NOT_A_NUMBER),
        ("5)", NumberProblem.NOT_A_NUMBER),
        ("USD 5 EUR", NumberProblem.NOT_A_NUMBER),
        ("5‰", NumberProblem.NOT_A_NUMBER),
        ("----", NumberProblem.NOT_A_NUMBER),
        ("1,2345,6789", NumberProblem.BAD_GROUPING),
        ("1,234.567.8", NumberProblem.BAD_GROUPING),
        ("1 2", NumberProblem.BAD_GROUPING),
        ("0,123,456", NumberProblem.BAD_GROUPING),
        ("--5", NumberProblem.TWO_SIGNS),
        ("(-5)", NumberProblem.TWO_SIGNS),
        ("-5-", NumberProblem.TWO_SIGNS),
        ("1２3", NumberProblem.MIXED_DIGITS),
        ("1e308", NumberProblem.TOO_LARGE),
        ("9" * 400, NumberProblem.TOO_LARGE),
        ("9" * 40_000, NumberProblem.TOO_LARGE),
        ("1e999999999", NumberProblem.TOO_LARGE),
        ("1,000,000,000,000,001", NumberProblem.TOO_LARGE),
        ("2 000 000 crore crore", NumberProblem.NOT_A_NUMBER),
        ("999999999 조", NumberProblem.TOO_LARGE),
        ("1e-9", NumberProblem.TOO_MANY_DECIMALS),
        ("0.0000001", NumberProblem.TOO_MANY_DECIMALS),
    ],
)
def test_a_text_that_is_no_number_says_why(text: str, problem: NumberProblem) -> None:
    number = read_number(text)
    assert number.problem is problem
    assert number.readings == ()
    assert number.message


@pytest.mark.asvs("1.4.2")
def test_the_largest_amount_is_kept_and_one_more_is_not() -> None:
    assert read_number(f"{MAX_AMOUNT:f}").value == MAX_AMOUNT
    assert read_number(f"{MAX_AMOUNT:f}.000001").problem is NumberProblem.TOO_LARGE


def test_a_percentage_is_a_fraction_and_says_so() -> None:
    number = read_number("12.5%")
    assert (number.value, number.percent) == (Decimal("0.125"), True)


def test_a_mark_that_was_not_chosen_is_refused() -> None:
    assert read_number("1.234,50", decimal_mark=".").problem is NumberProblem.OTHER_DECIMAL_MARK


@pytest.mark.parametrize(
    ("text", "currency"),
    [("₩5", "KRW"), ("USD 5", "USD"), ("5 đồng", "VND"), ("$5", None), ("US$5", "USD"), ("5", None)],
)
def test_a_currency_is_told_where_only_one_bears_the_sign(text: str, currency: str | None) -> None:
    assert read_number(text).currency == currency


amounts = st.decimals(min_value=-MAX_AMOUNT, max_value=MAX_AMOUNT, places=6, allow_nan=False, allow_infinity=False)


def european(text: str) -> str:
    return text.translate(str.maketrans(",.", ".,"))


@given(amounts)
def test_a_grouped_number_reads_back_exactly_under_its_own_convention(amount: Decimal) -> None:
    assert read_number(f"{amount:,f}", decimal_mark=".").value == amount
    assert read_number(european(f"{amount:,f}"), decimal_mark=",").value == amount


@given(amounts)
def test_without_a_convention_the_true_value_is_always_among_the_readings(amount: Decimal) -> None:
    for text in (f"{amount:f}", f"{amount:,f}", european(f"{amount:,f}")):
        assert amount in {reading.value for reading in read_number(text).readings}


@given(st.text(max_size=40) | st.text("0123456789.,'-+()%eE $€²½١٢１２٫٬\u00a0", max_size=20))
@pytest.mark.asvs("1.4.2", "2.2.1")
def test_any_text_gives_exact_numbers_within_the_limits_or_a_problem(text: str) -> None:
    number = read_number(text)
    assert (number.problem in (None, NumberProblem.AMBIGUOUS)) == bool(number.readings)
    for reading in number.readings:
        assert reading.value.is_finite()
        assert abs(reading.value) <= MAX_AMOUNT
