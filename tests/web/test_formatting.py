import math
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.reports import figures, reasons
from appraisal.web import formatting
from scoring.result import Missing

finite = st.floats(min_value=-1e15, max_value=1e15, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "options", "written"),
    [
        (64.23, {}, "64.2"),
        (1234.5, {}, "1,235"),  # whole numbers are not cut
        (0.012345, {}, "0.012"),  # two figures below 1
        (6.934, {}, "6.9"),
        (118.0, {}, "118"),
        (9.5, {"decimals": 1}, "9.5"),
        (22, {"decimals": 1}, "22.0"),
        (-0.04, {"decimals": 1}, "0.0"),
        (-3.25, {"decimals": 1}, "−3.3"),
        (64.23, {"se": 0.8}, "64.2"),
        (64.23, {"se": 3.0}, "64"),
        (1234.5, {"se": 40.0}, "1,230"),
        (64.23, {"decimals": 2, "se": 0.4}, "64.2"),
        (64.23, {"se": Missing("no-variation")}, "64.2"),
        (5, {"signed": True}, "+5"),
        (0, {"signed": True}, "0"),
        (Decimal("1234567.891"), {"decimals": 2}, "1,234,567.89"),
    ],
)
def test_number(value: float | Decimal, options: dict[str, object], written: str) -> None:
    assert formatting.number(value, **options) == written  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "options", "written"),
    [
        (64_230_000, {"currency": "USD"}, "USD 64.2 m"),
        (64.23, {"currency": "USD", "unit": 1_000_000}, "USD 64.2 m"),
        (64.23, {"currency": "USD", "unit": 1_000_000, "long": True}, "USD 64.2 million"),
        (999.96, {"currency": "KRW", "unit": 1_000_000}, "KRW 1 bn"),
        (1_234.5, {"unit": 1_000_000_000}, "1.2 tn"),
        (950, {"currency": "USD"}, "USD 950"),
        (950_000, {"currency": "USD"}, "USD 950 k"),
        (0, {"currency": "USD"}, "USD 0"),
        (-261, {"currency": "USD", "unit": 1_000_000}, "USD −261 m"),
        (64.23, {"unit": 1_000_000, "se": 3.0, "signed": True}, "+64 m"),
        (0.3, {"currency": "USD", "unit": 1_000_000, "se": 5.0}, "USD 0"),
    ],
)
def test_money_keeps_a_scale_that_reads(value: float, options: dict[str, object], written: str) -> None:
    assert formatting.money(value, **options) == written  # type: ignore[arg-type]


def test_percent() -> None:
    assert formatting.percent(0.139) == "13.9%"
    assert formatting.percent(-0.005) == "−0.5%"
    assert formatting.percent(0.13987, 2, se=0.004) == "14.0%"
    assert formatting.percent(0.3, 0) == "30%"


@pytest.mark.parametrize(
    ("probability", "written"),
    [
        (0.14, "14 in 100"),
        (0.0, "under 1 in 100"),
        (0.0001, "under 1 in 100"),
        (0.005, "1 in 100"),
        (0.9999, "over 99 in 100"),
        (1.0, "over 99 in 100"),
    ],
)
def test_a_probability_is_a_count(probability: float, written: str) -> None:
    assert formatting.in_100(probability) == written


@given(st.floats(min_value=0, max_value=1, exclude_min=True, exclude_max=True))
def test_what_is_open_is_never_written_as_certain(probability: float) -> None:
    assert formatting.in_100(probability) not in ("0 in 100", "100 in 100")


def test_a_score_is_a_range_where_something_is_unknown() -> None:
    assert formatting.score(75.2) == "75"
    assert formatting.score(76.0, 71.4, 82.0) == "71–82"
    assert formatting.score(75.2, 75.1, 75.3) == "75"
    assert formatting.score(Missing("unanswered"), 0, 100) == "none: not answered"


def test_time() -> None:
    assert formatting.years(4.25) == "4.3 years"
    assert formatting.years(1, 0) == "1 year"
    assert formatting.day(date(2026, 11, 23)) == "23 Nov 2026"
    assert formatting.moment(datetime(2026, 12, 2, tzinfo=UTC), ZoneInfo("Asia/Seoul")) == "2 Dec 2026, 09:00 KST"
    assert formatting.moment(datetime(2026, 12, 2)) == "2 Dec 2026, 00:00 UTC"  # noqa: DTZ001 - as the database stores it
    assert [formatting.duration(wait) for wait in (0.2, 40, 60, 61, 7200)] == [
        "1 second",
        "40 seconds",
        "1 minute",
        "2 minutes",
        "2 hours",
    ]


def test_file_size() -> None:
    assert [formatting.file_size(size) for size in (900, 300 * 1024, 20 * 1024 * 1024)] == [
        "900 bytes",
        "300 KiB",
        "20 MiB",
    ]


@pytest.mark.parametrize(
    "write",
    [formatting.number, formatting.money, formatting.percent, formatting.in_100, formatting.score, formatting.years],
)
def test_a_figure_that_does_not_exist_gives_its_reason(write: object) -> None:
    assert callable(write)
    assert write(Missing("no-sign-change")) == "none: no sign change"
    assert write(None) == "none: not given"


@pytest.mark.parametrize("broken", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_is_not_finite_is_never_written(broken: float | Decimal) -> None:
    with pytest.raises(ValueError, match="not finite"):
        formatting.number(broken)


@given(finite)
def test_a_written_number_is_the_value_to_its_last_digit(value: float) -> None:
    read = float(formatting.number(value).replace("−", "-").replace(",", ""))
    assert read == pytest.approx(value, rel=0.051, abs=1e-300)


@given(st.floats(0.001, 1e9), st.none() | st.floats(1e-6, 1e6))
def test_the_page_writes_a_figure_as_the_report_does(value: float, se: float | None) -> None:
    page, report = formatting.number(value, se=se), figures.number(value, figures.decimals_for(value, se))
    assert float(page.replace(",", "")) == pytest.approx(
        float(report.replace(",", "")), rel=1e-9, abs=_last_place(report, se)
    )


def _last_place(text: str, se: float | None) -> float:
    """A tie may be rounded up by one and to even by the other, and a report writes no zero after the last figure."""
    written = 1.0 if "." not in text else 10.0 ** -len(text.partition(".")[2])
    return 1.1 * max(written, 10.0 ** math.floor(math.log10(se)) if se else 0.0)


@given(finite, st.floats(min_value=1e-6, max_value=1e9))
def test_a_written_number_stays_within_its_standard_error(value: float, se: float) -> None:
    read = float(formatting.number(value, se=se).replace("−", "-").replace(",", ""))
    assert abs(read - value) <= max(se, 0.1 if abs(value) < 100 else 1.0) * 0.5000001 + abs(value) * 1e-15


def test_every_reason_is_short_and_has_its_sentence() -> None:
    for code in reasons.REASONS:
        assert len(reasons.reason_short(code)) <= 30, code
        assert reasons.reason_text(code).endswith("."), code


def test_a_reason_not_listed_is_shown_in_its_own_words() -> None:
    assert reasons.reason_short("solver-stopped") == "solver stopped"
    assert reasons.reason_text("solver-stopped") == "This figure does not exist: solver stopped."
