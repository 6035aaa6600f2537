"""Return to society and who gains, by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import returns
from scoring.project_file import CashFlowLine, EconomicRole, ProjectFile, Rates, Timing
from scoring.result import EconomicReturn, Missing
from scoring.returns.distribution import welfare_weight
from tests.scoring.returns.factories import FRAMEWORK, framework, line, project

TEN_PERCENT = Rates(social=0.1, hurdles=(0.0,))


def of(plan: ProjectFile) -> EconomicReturn:
    return returns.economic_return(returns.to_arrays(plan, FRAMEWORK), plan, FRAMEWORK)


def economic(*lines: CashFlowLine, **fields: object) -> EconomicReturn:
    fields.setdefault("rates", TEN_PERCENT)
    return of(project(*lines, **fields))


METRO = (
    line("capex", [100], conversion_factor=0.9),
    line("opex", [0, 11, 12.1]),
    line("tax", [0, 7]),
    line("revenue", [0, 30, 30]),
    line("grant", [50]),
    line("benefit", [0, 99, 60.5]),
    line("externality", [0, -5.5, -6.05]),
    line("residual", [0, 0, 12.1]),
)
"""PV at 10%: capex 90, opex 20, benefits 90 + 50, harm 10, residual 10."""


def test_every_figure_of_a_small_project() -> None:
    result = economic(*METRO)
    assert result.net_flow == pytest.approx((-90, 82.5, 54.45))
    assert result.npv == pytest.approx(30)
    assert result.pv_benefits == pytest.approx(140)
    assert result.pv_costs == pytest.approx(110)
    assert result.bcr == pytest.approx(140 / 110)
    assert result.bcr_capex_only == pytest.approx(120 / 90)
    assert result.irr == pytest.approx((82.5 + (82.5**2 + 4 * 90 * 54.45) ** 0.5) / 180 - 1)
    assert result.irr_all == pytest.approx([result.irr])
    assert result.revenue_role == "transfer"
    assert [hurdle.npv for hurdle in result.by_hurdle] == pytest.approx([82.5 + 54.45 - 90])


def test_mid_year_timing_changes_values_and_no_ratio() -> None:
    end, mid = economic(*METRO), economic(*METRO, timing=Timing.MID)
    assert mid.npv == pytest.approx(30 * 1.1**0.5)
    assert mid.bcr == pytest.approx(end.bcr)


def test_revenue_said_to_be_a_benefit_counts_beside_benefit_lines() -> None:
    advertising = line("revenue", [0, 11], economic=EconomicRole.BENEFIT)
    assert economic(line("capex", [10]), advertising, line("benefit", [0, 11])).npv == pytest.approx(10)


def test_costs_alone_bring_no_benefit_for_each_unit_of_them() -> None:
    result = economic(line("capex", [100]), line("opex", [0, 11]))
    assert result.bcr == 0
    assert result.bcr_capex_only == pytest.approx(-0.1)
    assert economic(line("capex", [100]), line("residual", [0, 11])).bcr == pytest.approx(0.1)


def test_no_figure_is_minus_zero() -> None:
    result = economic(line("benefit", [0, 100]))
    assert str(result.pv_costs) == "0.0"
    assert str(economic(line("capex", [100])).pv_benefits) == "0.0"


def test_benefits_alone_have_no_ratio_to_costs() -> None:
    result = economic(line("benefit", [100]))
    assert result.bcr == result.bcr_capex_only == Missing("no-costs")
    assert result.irr == Missing("no-sign-change")


def test_several_economic_rates_are_listed_with_a_note() -> None:
    result = economic(line("capex", [100, 0, 132]), line("benefit", [0, 230]))
    assert result.irr_all == pytest.approx([0.1, 0.2])
    assert (result.irr, result.irr_note) == (pytest.approx(0.1), "multiple-roots")


@pytest.mark.parametrize("lines", [(), (line("grant", [5]), line("tax", [1]))])
def test_transfers_alone_have_no_economic_return(lines: tuple[CashFlowLine, ...]) -> None:
    result = economic(*lines)
    assert {result.npv, result.bcr, result.pv_costs, result.weighted_npv} == {Missing("no-cash-flows")}
    assert result.by_hurdle == ()


def test_welfare_weight_of_half_the_median_income() -> None:
    assert welfare_weight(0.5, 1.0, 1.3) == pytest.approx(2.46, abs=0.005)  # Green Book, annex 3


def test_who_gains_and_who_loses() -> None:
    # Incomes 0.4, 0.7, 1.0, 1.4, 2.0, mean 1.1. Net: q1 40 - 10, q2 10, q5 -20, unallocated 50 - 70.
    result = economic(
        line("benefit", [100], shares={"q1": 0.4, "q2": 0.1}),
        line("externality", [20]),
        line("capex", [100], shares={"q1": 0.1, "q5": 0.2}),
    )
    assert result.npv == pytest.approx(20)
    assert result.bottom_share == pytest.approx((30 + 10) / 20)  # over 1: those not named pay for it
    assert result.losing_groups == ("q5",)
    rows = {row.group: (row.pv_benefits, row.pv_costs, row.net) for row in result.by_group}
    assert list(rows) == ["q1", "q2", "q3", "q4", "q5", "unallocated"]
    assert rows["q1"] == pytest.approx((40, 10, 30))
    assert rows["q3"] == (0, 0, 0)
    assert rows["q5"] == pytest.approx((0, 20, -20))
    assert rows["unallocated"] == pytest.approx((70, 70, 0))
    assert result.by_group[-1].weight == 1.0
    assert result.by_group[0].weight == pytest.approx((1.1 / 0.4) ** 1.3)
    weights = [(1.1 / 0.4) ** 1.3, (1.1 / 0.7) ** 1.3, (1.1 / 2.0) ** 1.3]
    assert result.weighted_npv == pytest.approx(weights[0] * 30 + weights[1] * 10 - weights[2] * 20)


def test_without_shares_nobody_knows_who_gains() -> None:
    result = economic(*METRO)
    assert result.weighted_npv == result.bottom_share == Missing("no-shares")
    assert result.losing_groups == result.by_group == ()


def test_costs_of_one_group_do_not_hide_the_gain_of_all() -> None:
    # The audit's case: who pays is named, and so are some who gain; most of the gain is nobody's in particular.
    result = economic(
        line("benefit", [1000], shares={"q1": 0.3, "q2": 0.2}),
        line("capex", [600], shares={"q5": 1.0}),
    )
    assert result.bottom_share == pytest.approx(500 / 400)


def test_a_net_loss_has_no_share_of_the_gain() -> None:
    assert economic(line("capex", [10], shares={"q1": 1.0})).bottom_share == Missing("no-net-benefit")


@given(
    amounts=st.lists(st.floats(-1e4, 1e4).map(lambda amount: round(amount, 2)), min_size=1, max_size=10),
    shares=st.lists(st.floats(0, 0.2), min_size=5, max_size=5),
)
def test_without_aversion_to_inequality_the_weighted_value_is_the_plain_one(
    amounts: list[float], shares: list[float]
) -> None:
    plain = framework(welfare_epsilon=0.0)
    split = dict(zip(("q1", "q2", "q3", "q4", "q5"), shares, strict=True)) | {"q1": 0.2}
    plan = project(line("capex", [100]), line("benefit", amounts, shares=split), rates=TEN_PERCENT)
    result = returns.economic_return(returns.to_arrays(plan, plain), plan, plain)
    assert result.weighted_npv == pytest.approx(result.npv, abs=1e-6)
    assert sum(row.net for row in result.by_group) == pytest.approx(result.npv, abs=1e-6)
    assert sum(row.pv_benefits for row in result.by_group) == pytest.approx(result.pv_benefits, abs=1e-6)
    assert sum(row.pv_costs for row in result.by_group) == pytest.approx(result.pv_costs, abs=1e-6)


@given(
    benefits=st.lists(st.floats(0.01, 1e4).map(lambda amount: round(amount, 2)), min_size=1, max_size=10),
    capex=st.floats(1, 1e4).map(lambda amount: round(amount, 2)),
)
def test_the_ratio_is_above_one_exactly_where_the_value_is_positive(benefits: list[float], capex: float) -> None:
    result = economic(line("capex", [capex]), line("opex", [0, 5]), line("benefit", benefits))
    assert result.pv_benefits - result.pv_costs == pytest.approx(result.npv, abs=1e-6)
    assert (result.bcr - 1) * result.pv_costs == pytest.approx(result.npv, abs=1e-6)
    assert (result.bcr_capex_only - 1) * capex == pytest.approx(result.npv, abs=1e-6)
