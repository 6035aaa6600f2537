"""Return on the investment before financing, by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import returns
from scoring.project_file import CashFlowLine, Output, ProjectFile, Rates, Timing
from scoring.result import FinancialReturn, Missing
from tests.scoring.returns.factories import FRAMEWORK, decimals, line, project

TEN_PERCENT = Rates(financial=0.1, finance=0.1, reinvestment=0.1, hurdles=(0.0, 0.21))


def financial(*lines: CashFlowLine, **fields: object) -> FinancialReturn:
    fields.setdefault("rates", TEN_PERCENT)
    return of(project(*lines, **fields))


def of(plan: ProjectFile) -> FinancialReturn:
    return returns.financial_return(returns.to_arrays(plan, FRAMEWORK), plan, FRAMEWORK)


BUS_LANE = (
    line("capex", [200]),
    line("revenue", [0, 132, 145.2]),
    line("opex", [0, 22, 24.2]),
    line("residual", [0, 0, 12.1]),
    line("grant", [150]),
    line("benefit", [0, 900, 900]),
)
"""Net flow -200, 110, 133.1; at 10%: -200 + 100 + 110 = 10."""


def test_every_figure_of_a_small_project() -> None:
    result = financial(*BUS_LANE)
    assert result.net_flow == pytest.approx((-200, 110, 133.1))
    assert result.npv == pytest.approx(10)
    assert result.irr == pytest.approx((110 + (110**2 + 4 * 200 * 133.1) ** 0.5) / 400 - 1)  # the quadratic formula
    assert result.irr_all == pytest.approx([result.irr])
    assert result.irr_note is None
    assert result.mirr == pytest.approx(((110 * 1.1 + 133.1) / 200) ** 0.5 - 1)
    assert result.payback == pytest.approx(1 + 90 / 133.1)
    assert result.discounted_payback == pytest.approx(1 + 100 / 110)
    assert result.profitability_index == pytest.approx(210 / 200)
    assert result.equivalent_annual_value == pytest.approx(10 / (1 / 1.1 + 1 / 1.21))
    assert result.funding_gap == 0.0
    assert [hurdle.npv for hurdle in result.by_hurdle] == pytest.approx([43.1, -200 + 110 / 1.21 + 133.1 / 1.4641])


def test_funding_gap_is_the_part_of_the_investment_that_revenue_does_not_pay() -> None:
    # DIC = 80 + 22/1.1 = 100; DNR = (66-33)/1.1 + (60.5-24.2)/1.21 + 12.1/1.21 = 30 + 30 + 10 = 70.
    result = financial(
        line("capex", [80, 22]),
        line("revenue", [0, 66, 60.5]),
        line("opex", [0, 33, 24.2]),
        line("residual", [0, 0, 12.1]),
    )
    assert result.funding_gap == pytest.approx(0.30)


def test_funding_gap_is_at_most_the_whole_investment() -> None:
    assert financial(line("capex", [100]), line("opex", [0, 50])).funding_gap == 1.0


def test_levelised_cost_is_the_price_at_which_the_project_breaks_even() -> None:
    # PV of costs 100 + 11/1.1 + 12.1/1.21 = 120, of output 110/1.1 + 242/1.21 = 300.
    output = Output(unit="trips", amounts=decimals([0, 110, 242]))
    result = financial(line("capex", [100]), line("opex", [0, 11, 12.1]), output=output)
    assert result.levelised_cost == pytest.approx(0.4)
    priced = financial(line("capex", [100]), line("opex", [0, 11, 12.1]), line("revenue", [0, 44, 96.8]), output=output)
    assert priced.npv == pytest.approx(0, abs=1e-9)
    assert priced.levelised_cost == pytest.approx(0.4)


def test_output_counts_beyond_the_last_cash_flow() -> None:
    # 120 of costs as above; 110/1.1 + 242/1.21 + 133.1/1.331 = 400 of output, the last after the cash flows end.
    output = Output(unit="trips", amounts=decimals([0, 110, 242, 133.1]))
    result = financial(line("capex", [100]), line("opex", [0, 11, 12.1]), output=output)
    assert result.levelised_cost == pytest.approx(0.3)


def test_mid_year_timing_raises_present_values_and_no_rate() -> None:
    end, mid = financial(*BUS_LANE), financial(*BUS_LANE, timing=Timing.MID)
    assert mid.npv == pytest.approx(10 * 1.1**0.5)
    for name in ("irr", "mirr", "payback", "discounted_payback", "profitability_index", "equivalent_annual_value"):
        assert getattr(mid, name) == pytest.approx(getattr(end, name)), name


def test_a_declining_schedule_discounts_by_its_steps() -> None:
    rates = Rates(financial=((0, 0.25), (2, 0.6)), finance=0.1, reinvestment=0.1)
    result = financial(line("capex", [100]), line("revenue", [0, 50, 200]), rates=rates)
    assert result.npv == pytest.approx(-100 + 50 / 1.25 + 200 / (1.25 * 1.6))


def test_several_rates_are_listed_with_a_note() -> None:
    result = financial(line("capex", [100, 0, 132]), line("revenue", [0, 230]))
    assert result.irr == pytest.approx(0.1)
    assert result.irr_all == pytest.approx([0.1, 0.2])
    assert result.irr_note == "multiple-roots"
    assert isinstance(result.mirr, float)


def test_what_does_not_exist_says_why() -> None:
    result = financial(line("capex", [100]), line("opex", [0, 10]))
    assert result.irr == Missing("no-sign-change")
    assert result.mirr == Missing("no-sign-change")
    assert result.payback == result.discounted_payback == Missing("not-reached")
    assert result.levelised_cost == Missing("no-output")
    assert financial(line("capex", [100, 0, 100]), line("revenue", [0, 150])).irr == Missing("no-root-in-range")


def test_a_project_without_investment_has_no_ratio_to_it() -> None:
    result = financial(line("revenue", [0, 10]))
    assert result.profitability_index == result.funding_gap == Missing("no-capex")
    assert result.payback == Missing("no-investment")


def test_one_period_has_no_equivalent_annual_value() -> None:
    assert financial(line("capex", [100])).equivalent_annual_value == Missing("one-period")


@pytest.mark.parametrize("lines", [(), (line("benefit", [5, 6]),)])
def test_without_financial_lines_every_figure_is_missing(lines: tuple[CashFlowLine, ...]) -> None:
    result = financial(*lines)
    assert {result.npv, result.irr, result.mirr, result.payback, result.funding_gap} == {Missing("no-cash-flows")}
    assert result.by_hurdle == ()


def test_the_largest_amounts_over_the_longest_horizon_stay_finite() -> None:
    result = financial(line("capex", [1e15]), line("revenue", [0] + [1e15] * 479), rates=Rates(financial=0.05))
    assert result.npv == pytest.approx(1e15 * ((1 - 1.05**-479) / 0.05 - 1))
    assert result.irr == pytest.approx(1.0)


def test_a_figure_that_overflows_is_missing() -> None:
    rates = Rates(financial=-0.99, social=-0.99, hurdles=(-0.99, 0.0))
    plan = project(line("capex", [1]), line("revenue", [1] * 480, shares={"q1": 0.5}), rates=rates)
    result = of(plan)
    assert result.npv == result.discounted_payback == Missing("overflow")
    assert [hurdle.rate for hurdle in result.by_hurdle] == [0.0]
    society = returns.economic_return(returns.to_arrays(plan, FRAMEWORK), plan, FRAMEWORK)
    assert society.npv == society.weighted_npv == society.bottom_share == Missing("overflow")


@given(capex=st.floats(1, 1e6), yearly=st.lists(st.floats(-1e5, 1e5), min_size=1, max_size=20), rate=st.floats(-0.2, 1))
def test_profitability_index_and_npv_say_the_same(capex: float, yearly: list[float], rate: float) -> None:
    plan = project(line("capex", [capex]), line("revenue", [0, *yearly]), rates=replace(TEN_PERCENT, financial=rate))
    result = of(plan)
    scale = np.sum(returns.npv(np.abs([capex, *yearly]), rate))
    assert (result.profitability_index - 1) * capex == pytest.approx(result.npv, abs=1e-9 * scale)
    assert result.funding_gap == pytest.approx(min(max(1 - result.profitability_index, 0), 1), abs=1e-9)
