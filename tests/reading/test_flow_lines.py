"""From a settled table to cash-flow lines: magnitudes, units, gaps, and what stops the conversion."""

from decimal import Decimal

import pytest

from appraisal.reading.flow_lines import NotConvertible, to_cash_flow_lines, to_cash_flows
from appraisal.reading.paste.findings import PasteChoices
from appraisal.reading.pasted_table import read_pasted
from scoring.project_file import FlowKind

CAPEX, OPEX, REVENUE = FlowKind.CAPEX, FlowKind.OPEX, FlowKind.REVENUE


def why_not(
    text: str, kinds: list[FlowKind | None], *, unit: int = 1, choices: PasteChoices | None = None
) -> list[str]:
    with pytest.raises(NotConvertible) as refused:
        to_cash_flow_lines(read_pasted(text, choices=choices), kinds, unit=unit)
    return [issue.code for issue in refused.value.issues]


def test_costs_pasted_as_negatives_become_magnitudes() -> None:
    table = read_pasted("Item\t2026\t2027\r\nCapex\t-100\t0\r\nOpex\t-5\t2\r\nRevenue\t0\t40\r\nHarm\t-1\t-1\r\n")
    flows = to_cash_flows(table, [CAPEX, OPEX, REVENUE, FlowKind.EXTERNALITY])
    assert flows.first_year == 2026
    assert [line.amounts for line in flows.lines] == [(100, 0), (5, -2), (0, 40), (-1, -1)]


def test_costs_pasted_as_positives_stay() -> None:
    table = read_pasted("Item\t2026\t2027\r\nCapex\t100\t50\r\nNotes\t1\t1\r\n")
    (line,) = to_cash_flow_lines(table, [CAPEX, None])
    assert (line.name, line.kind, line.amounts) == ("Capex", CAPEX, (100, 50))


def test_mixed_signs_without_a_sister_line_must_be_settled() -> None:
    text = "Item\t2026\t2027\r\nCapex\t100\t-20\r\n"
    assert why_not(text, [CAPEX]) == ["mixed_signs"]
    (as_is,) = to_cash_flow_lines(read_pasted(text), [CAPEX], money_out_is_negative={0: False})
    (turned,) = to_cash_flow_lines(read_pasted(text), [CAPEX], money_out_is_negative={0: True})
    assert (as_is.amounts, turned.amounts) == ((100, -20), (-100, 20))


def test_the_scale_and_the_projects_unit_are_applied_exactly() -> None:
    text = "단위: 억원\t\t\r\n항목\t2026\t2027\r\n투자비\t120\t0.5\r\n"
    table = read_pasted(text, choices=PasteChoices(scale=10**8))
    (line,) = to_cash_flow_lines(table, [CAPEX], unit=10**6)
    assert line.amounts == (Decimal(12_000), Decimal(50))


def test_what_was_computed_before_does_not_count_as_inexact() -> None:
    assert Decimal(1) / Decimal(3), "sets the thread's flag"
    table = read_pasted("Item\t2026\r\nCapex\t120\r\n", choices=PasteChoices(scale=10**8))
    (line,) = to_cash_flow_lines(table, [CAPEX], unit=10**6)
    assert line.amounts == (Decimal(12_000),)


def test_an_amount_that_the_unit_cannot_hold_exactly_is_named() -> None:
    text = "Item\t2026\r\nCapex\t1234567.25\r\n"
    assert why_not(text, [CAPEX], unit=10**6) == ["not_exact"]
    huge = "USD trillion\t2026\r\nCapex\t5000\r\n"
    assert why_not(huge, [CAPEX], choices=PasteChoices(scale=10**12)) == ["not_exact"]


def test_open_questions_blocking_issues_and_unknown_figures_stop_the_conversion() -> None:
    assert why_not("Item\t2026\t2027\r\nCapex\t1.234\t2.500\r\n", [CAPEX]) == ["open_question"]
    assert why_not("Item\t2026\t2027\r\nCapex\t1\ttbc\r\n", [CAPEX]) == ["not_a_number"]
    gap = "Item\t2026\t2028\r\nCapex\t1\t2\r\n"
    assert why_not(gap, [CAPEX], choices=PasteChoices(missing_years="unknown")) == ["unknown_amount"]
    blank = "Item\t2026\t2027\r\nCapex\t1\t\r\n"
    assert why_not(blank, [CAPEX], choices=PasteChoices(blanks="unknown")) == ["unknown_amount"]
    assert why_not("Item\t2026\r\nCapex\t1\r\n", [CAPEX, OPEX]) == ["kinds"]


def test_missing_years_settled_as_zero_are_filled() -> None:
    table = read_pasted("Item\t2026\t2028\r\nCapex\t1\t2\r\n", choices=PasteChoices(missing_years="zero"))
    assert to_cash_flow_lines(table, [CAPEX])[0].amounts == (1, 0, 2)
