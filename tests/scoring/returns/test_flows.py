"""The lines as arrays: signs, roles, conversion factors, priced tonnes (METHOD 1, 2, 4)."""

from dataclasses import replace

import numpy as np
import pytest

from scoring import returns
from scoring.errors import InputError
from scoring.project_file import EconomicRole, FlowKind, PriceBasis, Prices
from tests.scoring.returns.factories import FRAMEWORK, framework, line, project

EVERY_KIND = (
    line("capex", [100]),
    line("opex", [0, 10]),
    line("tax", [0, 2]),
    line("revenue", [0, 30]),
    line("grant", [40]),
    line("subsidy", [0, 5]),
    line("residual", [0, 0, 20]),
    line("benefit", [0, 50]),
    line("externality", [0, -3]),
)


def test_financial_flow_leaves_out_grants_subsidies_and_benefits() -> None:
    flows = returns.to_arrays(project(*EVERY_KIND), FRAMEWORK)
    assert flows.financial.tolist() == [-100, 30 - 10 - 2, 20]


def test_cfads_has_the_subsidy_and_neither_capex_nor_residual() -> None:
    flows = returns.to_arrays(project(*EVERY_KIND), FRAMEWORK)
    assert flows.cfads.tolist() == [0, 30 + 5 - 10 - 2, 0]


def test_economic_flow_drops_transfers_and_adds_benefits_and_harms() -> None:
    flows = returns.to_arrays(project(*EVERY_KIND), FRAMEWORK)
    assert flows.economic.tolist() == [-100, -10 + 50 - 3, 20]


def test_shorter_lines_are_zero_after_their_end() -> None:
    flows = returns.to_arrays(project(*EVERY_KIND), FRAMEWORK)
    assert flows.amounts.shape == (9, 3)
    assert flows.total(FlowKind.CAPEX).tolist() == [100, 0, 0]


def test_a_project_without_lines_has_empty_arrays() -> None:
    flows = returns.to_arrays(project(), FRAMEWORK)
    assert flows.periods == 0
    assert flows.financial.shape == (0,)


def test_revenue_is_the_users_benefit_where_no_benefit_line_measures_it() -> None:
    flows = returns.to_arrays(project(line("capex", [100]), line("revenue", [0, 30])), FRAMEWORK)
    assert flows.revenue_role == "benefit"
    assert flows.economic.tolist() == [-100, 30]


def test_fares_and_time_savings_are_not_counted_twice() -> None:
    flows = returns.to_arrays(project(line("revenue", [0, 30]), line("benefit", [0, 50])), FRAMEWORK)
    assert flows.revenue_role == "transfer"
    assert flows.economic.tolist() == [0, 50]


def test_revenue_lines_may_differ_in_role() -> None:
    fares = line("revenue", [0, 30], name="Fares")
    advertising = line("revenue", [0, 7], name="Advertising", economic=EconomicRole.BENEFIT)
    flows = returns.to_arrays(project(fares, advertising, line("benefit", [0, 50])), FRAMEWORK)
    assert flows.revenue_role == "mixed"
    assert flows.economic.tolist() == [0, 57]


def test_own_conversion_factor_goes_before_the_class_and_the_standard_one() -> None:
    lines = (
        line("capex", [100], conversion_factor=0.8),
        line("capex", [100], line_class="unskilled-labour"),
        line("capex", [100], line_class="it"),
        line("benefit", [100]),
    )
    flows = returns.to_arrays(project(*lines), framework(standard_conversion_factor=0.9, shadow_exchange_rate=1.0))
    assert flows.economic_weights.tolist() == [-0.8, -0.75, -0.9, 1.0]


def test_imported_goods_take_the_shadow_exchange_rate() -> None:
    flows = returns.to_arrays(project(line("capex", [100], line_class="imported")), FRAMEWORK)
    assert flows.economic_weights.tolist() == [-1.1]


def test_shadow_pricing_twice_is_an_error() -> None:
    twice = framework(standard_conversion_factor=0.9, shadow_exchange_rate=1.1)
    with pytest.raises(InputError, match="correct the same thing twice"):
        returns.to_arrays(project(line("capex", [100])), twice)


def test_tonnes_are_priced_along_the_path_in_the_projects_money() -> None:
    # 2026 and 2027 on the line from 40 in 2025 to 60 in 2035: 42 and 44 USD; 1 USD = 1300 / 16 = 81.25 INR.
    co2 = line("externality", tonnes=[100, -1000])
    flows = returns.to_arrays(project(co2, currency="INR", unit=1000), FRAMEWORK)
    assert flows.amounts[0] == pytest.approx([-100 * 42 * 81.25 / 1000, 1000 * 44 * 81.25 / 1000])
    assert flows.economic == pytest.approx(flows.amounts[0])


def test_the_carbon_path_is_flat_before_and_after_its_years() -> None:
    co2 = line("externality", tonnes=[-1] * 15)
    flows = returns.to_arrays(project(co2, currency="USD"), FRAMEWORK)
    assert flows.amounts[0, [8, 9, 14]] == pytest.approx([58, 60, 60])


def test_real_carbon_prices_grow_with_inflation_in_a_nominal_project() -> None:
    prices = Prices(basis=PriceBasis.NOMINAL, base_year=2026, inflation=0.05)
    co2 = line("externality", tonnes=[-1, -1])
    flows = returns.to_arrays(project(co2, currency="USD", prices=prices), FRAMEWORK)
    assert flows.amounts[0] == pytest.approx([42, 44 * 1.05])


def test_nominal_tonnes_without_inflation_are_an_error() -> None:
    with pytest.raises(InputError, match=r"prices\.inflation"):
        returns.to_arrays(project(line("externality", tonnes=[-1]), prices=Prices(basis=PriceBasis.NOMINAL)), FRAMEWORK)


def test_a_missing_carbon_path_is_named() -> None:
    with pytest.raises(InputError, match="no carbon price path “high”"):
        returns.to_arrays(project(line("externality", tonnes=[-1])), framework(carbon_path="high"))


def test_a_currency_without_exchange_rate_is_named() -> None:
    with pytest.raises(InputError, match="no exchange rate for THB"):
        returns.to_arrays(project(line("externality", tonnes=[-1]), currency="THB"), FRAMEWORK)


def test_a_carbon_path_in_the_projects_currency_needs_no_exchange_rate() -> None:
    flows = returns.to_arrays(
        project(line("externality", tonnes=[-1]), currency="USD"), replace(FRAMEWORK, exchange_rates=())
    )
    assert flows.amounts.tolist() == [[42]]


def test_only_benefits_and_externalities_come_in_tonnes() -> None:
    with pytest.raises(InputError, match=r"lines\[0\]\.kind"):
        returns.to_arrays(project(line("capex", tonnes=[5])), FRAMEWORK)


def test_every_wrong_share_is_named() -> None:
    wrong = line("benefit", [10], shares={"q1": 0.8, "q2": 0.4, "poor": 0.1, "q3": -0.2})
    with pytest.raises(InputError) as error:
        returns.to_arrays(project(wrong), FRAMEWORK)
    assert [problem.path for problem in error.value.problems] == [
        "cash_flows.lines[0].shares.poor",
        "cash_flows.lines[0].shares.q3",
        "cash_flows.lines[0].shares",
    ]


def test_groups_are_ordered_by_income() -> None:
    flows = returns.to_arrays(project(line("benefit", [10], shares={"q2": 0.4})), FRAMEWORK)
    assert flows.group_names == ("q1", "q2", "q3", "q4", "q5")
    assert flows.shares.tolist() == [[0, 0.4, 0, 0, 0]]


def test_arrays_cannot_be_written_to() -> None:
    flows = returns.to_arrays(project(line("capex", [100])), FRAMEWORK)
    with pytest.raises(ValueError, match="read-only"):
        flows.amounts[0, 0] = np.nan
